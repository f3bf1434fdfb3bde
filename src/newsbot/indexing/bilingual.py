"""newsbot's own embedding: words and passages of Dutch and English in one space, from a table of character n-grams.

A word's vector is the sum of the rows of its character n-grams, hashed into one table, so that inflections, compounds,
misspellings and words never seen in training get a vector too. Each row also carries its share of the word's rarity,
by which words are weighed in the vector of a passage. ``training/`` makes the table; ``builtin/MODEL_CARD.md`` tells
what it was made from. Nothing but numpy is needed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from newsbot.language import words

Floats = NDArray[np.float32]

LANGUAGES = frozenset(("nl", "en"))
"""Languages whose words the table was taught."""

SIZES = (3, 4, 5)
"""Lengths of the character n-grams, the marks at a word's ends counted in."""

RARITY_COMMON, RARITY_UNSEEN = 1.5, 8.5
"""Bounds of a rarity, which is the negative decimal logarithm of a word's relative frequency."""

_TABLE = Path(__file__).with_name("builtin") / "bilingual.npy"
_FAR, _FLOOR, _NEAR = 0.30, 0.15, 0.65
_LONGEST = 40  # characters of a word that are looked at
_CHUNK = 2048
_REMEMBERED = 60_000  # words whose measures are kept in memory
_RARITY, _WEIGHT, _VECTOR = range(3)  # columns of a word's measures; its vector takes all from the third on
_SIF = 1e-4  # Arora et al., 2017, "A simple but tough-to-beat baseline for sentence embeddings": a / (a + p(word))


def features(word: str, rows: int) -> list[int]:
    """Return the table rows of a folded word: one for each of its n-grams and one for the word itself, ascending."""
    marked = f"<{word[:_LONGEST]}>"
    length = len(marked)
    found = {crc32(f"{marked}#".encode()) % rows}
    for size in SIZES:
        if size < length:
            found.update(crc32(marked[i : i + size].encode()) % rows for i in range(length - size + 1))
    return sorted(found)


def is_translatable(word: str) -> bool:
    """Whether a folded word can have translations: it is of letters, and of at least two."""
    return len(word) > 1 and word.isalpha()


