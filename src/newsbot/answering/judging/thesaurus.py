"""Words and short phrases that mean the same to somebody who asks and somebody who reports, in Dutch and English.

The word vectors of :mod:`newsbot.indexing.bilingual` learn from the same concepts, but blur a word of several meanings,
and know no phrases. Here every unit (a word, or a phrase without its little words) keeps the set of its concepts.
``training/thesaurus.txt`` has the concepts in words; ``training/make_thesaurus.py`` makes the table of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from newsbot.answering.judging import vocabulary
from newsbot.answering.judging.tokens import Floats, Ints, Word, passage_words
from newsbot.language import stems
from newsbot.models import Passage

LONGEST = 4
"""Words of a unit, at most."""
_TABLE = Path(__file__).with_name("thesaurus.npz")
_SAME, _DAMPED = 0.75, 0.25
"""Match of units with the very same concepts; the power of the share of their concepts that they have in common."""
_COMPOUNDING = frozenset(("nl",))
_COMPOUND, _HEAD, _MODIFIER = 8, 4, 3
"""Letters of a compound, of the word that it ends in, and of the one before that, at least."""
_LINKS = ("", "s", "e", "en")


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a text that the thesaurus knows, and their concepts, each laid end to end.

    Attributes:
        places: the places of each unit's words in the text.
        owner: the unit that each of these belongs to.
        concepts: each unit's concepts.
        sizes: how many each has.
    """

    places: Ints
    owner: Ints
    concepts: Ints
    sizes: Ints

    def at(self, start: int, first: int) -> Units:
        """Return the same units of a text that begins at a place, numbered from ``first`` on."""
        return Units(self.places + start, self.owner + first, self.concepts, self.sizes)


def joined(parts: Sequence[tuple[int, Units]]) -> Units:
    """Return the units of texts laid end to end, each given with the place of its first word."""
    firsts = np.concatenate([[0], np.cumsum([len(each.sizes) for _, each in parts])]).astype(np.int64)
    moved = [each.at(start, int(first)) for (start, each), first in zip(parts, firsts, strict=False)]
    columns = ([getattr(each, name) for each in moved] for name in Units.__slots__)
    places, owner, concepts, sizes = (np.concatenate([*column, np.zeros(0, np.int64)]) for column in columns)
    return Units(places, owner, concepts, sizes)


class Thesaurus:
    """Looks units up; safe to share between threads.

    Args:
        keys: the keys of all units, ascending; see :func:`key`.
        ends: where each unit's concepts end.
        concepts: the concepts of all units, end to end.
    """

    def __init__(self, keys: np.ndarray, ends: np.ndarray, concepts: np.ndarray) -> None:
        self._keys = keys
        self._bounds = np.concatenate([[0], ends]).astype(np.int64)
        self._concepts = concepts.astype(np.int64)

    def units(self, sentences: Sequence[Sequence[Word]], language: str) -> Units:
        """Return the units of a text, given by the words of its sentences; none runs from one into the next."""
        spans = list(_spans(sentences))
        found = self._found([key([each.stem for _, each in span], language) for span in spans])
        places: list[int] = []
        owner: list[int] = []
        rows: list[int] = []
        for span, row in zip(spans, found.tolist(), strict=True):
            held = [row] if row >= 0 else self._parts(span[0][1].folded, language) if len(span) == 1 else []
            for each in held:
                places += [place for place, _ in span]
                owner += [len(rows)] * len(span)
                rows.append(each)
        concepts = [self._concepts[self._bounds[row] : self._bounds[row + 1]] for row in rows]
        sizes = [len(each) for each in concepts]
        flat = np.concatenate([*concepts, np.zeros(0, np.int64)])
        return Units(np.array(places, np.int64), np.array(owner, np.int64), flat, np.array(sizes, np.int64))

    def agreement(self, asked: Units, found: Units, shape: tuple[int, int]) -> Floats:
        """Return how far each word found may stand for each word asked, 0 to 0.75, of the shape of the two texts.

        That is the cosine of the two units' sets of concepts, damped.
        """
        match = np.zeros(shape, dtype=np.float32)
        if not len(asked.sizes) or not len(found.sizes):
            return match
        starts = np.cumsum(found.sizes) - found.sizes
        for unit, concepts in enumerate(np.split(asked.concepts, np.cumsum(asked.sizes)[:-1])):
            shared = np.add.reduceat(np.isin(found.concepts, concepts), starts, dtype=np.int64)
            cosine = shared / np.sqrt(found.sizes * len(concepts))
            strength = np.where(shared, _SAME * cosine**_DAMPED, 0.0).astype(np.float32)
            for place in asked.places[asked.owner == unit].tolist():
                np.maximum.at(match[place], found.places, strength[found.owner])
        return match

    def _found(self, keys: Sequence[int]) -> Ints:
        """Return the row of each key, -1 where the thesaurus has none."""
        wanted = np.array(keys, dtype=self._keys.dtype)
        rows = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[rows] == wanted, rows, -1).astype(np.int64)

    def _parts(self, word: str, language: str) -> list[int]:
        """Return the rows of the two words that a compound is made of, the longest head first; none for other words."""
        if language not in _COMPOUNDING or len(word) < _COMPOUND or not word.isalpha():
            return []
        splits = [
            (word[at:], modifier)
            for at in range(_MODIFIER, len(word) - _HEAD + 1)
            for link in _LINKS
            if word[:at].endswith(link)
            and len(modifier := word[:at].removesuffix(link)) >= _MODIFIER
            and modifier not in vocabulary.PARTICLES
        ]
        stemmed = stems([part for split in splits for part in split], language)
        rows = self._found([key([stem], language) for stem in stemmed]).reshape(-1, 2)
        whole = np.flatnonzero((rows >= 0).all(axis=1))
        return rows[whole[0]].tolist() if len(whole) else []


def key(unit: Sequence[str], language: str) -> int:
    """Return the key of a unit, given by the stems of its words: a hash of 32 bits."""
    return crc32(f"{language} {' '.join(unit)}".encode())


def _spans(sentences: Sequence[Sequence[Word]]) -> Iterator[list[tuple[int, Word]]]:
    """Yield every run of up to ``LONGEST`` words that are not little, each word with its place in the text."""
    start = 0
    for sentence in sentences:
        kept = [(place, each) for place, each in enumerate(sentence, start) if each.folded not in vocabulary.LITTLE]
        for at in range(len(kept)):
            for length in range(1, min(LONGEST, len(kept) - at) + 1):
                yield kept[at : at + length]
        start += len(sentence)


@cache
def shipped() -> Thesaurus:
    """Return the thesaurus that newsbot ships; the same object every time."""
    with np.load(_TABLE, allow_pickle=False) as table:
        return Thesaurus(table["keys"], table["ends"], table["concepts"])


@lru_cache(maxsize=1024)
def passage_units(passage: Passage) -> Units:
    """Return the units of a passage; remembered, since passages are asked about again and again."""
    return shipped().units(passage_words(passage).rows(), passage.language)
