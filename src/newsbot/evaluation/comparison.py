"""Two runs beside each other: what differs, whether chance explains it, and which questions changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsbot.errors import EvaluationError
from newsbot.evaluation import metrics
from newsbot.evaluation.results import Evaluation, Result
from newsbot.evaluation.scores import SHARES, TOTALS, judged

_DRAWS = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One number in both runs, over the questions that both asked.

    Attributes:
        name: a name of ``scores.SHARES`` or ``scores.TOTALS``.
        count: how many questions bear on it.
        before: the number in the first run.
        after: the number in the second.
        low: lower end of the 95 % bootstrap interval of ``after - before``, questions resampled in pairs.
        high: upper end.
        gained: questions that turned from 0 to 1; 0 for totals.
        lost: questions that turned from 1 to 0; 0 for totals.
        p: McNemar's exact p-value; ``nan`` for totals.
    """

    name: str
    count: int
    before: float
    after: float
    low: float
    high: float
    gained: int = 0
    lost: int = 0
    p: float = math.nan

    @property
    def significant(self) -> bool:
        """Whether the interval excludes no difference, and for shares p < 0.05 as well."""
        return not self.low <= 0 <= self.high and not self.p >= 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose verdict differs between two runs."""

    before: Result
    after: Result


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs beside each other.

    Attributes:
        differences: every score of both runs.
        changes: the questions whose verdict differs.
        shared: how many questions both runs asked.
        unpaired: how many only one of them asked; these are left out.
    """

    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    shared: int
    unpaired: int


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Compare two runs question by question, paired by id and text.

    Raises:
        EvaluationError: the runs have no question in common.
    """
    first, second = ({(each.id, each.question): each for each in run.results} for run in (before, after))
    pairs = [(each, second[key]) for key, each in first.items() if key in second]
    if not pairs:
        raise EvaluationError("The two runs have no question in common, so there is nothing to compare.")
    differences = [_share(name, pairs) for name in SHARES] + [_total(name, pairs) for name in TOTALS]
    return Comparison(
        differences=tuple(each for each in differences if each is not None),
        changes=tuple(Change(a, b) for a, b in pairs if a.verdict != b.verdict),
        shared=len(pairs),
        unpaired=len(first) + len(second) - 2 * len(pairs),
    )


def _share(name: str, pairs: Sequence[tuple[Result, Result]]) -> Difference | None:
    old, new = judged(name, [a for a, _ in pairs]), judged(name, [b for _, b in pairs])
    both = [(old[key], new[key]) for key in old if key in new]
    if not both:
        return None
    gained, lost = sum(a < b for a, b in both), sum(a > b for a, b in both)
    return Difference(
        name,
        len(both),
        metrics.mean([a for a, _ in both]),
        metrics.mean([b for _, b in both]),
        *metrics.interval([b - a for a, b in both]),
        gained=gained,
        lost=lost,
        p=metrics.mcnemar(gained, lost),
    )


def _total(name: str, pairs: Sequence[tuple[Result, Result]]) -> Difference | None:
    total, generator = TOTALS[name], np.random.default_rng(0)
    before, after = total([a for a, _ in pairs]), total([b for _, b in pairs])
    if math.isnan(before) or math.isnan(after):
        return None
    drawn = [[pairs[i] for i in generator.integers(0, len(pairs), len(pairs))] for _ in range(_DRAWS)]
    gaps = [total([b for _, b in sample]) - total([a for a, _ in sample]) for sample in drawn]
    kept = [gap for gap in gaps if not math.isnan(gap)]
    low, high = (metrics.quantile(kept, share) for share in (0.025, 0.975))
    return Difference(name, len(pairs), before, after, low, high)
