from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from newsbot.answering.judging import confidence, features, weights
from newsbot.answering.judging.network import Network

SENTENCES = arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(len(features.NAMES))), elements=st.floats(0, 1, width=32)
)


def network(units: int) -> Network:
    hidden = np.array([[2.0, -1.0], [0.0, 3.0]], np.float32)[:, :units]
    bias, output = np.array([-1.0, 0.5], np.float32)[:units], np.array([10.0, 0.1], np.float32)[:units]
    return Network(np.array([1.0, -2.0], np.float32), 0.25, hidden, bias, output)


def test_without_units_it_is_a_weighted_sum() -> None:
    assert network(0)(np.array([3.0, 1.0], np.float32)) == pytest.approx(1.25)


def test_a_unit_counts_only_above_nothing() -> None:
    assert network(2)(np.array([3.0, 1.0], np.float32)) == pytest.approx(1.25 + 10 * 5 + 0.1 * 0.5)
    assert network(2)(np.array([0.0, 0.0], np.float32)) == pytest.approx(0.25 + 0.1 * 0.5)


def test_sentences_are_scored_as_each_alone() -> None:
    inputs = np.array([[3.0, 1.0], [0.0, 0.0], [-1.0, 2.0]], np.float32)
    assert network(2)(inputs).tolist() == [float(network(2)(row)) for row in inputs]


@given(SENTENCES)
def test_what_competes_is_how_far_each_lies_behind_the_best(columns: np.ndarray) -> None:
    own, behind = np.split(features.competing(columns), 2, axis=1)
    assert (own == columns).all()
    assert (behind <= 0).all()
    assert (behind.max(axis=0) == 0).all()


@given(SENTENCES, st.sampled_from([1, weights.FEW, weights.FEW + 1, 100_000]))
def test_shipped_scores_are_sane_whatever_is_measured(columns: np.ndarray, passages: int) -> None:
    scores = weights.shipped(passages).sentence(features.competing(columns))
    assert scores.shape == (len(columns),)
    assert (np.abs(scores) < 200).all()


@given(arrays(np.float32, len(confidence.NAMES), elements=st.floats(-2, 2, width=32)))
def test_confidence_stays_a_probability_whatever_is_measured(values: np.ndarray) -> None:
    for judge in (weights.shipped(1).same, weights.shipped(1).cross, weights.shipped(1000).same):
        assert 0.01 <= confidence.probability(values, judge.model) <= 0.99


def test_a_weight_that_is_missing_is_an_error_and_none_is_confused() -> None:
    stored = json.loads(files("newsbot.answering.judging").joinpath("weights.json").read_text(encoding="utf-8"))["few"]
    shuffled = json.loads(json.dumps(stored))
    shuffled["sentence"]["hidden"] = dict(reversed(stored["sentence"]["hidden"].items()))
    assert (weights.parse(shuffled).sentence.hidden == weights.parse(stored).sentence.hidden).all()
    del shuffled["sentence"]["weights"]["cover"]
    with pytest.raises(KeyError, match="cover"):
        weights.parse(shuffled)
