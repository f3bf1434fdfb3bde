"""Passages and their vectors in Chroma: one folder, one collection, written once by one process and then only read."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.indexing import records
from newsbot.indexing.checksums import damaged
from newsbot.models import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLLECTION = "passages"
_READ = 500
_CLIENTS = threading.RLock()
"""Chroma shares one system among the clients of a folder, and two threads that open or close one at once break it.

Reentrant, since a snapshot that the garbage collector closes may interrupt a thread that holds it.
"""


class ChromaFolder:
    """The passages of one segment in an embedded Chroma; vectors are passed in, cosine space, nothing is sent out."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the store in ``path``, or create it there.

        Raises:
            Exception: whatever Chroma raises for a store that it cannot open; callers turn it into a StoreError.
        """
        with ExitStack() as stack:
            self._client = _client(path if create or _writable(path) else _copied(path, stack))
            stack.callback(_closed, self._client)
            if create:
                self._rows: Any = self._client.create_collection(
                    _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
            else:
                self._rows = self._client.get_collection(_COLLECTION, embedding_function=None)
            self._open = stack.pop_all()

    def add(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Insert passages that are not there yet; ``vectors`` has one unit row for each."""
        limit = self._client.get_max_batch_size()
        for start in range(0, len(passages), limit):
            part = passages[start : start + limit]
            self._rows.add(
                ids=[each.id for each in part],
                embeddings=vectors[start : start + limit],
                documents=[each.text for each in part],
                metadatas=[records.metadata(each) for each in part],
            )

    def nearest(self, vector: NDArray[np.float32], count: int) -> tuple[list[str], NDArray[np.float32]]:
        """Return the ids of the nearest passages and their distances, best first."""
        found = self._rows.query(query_embeddings=[vector], n_results=count, include=["distances"])
        return found["ids"][0], np.asarray(found["distances"][0], dtype=np.float32)

    def read(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages of ``ids``, in that order.

        Raises:
            StoreDamagedError: one is missing, or is not as it was written.
        """
        found = self._rows.get(ids=list(ids), include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        passages = {name: records.passage(name, text, metadata) for name, text, metadata in rows}
        if len(passages) != len(set(ids)):
            raise damaged()
        return [passages[each] for each in ids]

    def batches(self, ids: Sequence[str]) -> Iterator[list[Passage]]:
        """Yield the passages of ``ids``, in the given order, some hundreds at a time.

        Raises:
            StoreDamagedError: one is missing, or is not as it was written.
        """
        for start in range(0, len(ids), _READ):
            yield self.read(ids[start : start + _READ])

    def __len__(self) -> int:
        return int(self._rows.count())

    def close(self) -> None:
        """Release the files and what Chroma caches for them."""
        self._open.close()


def unsettled(path: Path) -> set[Path]:
    """Return the files of a closed store that Chroma writes even when it is only read.

    They are its database, where each client leaves a mark, and a graph that is too young to have been saved: it is made
    anew from the database whenever it is needed.
    """
    graphs = [each for each in path.iterdir() if each.is_dir() and not (each / "index_metadata.pickle").exists()]
    return {path / "chroma.sqlite3", *(file for graph in graphs for file in graph.iterdir())}


def _client(path: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    with _CLIENTS:
        return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


def _closed(client: Any) -> None:
    with _CLIENTS:
        client.close()


def _writable(path: Path) -> bool:
    """Whether Chroma can open the store where it is: it writes a few bytes into its database even to read."""
    if not os.access(path, os.W_OK) or not os.access(path / "chroma.sqlite3", os.W_OK):
        return False
    try:
        return shutil.disk_usage(path).free > 1_000_000
    except OSError:
        return False


def _copied(path: Path, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsbot-", ignore_cleanup_errors=True)))
    shutil.copytree(path, folder / "chroma", copy_function=shutil.copyfile)
    return folder / "chroma"
