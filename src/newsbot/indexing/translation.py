"""Which words of the index stand for a word of the question: its translations, inflections and kin, with weights.

A vocabulary is written once, when passages are indexed, with the vector of each of its words. Asking it takes the words
whose vectors point nearest. Only those words are compared whose vectors agree with the question's in the signs of
enough components, which takes a fraction of a millisecond (Charikar, 2002, "Similarity estimation techniques from
rounding algorithms": vectors at an angle of a differ in a share of a / pi of their signs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsbot.indexing.bilingual import BilingualEmbedding, Floats, is_translatable, nearness
from newsbot.indexing.checksums import Checksums
from newsbot.language import is_function_word

KINDRED = 15
"""Words of the index that one word of the question is expanded into, at most, beside itself."""

_DIFFERING = 0.42  # share of signs; words whose cosine is 0.3, the least that counts, differ in 0.40, give or take
_CHUNK = 4096  # words whose vectors are made at once
_STEP = 1 / 254  # of a component on disk, 8 bits wide; beyond 0.5 it is cut


def write_vocabulary(folder: Path, spoken: Mapping[str, Iterable[str]], embedding: BilingualEmbedding) -> None:
    """Write the words of an index, folded, into ``folder``.

    Args:
        folder: made if it is missing.
        spoken: for each word the languages of the passages that hold it; a word that is a function word in all of them
            is left out, as is one that cannot have translations.
        embedding: gives the vectors.
    """
    kept = sorted(
        word
        for word, languages in spoken.items()
        if is_translatable(word) and not all(is_function_word(word, each) for each in languages)
    )
    vectors = np.empty((len(kept), embedding.dimensions), np.int8)
    signs = np.empty((-(-embedding.dimensions // 64), len(kept)), np.uint64)
    for start in range(0, len(kept), _CHUNK):
        part = slice(start, start + _CHUNK)
        found = embedding.word_vectors(kept[part])
        vectors[part] = np.clip(np.rint(found / _STEP), -127, 127)
        signs[:, part] = _signs(found)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "signs.npy", signs)
    (folder / "words.txt").write_text("\n".join(kept), encoding="utf-8")


def _signs(vectors: Floats) -> NDArray[np.uint64]:
    """Return the signs of each vector's components as the bits of whole numbers, shape [dimensions / 64, vectors]."""
    packed = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64).T)


class Vocabulary:
    """The words of one part of the index, as :func:`write_vocabulary` wrote them; read when first asked."""

    def __init__(self, files: Checksums, name: str) -> None:
        """Use the vocabulary in the folder ``name`` of a segment's files."""
        self._files = files
        self._name = name

    @classmethod
    def joined(cls, parts: Sequence[Vocabulary]) -> Vocabulary:
        """Return one vocabulary of the words of all parts, each once, since most are in every part."""
        seen: set[str] = set()
        fresh: list[NDArray[np.int64]] = []
        for each in parts:
            fresh.append(np.flatnonzero([word not in seen for word in each.words]))
            seen.update(each.words)
        rows = list(zip(parts, fresh, strict=True))
        whole = cls(parts[0]._files, parts[0]._name)
        whole.words = tuple(each.words[place] for each, places in rows for place in places)
        whole._vectors = np.concatenate([each._vectors[places] for each, places in rows])
        whole._signs = np.concatenate([each._signs[:, places] for each, places in rows], axis=1)
        return whole

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words, ascending.

        Raises:
            StoreDamagedError: the file is not as it was written.
        """
        text = str(self._files.read(f"{self._name}/words.txt"), "utf-8")
        return tuple(text.split("\n")) if text else ()

    @cached_property
    def _vectors(self) -> NDArray[np.int8]:
        vectors: NDArray[np.int8] = self._files.load(f"{self._name}/vectors.npy")
        return vectors

    @cached_property
    def _signs(self) -> NDArray[np.uint64]:
        signs: NDArray[np.uint64] = self._files.load(f"{self._name}/signs.npy")
        return signs

    def nearest(self, vector: Floats, count: int = KINDRED) -> list[tuple[str, float]]:
        """Return the words nearest to a unit vector (more where they tie) and their cosines, nearest first."""
        differing = np.zeros(len(self._vectors), np.uint8)
        for own, other in zip(self._signs, _signs(vector[None])[:, 0], strict=True):
            differing += np.bitwise_count(own ^ other)
        places = np.flatnonzero(differing <= _DIFFERING * len(vector))
        # summed row by row and not by a matrix product, whose rounding depends on the rows around each row
        cosines = (self._vectors[places] * (vector * np.float32(_STEP))).sum(axis=1)
        if len(places) > count:
            best = np.flatnonzero(cosines >= -np.partition(-cosines, count - 1)[count - 1])  # with all that tie
            places, cosines = places[best], cosines[best]
        order = np.lexsort((places, -cosines))
        return [(self.words[places[each]], float(cosines[each])) for each in order]


class Expansion:
    """Turns words of a question into words of the index."""

    def __init__(
        self, vocabularies: Sequence[Vocabulary], embedding: BilingualEmbedding, lives: Callable[[str], bool]
    ) -> None:
        """Join the vocabularies of all parts of the index.

        Args:
            vocabularies: those of the parts.
            embedding: the one that they were written with.
            lives: whether a live passage holds a word; the words of articles since removed stand for nothing.
        """
        self._vocabularies = tuple(vocabularies)
        self._embedding = embedding
        self._lives = lives
        self._found = lru_cache(maxsize=4096)(self._kindred)

    def expand(self, asked: Sequence[str], language: str | None) -> list[tuple[str, list[tuple[str, float]]]]:
        """Return each folded word of a question with the index's words that stand for it, and their weights, 0 to 1.

        A word stands for itself with weight 1, in the index or not. A function word of ``language`` is left out, as is
        a word that was there before.
        """
        wanted = [word for word in dict.fromkeys(asked) if not (language and is_function_word(word, language))]
        return [(word, list(self._found(word))) for word in wanted]

    @cached_property
    def _whole(self) -> Vocabulary:
        parts = self._vocabularies
        return Vocabulary.joined(parts) if len(parts) > 1 else parts[0]

    def _kindred(self, word: str) -> tuple[tuple[str, float], ...]:
        if not is_translatable(word):
            return ((word, 1.0),)
        best = list(islice(self._ranked(self._embedding.word_vectors([word])[0]), KINDRED))
        weights = nearness(np.array([cosine for _, cosine in best], np.float32))
        weighed = zip((each for each, _ in best), weights.tolist(), strict=True)
        return ((word, 1.0), *((each, weight) for each, weight in weighed if weight and each != word))

    def _ranked(self, vector: Floats) -> Iterator[tuple[str, float]]:
        """Yield the living words by nearness, however many of those that died are nearer."""
        count, told = 2 * KINDRED, 0
        while self._vocabularies:
            found = sorted(self._whole.nearest(vector, count), key=lambda pair: (-pair[1], pair[0]))
            yield from (pair for pair in found[told:] if self._lives(pair[0]))
            if len(found) < count:
                return
            told, count = len(found), 4 * count
