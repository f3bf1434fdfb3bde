"""The one server, its channels and its people."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

JSON = dict[str, Any]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GloopB.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
BOT, GUILD, CHANNEL, OTHER, QUESTIONS = 900, 500, 600, 601, 602
ROLE, BOT_ROLE = 550, 551
EVERY_RIGHT = str((1 << 50) - 1)
EPOCH = 1_420_070_400_000


def user(number: int, *, bot: bool = False) -> JSON:
    is_bot = bot or number >= 900
    return {
        "id": str(number), "username": f"person{number}", "discriminator": "0", "global_name": None, "avatar": None,
        "bot": is_bot, "public_flags": 0,
    }  # fmt: skip


def member(roles: tuple[int, ...] = ()) -> JSON:
    return {
        "roles": [str(role) for role in roles], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "nick": None, "avatar": None, "premium_since": None, "pending": False,
    }  # fmt: skip


class World:
    def __init__(self, bot: int) -> None:
        self.bot = bot
        self.messages: dict[str, dict[str, JSON]] = {}
        self.direct: dict[str, str] = {}
        self.threads: dict[str, JSON] = {}
        self.gone_channels: set[str] = set()
        self.roles: dict[int, tuple[int, ...]] = {}
        self._serial = itertools.count(1)

    def snowflake(self) -> str:
        return str(((int(time.time() * 1000) - EPOCH) << 22) | (next(self._serial) & 0x3FFFFF))

    def guild(self) -> JSON:
        role = {
            "name": "@everyone", "color": 0, "colors": {"primary_color": 0, "secondary_color": None,
            "tertiary_color": None},
            "hoist": False, "position": 0, "permissions": EVERY_RIGHT, "managed": False,
            "mentionable": False, "flags": 0,
        }  # fmt: skip
        own = role | {"id": str(BOT_ROLE), "name": "newsbot", "managed": True, "tags": {"bot_id": str(self.bot)}}
        return {
            "id": str(GUILD), "name": "Loopback", "icon": None, "owner_id": "1", "afk_timeout": 300, "large": False,
            "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "roles": [role | {"id": str(GUILD)}, role | {"id": str(ROLE), "name": "readers"}, own],
            "emojis": [], "stickers": [], "features": [], "system_channel_flags": 0, "premium_tier": 0, "nsfw_level": 0,
            "preferred_locale": "nl", "premium_progress_bar_enabled": False, "joined_at": "2026-01-01T00:00:00+00:00",
            "member_count": 9, "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [], "unavailable": False, "threads": list(self.threads.values()),
            "channels": [self.channel(each) for each in (CHANNEL, OTHER, QUESTIONS)],
            "members": [member((BOT_ROLE,)) | {"user": user(self.bot)}],
        }  # fmt: skip

    def channel(self, number: int) -> JSON:
        key = str(number)
        if key in self.threads:
            return self.threads[key]
        if key in self.direct.values():
            person = next(person for person, channel in self.direct.items() if channel == key)
            return {"id": key, "type": 1, "last_message_id": None, "recipients": [user(int(person))], "flags": 0}
        return {
            "id": key, "type": 0, "guild_id": str(GUILD), "name": f"channel-{number}", "position": 0, "nsfw": False,
            "permission_overwrites": [], "topic": None, "parent_id": None, "rate_limit_per_user": 0, "flags": 0,
            "last_message_id": None,
        }  # fmt: skip

    def direct_channel(self, person: int) -> int:
        return int(self.direct.setdefault(str(person), str(7_000_000 + person)))

    def thread(self, id_: str, name: str, parent: int) -> JSON:
        thread = {
            "id": id_, "type": 11, "guild_id": str(GUILD), "parent_id": str(parent), "owner_id": str(self.bot),
            "name": name, "last_message_id": None, "message_count": 0, "member_count": 1, "flags": 0,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False, "auto_archive_duration": 1440, "archive_timestamp": datetime.now(UTC).isoformat(),
                "locked": False,
            },
        }  # fmt: skip
        self.threads[id_] = thread
        return thread

    def message(self, content: str, author: JSON, channel: int, **extra: Any) -> JSON:
        id_ = self.snowflake()
        message: JSON = {
            "id": id_, "channel_id": str(channel), "author": author, "content": content, "tts": False, "pinned": False,
            "timestamp": datetime.now(UTC).isoformat(), "edited_timestamp": None, "mention_everyone": False,
            "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "components": [],
            "type": 0, "flags": 0,
        }  # fmt: skip
        if str(channel) not in self.direct.values():
            number = int(author["id"])
            message |= {"guild_id": str(GUILD), "member": member(self.roles.get(number, ()))}
        message |= extra
        reference = message.get("message_reference")
        if reference:
            message["type"] = 19
            known = self.messages.get(str(channel), {}).get(reference["message_id"])
            message["referenced_message"] = known
            message["message_reference"] = {"type": 0, "channel_id": str(channel)} | reference
        self.messages.setdefault(str(channel), {})[id_] = message
        return message

    def interaction(  # noqa: PLR0917
        self, id_: str, token: str, data: JSON, person: int, channel: int, kind: int, locale: str
    ) -> JSON:
        told: JSON = {
            "id": id_, "application_id": str(self.bot), "type": kind, "data": data, "token": token, "version": 1,
            "channel_id": str(channel), "channel": self.channel(channel), "locale": locale, "entitlements": [],
            "app_permissions": EVERY_RIGHT, "authorizing_integration_owners": {"0": str(GUILD)}, "context": 0,
            "attachment_size_limit": 10_000_000,
        }  # fmt: skip
        if str(channel) in self.direct.values():
            return told | {"user": user(person), "context": 1}
        rights = EVERY_RIGHT if person == 1 else "0"
        who = member(self.roles.get(person, ())) | {"user": user(person), "permissions": rights}
        guild = {"id": str(GUILD), "locale": "nl", "features": []}
        return told | {"guild_id": str(GUILD), "guild": guild, "guild_locale": "nl", "member": who}
