"""The learned weights, read from ``weights.json`` beside this file; ``training/train_judge.py`` writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from newsbot.answering.judging import confidence, features
from newsbot.answering.judging.network import Network

Size = Literal["few", "many"]
"""Of an index. Where some articles are all there is, a question is likely about them, and it is the sentence that must
be found; among many it is the article as well."""

FEW = 30
"""Passages of an index of few, at most."""


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """A model of whether the quotes hold the answer, and the probability from which on they are given."""

    model: Network
    threshold: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranks sentences, and what tells confidence where question and articles share a language or not."""

    sentence: Network
    same: ConfidenceWeights
    cross: ConfidenceWeights


def size(passages: int) -> Size:
    """Return what an index of so many passages is."""
    return "few" if passages <= FEW else "many"


def shipped(passages: int) -> Weights:
    """Return the weights that newsbot ships with for an index of so many passages."""
    return _stored()[size(passages)]


@cache
def _stored() -> dict[str, Weights]:
    text = files("newsbot.answering.judging").joinpath("weights.json").read_text(encoding="utf-8")
    return {name: parse(each) for name, each in json.loads(text).items()}


def parse(stored: dict[str, Any]) -> Weights:
    """Return weights from their stored form: names to numbers, so that the order of the columns cannot be confused."""

    def network(values: dict[str, Any], names: tuple[str, ...]) -> Network:
        return Network(
            np.array([values["weights"][name] for name in names], dtype=np.float32),
            values["constant"],
            np.array([values["hidden"][name] for name in names], dtype=np.float32),
            np.array(values["bias"], dtype=np.float32),
            np.array(values["output"], dtype=np.float32),
        )

    def model(values: dict[str, Any]) -> ConfidenceWeights:
        return ConfidenceWeights(network(values, confidence.NAMES), values["threshold"])

    return Weights(network(stored["sentence"], features.COMPETING), model(stored["same"]), model(stored["cross"]))
