"""The probability that the cited sentences answer the question: a calibrated model of what was measured of them.

No measure depends on how large the index is, so one model serves an index of one article and of many thousands.
"""

from __future__ import annotations

import math

import numpy as np

from newsbot.answering.judging.amounts import AMOUNTS
from newsbot.answering.judging.evidence import Evidence
from newsbot.answering.judging.expectation import Kind, wider
from newsbot.answering.judging.features import NAMES as SENTENCE_NAMES
from newsbot.answering.judging.network import Network
from newsbot.answering.judging.tokens import Floats, Ints

MEASURES: tuple[str, ...] = (
    "article_cover",
    "sentence_cover",
    "unknown",
    "name_cover",
    "name_missing",
    "fact_cover",
    "fact_sentence",
    "fact_only",
    "fact_none",
    "fact_lost",
    "fact_strange",
    "decided",
    "decided_among",
    "score",
    "told_share",
    "most_told",
    "meaning",
    "passage_meaning",
    "lead",
    "adjacent",
    "about",
    "name_near",
    "lacks_number",
    "lacks_date",
    "lacks_name",
    "lacks_reason",
    "lacks_amount",
)
"""What is measured of a question and its candidate sentences as a whole."""
NAMES = (*MEASURES, *(f"best {name}" for name in SENTENCE_NAMES))
"""All that confidence rests on, in order: these, and the features of the best sentence."""

_LACKS_AMOUNT = NAMES.index("lacks_amount")
_COLUMN = {name: at for at, name in enumerate(SENTENCE_NAMES)}
_CITED = 3
_UNTOLD = 0.04
"""The greatest probability where an amount is asked for and no cited sentence, nor one beside it, tells one."""
_MATCHED = 0.45
"""From here on a question word counts as found."""
_STRANGE = 0.35
"""Up to here nothing at all stands for it."""


def measures(evidence: Evidence, sentences: Floats, scores: Floats, kind: Kind) -> Floats:
    """Return the measures of a question and the sentences found for it, shape (measures,); see :data:`NAMES`.

    Args:
        evidence: the question beside its candidate sentences.
        sentences: their features, shape (sentences, features).
        scores: their scores, the greater the better.
        kind: what kind of answer the question wants.
    """
    weights = evidence.weights / evidence.weights.sum()
    rows = evidence.rows
    order = rows[np.argsort(-scores[rows], kind="stable")]
    best = int(order[0])
    within = evidence.cover[:, evidence.layout.hit == evidence.layout.hit[best]].max(axis=1)
    article = evidence.cover[:, evidence.article == evidence.article[best]].max(axis=1)
    anywhere = evidence.cover[:, rows].max(axis=1)
    passage = float(weights @ within)
    elsewhere = [i for i in order[1:] if evidence.layout.hit[i] != evidence.layout.hit[best]]
    rival = max((float(sentences[i, _COLUMN["passage_cover"]]) for i in elsewhere), default=0.0)
    top = {name: float(sentences[order[:_CITED], at].max()) for name, at in _COLUMN.items()}
    values = {
        "article_cover": float(weights @ article),
        "sentence_cover": float(sentences[best, _COLUMN["cover"]]),
        "unknown": float(weights[anywhere < 0.5].sum()),
        **_names_and_facts(evidence, weights, article, within, evidence.cover[:, best]),
        "fact_strange": float((evidence.weights * evidence.telling)[~evidence.names & (anywhere < _STRANGE)].sum()),
        **_telling(evidence.telling, within),
        "meaning": top["meaning"],
        "passage_meaning": float(evidence.passage_meaning[best]),
        "lead": passage - rival,
        **{name: top[name] for name in ("adjacent", "about", "name_near")},
        **_decided(scores[order]),
        **_lacking(top, wider(kind)),
        "lacks_amount": float(kind in AMOUNTS and not _told(sentences, order[:_CITED], evidence)),
    }
    whole = [values[name] for name in MEASURES]
    return np.array([*whole, *sentences[best]], dtype=np.float32)


def _names_and_facts(
    evidence: Evidence, weights: Floats, article: Floats, passage: Floats, sentence: Floats
) -> dict[str, float]:
    """Split what is covered into names (whom it is about) and the other words (what is asked about them).

    A near miss covers the names and not the rest.
    """
    name, fact = evidence.names, ~evidence.names
    share = weights[fact] / max(1e-6, float(weights[fact].sum())) if fact.any() else np.zeros(0)
    return {
        "name_cover": float(article[name].min()) if name.any() else 0.8,
        "name_missing": float((weights * name * (article < 0.5)).sum()),
        "fact_cover": float(share @ passage[fact]) if fact.any() else 0.8,
        "fact_sentence": float(share @ sentence[fact]) if fact.any() else 0.8,
        "fact_only": float(not name.any()),
        "fact_none": float(bool(fact.any() and name.any()) and float(sentence[fact].max()) < _MATCHED),
        "fact_lost": float((evidence.telling[fact] * (passage[fact] < _MATCHED)).max()) if fact.any() else 0.0,
    }


def _decided(ordered: Floats) -> dict[str, float]:
    """How sure the choice among the sentences is: their scores are logits of a softmax."""
    share = np.exp(ordered - ordered[0])
    share /= share.sum()
    return {
        "decided": float(share[0]),
        "decided_among": float(share[:_CITED].sum()),
        "score": float(ordered[0]) / 10,
    }


def _telling(telling: Floats, passage: Floats) -> dict[str, float]:
    """How telling the words are that the passage holds, by how rare they are in their language."""
    found = telling * passage
    return {"told_share": float(found.sum() / telling.sum()), "most_told": float(found.max())}


def _lacking(top: dict[str, float], kind: Kind) -> dict[str, float]:
    """Whether no cited sentence holds a new word of the kind that the question asks for."""
    group = {"person": "name", "place": "name"}.get(kind, kind)
    column = {"number": "has_number", "date": "has_date", "reason": "has_reason"}.get(kind, "has_person")
    if kind == "place":
        column = "has_place"
    return {f"lacks_{each}": float(group == each and not top[column]) for each in ("number", "date", "name", "reason")}


def _told(sentences: Floats, cited: Ints, evidence: Evidence) -> bool:
    """Whether a cited sentence tells the amount that is asked for, or one beside it, which may be quoted with it."""
    told = sentences[None, :, _COLUMN["tells_amount"]]
    near = told + evidence.layout.shifted(told, 1) + evidence.layout.shifted(told, -1)
    return bool(near[0, cited].any())


def probability(values: Floats, model: Network) -> float:
    """Return the logistic function of the score of the measures, kept inside 0.01 to 0.99.

    What asks for an amount that nothing cited tells is not answered, however near the words are.
    """
    logit = float(model(values))
    most = _UNTOLD if values[_LACKS_AMOUNT] else 0.99
    return min(most, max(0.01, 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))))
