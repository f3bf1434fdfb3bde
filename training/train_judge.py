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
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from calibration import PAIRS, Case, draw, figures
from examples import Example, articles, examples, seeds
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from newsbot.answering.judging import confidence, evidence, expectation, features, lexicon, quotes
from newsbot.answering.judging.weights import Size, size
from newsbot.answering.query import Query

ROOT = Path(__file__).parents[1]
FOLDS = 6
L2 = 8.0
RISING = frozenset(
    (
        "cover", "cover_local", "cover_sharp", "all_covered", "rarest", "passage_cover", "before", "name", "name_near",
        "fact", "fact_near", "told", "fact_told", "about", "about_fact", "adjacent", "density", "answer_density",
        "meaning", "passage_meaning",
    )
)  # fmt: skip
"""Features that never count against a sentence: it must not lose by covering more of the question."""
FALSE_REFUSALS: dict[Size, float] = {"many": 0.04, "few": 0.09}
"""The share of answerable questions that the threshold may refuse.

Among many passages of XQuAD's, in the worse of the two languages; where one article is all there is, of questions
as people ask them, of invented articles or the owner's, whichever is worse.
"""
CHOSEN: dict[Size, dict[str, tuple[float, float]]] = {
    "many": {"full": (1.0, 0.0), "among+": (0.05, 0.05)},
    "few": {"alone+": (1.0, 1.0), "article+": (1.0, 0.5), "seed+": (3.0, 3.0)},
}
"""How much the questions of a setting count for the choice among sentences, within a language and across two."""
JUDGED: dict[Size, dict[str, float]] = {
    "many": {"full": 0.3, "half+": 1.0, "half-": 1.0, "near": 0.25, "swap": 0.25},
    "few": {
        "alone+": 0.3, "alone-": 0.3, "alone untold": 0.6, "article+": 0.2, "article-": 0.2, "article near": 0.1,
        "article swap": 0.1, "seed+": 1.0, "seed-": 1.0, "seed untold": 1.0,
    },
}  # fmt: skip
"""How much they count for confidence.

Near misses of ``articles/`` that are worded in the articles' own terms do not: teaching them costs more elsewhere.
"""
YIELDING = 0.03
"""Inverse strength of what keeps the weights of confidence small (tried: 0.01 to 1)."""


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


def fit_sentences(cases: Sequence[Case], size: Size) -> np.ndarray:
    """Return weights by which a softmax over the sentences of a question gives those with the answer the most."""
    used = [each for each in cases if each.example.literal and each.right[each.found.rows].any()]
    used = [each for each in used if _chosen(each, size)]
    counted = np.array([_chosen(each, size) for each in used])
    blocks = [each.columns[each.found.rows] for each in used]
    stacked = np.concatenate(blocks).astype(np.float64)
    right = np.concatenate([each.right[each.found.rows] for each in used])
    starts = np.concatenate([[0], np.cumsum([len(block) for block in blocks])[:-1]])
    segment = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
    scale = stacked.std(axis=0) + 1e-6
    scaled = stacked / scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = scaled @ weights
        share = np.exp(scores - np.maximum.reduceat(scores, starts)[segment])
        share /= np.add.reduceat(share, starts)[segment]
        good = np.where(right, share, 0.0)
        mass = np.add.reduceat(good, starts)
        slope = scaled.T @ (counted[segment] * (share - good / mass[segment])) + L2 * weights
        return float(-counted @ np.log(mass) + L2 * weights @ weights / 2), slope

    bounds = [(0, None) if name in RISING else (None, None) for name in features.NAMES]
    found: np.ndarray = minimize(loss, np.zeros(stacked.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return found / scale


def judge(cases: Sequence[Case], weights: np.ndarray) -> None:
    """Note for each case the measures of confidence, and which of its quotes hold the answer."""
    for each in cases:
        scores = (each.columns @ weights).astype(np.float32)
        each.measures = confidence.measures(each.found, each.columns, scores, each.kind)
        chosen = quotes.choose(each.found, scores, each.example.hits, 3)
        best = each.found.candidates[int(each.found.rows[np.argmax(scores[each.found.rows])])]
        each.same = each.example.hits[best.hit].passage.language == each.example.language
        each.cited = tuple(each.example.holds(quote.passage.source, quote.start, quote.end) for quote in chosen)


def fit_confidence(cases: Sequence[Case], size: Size) -> tuple[np.ndarray, float]:
    """Return the weights and the bias of a logistic model of whether a cited sentence holds the answer."""
    share = JUDGED[size]
    used = [each for each in cases if each.example.literal and each.example.setting in share]
    stacked = np.array([each.measures for each in used])
    scale = stacked.std(axis=0) + 1e-6
    model = LogisticRegression(C=YIELDING, max_iter=3000)
    labels = [any(each.cited) for each in used]
    model.fit(stacked / scale, labels, sample_weight=[share[each.example.setting] for each in used])
    return model.coef_[0] / scale, float(model.intercept_[0])


def probabilities(cases: Sequence[Case], model: tuple[np.ndarray, float]) -> np.ndarray:
    """Return the probability of each case as newsbot would give it."""
    weights = model[0].astype(np.float32)
    return np.array([confidence.probability(each.measures, weights, model[1]) for each in cases])


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


def stored(
    sentence: np.ndarray, models: dict[bool, tuple[np.ndarray, float]], threshold: dict[bool, float]
) -> dict[str, Any]:
    """Return what ``weights.json`` holds for an index of one size."""

    def named(names: Sequence[str], values: np.ndarray) -> dict[str, float]:
        return {name: round(float(value), 3) for name, value in zip(names, values, strict=True)}

    def model(same: bool) -> dict[str, Any]:
        values, bias = models[same]
        return {
            "weights": named(confidence.NAMES, values),
            "bias": round(bias, 3),
            "threshold": round(threshold[same], 3),
        }

    return {"sentence": named(features.NAMES, sentence), "same": model(True), "cross": model(False)}


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
    target.write_text(json.dumps(learnt, indent=2) + "\n", encoding="utf-8")


def _learnt(cases: Sequence[Case], size: Size, threshold: dict[bool, float]) -> dict[str, Any]:
    sentence = fit_sentences(cases, size)
    judge(cases, sentence)
    models = {same: fit_confidence([each for each in cases if each.same == same], size) for same in (True, False)}
    return stored(sentence, models, threshold)


def _insert(page: Path, lines: Sequence[str]) -> None:
    """Put the tables between the two marks of the page, if it is there."""
    begin, end = "<!-- figures -->", "<!-- /figures -->"
    text = page.read_text(encoding="utf-8") if page.is_file() else f"{begin}\n{end}\n"
    before, rest = text.split(begin, 1)
    page.write_text(before + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
