"""The index of a machine that shares a store: it reads what is published there, and writes if it has articles."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsbot.errors import SeedError, StoreAwayError, StoreBusyError, StoreError
from newsbot.indexing.builder import Tell
from newsbot.indexing.differences import Difference
from newsbot.indexing.index import Index
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.shared import SharedGenerations
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Changes
from newsbot.settings import Settings

LOOK_SECONDS = 2.0
"""How often a newsbot that stays asks the server which generation serves."""
_TROUBLED_SECONDS = 30.0
"""How often it asks when what the server holds could not be fetched."""
_log = logging.getLogger(__name__)


class _NoArticlesError(SeedError):
    """There is nothing here that could be written."""


class SharedIndex(Index):
    """An index folder that mirrors a shared store; safe to share between threads."""

    _generations: SharedGenerations

    def __init__(self, settings: Settings) -> None:
        """Look after the folder and the store that ``settings`` name; a thread follows the store from now on."""
        super().__init__(settings.index_dir, settings.embedding_model)
        self._generations = SharedGenerations(settings, self.fingerprint)
        self._closed = threading.Event()
        self._closed.set()
        self._start()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Lend the snapshot that serves, as the base does.

        Raises: as :meth:`Index.reading`; and, where nothing was ever fetched, as :meth:`SharedGenerations.follow`.
        """
        if not self.generation:
            self._generations.follow(wait_seconds=600.0)
        self._start()
        with super().reading() as snapshot:
            yield snapshot

    def refresh(
        self, seeds_dir: Path, tell: Tell | None = None, *, rebuild: bool = False, wait_seconds: float = 600.0
    ) -> Changes:
        """Bring the folder in line with the store, and the store with the seeds if there are any here.

        A machine without articles only reads: it never changes the store.

        Raises: as :meth:`Index.refresh`; and :class:`StoreAwayError` where the server cannot be reached.
        """
        self._generations.tell = tell or (lambda *_: None)
        before = self._usable(self.generation)
        self._generations.follow(wait_seconds)
        if self.generation and not rebuild and self._usable(self.generation) is None:
            self._generations.restore()
        try:
            changes = super().refresh(seeds_dir, tell, rebuild=rebuild, wait_seconds=wait_seconds)
        except _NoArticlesError:
            return self._followed(before, rebuild=rebuild)
        if self._generations.register.current() is None:  # the index is older than the store
            with self._generations.writing(wait_seconds):
                self._generations.publish(self.generation)
        return changes

    def repair(self, seeds_dir: Path, generation: str, tell: Tell | None = None) -> None:
        """Fetch anew what is damaged; where the store holds nothing, build it from the seeds.

        Raises: as :meth:`refresh`.
        """
        _log.warning("The index is damaged and is fetched anew.")
        if self._generations.restore():
            super().close()  # what is open is of the damaged files
        else:
            super().repair(seeds_dir, generation, tell)

    def _followed(self, before: Manifest | None, *, rebuild: bool) -> Changes:
        """Return what following the store did."""
        after = self._usable(self.generation)
        if rebuild:
            raise StoreError("There are no articles here to rebuild the store from; run this where the articles are.")
        if after is None:
            raise StoreError(
                f"The Chroma server at {self._generations.server.url} holds no index made with {self._model} yet; run "
                "`newsbot index` where the articles are."
            )
        return Difference((), (), (), 0).changes(self.generation, before, after)

    def _difference(self, seeds_dir: Path, manifest: Manifest | None) -> Difference:
        try:
            found = super()._difference(seeds_dir, manifest)
        except SeedError as error:
            raise _NoArticlesError(str(error)) from error
        if not found.present:
            raise _NoArticlesError("There are no articles here.")
        return found

    # --- following ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Let a thread follow the store until this is closed, or nobody uses it any more."""
        with self._lock:
            if self._closed.is_set():
                self._closed = threading.Event()
                threading.Thread(target=_follow, args=(weakref.ref(self), self._closed), daemon=True).start()

    def _look(self) -> float:
        """Fetch what is new in the store; return in how many seconds to look again."""
        try:
            self._generations.follow(eager=True)
        except (StoreAwayError, StoreBusyError) as error:
            _log.debug("%s", error)
        except StoreError as error:
            _log.warning("What is new in the shared store cannot be fetched: %s", error)
            return _TROUBLED_SECONDS
        return LOOK_SECONDS

    def close(self) -> None:
        """Release the open snapshot, and stop following the store."""
        self._closed.set()
        super().close()
        self._generations.server.close()


def _follow(index: weakref.ref[SharedIndex], closed: threading.Event) -> None:
    pause = LOOK_SECONDS
    while not closed.wait(pause):
        used = index()
        if used is None:
            return
        pause = used._look()
        del used
