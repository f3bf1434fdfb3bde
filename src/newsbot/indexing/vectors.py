"""Passages and their vectors in Chroma: one folder, one collection, written once by one process and then only read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.models import Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLLECTION = "passages"
_READ = 500


class ChromaFolder:
    """The passages of one segment in an embedded Chroma; vectors are passed in, cosine space, nothing is sent out."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the store in ``path``, or create it there.

        Raises:
            Exception: whatever Chroma raises for a store that it cannot open; callers turn it into a StoreError.
        """
        import chromadb
        from chromadb.config import Settings

        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        client: Any = chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))
        space = {"configuration": {"hnsw": {"space": "cosine"}}} if create else {}
        opened = client.create_collection if create else client.get_collection
        try:
            self._rows: Any = opened(_COLLECTION, embedding_function=None, **space)
        except BaseException:
            client.close()
            raise
        self._client = client

    def add(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Insert passages that are not there yet; ``vectors`` has one unit row for each."""
        limit = self._client.get_max_batch_size()
        for start in range(0, len(passages), limit):
            part = passages[start : start + limit]
            self._rows.add(
                ids=[each.id for each in part],
                embeddings=vectors[start : start + limit],
                documents=[each.text for each in part],
                metadatas=[_metadata(each) for each in part],
            )

    def nearest(self, vector: NDArray[np.float32], count: int) -> tuple[list[str], NDArray[np.float32]]:
        """Return the ids of the nearest passages and their cosines, best first."""
        found = self._rows.query(query_embeddings=[vector], n_results=count, include=["distances"])
        return found["ids"][0], 1 - np.asarray(found["distances"][0], dtype=np.float32)

    def read(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages of ``ids`` that are there, by id."""
        found = self._rows.get(ids=list(ids), include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return {name: _passage(name, text, metadata) for name, text, metadata in rows}

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of ``ids`` that are there, by id."""
        found = self._rows.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def batches(self, ids: Sequence[str]) -> Iterator[tuple[list[Passage], NDArray[np.float32]]]:
        """Yield the passages of ``ids`` with their vectors, in the given order, some hundreds at a time."""
        for start in range(0, len(ids), _READ):
            part = list(ids[start : start + _READ])
            passages, vectors = self.read(part), self.vectors(part)
            yield [passages[each] for each in part], np.stack([vectors[each] for each in part])

    def __len__(self) -> int:
        return int(self._rows.count())

    def close(self) -> None:
        """Release the files and what Chroma caches for them."""
        self._client.close()


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "source": passage.source,
        "title": passage.title,
        "language": passage.language,
        "url": passage.url,
        "start": passage.start,
        "end": passage.end,
        "line": passage.line,
        "sentences": json.dumps([[each.start, each.end, each.line] for each in passage.sentences]),
    }


def _passage(name: str, text: str, metadata: dict[str, Any]) -> Passage:
    return Passage(
        id=name,
        source=metadata["source"],
        title=metadata["title"],
        language=metadata["language"],
        text=text,
        start=metadata["start"],
        end=metadata["end"],
        line=metadata["line"],
        sentences=tuple(Sentence(*each) for each in json.loads(metadata["sentences"])),
        url=metadata["url"],
    )
