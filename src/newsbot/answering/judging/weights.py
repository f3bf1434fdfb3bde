"""The learned weights, read from ``weights.json`` beside this file; ``training/train_judge.py`` writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from newsbot.answering.judging import confidence, features
from newsbot.answering.judging.tokens import Floats

FEW = 30
"""Passages of an index of few: some articles at most."""


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """A logistic model and the threshold on its probability, in an index of many passages and in one of few.

    Where one article is all there is, a question is more likely about it, and less is asked of the words that match.
    """

    values: Floats
    bias: float
    many: float
    few: float

    def threshold(self, passages: int) -> float:
        """Return the probability from which on an answer is given in an index of so many passages."""
        return self.few if passages <= FEW else self.many


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights for choosing sentences, and for confidence where question and articles share a language or not."""

    sentence: Floats
    same: ConfidenceWeights
    cross: ConfidenceWeights


@cache
def shipped() -> Weights:
    """Return the weights that newsbot ships with."""
    stored = json.loads(files("newsbot.answering.judging").joinpath("weights.json").read_text(encoding="utf-8"))
    return parse(stored)


def parse(stored: dict[str, Any]) -> Weights:
    """Return weights from their stored form: names to numbers, so that the order of the columns cannot be confused."""

    def vector(values: dict[str, float], names: tuple[str, ...]) -> Floats:
        return np.array([values[name] for name in names], dtype=np.float32)

    def model(values: dict[str, Any]) -> ConfidenceWeights:
        return ConfidenceWeights(
            vector(values["weights"], confidence.NAMES), values["bias"], values["many"], values["few"]
        )

    return Weights(
        vector(stored["sentence"], features.NAMES),
        model(stored["confidence"]["same"]),
        model(stored["confidence"]["cross"]),
    )
