"""BM25 over the terms of passages: postings on disk, read where needed, scored across segments as if they were one.

A library that stores finished scores (bm25s, say) bakes rarity and average length into them, so that an index that was
changed piece by piece could not rank as one built at once. Here a segment stores what never changes (counts and
lengths), and rarity and average length are taken over all live passages when a question is asked. The scores equal
those of bm25s with ``method="lucene"``; a test holds them equal.

    score(q, p) = Σ_t weight_t · idf_t · tf / (tf + k1 · (1 - b + b · length_p / mean length))
    idf_t = ln(1 + (N - df_t + 0.5) / (df_t + 0.5))

Source: Robertson & Zaragoza (2009), The Probabilistic Relevance Framework; the form is Lucene's,
whose idf is never negative.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.indexing.arrays import CheckedArray
from newsbot.indexing.checksums import Checksums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Found = tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]
    """The rows that hold terms, term by term; how often each row does; how many rows hold each term."""

K1, B = 1.2, 0.75
_ROWS = 2048  # passages whose counts are turned into postings at once
_SHIFT, _MOST = 8, 255
"""A posting on disk is a number of 32 bits: the row, and in the lowest 8 how often the term occurs, 255 at most."""


def key(term: str) -> int:
    """Return the 64-bit number that stands for a term on disk."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


class PostingsWriter:
    """Collects the terms of passages, row by row, and writes them as :class:`Postings`."""

    def __init__(self) -> None:
        self._ids: defaultdict[str, int] = defaultdict()
        self._ids.default_factory = self._ids.__len__  # a new term gets the next number
        self._terms: list[NDArray[np.int32]] = []

    def add(self, terms: Iterable[str]) -> None:
        """Add the next row: the terms of one passage, repeated as often as they occur."""
        self._terms.append(np.fromiter(map(self._ids.__getitem__, terms), np.int32))

    def write(self, folder: Path, parts: Callable[[str], Sequence[str]] | None = None) -> None:
        """Write the postings into ``folder``; with ``parts``, those of each term's parts (its n-grams, say) instead."""
        matrix, terms, inner = self._matrix(), list(self._ids), None
        if parts is not None:
            writer = PostingsWriter()
            for term in terms:
                writer.add(parts(term))
            inner, terms = writer._matrix(), list(writer._ids)
        counted = matrix if inner is None else inner
        lengths = np.asarray(matrix.sum(axis=1) if inner is None else matrix @ inner.sum(axis=1), np.int32).ravel()
        keys = np.fromiter((key(term) for term in terms), np.uint64, len(terms))
        order = np.argsort(keys, kind="stable")
        counted.indices = np.argsort(order).astype(np.int32)[counted.indices]
        starts, postings = _transposed(matrix, inner, len(terms))
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "keys.npy", keys[order])
        np.save(folder / "starts.npy", starts)
        np.save(folder / "postings.npy", postings)
        np.save(folder / "lengths.npy", lengths)

    def _matrix(self) -> Any:
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        starts = np.cumsum([0, *map(len, self._terms)], dtype=np.int64)
        columns = np.concatenate([*self._terms, np.zeros(0, np.int32)])
        counts = np.ones(len(columns), np.int32)
        matrix = csr_matrix((counts, columns, starts), shape=(len(self._terms), len(self._ids)))
        matrix.sum_duplicates()
        return matrix


