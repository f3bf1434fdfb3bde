from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from newsbot.answering.judging import lexicon
from newsbot.answering.judging.lexicon import Lexicon, likeness, shipped


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def word_vectors(self, found: Sequence[str]) -> np.ndarray:
        self.asked += found
        return np.array([[len(each), 1.0] for each in found], np.float32)

    def rarities(self, found: Sequence[str]) -> np.ndarray:
        return np.array([len(each) for each in found], np.float32)


def test_a_word_is_looked_up_once() -> None:
    model = Counting()
    words = Lexicon(model)
    telling, vectors = words.look_up(["de", "brug", "de"])
    assert vectors[:, 0].tolist() == [2, 4, 2]
    assert telling.tolist() == np.array([0.2, 0.6, 0.2], np.float32).tolist()
    words.look_up(["brug", "lang"])
    assert model.asked == ["de", "brug", "lang"]


def test_a_full_memory_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "_MOST", 2)
    words = Lexicon(Counting())
    words.look_up(["a", "bb"])
    assert words.look_up(["bb", "ccc"])[1][:, 0].tolist() == [2, 3]
    assert words.look_up(["a", "bb", "ccc"])[1][:, 0].tolist() == [1, 2, 3]


def test_translations_are_alike_and_strangers_are_not() -> None:
    _, asked = shipped().look_up(["salary", "bridge"])
    _, found = shipped().look_up(["salaris", "brug", "regen"])
    alike = likeness(asked, found)
    assert alike[0].argmax() == 0
    assert alike[1].argmax() == 1
    assert alike[:, 2].max() < 0.3