class BilingualEmbedding:
    """Vectors of words, passages and questions; safe to share between threads.

    Words seen before are remembered, since passages and questions are made of the same words again and again.

    Attributes:
        name: what ``NEWSBOT_EMBEDDING_MODEL`` calls it.
        dimensions: length of every vector.
        version: hash of the weights; vectors of different versions must not be compared.
    """

    name = "builtin"

    def __init__(self, table: NDArray[np.void], version: str) -> None:
        self._table = table
        self._rows = len(table)
        self._lock = threading.Lock()
        self.dimensions: int = table.dtype["vector"].shape[0]
        self.version = version
        self._places: dict[str, int] = {}
        self._known: Floats = np.empty((0, _VECTOR + self.dimensions), np.float32)

    @classmethod
    def load(cls) -> BilingualEmbedding:
        """Return the embedding that newsbot ships, memory-mapped; the same object every time."""
        return _load()

    def word_vectors(self, found: Sequence[str]) -> Floats:
        """Return the unit vector of each folded word, shape [words, dimensions]; any word has one."""
        rows, known = self._remembered(found)
        vectors: Floats = known[rows, _VECTOR:]
        return vectors

    def similarity(self, asked: Sequence[str], found: Sequence[str]) -> Floats:
        """Return how far each word of ``found`` may stand for each word of ``asked``, 0 to 1, shape [asked, found].

        Equal words are 1, and a word with a digit in it is like no other. Leave function words out: they are like
        other function words.
        """
        if not asked or not found:
            return np.zeros((len(asked), len(found)), np.float32)
        return substitutes(asked, found, self.word_vectors(asked) @ self.word_vectors(found).T)

    def rarities(self, found: Sequence[str]) -> Floats:
        """Return how rare each folded word is in Dutch or English news and talk, whichever uses it more.

        The scale is the negative decimal logarithm of a relative frequency: about 2 for "the", 5 for "culture", 7 and
        more for a name.
        """
        rows, known = self._remembered(found)
        rarities: Floats = known[rows, _RARITY]
        return rarities

    def passages(self, texts: Sequence[str], advance: Callable[[int], None] | None = None) -> Floats:
        """Return a unit vector for each text, shape [texts, dimensions]; zeros for a text without words.

        ``advance`` is called with the number of texts embedded since the last call.
        """
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _CHUNK // 8):
            spoken = [words(text) for text in texts[start : start + _CHUNK // 8]]
            rows, known = self._remembered(word for each in spoken for word in each)
            ends = np.cumsum([len(each) for each in spoken])
            for place, (end, each) in enumerate(zip(ends, spoken, strict=True), start):
                if each:
                    mine = known[rows[end - len(each) : end]]
                    vectors[place] = mine[:, _WEIGHT] @ mine[:, _VECTOR:]
            if advance:
                advance(len(spoken))
        return _unit(vectors)

    def question(self, text: str) -> Floats:
        """Return the unit vector of a question, shape [dimensions]; zeros when it has no words."""
        vector: Floats = self.passages([text])[0]
        return vector

    def _measured(self, found: Sequence[str]) -> Floats:
        """Return rarity, weight in a passage and unit vector of each word, shape [words, _VECTOR + dimensions]."""
        measured = np.empty((len(found), _VECTOR + self.dimensions), np.float32)
        for start in range(0, len(found), _CHUNK):
            hashed = [features(word, self._rows) for word in found[start : start + _CHUNK]]
            counts = np.fromiter(map(len, hashed), np.intp, len(hashed))
            rows = self._table[np.fromiter((row for each in hashed for row in each), np.intp, int(counts.sum()))]
            firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
            part = measured[start : start + len(hashed)]
            part[:, _RARITY] = np.add.reduceat(rows["rarity"].astype(np.float32), firsts) / np.sqrt(counts)
            vectors = rows["vector"].astype(np.float32) * rows["scale"].astype(np.float32)[:, None]
            part[:, _VECTOR:] = _unit(np.add.reduceat(vectors, firsts, axis=0))
        rarity = np.clip(measured[:, _RARITY] + RARITY_UNSEEN, RARITY_COMMON, RARITY_UNSEEN, out=measured[:, _RARITY])
        measured[:, _WEIGHT] = _SIF / (_SIF + 10.0**-rarity)
        return measured

    def _remembered(self, found: Iterable[str]) -> tuple[NDArray[np.intp], Floats]:
        """Return for each word its row in a table of measures, and that table; see :meth:`_measured`."""
        found = list(found)
        with self._lock:
            if len(self._places) > _REMEMBERED:
                self._places, self._known = {}, self._known[:0]
            fresh = list(dict.fromkeys(word for word in found if word not in self._places))
            if fresh:
                start, end = len(self._places), len(self._places) + len(fresh)
                if end > len(self._known):
                    bigger = np.empty((max(4096, 2 * end), self._known.shape[1]), np.float32)
                    bigger[:start] = self._known[:start]
                    self._known = bigger
                self._known[start:end] = self._measured(fresh)
                self._places.update(zip(fresh, range(start, end), strict=True))
            return np.array([self._places[word] for word in found], np.intp), self._known


def nearness(cosines: Floats) -> Floats:
    """Return how far words may stand for each other, 0 to 1, from the cosines of their vectors, of any shape.

    Rows belong to the words asked for: one whose best partner is near grants less to the others. The curve was fitted
    on public questions: below ``_FAR`` words are no better than strangers.
    """
    best = np.maximum(cosines.max(axis=-1, keepdims=True, initial=0.0), _NEAR)
    scaled = np.clip((cosines - _FLOOR) / (best - _FLOOR), 0.0, 1.0) ** 2
    return np.where(cosines > _FAR, scaled, 0.0).astype(np.float32)


def substitutes(asked: Sequence[str], found: Sequence[str], cosines: Floats) -> Floats:
    """Return what :meth:`BilingualEmbedding.similarity` does, from the cosines of words, shape [asked, found]."""
    near = nearness(cosines)
    near[[not is_translatable(word) for word in asked]] = 0.0
    near[:, [not is_translatable(word) for word in found]] = 0.0
    near[np.array(asked)[:, None] == np.array(found)] = 1.0
    return near


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-12)
    return unit


@lru_cache(maxsize=1)
def _load() -> BilingualEmbedding:
    table = np.load(_TABLE, mmap_mode="r", allow_pickle=False)
    with _TABLE.open("rb") as file:
        return BilingualEmbedding(table, hashlib.file_digest(file, "sha256").hexdigest()[:16])
