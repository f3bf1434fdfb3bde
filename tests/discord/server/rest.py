"""What the REST side answers, and the rules it holds a client to."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .world import EVERY_RIGHT, GUILD, member, user

if TYPE_CHECKING:
    from .loopback import Interaction, Loopback

JSON = dict[str, Any]
Answer = tuple[int, Any]
ROUTES: list[tuple[str, re.Pattern[str], Any]] = []


def route(method: str, path: str) -> Any:
    pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

    def add(function: Any) -> Any:
        ROUTES.append((method, pattern, function))
        return function

    return add


def error(status: int, code: int, message: str) -> Answer:
    return status, {"message": message, "code": code}


def respond(server: Loopback, request: web.Request, path: str, body: Any) -> Answer:
    open_to_all = path.startswith(("/interactions/", "/webhooks/"))
    if not open_to_all and request.headers.get("Authorization") != f"Bot {server.token}":
        return error(401, 0, "401: Unauthorized")
    for method, pattern, function in ROUTES:
        found = pattern.match(path)
        if method == request.method and found:
            return function(server, body, **found.groupdict())
    return error(404, 0, "404: Not Found")


def wrong(body: Any) -> Answer | None:
    """Return Discord's refusal of a message that breaks its rules."""
    content = body.get("content") or ""
    if len(content.encode("utf-16-le")) // 2 > 2000 or (not content.strip() and not body.get("components")):
        return error(400, 50035, "Invalid Form Body")
    rows = body.get("components") or []
    ids = [item["custom_id"] for row in rows for item in row["components"] if "custom_id" in item]
    if len(rows) > 5 or any(len(each) > 100 for each in ids) or len(set(ids)) != len(ids):
        return error(400, 50035, "Invalid Form Body")
    if len(str(body.get("nonce") or "")) > 25:
        return error(400, 50035, "Invalid Form Body")
    return None


@route("GET", "/users/@me")
def me(server: Loopback, body: Any) -> Answer:
    return 200, user(server.bot)


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(server: Loopback, body: Any) -> Answer:
    return 200, {
        "id": str(server.bot), "name": "newsbot", "icon": None, "description": "", "bot_public": True, "flags": 1 << 19,
        "bot_require_code_grant": False, "verify_key": "", "owner": user(1), "team": None, "summary": "",
    }  # fmt: skip


@route("GET", "/users/@me/guilds")
def guilds(server: Loopback, body: Any) -> Answer:
    return 200, [{"id": str(GUILD), "name": "Loopback", "icon": None, "owner": False, "permissions": EVERY_RIGHT}]


@route("GET", "/gateway")
def gateway(server: Loopback, body: Any) -> Answer:
    return 200, {"url": server.gateway_url}


@route("GET", "/gateway/bot")
def gateway_bot(server: Loopback, body: Any) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
    return 200, {"url": server.gateway_url, "shards": 1, "session_start_limit": limit}


@route("GET", "/applications/{id}/commands")
def commands(server: Loopback, body: Any, id: str) -> Answer:
    return 200, server.commands


@route("PUT", "/applications/{id}/commands")
def upsert(server: Loopback, body: Any, id: str) -> Answer:
    if len({(each["name"], each["type"]) for each in body}) != len(body):
        return error(400, 50035, "Application command names must be unique")
    for each in body:
        if each["type"] == 1 and not re.fullmatch(r"[-_\w]{1,32}", each["name"]):
            return error(400, 50035, "Invalid Form Body")
    extra = {"application_id": id, "version": "1", "description": ""}
    server.commands = [extra | each | {"id": str(8000 + index)} for index, each in enumerate(body)]
    return 200, server.commands


@route("GET", "/guilds/{guild}/members/{person}")
def guild_member(server: Loopback, body: Any, guild: str, person: str) -> Answer:
    if int(person) >= 90:
        return error(404, 10007, "Unknown Member")
    return 200, member(server.world.roles.get(int(person), ())) | {"user": user(int(person))}


@route("POST", "/users/@me/channels")
def direct(server: Loopback, body: Any) -> Answer:
    return 200, server.world.channel(server.world.direct_channel(int(body["recipient_id"])))


@route("GET", "/channels/{channel}")
def channel_(server: Loopback, body: Any, channel: str) -> Answer:
    if int(channel) < 100:
        return error(404, 10003, "Unknown Channel")
    return 200, server.world.channel(int(channel))


@route("POST", "/channels/{channel}/typing")
def typing(server: Loopback, body: Any, channel: str) -> Answer:
    server.typing.append(channel)
    return 204, None


