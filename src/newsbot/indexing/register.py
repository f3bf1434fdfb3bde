"""The register of a shared store: who writes it, and which generation serves.

It is a collection of a few records on the Chroma server, one for each *term*, numbered upwards. A machine that wants to
write adds the record of the next term; of many that try at once the server keeps the first, so that one has it. While
it writes, it counts up a beat in its record; to publish a generation it writes the generation's name there. The
generation of the highest term that has one is what serves, so a switch is one write of one record.

A writer that stops beating is taken for dead, and another adds the next term. Were it only asleep, what it publishes
later would stand in a lower term and change nothing: no clock and no lock has to be trusted for that.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from newsbot.errors import StoreBusyError, StoreError
from newsbot.indexing.collection import MARK, Collection, foreign
from newsbot.indexing.server import ChromaServer, MissingError, TakenError

BEAT, EXPIRY = 5.0, 30.0
"""Seconds between two beats, and after how many without one a writer is taken for dead."""
GRACE = 600.0
"""Seconds that a generation stays on the server after another took its place, for who is still reading it."""


@dataclass(frozen=True)
class Term:
    """One record of the register.

    Attributes:
        number: terms are numbered upwards.
        holder: the index folder that wrote it, with its machine.
        writer: the seeds folder that it was written from, with its machine.
        key: random, to tell a term from another of the same number.
        beat: counted up while the writer lives.
        over: whether the writer is done.
        generation: what was published, or empty.
        checksum: of the manifest of that generation.
        segments: what it reads.
        articles: how many it holds.
        passages: how many it holds.
        published: when, in seconds of the writer's wall clock.
    """

    number: int
    holder: str
    writer: str
    key: str
    beat: int = 0
    over: bool = False
    generation: str = ""
    checksum: int = 0
    segments: str = ""
    articles: int = 0
    passages: int = 0
    published: float = 0.0

    @classmethod
    def read(cls, name: str, found: Mapping[str, Any]) -> Term:
        """Return the term of a record."""
        return cls(number=int(name), **{each: found[each] for each in cls.__annotations__ if each in found})


class Register:
    """The register of the stores of one kind: made by one version of newsbot with one embedding model."""

    def __init__(self, server: ChromaServer, name: str, embedding: str) -> None:
        """Use the collection ``name``, which is made when something is first written."""
        self._server = server
        self._name = name
        self._embedding = embedding
        self._found: Collection | None = None

    def terms(self) -> list[Term]:
        """Return all terms, oldest first; none where nothing was ever written."""
        for _ in range(2):
            try:
                found = self._collection().read()
            except MissingError:
                self._found = None  # not there, or made anew since it was looked up
                continue
            try:
                rows = zip(found["ids"], found["metadatas"], strict=True)
                return sorted((Term.read(name, each) for name, each in rows), key=lambda term: term.number)
            except (TypeError, ValueError, KeyError) as error:
                raise foreign(self._name) from error
        return []

    def current(self) -> Term | None:
        """Return the term whose generation serves."""
        return serving(self.terms())

    def remove(self, terms: list[Term]) -> None:
        """Remove terms that nobody needs any more."""
        if terms:
            self._collection().delete([_id(each.number) for each in terms])

    @contextmanager
    def writing(self, holder: str, writer: str, wait_seconds: float) -> Iterator[Tenure]:
        """Hold a term of one's own, beating, until it is left.

        Args:
            holder: this index folder; its own terms of before are known to be over.
            writer: this seeds folder.
            wait_seconds: how long to wait for another that writes.

        Raises:
            StoreBusyError: another still writes.
        """
        term = self._taken(holder, writer, wait_seconds)
        tenure = Tenure(self, self._collection(), term)
        try:
            yield tenure
        finally:
            tenure.end()

    def _taken(self, holder: str, writer: str, wait_seconds: float) -> Term:
        deadline = time.monotonic() + wait_seconds
        seen, since = (0, 0), time.monotonic()
        while True:
            terms = self.terms()
            last = terms[-1] if terms else Term(0, holder, writer, "", over=True)
            if (last.number, last.beat) != seen:
                seen, since = (last.number, last.beat), time.monotonic()
            if last.over or last.holder == holder or time.monotonic() - since > EXPIRY:
                mine = Term(last.number + 1, holder, writer, secrets.token_hex(8))
                if self._added(mine):
                    return mine
            elif time.monotonic() >= deadline:
                raise StoreBusyError("Another newsbot is writing the shared store; try again when it is done.")
            else:
                time.sleep(0.5)

    def _added(self, term: Term) -> bool:
        try:
            register = self._collection()
        except MissingError:
            with suppress(TakenError):
                self._server.create(self._name, {MARK: "register", "embedding": self._embedding})
            register = self._collection()
        fields: dict[str, str | int | float] = {
            "holder": term.holder,
            "writer": term.writer,
            "key": term.key,
            "beat": 0,
            "over": False,
        }
        register.add([_id(term.number)], np.zeros((1, 1)), [fields])
        return any(each.key == term.key for each in self.terms())

    def _collection(self) -> Collection:
        if self._found is None:
            found = self._server.collection(self._name)
            if found.metadata.get(MARK) != "register":
                raise foreign(self._name)
            self._found = found
        return self._found


class Tenure:
    """A term while it is held; a thread counts up its beat."""

    def __init__(self, register: Register, collection: Collection, term: Term) -> None:
        self.number = term.number
        self._register = register
        self._collection = collection
        self._beat = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beating, name="newsbot-beat", daemon=True)
        self._thread.start()

    def publish(self, **fields: str | int) -> None:
        """Let a generation serve from now on: one write of one record.

        Args:
            fields: those of :class:`Term` that tell of the generation.

        Raises:
            StoreBusyError: this writer was taken for dead, and another took its place; nothing changed.
        """
        with self._lock:
            if self._register.terms()[-1].number == self.number:
                self._collection.update(_id(self.number), {**fields, "published": time.time()})
            found = self._register.current()
            if found is None or found.number != self.number:
                raise StoreBusyError("Another newsbot took over writing the shared store; run `newsbot index` again.")

    def end(self) -> None:
        """Let the next writer in; if the server is away, it is let in when the beat has been missed."""
        self._over.set()
        self._thread.join()
        with suppress(StoreError):
            self._collection.update(_id(self.number), {"over": True})

    def _beating(self) -> None:
        while not self._over.wait(BEAT):
            self._beat += 1
            with self._lock, suppress(StoreError):
                self._collection.update(_id(self.number), {"beat": self._beat})


def serving(terms: list[Term]) -> Term | None:
    """Return the highest of some terms that has a generation."""
    return next((each for each in reversed(terms) if each.generation), None)


def expired(terms: list[Term], now: float) -> list[Term]:
    """Return the terms that serve nobody: those without a generation, and those replaced longer ago than the grace.

    The highest term is never among them, nor the one that serves.
    """
    replaced = {old.number: new.published for old, new in pairwise(each for each in terms if each.generation)}
    gone = (not each.generation or now - replaced.get(each.number, now) > GRACE for each in terms[:-1])
    return [each for each, over in zip(terms[:-1], gone, strict=True) if over]


def _id(number: int) -> str:
    return f"{number:09d}"
