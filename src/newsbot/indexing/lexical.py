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
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.indexing.arrays import CheckedArray
from newsbot.indexing.checksums import Checksums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Posting = tuple[NDArray[np.int32], NDArray[np.uint8]]
    """Rows and counts of a term in one segment."""
    _Found = list[_Posting]

K1, B = 1.2, 0.75
_SHIFT, _MOST = 8, 255
"""A posting on disk is a number of 32 bits: the row, and in the lowest 8 how often the term occurs, 255 at most."""
_REMEMBERED = 1024
"""Postings that are kept in memory, of each field of each segment: those of the commonest terms are the largest."""
_NOTHING = (np.zeros(0, np.int32), np.zeros(0, np.uint8))


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
        matrix, terms = self._matrix(), list(self._ids)
        if parts is not None:
            inner = PostingsWriter()
            for term in terms:
                inner.add(parts(term))
            matrix, terms = matrix @ inner._matrix(), list(inner._ids)
        lengths = np.asarray(matrix.sum(axis=1), np.int32).ravel()
        keys = np.fromiter((key(term) for term in terms), np.uint64, len(terms))
        order = np.argsort(keys, kind="stable")
        matrix = matrix.tocsc()[:, order]
        matrix.sort_indices()
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "keys.npy", keys[order])
        np.save(folder / "starts.npy", matrix.indptr.astype(np.int64))
        packed = (matrix.indices.astype(np.uint32) << _SHIFT) | np.minimum(matrix.data, _MOST).astype(np.uint32)
        np.save(folder / "postings.npy", packed.astype("<u4"))
        np.save(folder / "lengths.npy", lengths)

    def _matrix(self) -> Any:
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        starts = np.cumsum([0, *map(len, self._terms)], dtype=np.int64)
        columns = np.concatenate([*self._terms, np.zeros(0, np.int32)])
        counts = np.ones(len(columns), np.int32)
        matrix = csr_matrix((counts, columns, starts), shape=(len(self._terms), len(self._ids)))
        matrix.sum_duplicates()
        return matrix


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
        self._part = _cached(self._starts, self._packed)

    def find(self, keys: NDArray[np.uint64]) -> _Found:
        """Return the rows and counts of each key; both empty where no passage holds it."""
        places = np.searchsorted(self._keys, keys)
        found: _Found = []
        for place, wanted in zip(places.tolist(), keys, strict=True):
            if place < len(self._keys) and self._keys[place] == wanted:
                found.append(self._part(place))
            else:
                found.append(_NOTHING)
        return found

    def holds(self, wanted: np.uint64) -> bool:
        """Whether some row, live or not, holds the term with this key."""
        place = int(np.searchsorted(self._keys, wanted))
        return place < len(self._keys) and bool(self._keys[place] == wanted)

    def close(self) -> None:
        """Close the file."""
        self._packed.close()


def _cached(starts: NDArray[np.int64], packed: CheckedArray) -> Callable[[int], _Posting]:
    """Return what reads the posting at a place and remembers those that are asked for again and again."""

    @lru_cache(_REMEMBERED)
    def part(place: int) -> _Posting:
        found = packed.part(int(starts[place]), int(starts[place + 1]))
        return (found >> _SHIFT).view(np.int32), found.view(np.uint8)[::4]  # the lowest byte comes first

    return part


class Field:
    """One field (the n-grams, say) across all segments of a generation, as one collection of ``len(live)`` rows."""

    def __init__(self, segments: Sequence[Postings], live: NDArray[np.bool_]) -> None:
        """Join ``segments`` in order; ``live`` tells for each of their rows whether it still counts."""
        self._segments = segments
        self._live = live
        self._offsets = np.concatenate([[0], np.cumsum([len(each.lengths) for each in segments])]).astype(np.int64)
        self._whole = [bool(live[start:end].all()) for start, end in pairwise(self._offsets.tolist())]
        self.rows = int(live.sum())
        lengths = np.concatenate([each.lengths for each in segments]) if segments else np.zeros(0)
        mean = float(lengths[live].mean()) if self.rows else 1.0
        self._norms = (K1 * (1 - B + B * lengths / max(mean, 1e-9))).astype(np.float32)

    def scores(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """Return the BM25 score of every row for weighted terms, shape ``[len(live)]``."""
        scores = np.zeros(len(self._live), np.float32)
        if not terms or not self.rows:
            return scores
        postings = self._found(terms)
        weights = self._rarity(postings) * np.fromiter(terms.values(), np.float64, len(terms))
        for segment, found in enumerate(postings):
            sizes = [len(rows) for rows, _ in found]
            if not any(sizes):
                continue
            lower, upper = int(self._offsets[segment]), int(self._offsets[segment + 1])
            rows = np.concatenate([rows for rows, _ in found])
            counts = np.concatenate([counts for _, counts in found]).astype(np.float32)
            parts = np.repeat(weights, sizes) * (counts / (counts + self._norms[lower:upper][rows]))
            scores[lower:upper] = np.bincount(rows, parts, upper - lower)
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
            count = self._together(group)
            held = float(np.minimum(count[self._live], 1.0).sum())
            rarity = np.log1p((self.rows - held + 0.5) / (held + 0.5)) if held else 0.0
            scores += (rarity + prior) * count / (count + self._norms)
        return scores

    def _together(self, group: Mapping[str, float]) -> NDArray[np.float64]:
        """Return how often the terms of a group occur in each row, each by its weight, shape ``[len(live)]``."""
        count = np.zeros(len(self._live))
        for segment, found in enumerate(self._found(group)):
            part = count[self._offsets[segment] : self._offsets[segment + 1]]
            for weight, (rows, counts) in zip(group.values(), found, strict=True):
                part[rows] += weight * counts
        return count

    def frequency(self, term: str) -> int:
        """Return the number of live rows that hold a term."""
        return int(self._frequencies(self._found([term]))[0])

    def holds(self, term: str) -> bool:
        """Whether a live row holds a term."""
        wanted = np.array([key(term)], np.uint64)
        for segment, each in enumerate(self._segments):
            if each.holds(wanted[0]):
                live = self._live[self._offsets[segment] : self._offsets[segment + 1]]
                if self._whole[segment] or live[each.find(wanted)[0][0]].any():
                    return True
        return False

    def _found(self, terms: Iterable[str]) -> list[_Found]:
        keys = np.array([key(term) for term in terms], np.uint64)
        return [each.find(keys) for each in self._segments]

    def _frequencies(self, found: list[_Found]) -> NDArray[np.int64]:
        total = np.zeros(len(found[0]) if found else 0, np.int64)
        for segment, each in enumerate(found):
            live = self._live[self._offsets[segment] : self._offsets[segment + 1]]
            whole = self._whole[segment]
            total += [len(rows) if whole else int(np.count_nonzero(live[rows])) for rows, _ in each]
        return total

    def _rarity(self, found: list[_Found]) -> NDArray[np.float64]:
        frequency = self._frequencies(found)
        return np.log1p((self.rows - frequency + 0.5) / (frequency + 0.5))
