"""Which words make up which sentence, and which sentences stand side by side, of passages laid end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsbot.answering.judging.tokens import Floats, Ints


@dataclass(frozen=True, slots=True)
class Layout:
    """The sentences of all hits, one after the other, and their words.

    Attributes:
        lengths: words of each sentence.
        offsets: where each sentence's words begin.
        sentence: sentence of each word.
        hit: which hit each sentence belongs to.
    """

    lengths: Ints
    offsets: Ints
    sentence: Ints
    hit: Ints

    @classmethod
    def of(cls, passages: Sequence[Ints]) -> Layout:
        """Lay out passages, each given by the number of words of each of its sentences."""
        lengths = np.concatenate(passages)
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        hit = np.repeat(np.arange(len(passages)), [len(each) for each in passages])
        return cls(lengths, offsets, np.repeat(np.arange(len(lengths)), lengths), hit)

    def best(self, values: Floats) -> Floats:
        """Return the maximum over each sentence's words, shape (rows, sentences); 0 where it has none."""
        out = np.zeros((values.shape[0], len(self.lengths)), dtype=np.float32)
        filled = self.lengths > 0
        out[:, filled] = np.maximum.reduceat(values, self.offsets[filled], axis=1)
        return out

    def total(self, values: Floats) -> Floats:
        """Return the sum over each sentence's words, shape (sentences, ...) of values of shape (words, ...)."""
        out = np.zeros((len(self.lengths), *values.shape[1:]), dtype=np.float32)
        filled = self.lengths > 0
        out[filled] = np.add.reduceat(values, self.offsets[filled], axis=0)
        return out

    def shifted(self, values: Floats, step: int) -> Floats:
        """Return for each sentence the values of the one ``step`` before it in its passage, 0 where there is none.

        Values are of shape (rows, sentences).
        """
        moved: Floats = np.roll(values, step, axis=1) * (np.roll(self.hit, step) == self.hit)
        outside = slice(0, step) if step > 0 else slice(step, None)
        moved[:, outside] = 0
        return moved
