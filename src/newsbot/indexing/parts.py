"""A part of a build: one generation in the making, whose folder takes passages until it is finished or given up."""

from __future__ import annotations

from collections.abc import Sequence

from newsbot.indexing.embedding import Embedding
from newsbot.indexing.generations import Generations
from newsbot.indexing.segments import Segment, SegmentWriter
from newsbot.models import Passage

_BATCH = 128


class Part:
    """Embeds and writes passages; a part without any writes no segment, only its manifest will be there."""

    def __init__(self, generations: Generations, embedding: Embedding) -> None:
        self._generations = generations
        self._embedding = embedding
        self._pending: list[Passage] = []
        self._writer: SegmentWriter | None = None
        self.name = generations.create()
        self.rows = 0

    def add(self, passages: Sequence[Passage]) -> None:
        """Take the passages of one article."""
        self.rows += len(passages)
        self._pending += passages
        while len(self._pending) >= _BATCH:
            self._embed()

    def copy(self, segment: Segment, kept: set[str]) -> int:
        """Take the passages of the ``kept`` sources of another segment with their vectors; return how many."""
        while self._pending:
            self._embed()
        rows = segment.rows_of(kept)
        for passages, vectors in segment.batches(rows):
            self._writing().add(passages, vectors)
        self.rows += len(rows)
        return len(rows)

    def finish(self) -> int | None:
        """Complete the segment and return its checksum; None where there is none."""
        while self._pending:
            self._embed()
        return None if self._writer is None else self._writer.finish()

    def close(self) -> None:
        """Release what is open."""
        if self._writer is not None:
            self._writer.close()

    def discard(self) -> None:
        """Give the part up and remove its folder."""
        self.close()
        self._generations.discard(self.name)

    def _embed(self) -> None:
        batch, self._pending = self._pending[:_BATCH], self._pending[_BATCH:]
        self._writing().add(batch, self._embedding.passages([each.text for each in batch]))

    def _writing(self) -> SegmentWriter:
        if self._writer is None:
            self._writer = SegmentWriter(self._generations.folder(self.name))
        return self._writer
