"""One generation, opened for reading: all its segments as one collection of passages."""

from __future__ import annotations

import re
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from newsbot.indexing.bilingual import BilingualEmbedding
from newsbot.indexing.checksums import damaged
from newsbot.indexing.generations import Generations
from newsbot.indexing.lexical import Field
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.segments import Segment
from newsbot.indexing.translation import Expansion
from newsbot.language import is_function_word
from newsbot.models import Passage, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPARE = 1.5
"""How many more neighbours are asked of a segment that holds passages of articles since changed or removed."""
_SAMPLE = 1024
"""Vectors for statistics: those with the lowest ids, which are hashes, so that any division gives the same ones."""


class Snapshot:
    """What a reader sees: whole, unchanging, and kept on disk until it is closed.

    Rows number the passages of all segments, one segment after the other; ``live`` tells which of them still count.

    Attributes:
        generation: its name.
        manifest: what it serves.
        live: shape ``[rows]``.
        ids: passage id of each row, as a number, shape ``[rows]``.
        languages: language of each row, shape ``[rows]``.
        ngrams: character n-grams within words.
        stems: stemmed words.
        words: words as they are.
        expansion: the words that stand for a word of a question.
        close: releases files and leases, after which the generation may be removed; so does the end of the snapshot.
    """

    def __init__(self, generations: Generations, name: str) -> None:
        """Open a generation.

        Raises:
            FileNotFoundError: it was removed meanwhile; read ``CURRENT`` again.
            StoreDamagedError: it is not as it was written.
            StoreError: it is of another schema.
        """
        self.generation = name
        with ExitStack() as stack:
            _lease(generations, name, stack)
            self.manifest = Manifest.read(generations.folder(name))
            self._segments: list[Segment] = []
            for each, checksum in self.manifest.segments.items():
                _lease(generations, each, stack)
                self._segments.append(Segment(generations.folder(each), checksum))
                stack.callback(self._segments[-1].close)
            self._offsets = np.cumsum([0, *(len(each.ids) for each in self._segments)], dtype=np.int64)
            self._index_rows()
            self.close: Callable[[], object] = weakref.finalize(self, stack.pop_all().close)

    def _index_rows(self) -> None:
        seeds = self.manifest.seeds
        live: list[bool] = []
        languages: list[str] = []
        for segment in self._segments:
            for source, spoken, _ in segment.articles:
                live.append(source in seeds and seeds[source].segment == segment.name)
                languages.append(spoken)
        self.ids: NDArray[np.uint64] = np.concatenate([np.zeros(0, np.uint64), *(each.ids for each in self._segments)])
        sizes = np.concatenate([np.zeros(0, np.int64), *(each.counts for each in self._segments)])
        self.live: NDArray[np.bool_] = np.repeat(np.array(live, dtype=bool), sizes)
        self.languages: NDArray[np.str_] = np.repeat(np.array(languages, dtype="U8"), sizes)
        self.ngrams = Field([each.ngrams for each in self._segments], self.live)
        self.stems = Field([each.stems for each in self._segments], self.live)
        self.words = Field([each.words for each in self._segments], self.live)
        self.expansion = Expansion([each.vocabulary for each in self._segments], BilingualEmbedding.load(), self._lives)
        if not len(self.live) == self._offsets[-1] or self.ngrams.rows != self.manifest.passages:
            raise damaged()
        self._sample = self._sampled()

    def __len__(self) -> int:
        return self.ngrams.rows

    @property
    def passages(self) -> int:
        """Number of live passages."""
        return self.ngrams.rows

    def _lives(self, word: str) -> bool:
        """Whether a live passage holds a word, and is in a language in which it is no function word."""
        if not self.words.holds(word):
            return False
        empty = [each for each in self._languages if is_function_word(word, each)]
        if not empty:
            return True
        rows = self.live & (self.words.scores({word: 1.0}) > 0)
        return not np.isin(self.languages[rows], empty).all()

    @cached_property
    def _languages(self) -> set[str]:
        return {each.language for each in self.manifest.seeds.values()}

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

    @cached_property
    def spoken(self) -> str:
        """The language of most articles, ISO 639-1; English where there are none."""
        languages = Counter(each.language for each in self.manifest.seeds.values())
        return languages.most_common(1)[0][0] if languages else "en"

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the rows of the ``count`` nearest live passages, as far as the segments find them, best first."""
        rows: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        distances: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
        for segment, offset in zip(self._segments, self._offsets.tolist(), strict=False):
            alive = self.live[offset : offset + len(segment.ids)]
            if not alive.any():
                continue
            wanted = count if alive.all() else min(int(count * _SPARE) + int((~alive).sum()), 10 * count)
            found, far = segment.nearest(vector, wanted)
            kept = np.flatnonzero(alive[found])[:count]
            rows.append(offset + found[kept])
            distances.append(far[kept])
        best = np.concatenate(rows)
        return best[np.lexsort((self.ids[best], np.concatenate(distances)))[:count]]

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the likeness of ``vector`` to each row, shape ``[len(rows)]``."""
        result = np.zeros(len(rows), np.float32)
        for segment, places, inner in self._grouped(rows):
            # summed row by row and not by a matrix product, whose rounding depends on the rows around each row
            result[places] = (segment.vectors.take(inner).astype(np.float32) * vector).sum(axis=1)
        return result

    def spread(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of the likeness of ``vector`` to the live passages (a sample of them)."""
        if not len(self._sample):
            return 0.0, 1.0
        likeness = self._sample @ vector
        return float(likeness.mean()), float(likeness.std())

    def passages_at(self, rows: NDArray[np.int64]) -> list[Passage]:
        """Return the passages of ``rows``, in that order."""
        found: dict[int, Passage] = {}
        for segment, places, inner in self._grouped(rows):
            found.update(zip(places.tolist(), segment.passages(inner), strict=True))
        return [found[place] for place in range(len(rows))]

    def passage(self, passage_id: str) -> Passage | None:
        """Return a live passage by its id, or None where there is none."""
        if not re.fullmatch(r"[0-9a-f]{16}", passage_id):
            return None
        for segment, offset in zip(self._segments, self._offsets.tolist(), strict=False):
            row = int(segment.find([passage_id])[0])
            if row >= 0 and self.live[offset + row]:
                return segment.passages(np.array([row]))[0]
        return None

    def check(self) -> None:
        """Read all of the generation.

        Raises:
            StoreDamagedError: something of it is not as it was written.
        """
        for each in self._segments:
            each.check()

    def _grouped(self, rows: NDArray[np.int64]) -> Iterator[tuple[Segment, NDArray[np.int64], NDArray[np.int64]]]:
        """Yield each segment that holds some of ``rows``, their places in ``rows``, and their rows in the segment."""
        owners = np.searchsorted(self._offsets, rows, side="right") - 1
        for number in np.unique(owners).tolist():
            places = np.flatnonzero(owners == number)
            yield self._segments[number], places, rows[places] - self._offsets[number]

    def _sampled(self) -> NDArray[np.float32]:
        rows = np.flatnonzero(self.live)
        if not len(rows):
            return np.zeros((0, 0), np.float32)
        ids = self.ids[rows]
        lowest = np.argpartition(ids, _SAMPLE)[:_SAMPLE] if len(ids) > _SAMPLE else np.arange(len(ids))
        chosen = rows[lowest[np.argsort(ids[lowest], kind="stable")]]
        sample: NDArray[np.float32] | None = None
        for segment, places, inner in self._grouped(chosen):
            vectors = segment.vectors.take(inner).astype(np.float32)
            if sample is None:
                sample = np.empty((len(chosen), vectors.shape[1]), np.float32)
            sample[places] = vectors
        assert sample is not None
        return sample


def _lease(generations: Generations, name: str, stack: ExitStack) -> None:
    handle = generations.lease(name)
    if handle is None:
        raise FileNotFoundError(name)
    stack.callback(handle.close)
