"""Learns how newsbot chooses sentences and how sure it is, and draws how well its certainty is calibrated.

    python training/train_judge.py QUESTIONS

Reads XQuAD's Dutch and English files in the folder given, ``articles/`` and ``../eval/tuning.jsonl``. Writes
``src/newsbot/answering/judging/weights.json``, ``docs/reliability.png`` and the tables of ``docs/judgement.md``. Needs
newsbot and ``training/requirements.txt``. Figures are from cross-validation by article (by writer, for the questions on
the owner's): none that a figure is measured on had a part in the weights behind it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import networks
import numpy as np
from calibration import PAIRS, Case, draw, figures
from examples import Example, articles, examples, seeds

from newsbot.answering.judging import confidence, evidence, expectation, features, lexicon, quotes
from newsbot.answering.judging.network import Network
from newsbot.answering.judging.weights import Size, size
from newsbot.answering.query import Query

ROOT = Path(__file__).parents[1]
FOLDS = 6
FALSE_REFUSALS: dict[Size, float] = {"many": 0.044, "few": 0.09}
"""The share of answerable questions that the threshold may refuse.

Among many passages of XQuAD's, in the worse of the two languages; where one article is all there is, of questions
as people ask them, of invented articles or the owner's, whichever is worse.
"""
CHOSEN: dict[Size, dict[str, tuple[float, float]]] = {
    "many": {"full": (1.0, 0.0), "among+": (0.1, 0.1)},
    "few": {"alone+": (1.0, 1.0), "article+": (1.0, 0.5), "seed+": (2.0, 2.0)},
}
"""How much the questions of a setting count for the choice among sentences, within a language and across two."""
CLOSELY: dict[Size, bool] = {"many": False, "few": True}
"""Whether the features of the best sentence count for confidence, and units correct its sum."""
JUDGED: dict[Size, dict[str, float]] = {
    "many": {"full": 0.3, "half+": 1.0, "half-": 1.0, "near": 0.25, "swap": 0.25},
    "few": {
        "alone+": 0.4, "alone-": 0.3, "alone untold": 0.4, "article+": 0.5, "article-": 0.3, "article near": 0.1,
        "article swap": 0.1, "paragraph+": 0.5, "paragraph-": 0.5, "seed+": 1.5, "seed-": 1.0, "seed untold": 2.0,
    },
}  # fmt: skip
"""How much they count for confidence.

