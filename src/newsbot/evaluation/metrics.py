"""The statistics behind an evaluation: pure functions of numbers, equal for equal input.

Shares lie between 0 and 1. A statistic that has nothing to be computed from is ``nan``, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Statistic = Callable[[Sequence[float]], float]

DRAWS = 2000
"""Resamples of a bootstrap: enough for the second decimal of a 95 % interval."""


def mean(values: Sequence[float]) -> float:
    """Return the mean, or ``nan`` of nothing."""
    return sum(values) / len(values) if values else math.nan


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed, interpolated between neighbours."""
    return float(np.quantile(values, share)) if values else math.nan


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the chance that a random positive scores above a random negative; a tie counts half.

    This is the area under the ROC curve, by way of ranks (Mann and Whitney, 1947).
    """
    if not positives or not negatives:
        return math.nan
    scores = np.sort(np.asarray(negatives, dtype=float))
    below = np.searchsorted(scores, positives, side="left")
    upto = np.searchsorted(scores, positives, side="right")
    return float((below + upto).sum() / 2 / (len(positives) * len(negatives)))


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in one interval.

    Attributes:
        low: lower end of the interval; it belongs to the bin.
        high: upper end; it belongs to the next bin, except that 1 belongs to the last.
        count: how many answers lie in it.
        confidence: their mean confidence.
        accuracy: the share of them that was right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Sort answers into equally wide intervals of confidence; empty intervals are left out."""
    members: dict[int, list[int]] = {}
    for i, confidence in enumerate(confidences):
        members.setdefault(min(int(confidence * bins), bins - 1), []).append(i)
    return [
        Bin(
            low=each / bins,
            high=(each + 1) / bins,
            count=len(found),
            confidence=mean([confidences[i] for i in found]),
            accuracy=mean([float(right[i]) for i in found]),
        )
        for each, found in sorted(members.items())
    ]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error: |confidence − accuracy| of each bin, weighted by its count.

    Definition of Naeini, Cooper and Hauskrecht (2015), with equally wide bins.
    """
    if not confidences:
        return math.nan
    gaps = sum(each.count * abs(each.confidence - each.accuracy) for each in reliability(confidences, right, bins))
    return gaps / len(confidences)


def interval(
    values: Sequence[float], statistic: Statistic = mean, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a statistic (Efron, 1979), the same for every run.

    Args:
        values: one number for each question.
        statistic: what is computed from each resample.
        level: the share of resamples between the two ends.
        draws: how many resamples.
        seed: of the generator that draws them.
    """
    if not values:
        return math.nan, math.nan
    data, generator = np.asarray(values, dtype=float), np.random.default_rng(seed)
    drawn = generator.integers(0, len(data), size=(draws, len(data)))
    if statistic is mean:
        found = data[drawn].mean(axis=1)
    else:
        found = np.asarray([statistic(data[row].tolist()) for row in drawn])
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p-value that gains and losses among paired questions differ only by chance.

    The exact form of the test of McNemar (1947): under the null hypothesis, each changed question is the toss of a fair
    coin. Without a change it is 1.
    """
    changed = gained + lost
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, k) for k in range(min(gained, lost) + 1))
    return min(1.0, float(2 * tail / 2**changed))
