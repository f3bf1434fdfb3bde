"""The scores of a run: shares over questions, and numbers that only a whole set of questions has."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from newsbot.evaluation import metrics
from newsbot.evaluation.results import Result

PerQuestion = Callable[[Result], bool | None]
OverAll = Callable[[Sequence[Result]], float]


def _within(place: int, k: int) -> bool:
    return 0 < place <= k


def _retrieved(k: int) -> PerQuestion:
    return lambda each: _within(each.rank, k) if each.wanted == "answer" else None


def _cited(k: int) -> PerQuestion:
    return lambda each: _within(each.cited, k) if each.wanted == "answer" and each.literal else None


def _followed(k: int) -> PerQuestion:
    return lambda each: _cited(k)(each) if each.followup else None


def _refused(wanted: str) -> PerQuestion:
    return lambda each: not each.answered if each.wanted == wanted else None


def _greeted(each: Result) -> bool | None:
    return each.outcome == "smalltalk" if each.wanted == "smalltalk" else None


SHARES: dict[str, PerQuestion] = {
    "recall@1": _retrieved(1),
    "recall@3": _retrieved(3),
    "recall@5": _retrieved(5),
    "cited@1": _cited(1),
    "cited@3": _cited(3),
    "follow-up cited@1": _followed(1),
    "follow-up cited@3": _followed(3),
    "absent refused": _refused("refusal"),
    "present refused": _refused("answer"),
    "small talk met": _greeted,
}
"""Shares over questions: whether a question counts as a success, or ``None`` where it is not asked of it."""


def refusal_precision(results: Sequence[Result]) -> float:
    """Return the share of the refused questions that the articles indeed do not answer, where some are of that kind."""
    if not any(each.wanted == "refusal" for each in results):
        return math.nan
    refused = [each for each in results if each.wanted != "smalltalk" and not each.answered]
    return metrics.mean([float(each.wanted == "refusal") for each in refused])


def separation(results: Sequence[Result]) -> float:
    """Return the AUROC of the confidence: answered by the articles against not."""
    groups: dict[str, list[float]] = {"answer": [], "refusal": [], "smalltalk": []}
    for each in results:
        groups[each.wanted].append(each.confidence)
    return metrics.auroc(groups["answer"], groups["refusal"])


def cited_rightly(results: Iterable[Result]) -> tuple[list[float], list[bool]]:
    """Return confidences, and whether the citations hold an answer, of the questions where that is known.

    Not known: answers that do not occur literally, and refused questions that the articles answer, since a refusal
    carries no citations.
    """
    known = [
        each
        for each in results
        if each.wanted == "refusal" or (each.wanted == "answer" and each.literal and each.answered)
    ]
    return [each.confidence for each in known], [each.wanted == "answer" and each.cited > 0 for each in known]


def answerable(results: Iterable[Result]) -> tuple[list[float], list[bool]]:
    """Return confidences, and whether the articles answer the question, of all but small talk.

    Nothing where the articles answer every question, for then any high confidence would pass.
    """
    known = [each for each in results if each.wanted != "smalltalk"]
    if not any(each.wanted == "refusal" for each in known):
        return [], []
    return [each.confidence for each in known], [each.wanted == "answer" for each in known]


TOTALS: dict[str, OverAll] = {
    "refusal precision": refusal_precision,
    "AUROC of confidence": separation,
    "calibration error, of citing rightly": lambda results: metrics.calibration_error(*cited_rightly(results)),
    "calibration error, of being answerable": lambda results: metrics.calibration_error(*answerable(results)),
    "seconds, median": lambda results: metrics.quantile([each.seconds for each in results], 0.5),
    "seconds, 95th percentile": lambda results: metrics.quantile([each.seconds for each in results], 0.95),
}
"""Numbers that belong to a set of questions."""


@dataclass(frozen=True, slots=True)
class Score:
    """One number of a run.

    Attributes:
        name: a name of :data:`SHARES` or :data:`TOTALS`.
        value: the number, ``nan`` where no question bears on it.
        count: how many questions bear on it.
        low: lower end of its 95 % bootstrap interval, ``nan`` for totals.
        high: upper end.
    """

    name: str
    value: float
    count: int
    low: float = float("nan")
    high: float = float("nan")


def judged(name: str, results: Iterable[Result]) -> dict[str, float]:
    """Return 1 or 0 for the id of each question that a share is about."""
    measure = SHARES[name]
    return {each.id: float(value) for each in results if (value := measure(each)) is not None}


def score(results: Sequence[Result], *, totals: bool = True) -> dict[str, Score]:
    """Return every score that the questions bear on, by name."""
    found = {}
    for name in SHARES:
        values = list(judged(name, results).values())
        if values:
            found[name] = Score(name, metrics.mean(values), len(values), *metrics.interval(values))
    for name, total in TOTALS.items() if totals else ():
        value = total(results)
        if not math.isnan(value):
            found[name] = Score(name, value, len(results))
    return found
