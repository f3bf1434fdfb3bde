"""How much of a question each sentence covers, by kind of word, and how much of the sentence is about the question."""

from __future__ import annotations

import numpy as np

from newsbot.answering.judging.evidence import Evidence
from newsbot.answering.judging.tokens import Floats

_SHARP = 0.8  # match from which on a word counts as the same
_LITTLE = 0.02  # what a function word of a sentence says of its subject, beside 1 for a rare word
_BACK = (0.9, 0.8, 0.7)  # how far a name still holds one, two and three sentences after it was said
_AHEAD = 0.8  # how far it holds for the sentence before: ``"…", zei Chen``
_BEFORE, _AFTER = 0.7, 0.6  # what a neighbour's words count beside the sentence's own


def coverage(evidence: Evidence) -> dict[str, Floats]:
    """Return the measures of coverage of all candidate sentences, each of shape (sentences,)."""
    cover = evidence.cover
    weights = evidence.weights / evidence.weights.sum()
    local = weights * _local_rarity(evidence)
    own = weights @ cover
    before, after = _neighbours(evidence, weights)
    return {
        "cover": own,
        "cover_local": local / local.sum() @ cover,
        "cover_sharp": weights @ (cover > _SHARP),
        "all_covered": own * own,
        "rarest": cover[int(np.argmax(weights))],
        "passage_cover": _passage_cover(evidence, weights)[evidence.layout.hit],
        "before": before,
        "after": after,
        "leans_before": before * evidence.flags("leaning"),
        **_names_and_facts(evidence),
        **_about(evidence),
    }


def _names_and_facts(evidence: Evidence) -> dict[str, Floats]:
    """Coverage of whom a question is about, and of the other words, what is asked about them.

    A name said once holds for the sentences after it (``hij``, a quotation that goes on); what is asked must stand in
    the sentence itself, or right beside it.
    """
    name, fact = evidence.weights * evidence.names, evidence.weights * ~evidence.names
    layout = evidence.layout
    said = layout.best(evidence.match)
    held = [said, *(far * layout.shifted(said, step) for step, far in enumerate(_BACK, 1))]
    held.append(_AHEAD * layout.shifted(said, -1))
    cover = evidence.cover
    beside = [cover, _BEFORE * layout.shifted(cover, 1), _AFTER * layout.shifted(cover, -1)]
    telling = evidence.telling * evidence.weights
    return {
        "name": _shared(name) @ said,
        "name_near": _shared(name) @ np.maximum.reduce(held),
        "fact": _shared(fact if fact.any() else evidence.weights) @ cover,
        "fact_near": _shared(fact) @ np.maximum.reduce(beside),
        "told": _shared(telling) @ cover,
        "fact_told": _shared(telling * ~evidence.names) @ cover,
    }


def _about(evidence: Evidence) -> dict[str, Floats]:
    """How much of what a sentence says, by how telling its words are, the question is about."""
    says = np.where(evidence.flags("function"), np.float32(_LITTLE), evidence.common**2)
    total = evidence.layout.total
    whole = np.maximum(total(says), np.float32(1e-3))
    facts = evidence.match[~evidence.names]
    matched = {"about": evidence.match.max(axis=0), "about_fact": facts.max(axis=0, initial=0.0)}
    return {name: np.asarray(total(each * says) / whole) for name, each in matched.items()}


def _shared(weights: Floats) -> Floats:
    """Return weights that add up to 1, or are all 0."""
    return np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float32)


def _local_rarity(evidence: Evidence) -> Floats:
    """How rare each question word is among the candidates; words of the title are everywhere, and say little."""
    rows = evidence.cover[:, evidence.rows]
    held = rows.sum(axis=1)
    count = rows.shape[1]
    rarity = np.log(1 + (count - held + 0.5) / (held + 0.5)) / np.log(1 + (count + 0.5) / 0.5) + 1e-3
    return np.asarray(rarity, dtype=np.float32)


def _passage_cover(evidence: Evidence, weights: Floats) -> Floats:
    starts = np.flatnonzero(np.diff(evidence.layout.hit, prepend=-1))
    most = np.maximum.reduceat(evidence.cover, starts, axis=1)
    full = np.zeros(int(evidence.layout.hit.max()) + 1, dtype=np.float32)
    full[evidence.layout.hit[starts]] = weights @ most
    return full


def _neighbours(evidence: Evidence, weights: Floats) -> tuple[Floats, Floats]:
    """What the sentence before, and the one after, cover of the question beyond the sentence itself."""
    cover = evidence.cover
    before, after = evidence.layout.shifted(cover, 1), evidence.layout.shifted(cover, -1)
    return weights @ np.maximum(before - cover, 0), weights @ np.maximum(after - cover, 0)