def _transposed(matrix: Any, inner: Any, terms: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return where the postings of each term start, and the postings, of counts per row and term.

    Some rows at a time, so that little more than the postings is in memory; where there are ``inner`` counts, those of
    each term's parts, the product of the two takes the place of the counts.
    """
    found: list[tuple[NDArray[np.int64], NDArray[np.uint32]]] = []
    for start in range(0, matrix.shape[0], _ROWS):
        rows = matrix[start : start + _ROWS]
        part = (rows if inner is None else rows @ inner).tocsc()
        packed = (part.indices + start).astype("<u4") << _SHIFT
        packed |= np.minimum(part.data, _MOST).astype(np.uint32)
        found.append((np.diff(part.indptr).astype(np.int64), packed))
    sizes = sum((each for each, _ in found), np.zeros(terms, np.int64))
    starts = np.concatenate([[0], np.cumsum(sizes)])
    postings, free = np.empty(int(starts[-1]), "<u4"), starts[:-1].copy()
    for sizes, packed in found:
        postings[np.repeat(free - np.cumsum(sizes) + sizes, sizes) + np.arange(len(packed))] = packed
        free += sizes
    return starts, postings


class Postings:
    """The rows in which each term occurs and how often, of one field of one segment; read where needed."""

    def __init__(self, files: Checksums, folder: str) -> None:
        """Open the postings that are ``folder`` among ``files``.

        Raises:
            StoreDamagedError: a file is missing, or is not as it was written.
        """
        self._keys, self._starts, self.lengths = (
            files.load(f"{folder}/{name}.npy") for name in ("keys", "starts", "lengths")
        )
        self._packed = CheckedArray(files.open(f"{folder}/postings.npy"))

    def find(self, keys: NDArray[np.uint64]) -> _Found:
        """Return the rows that hold each key, and how often; none where no passage holds it."""
        starts, ends = self._range(keys)
        packed = self._packed.parts(starts, ends)
        counts = packed.view(np.uint8)[::4]  # the lowest byte comes first
        return np.right_shift(packed, _SHIFT, dtype=np.int64), counts, ends - starts

    def sizes(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the number of rows, live or not, that hold each key."""
        starts, ends = self._range(keys)
        return ends - starts

    def _range(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        places = np.searchsorted(self._keys, keys)
        known = places < len(self._keys)
        known[known] = self._keys[places[known]] == keys[known]
        return self._starts[places * known], self._starts[places * known + known]

    def close(self) -> None:
        """Close the file."""
        self._packed.close()


class Field:
    """One field (the n-grams, say) across all segments of a generation, as one collection of ``len(live)`` rows."""

    def __init__(self, segments: Sequence[Postings], live: NDArray[np.bool_]) -> None:
        """Join ``segments`` in order; ``live`` tells for each of their rows whether it still counts."""
        self._segments = segments
        self._live = live
        ends = np.cumsum([0, *(len(each.lengths) for each in segments)]).tolist()
        self._parts = [slice(start, end) for start, end in pairwise(ends)]
        self._whole = bool(live.all())
        self._dead = ~live
        self._losses = [int(self._dead[part].sum()) for part in self._parts]
        self.rows = int(live.sum())
        lengths = np.concatenate([each.lengths for each in segments]) if segments else np.zeros(0)
        mean = float(lengths[live].mean()) if self.rows else 1.0
        self._norms = (K1 * (1 - B + B * lengths / max(mean, 1e-9))).astype(np.float32)

    def scores(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """Return the BM25 score of every row for weighted terms, shape ``[len(live)]``."""
        found = self._found(terms)
        weights = self._rarity(self._frequencies(found, len(terms))) * np.fromiter(terms.values(), np.float64)
        scores = np.zeros(len(self._live), np.float32)
        for part, (rows, counts, sizes) in zip(self._parts, found, strict=True):
            often = counts.astype(np.float32)
            often /= often + self._norms[part].take(rows, mode="clip")  # which does not look for rows out of bounds
            scores[part] = np.bincount(rows, np.repeat(weights, sizes) * often, part.stop - part.start)
        return scores

    def alternatives(
        self, groups: Sequence[Mapping[str, float]], priors: Sequence[float] | NDArray[np.floating[Any]] = ()
    ) -> NDArray[np.float64]:
        """Return the score of every row for groups of terms that stand for each other, shape ``[len(live)]``.

        A group counts as one term: it occurs in a row as often as its members do, each by its weight, and its rarity is
        that of a term which occurs in that many rows. So a word with many translations weighs no more than one with a
        single one (Pirkola, 1998, "The effects of query structure and dictionary setups in dictionary-based
        cross-language information retrieval"; weighted as in Darwish & Oard, 2003, "Probabilistic structured query
        methods").

        Args:
            groups: the weight, 0 to 1, of each term of each group.
            priors: what is added to each group's rarity; what is known of its words from elsewhere helps where the
                collection is too small to tell. None: nothing.
        """
        scores = np.zeros(len(self._live))
        for group, prior in zip(groups, priors if len(priors) else np.zeros(len(groups)), strict=True):
            often = self._together(group)
            rows = np.flatnonzero(often > 0)
            count = often[rows]
            held = np.minimum(count, 1.0) if self._whole else np.minimum(count, 1.0)[self._live[rows]]
            scores[rows] += (self._rarity(held.sum()) + prior) * count / (count + self._norms[rows])
        return scores

    def _together(self, group: Mapping[str, float]) -> NDArray[np.float64]:
        """Return how often the terms of a group occur in each row, each by its weight, shape ``[len(live)]``."""
        often = np.zeros(len(self._live))
        weights = np.fromiter(group.values(), np.float64)
        for part, (rows, counts, sizes) in zip(self._parts, self._found(group), strict=True):
            often[part] = np.bincount(rows, np.repeat(weights, sizes) * counts, part.stop - part.start)
        return often

    def frequency(self, term: str) -> int:
        """Return the number of live rows that hold a term."""
        wanted = np.array([key(term)], np.uint64)
        if self._whole:
            return sum(int(each.sizes(wanted)[0]) for each in self._segments)
        return int(self._frequencies([each.find(wanted) for each in self._segments], 1)[0])

    def holds(self, term: str) -> bool:
        """Whether a live row holds a term."""
        wanted = np.array([key(term)], np.uint64)
        for part, loss, each in zip(self._parts, self._losses, self._segments, strict=True):
            size = int(each.sizes(wanted)[0])
            if size > loss or (size and self._live[part][each.find(wanted)[0]].any()):
                return True
        return False

    def _found(self, terms: Iterable[str]) -> list[_Found]:
        keys = np.fromiter((key(term) for term in terms), np.uint64)
        return [each.find(keys) for each in self._segments]

    def _frequencies(self, found: list[_Found], terms: int) -> NDArray[np.int64]:
        total = np.zeros(terms, np.int64)
        for part, loss, (rows, _, sizes) in zip(self._parts, self._losses, found, strict=True):
            total += sizes
            if loss:
                gone = np.flatnonzero(self._dead[part].take(rows, mode="clip"))
                total -= np.bincount(np.searchsorted(np.cumsum(sizes), gone, side="right"), minlength=terms)
        return total

    def _rarity(self, frequency: Any) -> Any:
        """Return the inverse document frequency of terms that so many live rows hold."""
        return np.log1p((self.rows - frequency + 0.5) / (frequency + 0.5))
