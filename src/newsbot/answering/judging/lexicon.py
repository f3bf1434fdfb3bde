"""What words mean and how telling they are, from the word vectors that newsbot ships."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np

from newsbot.answering.judging.tokens import Floats

_LOW, _HIGH, _TOP = 0.2, 0.8, 0.8


class WordModel(Protocol):
    """Vectors of words of all languages in one space."""

    def word_vectors(self, found: Sequence[str]) -> Floats:
        """Return the unit vector of each folded word, shape (words, dimensions)."""
        ...

    def rarities(self, found: Sequence[str]) -> Floats:
        """Return how rare each folded word is: the negative decimal logarithm of its relative frequency."""
        ...


class Lexicon:
    """Looks words up in a model; safe to share between threads if the model is."""

    def __init__(self, model: WordModel) -> None:
        self._model = model

    def look_up(self, found: Sequence[str]) -> tuple[Floats, Floats]:
        """Return for each folded word how telling it is by itself, and its unit vector.

        Shapes (words,) and (words, dimensions). Telling runs from 0.1 (``the``) to 1 (rare), whatever the index holds.
        """
        telling = np.clip((np.asarray(self._model.rarities(found)) - 1.0) / 5.0, 0.1, 1.0)
        return telling.astype(np.float32), self._model.word_vectors(found)


def likeness(asked: Floats, found: Floats) -> Floats:
    """Return how much each found word may stand for each asked one, 0 to 0.8, from their unit vectors.

    A cosine below 0.2 is chance; towards 0.8, words of like meaning or translations of each other. Both were chosen on
    XQuAD. Shape (asked, found).
    """
    return np.asarray(np.clip((asked @ found.T - _LOW) / (_HIGH - _LOW), 0.0, 1.0) * _TOP, dtype=np.float32)


@cache
def shipped() -> Lexicon:
    """Return the lexicon over the word vectors that newsbot ships; the same object every time."""
    from newsbot.indexing.bilingual import BilingualEmbedding

    return Lexicon(BilingualEmbedding.load())
