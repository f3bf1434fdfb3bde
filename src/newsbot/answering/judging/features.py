"""What is measured of each candidate sentence: some twenty language-neutral numbers that a linear model adds up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.amounts import AMOUNTS, telling
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
    "retrieval",
    "top_passage",
    "before",
    "after",
    "leans_before",
    "adjacent",
    "density",
    "answer_density",
    "has_person",
    "has_place",
    "has_number",
    "has_date",
    "has_reason",
    "has_said",
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

_REACH = 12
_DECAY = 0.85
_MATCHED = 0.55
_VAGUELY = 0.5  # how much ``many`` is the number that was asked for


def sentence_features(evidence: Evidence, kind: Kind, hits: Sequence[Hit]) -> Floats:
    """Return the features of all candidate sentences, shape (sentences, features); see :data:`NAMES`.

    Every feature lies roughly between 0 and 1 and does not depend on how large the index is.
    """
    cover, count = evidence.cover, len(evidence.lengths)
    weights = evidence.weights / evidence.weights.sum()
    local = weights * _local_rarity(evidence)
    local /= local.sum()
    own = weights @ cover
    passage = _passage_cover(evidence, weights)
    filled = np.maximum(evidence.lengths, 1)
    density, answer_density, present = _proximity(evidence, weights, wider(kind))
    length = np.log(filled / 20.0)
    before, after = _neighbours(evidence, weights)
    rank = np.array([hit.score for hit in hits], dtype=np.float32)
    columns = {
        "cover": own,
        "cover_local": local @ cover,
        "cover_sharp": weights @ (cover > 0.8),
        "all_covered": own * own,
        "rarest": cover[int(np.argmax(weights))],
        "passage_cover": passage[evidence.hit],
        "retrieval": _relative(rank)[evidence.hit],
        "top_passage": evidence.hit == 0,
        "before": before,
        "after": after,
        "leans_before": before * evidence.flags("leaning"),
        "adjacent": _adjacent(evidence, weights),
        "density": density,
        "answer_density": answer_density,
        **_kind_columns(present, wider(kind), count),
        "tells_amount": telling(evidence, kind, hits) & (kind in AMOUNTS),
        "novel": np.minimum(_novel(evidence), 20) / 20,
        "length": length,
        "short": evidence.lengths < 5,
        "first": np.array([each.position == 0 for each in evidence.candidates]),
        "opens_passage": np.array([each.position for each in evidence.candidates]) / 10,
        "asks": evidence.flags("asking"),
        "meaning": evidence.meaning,
        "passage_meaning": evidence.passage_meaning,
    }
    return np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1)


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


def _local_rarity(evidence: Evidence) -> Floats:
    """How rare each question word is among the candidates; words of the title are everywhere, and say little."""
    rows = evidence.cover[:, evidence.rows]
    held = rows.sum(axis=1)
    total = rows.shape[1]
    rarity = np.log(1 + (total - held + 0.5) / (held + 0.5)) / np.log(1 + (total + 0.5) / 0.5) + 1e-3
    return np.asarray(rarity, dtype=np.float32)


def _passage_cover(evidence: Evidence, weights: Floats) -> Floats:
    starts = np.flatnonzero(np.diff(evidence.hit, prepend=-1))
    best = np.maximum.reduceat(evidence.cover, starts, axis=1)
    full = np.zeros(int(evidence.hit.max()) + 1, dtype=np.float32)
    full[evidence.hit[starts]] = weights @ best
    return full


def _neighbours(evidence: Evidence, weights: Floats) -> tuple[Floats, Floats]:
    """What the sentence before, and the one after, cover of the question beyond the sentence itself."""
    cover = evidence.cover
    before, after = np.zeros_like(cover), np.zeros_like(cover)
    same = evidence.hit[1:] == evidence.hit[:-1]
    before[:, 1:] = np.where(same, cover[:, :-1], 0)
    after[:, :-1] = np.where(same, cover[:, 1:], 0)
    return weights @ np.maximum(before - cover, 0), weights @ np.maximum(after - cover, 0)


def _adjacent(evidence: Evidence, weights: Floats) -> Floats:
    """How much of the question's word pairs stands together, in order, within three words."""
    match, count = evidence.match, len(evidence.lengths)
    total = np.zeros(count, dtype=np.float32)
    if len(weights) < 2:
        return total
    pair = np.zeros((len(weights) - 1, match.shape[1]), dtype=np.float32)
    for step in (1, 2, 3):
        if match.shape[1] > step:
            same = evidence.sentence[step:] == evidence.sentence[:-step]
            both = match[:-1, :-step] * match[1:, step:] * same
            np.maximum(pair[:, :-step], both, out=pair[:, :-step])
    pair_weights = (weights[:-1] + weights[1:]) / 2
    strength = pair_weights @ _best(pair, evidence)
    return np.asarray(strength / max(1e-6, float(pair_weights.sum())), dtype=np.float32)


def _best(values: Floats, evidence: Evidence) -> Floats:
    """Return the maximum over each sentence's words, shape (rows, sentences)."""
    out = np.zeros((values.shape[0], len(evidence.lengths)), dtype=np.float32)
    filled = evidence.lengths > 0
    out[:, filled] = np.maximum.reduceat(values, evidence.offsets[filled], axis=1)
    return out


def _proximity(evidence: Evidence, weights: Floats, kind: Kind) -> tuple[Floats, Floats, Floats]:
    """How close the matched question words stand to a word that could be the answer.

    Returns per sentence: the greatest density around any new word, around a new word of the expected kind, and whether
    the sentence holds one of that kind at all.
    """
    near = evidence.match.copy()
    for step in range(1, _REACH + 1):
        if evidence.match.shape[1] <= step:
            break
        same = (evidence.sentence[step:] == evidence.sentence[:-step]) * np.float32(_DECAY**step)
        np.maximum(near[:, step:], evidence.match[:, :-step] * same, out=near[:, step:])
        np.maximum(near[:, :-step], evidence.match[:, step:] * same, out=near[:, :-step])
    dense = weights @ near
    new = evidence.match.max(axis=0) < _MATCHED
    typed = _typed(evidence, kind) & new
    stacked = np.stack([dense * new, dense * typed, typed.astype(np.float32)])
    density, answer_density, present = _best(stacked, evidence)
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


def _novel(evidence: Evidence) -> Floats:
    new = (evidence.match.max(axis=0) < _MATCHED).astype(np.float32)
    return _best_sum(new, evidence)


def _best_sum(values: Floats, evidence: Evidence) -> Floats:
    out = np.zeros(len(evidence.lengths), dtype=np.float32)
    filled = evidence.lengths > 0
    out[filled] = np.add.reduceat(values, evidence.offsets[filled])
    return out
