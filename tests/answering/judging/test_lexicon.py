from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.lexicon import Lexicon, likeness, shipped


class Lengths:
    """A model in which the length of a word is its meaning and its rarity."""

    def word_vectors(self, found: Sequence[str]) -> np.ndarray:
        return np.array([[len(each), 1.0] for each in found], np.float32)

    def rarities(self, found: Sequence[str]) -> np.ndarray:
        return np.array([len(each) for each in found], np.float32)


def test_a_word_tells_more_the_rarer_it_is() -> None:
    telling, vectors = Lexicon(Lengths()).look_up(["de", "brug", "superintelligentie", "a"])
    assert vectors[:, 0].tolist() == [2, 4, 18, 1]
    assert telling.tolist() == np.array([0.2, 0.6, 1.0, 0.1], np.float32).tolist()


def test_translations_are_alike_and_strangers_are_not() -> None:
    _, asked = shipped().look_up(["salary", "bridge"])
    _, found = shipped().look_up(["salaris", "brug", "regen"])
    alike = likeness(asked, found)
    assert alike[0].argmax() == 0
    assert alike[1].argmax() == 1
    assert alike[:, 2].max() < 0.3
