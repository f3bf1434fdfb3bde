"""The probability that the cited sentences answer the question: a calibrated logistic model over a few measures.

No measure depends on how large the index is, so one model serves an index of one article and of many thousands.
"""

from __future__ import annotations

import math

import numpy as np

from newsbot.answering.evidence import Evidence
from newsbot.answering.features import NAMES as SENTENCE_NAMES
from newsbot.answering.tokens import Floats

NAMES: tuple[str, ...] = (
    "passage_cover",
    "sentence_cover",
    "missing",
    "unknown",
    "name_cover",
    "lead",
    "adjacent",
    "answer_density",
    "density",
    "few_words",
    "margin",
)
"""Names of the measures, in order."""

_COLUMN = {name: at for at, name in enumerate(SENTENCE_NAMES)}


def measures(evidence: Evidence, sentences: Floats, scores: Floats) -> Floats:
    """Return the measures of a question and the sentences found for it, shape (measures,); see :data:`NAMES`.

    Args:
        evidence: the question beside its candidate sentences.
        sentences: their features, shape (sentences, features).
        scores: their scores, the greater the better.
    """
    weights = evidence.weights / evidence.weights.sum()
    rows = evidence.rows
    order = rows[np.argsort(-scores[rows], kind="stable")]
    best = int(order[0])
    within = evidence.cover[:, evidence.hit == evidence.hit[best]].max(axis=1)
    anywhere = evidence.cover[:, rows].max(axis=1)
    passage = float(weights @ within)
    elsewhere = [i for i in order[1:] if evidence.hit[i] != evidence.hit[best]]
    rival = max((float(sentences[i, _COLUMN["passage_cover"]]) for i in elsewhere), default=0.0)
    important = np.array([each.surface[:1].isupper() or each.folded[:1].isdigit() for each in evidence.question])
    top = {name: float(sentences[order[:3], at].max()) for name, at in _COLUMN.items()}
    values = {
        "passage_cover": passage,
        "sentence_cover": float(sentences[best, _COLUMN["cover"]]),
        "missing": float((weights * (within < 0.5)).max()),
        "unknown": float(weights[anywhere < 0.5].sum()),
        "name_cover": float(within[important].min()) if important.any() else 0.8,
        "lead": passage - rival,
        "adjacent": top["adjacent"],
        "answer_density": top["answer_density"],
        "density": top["density"],
        "few_words": 1.0 / len(weights),
        "margin": min(3.0, float(scores[best] - max((scores[i] for i in elsewhere), default=scores[best] - 3.0))),
    }
    return np.array([values[name] for name in NAMES], dtype=np.float32)


def probability(values: Floats, weights: Floats, bias: float) -> float:
    """Return the logistic function of the weighted measures, kept inside 0.01 to 0.99."""
    logit = float(values @ weights) + bias
    return min(0.99, max(0.01, 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))))
