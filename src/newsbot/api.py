"""The public face of newsbot for Python: open it, ask it, search it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from newsbot.errors import NewsbotError, QuestionError, StoreDamagedError
from newsbot.models import Answer, Changes, Event, Hit, Passage, Source, Turn
from newsbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from newsbot.answering.generative import GenerativeAnswerer
    from newsbot.indexing.builder import Tell
    from newsbot.indexing.index import Index
    from newsbot.indexing.snapshot import Snapshot

T = TypeVar("T")

MAX_QUESTION = 2000
"""Longest question in characters; a longer one is no question but a text."""


class Newsbot:
    """Answers questions about the articles in the seeds folder; safe to share between threads.

    Opening is cheap: models, index and libraries are loaded when a question first needs them, or by :meth:`warm`.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._written: GenerativeAnswerer | None = None

    @classmethod
    def open(cls, settings: Settings | None = None) -> Newsbot:
        """Open newsbot with ``settings``, or with those of the environment and ``.env``.

        Raises:
            SettingsError: a setting is unknown or malformed.
        """
        return cls(Settings.read() if settings is None else settings)

    def ask(self, question: str, history: Iterable[Turn | tuple[str, str]] = ()) -> Answer:
        """Answer a question from the index as it is; ``history`` holds earlier turns, oldest first.

        Raises:
            QuestionError: the question is empty or too long.
            StoreError: there is no index, or it cannot be read.
            ModelError: the embedding model cannot be loaded.
        """
        started = time.perf_counter()
        asked = self._asked(question, history)

        def answered(snapshot: Snapshot) -> Answer:
            answer: Answer = self._chain(snapshot).invoke(asked)
            return self._stamped(answer, question, snapshot, started)

        return self._read(answered)

    async def astream(self, question: str, history: Iterable[Turn | tuple[str, str]] = ()) -> AsyncIterator[Event]:
        """Yield progress, checked pieces of text where a chat model writes, and last the :class:`Answer`.

        Raises: as :meth:`ask`.
        """
        asked, generation = self._asked(question, history), self.generation
        try:
            async for event in self._events(asked, question):
                yield event
        except StoreDamagedError as error:
            await asyncio.to_thread(self._mend, generation, error)
            async for event in self._events(asked, question):
                yield event

    async def _events(self, asked: dict[str, Any], question: str) -> AsyncIterator[Event]:
        started = time.perf_counter()
        reading = self._index.reading()
        snapshot = await asyncio.to_thread(reading.__enter__)
        try:
            async for event in self._chain(snapshot).astream(asked):
                if isinstance(event, Answer):
                    yield self._stamped(event, question, snapshot, started)
                else:
                    yield event
        finally:
            await asyncio.to_thread(reading.__exit__, None, None, None)

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """Return the ``k`` best passages for a query, best first.

        Raises: as :meth:`ask`.
        """
        from newsbot.language import detect
        from newsbot.retrieval import HybridRetriever

        asked = cleaned(query)

        def found(snapshot: Snapshot) -> list[Hit]:
            retriever = HybridRetriever.over(snapshot, self._index.embedding, k)
            return retriever.hits(asked, detect(asked, snapshot.spoken))

        return self._read(found)

    def sources(self) -> list[Source]:
        """Return the articles in the index, by source.

        Raises:
            StoreError: there is no index, or it cannot be read.
        """
        return self._read(lambda snapshot: snapshot.sources)

    def passage(self, passage_id: str) -> Passage | None:
        """Return a passage by its id, or None when the articles no longer hold it."""
        return self._read(lambda snapshot: snapshot.passage(passage_id))

    def refresh(self, progress: Tell | None = None, *, rebuild: bool = False, wait_seconds: float = 600.0) -> Changes:
        """Bring the index in line with the seeds; what served before serves until the new generation is whole.

        Args:
            progress: called with a stage, how much of it is done and how much there is to do.
            rebuild: build all of it anew.
            wait_seconds: how long to wait for another process that is writing.

        Raises:
            SeedError: there is no seeds folder.
            StoreBusyError: another process still writes.
            StoreError: the index folder cannot be written.
            ModelError: the embedding model cannot be loaded.
        """
        return self._index.refresh(self.settings.seeds_dir, progress, rebuild=rebuild, wait_seconds=wait_seconds)

    @property
    def generation(self) -> str:
        """Name of the generation that serves, or an empty string."""
        return self._index.generation

    def warm(self) -> None:
        """Load model and the newest index, so that the next question is answered at once.

        Raises: as :meth:`ask`.
        """
        generation = self.generation
        try:
            self._index.renew()
        except StoreDamagedError as error:
            self._mend(generation, error)
        self.search("?")

    def close(self) -> None:
        """Release files and leases."""
        self._index.close()

    def __enter__(self) -> Newsbot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _index(self) -> Index:
        with self._lock:
            if "_opened" not in self.__dict__:
                from newsbot.indexing.index import Index

                self._opened = Index.open(self.settings)
            return self._opened

    def _read(self, use: Callable[[Snapshot], T]) -> T:
        """Return what ``use`` makes of the snapshot; if the index turns out damaged, build it anew and read again."""
        generation = self.generation
        try:
            with self._index.reading() as snapshot:
                return use(snapshot)
        except StoreDamagedError as error:
            self._mend(generation, error)
        with self._index.reading() as snapshot:
            return use(snapshot)

    def _mend(self, generation: str, error: StoreDamagedError) -> None:
        try:
            self._index.repair(self.settings.seeds_dir, generation)
        except NewsbotError as reason:
            raise StoreDamagedError(f"The index is damaged and cannot be built anew: {reason}") from error

    def _chain(self, snapshot: Snapshot) -> Runnable[dict[str, Any], Any]:
        from newsbot.chain import build_chain

        return build_chain(snapshot, self._index.embedding, snapshot.spoken, self._writer)

    @property
    def _writer(self) -> GenerativeAnswerer | None:
        with self._lock:
            if self.settings.chat_model and self._written is None:
                from newsbot.answering.generative import GenerativeAnswerer

                self._written = GenerativeAnswerer(self.settings)
            return self._written

    def _asked(self, question: str, history: Iterable[Turn | tuple[str, str]]) -> dict[str, Any]:
        turns = tuple(each if isinstance(each, Turn) else _turn(*each) for each in history)
        return {"question": cleaned(question), "history": turns}

    def _stamped(self, answer: Answer, question: str, snapshot: Snapshot, started: float) -> Answer:
        return replace(
            answer,
            question=question,
            generation=snapshot.generation,
            embedding_model=snapshot.manifest.embedding,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
        )


def cleaned(question: str) -> str:
    """Return a question without control characters and superfluous white space.

    Raises:
        QuestionError: nothing is left, or too much.
    """
    if len(question) > MAX_QUESTION:
        raise QuestionError(f"The question has {len(question):,} characters; ask it in at most {MAX_QUESTION:,}.")
    plain = "".join(each if each.isprintable() else " " for each in question)
    text = " ".join(plain.split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    return text


def _turn(role: str, text: str) -> Turn:
    match role:
        case "user" | "assistant":
            return Turn(role, text)
    raise QuestionError("A turn of the history is neither of the user nor of the assistant.")
