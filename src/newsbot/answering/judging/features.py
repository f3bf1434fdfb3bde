"""What is measured of each candidate sentence: some forty language-neutral numbers that a small model weighs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.amounts import AMOUNTS, telling
from newsbot.answering.judging.coverage import coverage
from newsbot.answering.judging.evidence import Evidence
from newsbot.answering.judging.expectation import Kind, wider
from newsbot.answering.judging.tokens import Flags, Floats
from newsbot.models import Hit

NAMES: tuple[str, ...] = (
    "cover",
    "cover_local",
    "cover_sharp",
    "all_covered",
    "rarest",
    "passage_cover",
    "before",
    "after",
    "leans_before",
    "name",
    "name_near",
    "fact",
    "fact_near",
    "told",
    "fact_told",
    "about",
    "about_fact",
    "retrieval",
    "top_passage",
    "adjacent",
    "density",
    "answer_density",
    "has_person",
    "has_place",
    "has_number",
    "has_date",
    "has_reason",
    "has_said",
    "names",
    "number",
    "date",
    "reason",
    "quoted",
    "saying",
    "tells_amount",
    "novel",
    "length",
    "short",
    "first",
    "opens_passage",
    "asks",
    "meaning",
    "passage_meaning",
)
"""Names of the features, in the order of the columns."""
COMPETING = (*NAMES, *(f"{name} behind" for name in NAMES))
"""What sentences are ranked by: each one's features, and how far each lies behind the greatest of all sentences."""

_REACH = 12
_DECAY = 0.85
_MATCHED = 0.55
_LISTED = 8  # words of names that are a long list
_VAGUELY = 0.5  # how much ``many`` is the number that was asked for


def sentence_features(evidence: Evidence, kind: Kind, hits: Sequence[Hit]) -> Floats:
    """Return the features of all candidate sentences, shape (sentences, features); see :data:`NAMES`.

    Every feature lies roughly between 0 and 1 and does not depend on how large the index is.
    """
    weights = evidence.weights / evidence.weights.sum()
    new = np.asarray(evidence.match.max(axis=0) < _MATCHED)
    density, answer_density, present = _proximity(evidence, weights, wider(kind), new)
    rank = np.array([hit.score for hit in hits], dtype=np.float32)
    columns = {
        **coverage(evidence),
        "retrieval": _relative(rank)[evidence.layout.hit],
        "top_passage": evidence.layout.hit == 0,
        "adjacent": _adjacent(evidence, weights),
        "density": density,
        "answer_density": answer_density,
        **_kind_columns(present, wider(kind), len(evidence.layout.lengths)),
        **_held(evidence, new),
        "tells_amount": telling(evidence, kind, hits) & (kind in AMOUNTS),
        "novel": np.minimum(evidence.layout.total(new.astype(np.float32)), 20) / 20,
        "length": np.log(np.maximum(evidence.layout.lengths, 1) / 20.0),
        "short": evidence.layout.lengths < 5,
        "first": np.array([each.position == 0 for each in evidence.candidates]),
        "opens_passage": np.array([each.position for each in evidence.candidates]) / 10,
        "asks": evidence.flags("asking"),
        "meaning": evidence.meaning,
        "passage_meaning": evidence.passage_meaning,
    }
    return np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1)


def competing(columns: Floats) -> Floats:
    """Return what sentences of these features are ranked by, shape (sentences, 2 * features); see :data:`COMPETING`."""
    return np.concatenate([columns, columns - columns.max(axis=0)], axis=1)


def _kind_columns(present: Floats, kind: Kind, count: int) -> dict[str, Floats]:
    nothing = np.zeros(count, dtype=np.float32)
    group = {"name": "person", "duration": "number"}.get(kind, kind)
    return {
        f"has_{each}": present if group == each else nothing
        for each in ("person", "place", "number", "date", "reason", "said")
    }


def _relative(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def _adjacent(evidence: Evidence, weights: Floats) -> Floats:
    """How much of the question's word pairs stands together, in order, within three words."""
    match, count = evidence.match, len(evidence.layout.lengths)
    if len(weights) < 2:
        return np.zeros(count, dtype=np.float32)
    pair = np.zeros((len(weights) - 1, match.shape[1]), dtype=np.float32)
    for step in (1, 2, 3):
        if match.shape[1] > step:
            same = evidence.layout.sentence[step:] == evidence.layout.sentence[:-step]
            both = match[:-1, :-step] * match[1:, step:] * same
            np.maximum(pair[:, :-step], both, out=pair[:, :-step])
    pair_weights = (weights[:-1] + weights[1:]) / 2
    strength = pair_weights @ evidence.layout.best(pair)
    return np.asarray(strength / max(1e-6, float(pair_weights.sum())), dtype=np.float32)


def _proximity(evidence: Evidence, weights: Floats, kind: Kind, new: Flags) -> tuple[Floats, Floats, Floats]:
    """How close the matched question words stand to a ``new`` word, not of the question, that could be the answer.

    Returns per sentence: the greatest density around any new word, around a new word of the expected kind, and whether
    the sentence holds one of that kind at all.
    """
    near = evidence.match.copy()
    for step in range(1, _REACH + 1):
        if evidence.match.shape[1] <= step:
            break
        same = (evidence.layout.sentence[step:] == evidence.layout.sentence[:-step]) * np.float32(_DECAY**step)
        np.maximum(near[:, step:], evidence.match[:, :-step] * same, out=near[:, step:])
        np.maximum(near[:, :-step], evidence.match[:, step:] * same, out=near[:, :-step])
    dense = weights @ near
    typed = _typed(evidence, kind) & new
    stacked = np.stack([dense * new, dense * typed, typed.astype(np.float32)])
    density, answer_density, present = evidence.layout.best(stacked)
    if kind in ("reason", "said"):
        present = evidence.flags("reason" if kind == "reason" else "quoted").astype(np.float32)
        if kind == "said":
            present = (present + evidence.flags("saying")) / 2
    if kind == "number":
        present = np.maximum(present, _VAGUELY * evidence.flags("vague"))
    return density, answer_density, present


def _typed(evidence: Evidence, kind: Kind) -> Flags:
    if kind in ("person", "name", "place"):
        return evidence.flags("name")
    if kind == "duration":
        return evidence.flags("number") | evidence.flags("date")
    if kind in ("number", "date"):
        return evidence.flags(kind)
    return np.zeros(evidence.match.shape[1], dtype=bool)


def _held(evidence: Evidence, new: Flags) -> dict[str, Floats | Flags]:
    """What a sentence holds beyond the question, whatever that asks for."""
    held = np.stack([evidence.flags(name) & new for name in ("name", "number", "date")], axis=1)
    names, numbers, dates = evidence.layout.total(held.astype(np.float32)).T
    return {
        "names": np.minimum(names, _LISTED) / _LISTED,
        "number": numbers > 0,
        "date": dates > 0,
        **{name: evidence.flags(name) for name in ("reason", "quoted", "saying")},
    }
