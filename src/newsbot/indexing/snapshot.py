"""One generation, opened for reading: all its segments as one collection of passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import numpy as np

from newsbot.errors import StoreError
from newsbot.indexing.generations import Generations, Manifest
from newsbot.indexing.lexical import Field
from newsbot.indexing.segments import SAMPLE, Segment, damaged
from newsbot.models import Passage, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPARE = 1.5
"""How many more neighbours are asked of a segment that holds passages of articles since changed or removed."""


class Snapshot:
    """What a reader sees: whole, unchanging, and kept on disk until it is closed.

    Rows number the passages of all segments, one segment after the other; ``live`` tells which of them still count.

    Attributes:
        generation: its name.
        manifest: what it serves.
        live: shape ``[rows]``.
        languages: language of each row, shape ``[rows]``.
        ngrams: character n-grams within words.
        stems: stemmed words.
    """

    def __init__(self, generations: Generations, name: str) -> None:
        """Open a generation.

        Raises:
            FileNotFoundError: it was removed meanwhile; read ``CURRENT`` again.
            StoreError: it is damaged or of another schema.
        """
        self.generation = name
        with ExitStack() as stack:
            _lease(generations, name, stack)
            self.manifest = Manifest.read(generations.folder(name))
            for each in self.manifest.segments:
                _lease(generations, each, stack)
            self._segments = [Segment(generations.folder(each)) for each in self.manifest.segments]
            for segment in self._segments:
                stack.callback(segment.close)
            self._open = stack.pop_all()
        self._offsets = np.concatenate([[0], np.cumsum([len(each.ids) for each in self._segments])]).astype(np.int64)
        self._index_rows()

    def _index_rows(self) -> None:
        seeds = self.manifest.seeds
        live: list[bool] = []
        languages: list[str] = []
        sizes: list[int] = []
        for segment in self._segments:
            for source, spoken, count in segment.articles:
                live.append(source in seeds and seeds[source].segment == segment.name)
                languages.append(spoken)
                sizes.append(count)
        self.live: NDArray[np.bool_] = np.repeat(np.array(live, dtype=bool), sizes)
        self.languages: NDArray[np.str_] = np.repeat(np.array(languages, dtype="U8"), sizes)
        if int(self.live.sum()) != sum(each.passages for each in seeds.values()):
            raise damaged()
        self.ngrams = Field([each.ngrams for each in self._segments], self.live)
        self.stems = Field([each.stems for each in self._segments], self.live)
        self._sample = self._sampled()

    def __len__(self) -> int:
        return self.ngrams.rows

    @property
    def passages(self) -> int:
        """Number of live passages."""
        return self.ngrams.rows

    def frequency(self, stem: str) -> int:
        """Return the number of live passages that hold a word with this stem."""
        return self.stems.frequency(stem)

    @property
    def sources(self) -> list[Source]:
        """The articles, by source."""
        return [
            Source(name, each.title, each.language, each.passages, each.url, each.author, each.date)
            for name, each in sorted(self.manifest.seeds.items())
        ]

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the rows of the ``count`` nearest live passages of every segment, in no order across segments."""
        rows: list[int] = []
        for number, segment in enumerate(self._segments):
            offset, end = self._offsets[number], self._offsets[number + 1]
            alive = self.live[offset:end]
            if not alive.any():
                continue
            wanted = count if alive.all() else min(int(count * _SPARE) + int((~alive).sum()), 10 * count)
            with _guarded():
                ids, _ = segment.chroma.nearest(vector, min(wanted, len(alive)))
            found = [segment.row_of[each.encode()] for each in ids]
            rows += [int(offset + row) for row in found if alive[row]][:count]
        return np.array(rows, dtype=np.int64)

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the likeness of ``vector`` to each row, shape ``[len(rows)]``."""
        result = np.zeros(len(rows), np.float32)
        for segment, places, ids in self._grouped(rows):
            with _guarded():
                found = segment.chroma.vectors(ids)
            result[places] = [found[each] @ vector for each in ids]
        return result

    def spread(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of the likeness of ``vector`` to the live passages (a sample of them)."""
        if not len(self._sample):
            return 0.0, 1.0
        likeness = self._sample @ vector
        return float(likeness.mean()), float(likeness.std())

    def passages_at(self, rows: NDArray[np.int64]) -> list[Passage]:
        """Return the passages of ``rows``, in that order."""
        result: list[Passage | None] = [None] * len(rows)
        for segment, places, ids in self._grouped(rows):
            with _guarded():
                found = segment.chroma.read(ids)
            for place, each in zip(places, ids, strict=True):
                result[place] = found.get(each)
        if None in result:
            raise damaged()
        return [each for each in result if each is not None]

    def passage(self, passage_id: str) -> Passage | None:
        """Return a live passage by its id, or None where there is none."""
        wanted = passage_id.encode(errors="replace")
        for number, segment in enumerate(self._segments):
            row = segment.row_of.get(wanted)
            if row is not None and self.live[self._offsets[number] + row]:
                return self.passages_at(np.array([self._offsets[number] + row]))[0]
        return None

    def check(self) -> None:
        """Find a passage of each segment by its vector, which opens every file that a question needs.

        Raises:
            StoreError: something of it is damaged.
        """
        for segment in self._segments:
            if len(segment.sample):
                with _guarded():
                    ids, _ = segment.chroma.nearest(segment.sample[0], 1)
                    found = segment.chroma.read(ids)
                if not found:
                    raise damaged()

    def close(self) -> None:
        """Release files and leases; the generation may be removed then."""
        self._open.close()

    def _grouped(self, rows: NDArray[np.int64]) -> Iterable[tuple[Segment, list[int], list[str]]]:
        owners = np.searchsorted(self._offsets, rows, side="right") - 1
        for number in np.unique(owners):
            places = np.flatnonzero(owners == number)
            segment = self._segments[number]
            inner = rows[places] - self._offsets[number]
            yield segment, places.tolist(), [segment.ids[row].decode() for row in inner]

    def _sampled(self) -> NDArray[np.float32]:
        ids: list[bytes] = []
        vectors: list[NDArray[np.float32]] = []
        for number, segment in enumerate(self._segments):
            offset = self._offsets[number]
            kept = [
                place
                for place, each in enumerate(segment.sample_ids.tolist())
                if self.live[offset + segment.row_of[each]]
            ]
            if kept:
                ids += segment.sample_ids[kept].tolist()
                vectors.append(segment.sample[kept])
        if not vectors:
            return np.zeros((0, 0), np.float32)
        order = np.argsort(np.array(ids), kind="stable")[:SAMPLE]
        return np.concatenate(vectors)[order]


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn whatever Chroma's core raises for a damaged store into the one error that says what to do."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise damaged() from error


def _lease(generations: Generations, name: str, stack: ExitStack) -> None:
    handle = generations.lease(name)
    if handle is None:
        raise FileNotFoundError(name)
    stack.callback(handle.close)
