"""A Discord of its own on the loopback interface: enough of REST and gateway for a real discord.py client.

It keeps to what Discord documents: limits on lengths, the three seconds and fifteen minutes of an interaction, resume
and its replay, rate limits with their headers. Everything that the client sends is kept in ``calls``, and faults can
be laid in its way with ``fail``, ``kill``, ``freeze`` and ``close_with``.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .gateway import Gateway
from .world import BOT, CHANNEL, GUILD, QUESTIONS, TOKEN, World, user

JSON = dict[str, Any]


@dataclass
class Call:
    method: str
    path: str
    body: Any
    status: int
    at: float

    @property
    def content(self) -> str:
        body = self.body if isinstance(self.body, dict) else {}
        return body.get("content") or (body.get("data") or {}).get("content") or ""


@dataclass
class Fault:
    method: str
    path: re.Pattern[str]
    status: int
    times: int
    body: Any
    headers: dict[str, str]


@dataclass
class Interaction:
    id: str
    token: str
    at: float
    channel: str
    acknowledged: float = 0.0
    original: JSON | None = None
    followups: list[JSON] = field(default_factory=list)
    expired: bool = False
    private: bool = False


class Loopback:
    def __init__(self, token: str = TOKEN, bot: int = BOT) -> None:
        self.token, self.bot = token, bot
        self.world = World(bot)
        self.gateway = Gateway(self)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[JSON] = []
        self.typing: list[str] = []
        self._ids = itertools.count(1)
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # running ----------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Loopback:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gateway.kill()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway/"

    # what a test does -------------------------------------------------------------------------------------------------

    def fail(  # noqa: PLR0917
        self,
        method: str,
        path: str,
        status: int,
        times: int = 1,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        body = {"message": "laid in the way", "code": 0} if body is None else body
        self.faults.append(Fault(method, re.compile(path), status, times, body, headers or {}))

    def snowflake(self) -> str:
        return self.world.snowflake()

    async def message(self, content: str, person: int = 1, channel: int = CHANNEL, **extra: Any) -> JSON:
        message = self.world.message(content, user(person), channel, **extra)
        await self.gateway.dispatch("MESSAGE_CREATE", message)
        return message

    async def mention(self, text: str, person: int = 1, channel: int = CHANNEL, **extra: Any) -> JSON:
        return await self.message(f"<@{self.bot}> {text}", person, channel, mentions=[user(self.bot)], **extra)

    async def interact(
        self, data: JSON, person: int = 1, channel: int = CHANNEL, kind: int = 2, locale: str = "nl", **extra: Any
    ) -> Interaction:
        id_, token = self.snowflake(), f"interaction-{next(self._ids)}"
        inter = Interaction(id_, token, time.monotonic(), str(channel))
        self.interactions[token] = inter
        await self.gateway.dispatch(
            "INTERACTION_CREATE", self.world.interaction(id_, token, data, person, channel, kind, locale) | extra
        )
        return inter

    async def command(self, name: str, person: int = 1, channel: int = CHANNEL, **options: Any) -> Interaction:
        told = [
            {"name": key, "value": value, "type": 5 if value in (True, False) else 3} for key, value in options.items()
        ]
        command = next((each for each in self.commands if each["name"] == name), {"id": "1"})
        data = {"id": command["id"], "name": name, "type": 1, "options": told}
        return await self.interact(data, person, channel)

    async def press(self, custom_id: str, message: JSON, person: int = 1) -> Interaction:
        data = {"component_type": 2, "custom_id": custom_id}
        return await self.interact(data, person, int(message["channel_id"]), kind=3, message=message)

    async def until(self, met: Callable[[], Any], seconds: float = 10.0, what: str = "") -> Any:
        end = time.monotonic() + seconds
        while not (result := met()):
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {seconds} s: {what or met}")
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
        return result

    def soon(self, event: str, data: JSON) -> None:
        """Dispatch an event once what is being answered has been answered."""
        task = asyncio.get_running_loop().create_task(self.gateway.dispatch(event, data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def changed(self) -> None:
        self._changed.set()

    def sent(self, channel: int = CHANNEL) -> list[JSON]:
        return [
            each for each in self.world.messages.get(str(channel), {}).values() if each["author"]["id"] == str(self.bot)
        ]

    def replies(self, message: JSON) -> list[JSON]:
        return [
            each
            for each in self.sent(int(message["channel_id"]))
            if (each.get("message_reference") or {}).get("message_id") == message["id"]
        ]

    async def reply(self, message: JSON, seconds: float = 10.0) -> JSON:
        return (await self.until(lambda: self.replies(message), seconds, "a reply"))[0]

    async def response(self, inter: Interaction, seconds: float = 10.0) -> JSON:
        return await self.until(lambda: inter.original, seconds, "a response")

    def made(self, method: str, path: str) -> list[Call]:
        return [each for each in self.calls if each.method == method and re.search(path, each.path)]

    def payloads(self) -> list[JSON]:
        """Return every message body that the client sent."""
        bodies = [each.body.get("data", each.body) for each in self.calls if isinstance(each.body, dict)]
        return [each for each in bodies if isinstance(each, dict) and "content" in each]

    # REST -------------------------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["path"]
        body = await request.json() if request.can_read_body else None
        status, answer, headers = self._faulty(request, path) or (0, None, {})
        if not status:
            from .rest import respond

            status, answer = respond(self, request, path, body)
        self.calls.append(Call(request.method, path, body, status, time.monotonic()))
        self.changed()
        if status == 204:
            return web.Response(status=204, headers=headers)
        text = json.dumps(answer).encode()
        return web.Response(body=text, status=status, headers={"Content-Type": "application/json"} | headers)

    def _faulty(self, request: web.Request, path: str) -> tuple[int, Any, dict[str, str]] | None:
        for fault in self.faults:
            if fault.times and fault.method == request.method and fault.path.search(path):
                fault.times -= 1
                return fault.status, fault.body, fault.headers
        return None


__all__ = ["BOT", "CHANNEL", "GUILD", "QUESTIONS", "TOKEN", "Call", "Interaction", "Loopback", "user"]
