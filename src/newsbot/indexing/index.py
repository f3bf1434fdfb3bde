"""The index folder as newsbot uses it: the snapshot that serves now, and bringing it in line with the seeds."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from newsbot.errors import StoreDamagedError, StoreError
from newsbot.indexing.builder import Builder, Tell
from newsbot.indexing.checksums import Checksums, damaged
from newsbot.indexing.differences import Difference, difference
from newsbot.indexing.embedding import Embedding, fingerprint, load
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Changes
from newsbot.settings import Settings

_TRIES = 50
_log = logging.getLogger(__name__)


class Index:
    """One index folder with the embedding that belongs to it; safe to share between threads."""

    def __init__(self, root: Path, embedding_model: str) -> None:
        """Look after the index in ``root``, made with the named embedding, which is loaded when first needed."""
        self._generations: Generations = Generations(root)
        self._model = embedding_model
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._readers = Counter[Snapshot]()

    @classmethod
    def open(cls, settings: Settings) -> Index:
        """Return the index that the settings name: the folder's own, or that of a shared store."""
        if not settings.chroma_url:
            return cls(settings.index_dir, settings.embedding_model)
        from newsbot.indexing.replica import SharedIndex

        return SharedIndex(settings)

    @property
    def generation(self) -> str:
        """Name of the generation that serves, or an empty string."""
        return self._generations.current()

    @cached_property
    def fingerprint(self) -> str:
        """Fingerprint of the embedding model, found without loading it."""
        return fingerprint(self._model)

    @property
    def embedding(self) -> Embedding:
        """The embedding model, loaded once.

        Raises:
            ModelError: it is missing, unreachable or unsafe to load.
        """
        with self._loading:
            if "_embedding" not in self.__dict__:
                self._embedding = load(self._model)
            return self._embedding

    # --- reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Lend the snapshot of the generation that serves; it stays as it is while it is lent.

        Raises:
            StoreDamagedError: the index is not as it was written.
            StoreError: there is no index, or it was made with another embedding model.
        """
        self._renew()
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None:
                raise StoreError("There is no index yet; run `newsbot index`.")
            self._readers[snapshot] += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._readers[snapshot] -= 1
                closed = self._release(snapshot)
            if closed and (now := self._snapshot) is not None:
                self._tidy(now.generation, now.manifest)

    def _renew(self) -> None:
        """Open the generation that serves now; meanwhile others go on with the one before, as all do where it fails."""
        old = self._snapshot
        if old is not None and (old.generation == self._generations.current() or self._opening.locked()):
            return
        try:
            self.renew()
        except StoreError:
            if old is None:
                raise

    def renew(self) -> None:
        """Open the generation that serves now, unless it is open; what was open before stays open where that fails.

        Raises: as :meth:`reading`.
        """
        with self._opening:
            name, old = self._generations.current(), self._snapshot
            if not name or (old is not None and old.generation == name):
                return
            fresh = self._newest()
            with self._lock:
                self._snapshot = fresh
                closed = old is not None and self._release(old)
        if closed:
            self._tidy(name, fresh.manifest)

    def _release(self, snapshot: Snapshot) -> bool:
        """Close a snapshot that nobody reads and that has been replaced; return whether it was."""
        over = not self._readers[snapshot]
        if over:
            del self._readers[snapshot]
        if over and snapshot is not self._snapshot:
            snapshot.close()
            return True
        return False

    def _tidy(self, name: str, serving: Manifest) -> None:
        """Remove the generations that nobody reads any more, unless another process is writing or this one may not."""
        if all(each.name in (name, *serving.segments) for each in self._generations.folders()):
            return
        started = self._usable(self._generations.unfinished())
        if self._generations.unused(keep=started):
            with suppress(StoreError), self._generations.writing(0):
                self._generations.sweep(keep=started)

    def _newest(self) -> Snapshot:
        for _ in range(_TRIES):
            try:
                fresh = Snapshot(self._generations, self._generations.current())
            except FileNotFoundError:
                time.sleep(0.01)  # replaced and removed between the two looks
                continue
            try:
                self._fitting(fresh.manifest)
            except StoreError:
                fresh.close()
                raise
            return fresh
        raise damaged()

    # --- writing ------------------------------------------------------------------------------------------------------

    def refresh(
        self, seeds_dir: Path, tell: Tell | None = None, *, rebuild: bool = False, wait_seconds: float = 600.0
    ) -> Changes:
        """Bring the index in line with the seeds; nothing is written where nothing differs.

        Raises:
            SeedError: there is no seeds folder.
            StoreBusyError: another process still writes after ``wait_seconds``.
            StoreError: the index cannot be written; what served before goes on serving.
        """
        name = self._generations.current()
        serving = self._usable(name)
        found = self._difference(seeds_dir, None if rebuild else serving)
        if serving is not None and not found and not rebuild:
            self._tidy(name, serving)
            return found.changes(name, serving, serving)
        with self._generations.writing(wait_seconds, anew=rebuild):
            if self._generations.current() != name and not rebuild:  # another process has written meanwhile
                name = self._generations.current()
                serving = self._usable(name)
                found = self._difference(seeds_dir, serving)
                if serving is not None and not found:
                    return found.changes(name, serving, serving)
            if name and serving is None and not rebuild:
                _log.warning("The index is damaged or was made by another model or version; it is built anew.")
            base, found = (None, found) if rebuild else self._nearer(seeds_dir, serving, found)
            return self._build(seeds_dir, serving, base, found, tell)

    def repair(self, seeds_dir: Path, generation: str, tell: Tell | None = None) -> None:
        """Build the index anew unless another generation than the damaged one serves already.

        Raises: as :meth:`refresh`.
        """
        with self._generations.writing(600.0):
            if self._generations.current() in (generation, ""):
                _log.warning("The index is damaged and is built anew.")
                self._build(seeds_dir, None, None, self._difference(seeds_dir, None), tell)

    def _build(
        self, seeds_dir: Path, serving: Manifest | None, base: Manifest | None, found: Difference, tell: Tell | None
    ) -> Changes:
        self._generations.sweep(keep=base)
        try:
            name, manifest = self._builder(base, tell).build(found)
        except StoreDamagedError:
            if base is None:
                raise
            _log.warning("The index is damaged and is built anew.")
            name, manifest = self._builder(None, tell).build(self._difference(seeds_dir, None))
        self._generations.sweep()
        return found.changes(name, serving, manifest)

    def _builder(self, base: Manifest | None, tell: Tell | None) -> Builder:
        empty = Manifest(self.embedding.name, self.fingerprint, 0)
        return Builder(self._generations, self.embedding, base or empty, tell)

    def _nearer(
        self, seeds_dir: Path, serving: Manifest | None, found: Difference
    ) -> tuple[Manifest | None, Difference]:
        """Return the manifest from which the least is left to do: the one that serves, or that of a killed build."""
        started = self._usable(self._generations.unfinished())
        if started is not None:
            left = self._difference(seeds_dir, started)
            if serving is None or left.size < found.size:
                return started, left
        return serving, found

    def _usable(self, name: str) -> Manifest | None:
        """Return the manifest of a generation, or None where it is of no use: only building anew helps."""
        if not name:
            return None
        try:
            manifest = Manifest.read(self._generations.folder(name))
            for segment, checksum in manifest.segments.items():
                Checksums(self._generations.folder(segment), checksum)
            self._fitting(manifest)
        except StoreError as error:
            _log.info("%s: %s", name, error)
            return None
        return manifest

    def _fitting(self, manifest: Manifest) -> None:
        if manifest.fingerprint != self.fingerprint:
            other = "another version of it" if manifest.embedding == self._model else manifest.embedding
            raise StoreError(f"The index was not made with {self._model} but with {other}; run `newsbot index`.")

    def _difference(self, seeds_dir: Path, manifest: Manifest | None) -> Difference:
        return difference(seeds_dir, manifest, self._generations.root / "stamps.json")

    def close(self) -> None:
        """Release the open snapshot."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
            if snapshot is not None:
                self._release(snapshot)
