"""The index folder as newsbot uses it: the snapshot that serves now, and bringing it in line with the seeds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from newsbot.errors import StoreError
from newsbot.indexing.builder import Builder, Tell, unchanged
from newsbot.indexing.differences import difference
from newsbot.indexing.embedding import Embedding, fingerprint, load
from newsbot.indexing.generations import Generations, Manifest
from newsbot.indexing.segments import damaged
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Changes

_TRIES = 20


class Index:
    """One index folder with the embedding that belongs to it; safe to share between threads."""

    def __init__(self, root: Path, embedding_model: str) -> None:
        """Look after the index in ``root``, made with the named embedding, which is loaded when first needed."""
        self._generations = Generations(root)
        self._model = embedding_model
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._readers = Counter[Snapshot]()

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

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Lend the snapshot of the generation that serves; it stays as it is while it is lent.

        Raises:
            StoreError: there is no index, it is damaged, or it was made with another embedding model.
        """
        with self._lock:
            snapshot = self._newest()
            self._readers[snapshot] += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._readers[snapshot] -= 1
                if not self._readers[snapshot]:
                    del self._readers[snapshot]
                    if snapshot is not self._snapshot:
                        snapshot.close()

    def _newest(self) -> Snapshot:
        for _ in range(_TRIES):
            name, old = self._generations.current(), self._snapshot
            if old is not None and old.generation == name:
                return old
            if not name:
                raise StoreError("There is no index yet; run `newsbot index`.")
            try:
                fresh = self._fitting(Snapshot(self._generations, name))
            except FileNotFoundError:
                continue  # replaced and removed between the two looks
            self._snapshot = fresh
            if old is not None and not self._readers[old]:
                old.close()
            return fresh
        raise damaged()

    def _fitting(self, fresh: Snapshot) -> Snapshot:
        if fresh.manifest.fingerprint == self.fingerprint:
            return fresh
        made_with = fresh.manifest.embedding
        fresh.close()
        raise StoreError(
            f"The index was made with the embedding model {made_with}, not with {self._model}; run `newsbot index`."
        )

    def stale(self, seeds_dir: Path) -> bool:
        """Whether the seeds differ from the index, or there is no usable index."""
        manifest = self._usable()
        return manifest is None or bool(difference(seeds_dir, manifest))

    def refresh(
        self, seeds_dir: Path, tell: Tell | None = None, *, rebuild: bool = False, wait_seconds: float = 600.0
    ) -> Changes:
        """Bring the index in line with the seeds; nothing is written where nothing differs.

        Raises:
            SeedError: there is no seeds folder.
            StoreBusyError: another process still writes after ``wait_seconds``.
            StoreError: the index cannot be written; what served before goes on serving.
        """
        manifest = None if rebuild else self._usable()
        found = difference(seeds_dir, manifest)
        if manifest is not None and not found:
            return unchanged(self.generation, manifest, found)
        with self._generations.writing(wait_seconds):
            self._generations.sweep()
            manifest = None if rebuild else self._usable()
            found = difference(seeds_dir, manifest)  # another process may have done the work meanwhile
            if manifest is not None and not found:
                return unchanged(self.generation, manifest, found)
            return Builder(self._generations, self.embedding, self.fingerprint, tell).build(found, manifest)

    def _usable(self) -> Manifest | None:
        """Return the manifest that serves, or None where only a new build helps."""
        name = self._generations.current()
        try:
            manifest = Manifest.read(self._generations.folder(name)) if name else None
        except StoreError:
            return None
        return manifest if manifest and manifest.fingerprint == self.fingerprint else None

    def close(self) -> None:
        """Release the open snapshot."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
                self._snapshot = None
