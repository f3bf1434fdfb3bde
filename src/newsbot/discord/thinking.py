"""The worker where answers are made, away from the loop that serves Discord.

It is an event loop in a thread of its own, with a pool of threads. Whatever a chain does there, be it loading a model
or a library that blocks, Discord's loop goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from newsbot.errors import DiscordError
from newsbot.models import Event, Hit, Turn

if TYPE_CHECKING:
    from newsbot.api import Newsbot

P = ParamSpec("P")
R = TypeVar("R")
_END = None


class Thinker:
    """Runs blocking work and streams answers, each callable from Discord's loop without blocking it."""

    def __init__(self, bot: Newsbot, threads: int) -> None:
        """Take ``bot``, and have room for ``threads`` answers at once and for some that nobody waits for any more."""
        self._bot = bot
        self._pool = ThreadPoolExecutor(max_workers=2 * threads + 2, thread_name_prefix="newsbot-answer")
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(self._pool)
        self._thread = threading.Thread(target=self._loop.run_forever, name="newsbot-thinking", daemon=True)
        self._thread.start()
        self._spare = ThreadPoolExecutor(max_workers=2, thread_name_prefix="newsbot-work")

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what ``work`` returns, from a thread that no answer can occupy."""
        future = self._spare.submit(work, *args, **kwargs)
        return await asyncio.wrap_future(future)

    async def generation(self) -> str:
        """Return the name of the generation that serves, or nothing."""
        return await self.run(lambda: self._bot.generation)

    async def search(self, query: str, most: int) -> list[Hit]:
        """Return what the bot finds for ``query``, from a thread for answers."""
        return await asyncio.wrap_future(self._pool.submit(self._bot.search, query, most))

    async def stream(self, question: str, history: Sequence[Turn]) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer as they come; leaving early stops the work as far as it can be stopped."""
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        def put(event: Event | None) -> None:
            with contextlib.suppress(RuntimeError):  # Discord's loop is closed: nobody is waiting
                loop.call_soon_threadsafe(events.put_nowait, event)

        future = asyncio.run_coroutine_threadsafe(self._answer(question, history, put), self._loop)
        future.add_done_callback(lambda _: put(_END))
        try:
            while (event := await events.get()) is not _END:
                yield event
            if future.cancelled():
                raise DiscordError("The answer was called off.")
            future.result()
        finally:
            future.cancel()

    async def _answer(self, question: str, history: Sequence[Turn], put: Callable[[Event], None]) -> None:
        async for event in self._bot.astream(question, history=history):
            put(event)

    def close(self) -> None:
        """Stop taking work; a thread that is still busy goes on until its work is done."""
        self._spare.shutdown(wait=False, cancel_futures=True)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._loop.call_soon_threadsafe(self._loop.stop)