@route("POST", "/channels/{channel}/messages")
def create(server: Loopback, body: Any, channel: str) -> Answer:
    if channel in server.world.gone_channels:
        return error(404, 10003, "Unknown Channel")
    if refused := wrong(body):
        return refused
    reference = body.get("message_reference")
    known = server.world.messages.get(channel, {})
    if body.get("nonce") and body.get("enforce_nonce"):
        for each in known.values():
            if each.get("nonce") == body["nonce"]:
                return 200, each
    if reference and str(reference["message_id"]) not in known:
        if reference.get("fail_if_not_exists", True):
            return error(400, 50035, "Invalid Form Body: Unknown message")
        reference = None
    extra: JSON = {
        "components": body.get("components") or [],
        "flags": body.get("flags", 0),
        "nonce": body.get("nonce"),
    }
    if reference:
        extra["message_reference"] = {"message_id": str(reference["message_id"])}
    return 200, server.world.message(body["content"], user(server.bot), int(channel), **extra)


@route("PATCH", "/channels/{channel}/messages/{message}")
def edit(server: Loopback, body: Any, channel: str, message: str) -> Answer:
    known = server.world.messages.get(channel, {})
    if message not in known:
        return error(404, 10008, "Unknown Message")
    if refused := wrong(body):
        return refused
    known[message].update(body)
    return 200, known[message]


@route("DELETE", "/channels/{channel}/messages/{message}")
def delete(server: Loopback, body: Any, channel: str, message: str) -> Answer:
    server.world.messages.get(channel, {}).pop(message, None)
    return 204, None


@route("GET", "/channels/{channel}/messages/{message}")
def fetch(server: Loopback, body: Any, channel: str, message: str) -> Answer:
    found = server.world.messages.get(channel, {}).get(message)
    return (200, found) if found else error(404, 10008, "Unknown Message")


@route("GET", "/channels/{channel}/messages")
def history(server: Loopback, body: Any, channel: str) -> Answer:
    return 200, list(server.world.messages.get(channel, {}).values())[:-1][::-1]


@route("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
def react(server: Loopback, body: Any, channel: str, message: str, emoji: str) -> Answer:
    return 204, None


@route("POST", "/channels/{channel}/messages/{message}/threads")
def thread(server: Loopback, body: Any, channel: str, message: str) -> Answer:
    if not 1 <= len(body["name"]) <= 100:
        return error(400, 50035, "Invalid Form Body")
    made = server.world.thread(message, body["name"], int(channel))
    server.soon("THREAD_CREATE", made | {"newly_created": True})
    return 201, made


@route("POST", "/interactions/{id}/{token}/callback")
def callback(server: Loopback, body: Any, id: str, token: str) -> Answer:
    inter = server.interactions.get(token)
    now = time.monotonic()
    if inter is None or now - inter.at > 3.0 or inter.expired:
        return error(404, 10062, "Unknown interaction")
    if inter.acknowledged:
        return error(400, 40060, "Interaction has already been acknowledged.")
    data = body.get("data") or {}
    if body["type"] == 4:
        if refused := wrong(data):
            return refused
        inter.original = _message(server, inter, data)
    inter.acknowledged = now
    inter.private = bool(data.get("flags", 0) & 64)
    told = {"id": id, "type": 2, "response_message_loading": body["type"] == 5}
    return 200, {"interaction": told, "resource": {"type": body["type"]}}


@route("PATCH", "/webhooks/{app}/{token}/messages/@original")
def edit_original(server: Loopback, body: Any, app: str, token: str) -> Answer:
    inter = server.interactions.get(token)
    if inter is None or inter.expired or not inter.acknowledged:
        return error(404, 10015, "Unknown Webhook")
    if refused := wrong(body):
        return refused
    if inter.original is None:
        inter.original = _message(server, inter, body)
    else:
        inter.original.update(body)
    return 200, inter.original


@route("POST", "/webhooks/{app}/{token}")
def follow_up(server: Loopback, body: Any, app: str, token: str) -> Answer:
    inter = server.interactions.get(token)
    if inter is None or inter.expired or not inter.acknowledged:
        return error(404, 10015, "Unknown Webhook")
    if refused := wrong(body):
        return refused
    message = _message(server, inter, body)
    inter.followups.append(message)
    return 200, message


def _message(server: Loopback, inter: Interaction, body: JSON) -> JSON:
    extra = {"components": body.get("components") or [], "flags": body.get("flags", 0), "webhook_id": str(server.bot)}
    return server.world.message(body["content"], user(server.bot), int(inter.channel), **extra)
