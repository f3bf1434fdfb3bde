"""Generations that several machines share: a Chroma server holds them, the index folder mirrors the one that serves.

A writer builds in its folder as it would alone, sends what the server lacks, and publishes there before it does here.
A reader fetches the segments that it lacks and publishes in its folder. So every machine answers from its own folder,
at the same speed and with the same answers, and goes on while the server is away.

What is on the server is the matter of one *kind*: a version of the format with one embedding model. Another kind keeps
a register and collections of its own beside it; neither sees the other's.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import cached_property

from newsbot.errors import StoreAwayError, StoreError
from newsbot.indexing.builder import Tell, explained
from newsbot.indexing.fetching import Fetch, shifted, sizes_of
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import SCHEMA, Manifest
from newsbot.indexing.mirror import MANIFEST, Mirror
from newsbot.indexing.register import Register, Tenure, Term, expired
from newsbot.indexing.segments import Segment
from newsbot.indexing.server import Address, ChromaServer
from newsbot.settings import Settings

FORMAT = 1
"""Of the collections on the server; another format is another kind."""
_RESTORING = 600.0
"""Seconds for which another process that writes the folder is waited for, where nothing else helps."""
_REST = 10.0
"""Seconds for which a server that was away is not asked again."""
_log = logging.getLogger(__name__)


class SharedGenerations(Generations):
    """The index folder as a mirror of a shared store; what the base does in the folder, this does on the server too."""

    def __init__(self, settings: Settings, fingerprint: str) -> None:
        """Mirror what is on the server that ``settings`` name and was made with the model of ``fingerprint``.

        Nothing is asked of the server yet.
        """
        super().__init__(settings.index_dir)
        kind = hashlib.sha256(f"{FORMAT}:{SCHEMA}:{fingerprint}".encode()).hexdigest()[:10]
        self.server = ChromaServer(Address.of(settings))
        self.name = f"newsbot-{kind}"
        self.register = Register(self.server, self.name, settings.embedding_model)
        self.mirror = Mirror(self.server, self.name)
        self._seeds_dir = settings.seeds_dir
        self._tenure: Tenure | None = None
        self._away: StoreAwayError | None = None
        self._ask_again = 0.0
        self.tell: Tell = lambda *_: None

    @cached_property
    def holder(self) -> str:
        """This index folder, with its machine."""
        return f"{socket.gethostname()}:{self.root.resolve()}"

    @cached_property
    def writer(self) -> str:
        """The seeds folder, with its machine."""
        return f"{socket.gethostname()}:{self._seeds_dir.resolve()}"

    # --- reading ------------------------------------------------------------------------------------------------------

    def follow(self, wait_seconds: float = 0.0, *, eager: bool = False) -> None:
        """Fetch the generation that serves on the server, unless it is here.

        Args:
            wait_seconds: how long to wait for another process that writes the folder.
            eager: ask the server even if it was away a moment ago.

        Raises:
            StoreAwayError: the server cannot be reached, or could not be a moment ago.
            StoreBusyError: another process still writes the folder.
            StoreError: what the server holds cannot be used, or the folder cannot be written.
        """
        if self._away is not None and not eager and time.monotonic() < self._ask_again:
            raise self._away
        try:
            term = self.register.current()
            if term is not None and term.generation != self.current():
                with super().writing(wait_seconds):
                    self._pull()
        except StoreAwayError as error:
            self._away, self._ask_again = error, time.monotonic() + _REST
            raise
        self._away = None

    def _pull(self) -> None:
        """Fetch what serves on the server; the folder is locked by the caller."""
        while (term := self.register.current()) is not None and term.generation != self.current():
            try:
                with explained(self.root):
                    self._fetch(term)
            except StoreAwayError:
                raise
            except StoreError:
                if self.register.current() == term:
                    raise  # it was not removed under way

    def _fetch(self, term: Term, *, deep: bool = False) -> None:
        Fetch(self, self.mirror, self.tell).bring(term, deep=deep)
        super().publish(term.generation)
        super().sweep()

    def restore(self) -> bool:
        """Fetch anew what is damaged of the folder; False where the server holds nothing to restore it from.

        Raises: as :meth:`follow`.
        """
        with super().writing(_RESTORING), explained(self.root):
            term = self.register.current()
            if term is not None:
                self._fetch(term, deep=True)
            return term is not None

    # --- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, wait_seconds: float, *, anew: bool = False) -> Iterator[None]:
        """Hold the folder's lock and a term on the server, and have here what serves there.

        Where that was written from other seeds, nothing can be created, unless all is built ``anew`` from these.

        Raises: as :meth:`Generations.writing` and :meth:`Register.writing`.
        """
        deadline = time.monotonic() + wait_seconds
        with super().writing(wait_seconds):
            self._pull()
            if not anew and self._stranger():
                yield
                return
            left = max(0.0, deadline - time.monotonic())
            with self.register.writing(self.holder, self.writer, left) as tenure:
                self._pull()
                self._tenure = tenure if anew or not self._stranger() else None
                try:
                    yield
                finally:
                    self._tenure = None

    def _stranger(self) -> str:
        """Return from which seeds the store is written, or an empty text where it is, or may be, from these."""
        term = self.register.current()
        return term.writer if term is not None and term.writer != self.writer else ""

    def create(self) -> str:
        """Create the folder of a new generation, as the base does.

        Raises:
            StoreError: the store is written from other seeds.
        """
        if self._tenure is None:
            raise StoreError(
                f"The shared store is written from {self._stranger()}, not from here; empty {self._seeds_dir} to only "
                "read it, or run `newsbot index --rebuild` to write it from here."
            )
        return super().create()

    def publish(self, name: str) -> None:
        """Let a complete generation serve: send what the server lacks of it, switch there, then here.

        Raises:
            StoreAwayError: the server went away and stayed away; what was sent is not sent again.
            StoreBusyError: another writer took over.
            StoreError: the server refuses it.
        """
        tenure = self._tenure
        assert tenure is not None, "only a writer publishes"
        manifest = Manifest.read(self.folder(name))
        sizes, digests, done = sizes_of(manifest), dict[str, int](), 0
        with self.server.patient():
            for each, checksum in manifest.segments.items():
                told = shifted(self.tell, "sending", done, manifest.passages)
                with closing(Segment(self.folder(each), checksum)) as segment:
                    digests[each] = self.mirror.send_segment(segment, told)
                done += sizes.get(each, 0)
            tenure.publish(
                generation=name,
                checksum=self.mirror.send_manifest(name, replace(manifest, segments=digests)),
                segments=" ".join(digests),
                articles=len(manifest.seeds),
                passages=manifest.passages,
            )
        super().publish(name)

    def sweep(self, keep: Manifest | None = None) -> None:
        """Remove what nobody uses, here and, a while after it was replaced, on the server."""
        super().sweep(keep)
        if self._tenure is not None:
            with suppress(StoreError):  # it is swept the next time
                self._sweep_server()

    def _sweep_server(self) -> None:
        terms = self.register.terms()
        gone = expired(terms, time.time())
        for name in self.superfluous([each for each in terms if each not in gone]):
            self.mirror.remove(name)
        self.register.remove(gone)

    def superfluous(self, terms: list[Term]) -> list[str]:
        """Return what the server holds that belongs to none of ``terms``, nor to a build that goes on here."""
        used = {name for each in terms for name in (each.generation + MANIFEST, *each.segments.split())}
        used |= {each.name for each in self.folders()}
        return [each for each in self.mirror.names() if each not in used]
