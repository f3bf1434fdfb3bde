from __future__ import annotations

import numpy as np
import pytest

from newsbot.answering.judging.layout import Layout


@pytest.fixture
def layout() -> Layout:
    """Two passages: sentences of 2, 0 and 1 words; of 3 words."""
    return Layout.of([np.array([2, 0, 1]), np.array([3])])


def test_words_and_sentences_are_laid_end_to_end(layout: Layout) -> None:
    assert layout.offsets.tolist() == [0, 2, 2, 3]
    assert layout.sentence.tolist() == [0, 0, 2, 3, 3, 3]
    assert layout.hit.tolist() == [0, 0, 0, 1]


def test_sentences_without_words_have_nothing(layout: Layout) -> None:
    values = np.array([1, 5, 2, 3, 4, 6], dtype=np.float32)
    assert layout.best(values[None]).tolist() == [[5, 0, 2, 6]]
    assert layout.total(values).tolist() == [6, 0, 2, 13]
    assert layout.total(np.stack([values, -values], axis=1)).tolist() == [[6, -6], [0, 0], [2, -2], [13, -13]]


@pytest.mark.parametrize(
    ("step", "expected"),
    [(1, [0, 1, 2, 0]), (2, [0, 0, 1, 0]), (-1, [2, 3, 0, 0]), (9, [0, 0, 0, 0]), (-9, [0, 0, 0, 0])],
)
def test_neighbours_are_of_the_same_passage(layout: Layout, step: int, expected: list[int]) -> None:
    assert layout.shifted(np.array([[1, 2, 3, 4]], dtype=np.float32), step).tolist() == [expected]
