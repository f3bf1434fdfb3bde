"""Follows the seeds and the index while the bot runs: indexes what changed, and moves to what serves."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from newsbot.discord.indexing import Indexer
from newsbot.discord.logs import note, trouble
from newsbot.discord.thinking import Thinker
from newsbot.errors import NewsbotError
from newsbot.watching import LISTENING, RETRY_SECONDS, SETTLE_AT_MOST, SETTLE_SECONDS, Look, look, pause

if TYPE_CHECKING:
    from newsbot.api import Newsbot

_INDEX_SECONDS = 2.0


class Watch:
    """Keeps the index in line with the seeds, and the bot with the index."""

    def __init__(self, bot: Newsbot, thinker: Thinker, indexer: Indexer, moved: Callable[[], Awaitable[None]]) -> None:
        """Watch the folders of ``bot``; ``moved`` is awaited when another generation serves."""
        self._bot = bot
        self._thinker = thinker
        self._indexer = indexer
        self._moved = moved
        self._seeds = bot.settings.seeds_dir
        self._indexed: Look | None = None
        self._generation = ""
        self._rest_until = 0.0
        self._told = asyncio.Event()
        self._pause = pause(0)

    async def begin(self) -> None:
        """Load the index, building it first where there is none; trouble is logged, and tried again while running.

        An index that is there serves at once, and :meth:`run` brings it in line with the seeds.
        """
        if not await self._thinker.generation():
            await self._follow_seeds()
        await self._follow_index()

    async def run(self) -> None:
        """Follow seeds and index until cancelled."""
        self._told.set()
        tasks = (self._listen(), self._keep_seeds(), self._keep_index())
        await asyncio.gather(*tasks)

    async def _listen(self) -> None:
        from watchfiles import awatch

        while True:
            try:
                async for _ in awatch(self._seeds, **LISTENING):
                    self._told.set()
            except (OSError, RuntimeError) as error:
                trouble("changes are not told by the system; looking instead", error, level=logging.DEBUG)
            await asyncio.sleep(RETRY_SECONDS)

    async def _keep_seeds(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pause):
                    await self._told.wait()
            except TimeoutError:
                pass
            self._told.clear()
            await self._follow_seeds()

    async def _keep_index(self) -> None:
        while True:
            await asyncio.sleep(_INDEX_SECONDS)
            await self._follow_index()

    async def _follow_seeds(self) -> None:
        began = time.monotonic()
        seen = await self._thinker.run(look, self._seeds)
        self._pause = pause(time.monotonic() - began)
        if seen == self._indexed:
            return
        if self._indexed is not None:
            seen = await self._settled(seen)
        try:
            changes = await self._indexer.refresh()
        except (NewsbotError, OSError) as error:
            trouble("the articles could not be indexed", error)
            if self._indexed is not None:
                await asyncio.sleep(RETRY_SECONDS)
            self._indexed = self._indexed or frozenset()
            return
        self._indexed = seen
        counts = {"added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed)}
        note("articles indexed", **counts, unchanged=changes.unchanged, generation=changes.generation)
        for each in changes.skipped:
            note("an article was skipped", logging.WARNING, source=each.source, reason=each.reason)
        await self._follow_index()

    async def _settled(self, seen: Look) -> Look:
        """Return what the seeds look like once they hold still: a file may be half copied."""
        over = time.monotonic() + SETTLE_AT_MOST
        while time.monotonic() < over:
            await asyncio.sleep(SETTLE_SECONDS)
            again = await self._thinker.run(look, self._seeds)
            if again == seen:
                break
            seen = again
        return seen

    async def _follow_index(self) -> None:
        if time.monotonic() < self._rest_until:
            return
        try:
            generation = await self._thinker.generation()
            if self._generation and not generation:  # somebody removed the index: the next look builds it anew
                self._generation, self._indexed = "", None
            if generation and generation != self._generation:
                await self._thinker.run(self._bot.warm)
                self._generation = generation
                await self._moved()
                note("serving", generation=generation)
        except Exception as error:  # the bot stays, says so to whoever asks, and tries again
            trouble("the index could not be loaded", error)
            self._rest_until = time.monotonic() + RETRY_SECONDS
