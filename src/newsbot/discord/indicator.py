"""The sign that the bot is typing: once for each channel, however many answers it is working on there."""

from __future__ import annotations

import asyncio
import contextlib
import time

import discord

from newsbot.discord.delivery import LOST

_EVERY_SECONDS = 8.0
"""Discord shows the sign for ten seconds."""
_AT_MOST_SECONDS = 15 * 60.0


class Typing:
    """Shows the sign in a channel from the first :meth:`begin` to the last :meth:`end`."""

    def __init__(self) -> None:
        self._shown: dict[int, tuple[int, asyncio.Task[None]]] = {}

    def begin(self, number: int, channel: discord.abc.Messageable) -> None:
        """Show the sign in ``channel``, whose id is ``number``."""
        count, task = self._shown.get(number) or (0, asyncio.create_task(self._show(channel)))
        self._shown[number] = (count + 1, task)

    def end(self, number: int) -> None:
        """Take the sign away when nobody else in the channel needs it."""
        count, task = self._shown.pop(number)
        if count > 1:
            self._shown[number] = (count - 1, task)
        else:
            task.cancel()

    async def _show(self, channel: discord.abc.Messageable) -> None:
        until = time.monotonic() + _AT_MOST_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(*LOST):
                await channel.typing()
            await asyncio.sleep(_EVERY_SECONDS)