Near misses of ``articles/`` that are worded in the articles' own terms do not: teaching them costs more elsewhere.
"""


def case(example: Example, pair: tuple[str, str]) -> Case | None:
    """Lay out an example; None when there is nothing to choose from."""
    shipped = lexicon.shipped()
    found = evidence.gather(Query(example.question, example.language), example.hits, example.statistics, shipped)
    if found is None:
        return None
    kind = expectation.expected(example.question, example.language)
    columns = features.sentence_features(found, kind, example.hits)
    right = np.array(
        [
            example.holds(example.hits[each.hit].passage.source, each.span.start, each.span.end)
            for each in found.candidates
        ]
    )
    lean = replace(found, match=found.match[:, :0], passages=())  # what is large and not needed any more
    return Case(example, pair, lean, kind, columns, right)


def fit_sentences(cases: Sequence[Case], size: Size) -> Network:
    """Return what ranks the sentences that hold the answer first."""
    asked = [
        networks.Asked(each.columns, each.found.rows, each.right, counts)
        for each in cases
        if each.example.literal and each.right[each.found.rows].any() and (counts := _chosen(each, size))
    ]
    return networks.ranking(asked)


def judge(cases: Sequence[Case], ranker: Network) -> None:
    """Note for each case the measures of confidence, and which of its quotes hold the answer."""
    for each in cases:
        scores = ranker(features.competing(each.columns))
        each.measures = confidence.measures(each.found, each.columns, scores, each.kind)
        chosen = quotes.choose(each.found, scores, each.example.hits, 3)
        best = each.found.candidates[int(each.found.rows[np.argmax(scores[each.found.rows])])]
        each.same = each.example.hits[best.hit].passage.language == each.example.language
        each.cited = tuple(each.example.holds(quote.passage.source, quote.start, quote.end) for quote in chosen)


def fit_confidence(cases: Sequence[Case], size: Size) -> Network:
    """Return a model of whether a cited sentence holds the answer."""
    share = JUDGED[size]
    used = [each for each in cases if each.example.literal and each.example.setting in share]
    inputs = np.array([each.measures for each in used])
    if not CLOSELY[size]:
        inputs[:, len(confidence.MEASURES) :] = 0
    right = np.array([any(each.cited) for each in used])
    return networks.sureness(
        inputs, right, np.array([share[each.example.setting] for each in used]), units=CLOSELY[size]
    )


def probabilities(cases: Sequence[Case], model: Network) -> np.ndarray:
    """Return the probability of each case as newsbot would give it."""
    return np.array([confidence.probability(each.measures, model) for each in cases])


def cross_validated(cases: Sequence[Case], size: Size) -> np.ndarray:
    """Judge every case by weights that its article had no part in; return the probabilities."""
    found = np.zeros(len(cases))
    held: dict[int, tuple[tuple[bool, ...], bool]] = {}
    for fold in range(FOLDS):
        train = [each for each in cases if each.example.article % FOLDS != fold]
        test = [at for at, each in enumerate(cases) if each.example.article % FOLDS == fold]
        judge(cases, fit_sentences(train, size))
        for same in (True, False):
            model = fit_confidence([each for each in train if each.same == same], size)
            own = [at for at in test if cases[at].same == same]
            found[own] = probabilities([cases[at] for at in own], model)
        held.update((at, (cases[at].cited, cases[at].same)) for at in test)
    for at, each in enumerate(cases):
        each.cited, each.same = held[at]
    return found


def _chosen(each: Case, size: Size) -> float:
    return CHOSEN[size].get(each.example.setting, (0.0, 0.0))[each.pair[0] != each.pair[1]]


def thresholds(cases: Sequence[Case], probability: np.ndarray, size: Size) -> dict[bool, float]:
    """Return the thresholds of questions in the language of the articles, and in another."""
    pair = np.array(["→".join(each.pair) for each in cases])
    setting = np.array([each.example.setting for each in cases])
    answerable = np.isin(setting, ("half+", "full") if size == "many" else ("alone+", "seed+"))
    found = {}
    for same in (True, False):
        own = answerable & np.array([each.same == same for each in cases])
        sorts = pair if size == "many" else setting
        groups = [own & (sorts == name) for name in dict.fromkeys(sorts[own])]
        found[same] = min(float(np.quantile(probability[each], FALSE_REFUSALS[size])) for each in groups)
    return found


def stored(ranker: Network, models: dict[bool, Network], threshold: dict[bool, float]) -> dict[str, Any]:
    """Return what ``weights.json`` holds for an index of one size."""

    def rounded(values: np.ndarray) -> Any:
        return np.round(values.astype(np.float64), 3).tolist()

    def network(values: Network, names: Sequence[str]) -> dict[str, Any]:
        inputs = {part: dict(zip(names, rounded(getattr(values, part)), strict=True)) for part in ("weights", "hidden")}
        rest = {part: rounded(getattr(values, part)) for part in ("bias", "output")}
        return {**inputs, **rest, "constant": round(values.constant, 3)}

    def model(same: bool) -> dict[str, Any]:
        return {**network(models[same], confidence.NAMES), "threshold": round(threshold[same], 3)}

    return {"sentence": network(ranker, features.COMPETING), "same": model(True), "cross": model(False)}


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", type=Path, help="folder of xquad.nl.*.json and xquad.en.*.json")
    folder = parser.parse_args().eval
    cases = [made for pair in PAIRS for each in examples(folder, *pair) if (made := case(each, pair))]
    for yielded in (articles, seeds):
        first = max((each.example.article for each in cases), default=-1) + 1
        cases += [made for each, spoken in yielded(first) if (made := case(each, (each.language, spoken)))]
    write(cases)


def write(cases: Sequence[Case]) -> None:
    """Learn the weights and write them, with the figures and the plot of ``docs/``."""
    sizes: dict[Size, list[Case]] = {"many": [], "few": []}
    for each in cases:
        sizes[size(each.example.statistics.passages)].append(each)
    judged = {name: cross_validated(own, name) for name, own in sizes.items()}
    threshold = {name: thresholds(own, judged[name], name) for name, own in sizes.items()}
    cut = {name: np.array([threshold[name][each.same] for each in own]) for name, own in sizes.items()}
    together = [each for own in sizes.values() for each in own]
    probability = np.concatenate(list(judged.values()))
    lines = figures(together, probability, np.concatenate(list(cut.values())))
    print("\n".join(lines))
    draw(together, probability, ROOT / "docs/reliability.png")
    _insert(ROOT / "docs/judgement.md", lines)
    learnt = {name: _learnt(own, name, threshold[name]) for name, own in sizes.items()}
    target = ROOT / "src/newsbot/answering/judging/weights.json"
    target.write_text(_on_lines(json.dumps(learnt, indent=2)) + "\n", encoding="utf-8")


def _learnt(cases: Sequence[Case], size: Size, threshold: dict[bool, float]) -> dict[str, Any]:
    ranker = fit_sentences(cases, size)
    judge(cases, ranker)
    models = {same: fit_confidence([each for each in cases if each.same == same], size) for same in (True, False)}
    return stored(ranker, models, threshold)


def _on_lines(text: str) -> str:
    """Put every list of numbers on one line."""
    return re.sub(r"\[[^\[\]]*\]", lambda listed: " ".join(listed.group().split()), text)


def _insert(page: Path, lines: Sequence[str]) -> None:
    """Put the tables between the two marks of the page, if it is there."""
    begin, end = "<!-- figures -->", "<!-- /figures -->"
    text = page.read_text(encoding="utf-8") if page.is_file() else f"{begin}\n{end}\n"
    before, rest = text.split(begin, 1)
    page.write_text(before + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
