"""An answer shown while it is being written, at most one edit a second."""

from __future__ import annotations

import asyncio
import time

from newsbot.discord import layout
from newsbot.discord.surfaces import Surface

EVERY = 1.1
"""Seconds between two edits; Discord allows about one a second on a message."""


class Drafts:
    """Collects the pieces of an answer and shows them now and then.

    Nothing is shown in the first second, so that an answer that comes at once is sent once.
    """

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._text = ""
        self._task: asyncio.Task[None] | None = None
        self._next = 0.0

    def add(self, piece: str) -> None:
        """Take a piece of the answer, and show what there is when it is time."""
        now = time.monotonic()
        self._next = self._next or now + EVERY
        self._text += piece
        if now >= self._next and (self._task is None or self._task.done()) and self._text.strip():
            self._next = now + EVERY
            self._task = asyncio.create_task(self._surface.draft(layout.draft(self._text)))

    async def settle(self) -> None:
        """Wait until the last draft has arrived, and for the rest of its second."""
        if self._task:
            await self._task
            await asyncio.sleep(max(0.0, self._next - time.monotonic()))
