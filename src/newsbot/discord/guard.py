"""Who may ask, and where: the owner's lists of servers, channels and roles."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Literal

import discord

from newsbot.discord.logs import trouble
from newsbot.settings import Settings

Verdict = Literal["yes", "not_here", "not_you"]
_MEMBERSHIP_SECONDS = 600.0
_MOST_PEOPLE = 2_000
_MOST_GUILDS = 20


class Guard:
    """Decides by the lists of the settings; an empty list allows all."""

    def __init__(self, settings: Settings) -> None:
        self._guilds = settings.discord_guilds
        self._channels = settings.discord_channels
        self._roles = settings.discord_roles
        self._questions = settings.discord_question_channels
        self._members: OrderedDict[int, tuple[float, bool]] = OrderedDict()

    def in_server(self, guild: int, channels: Iterable[int], roles: Iterable[int]) -> Verdict:
        """Return whether someone with these roles may ask in a channel, given its id and those it belongs to."""
        if self._guilds and guild not in self._guilds:
            return "not_here"
        if self._channels and not (self._channels | self._questions).intersection(channels):
            return "not_here"
        return "not_you" if self._roles and not self._roles.intersection(roles) else "yes"

    async def in_private(self, client: discord.Client, person: int) -> Verdict:
        """Return whether a person may ask in a direct message: as a member who may ask in one of the listed servers."""
        if not self._guilds and not self._roles:
            return "yes"
        checked, allowed = self._members.get(person, (0.0, False))
        if time.monotonic() - checked > _MEMBERSHIP_SECONDS or not checked:
            allowed = await self._is_member(client, person)
            self._members[person] = (time.monotonic(), allowed)
            if len(self._members) > _MOST_PEOPLE:
                self._members.popitem(last=False)
        return "yes" if allowed else "not_you"

    async def _is_member(self, client: discord.Client, person: int) -> bool:
        listed = [guild for guild in client.guilds if not self._guilds or guild.id in self._guilds]
        for guild in listed[:_MOST_GUILDS]:
            try:
                member = await guild.fetch_member(person)
            except discord.HTTPException as error:
                if error.status != 404:
                    trouble("a membership could not be checked", error, level=logging.WARNING, guild=guild.id)
                continue
            if self.in_server(guild.id, self._channels, role_ids(member)) == "yes":
                return True
        return False


def role_ids(person: Any) -> list[int]:
    """Return the ids of a member's roles; a user outside a server has none."""
    return [role.id for role in getattr(person, "roles", ())]


def place_ids(channel: Any) -> list[int]:
    """Return the ids of a channel, of the channel that a thread hangs under, and of the category."""
    ids = (getattr(channel, name, None) for name in ("id", "parent_id", "category_id"))
    return [each for each in ids if each]
