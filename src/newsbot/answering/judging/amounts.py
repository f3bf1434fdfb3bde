"""Which sentences tell the amount that a question asks for: a count, a sum of money, an age, a year.

A sentence without a number does not say how many, how much or how old, however well its words match those of the
question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.evidence import Evidence
from newsbot.answering.judging.expectation import Kind
from newsbot.answering.judging.tokens import Flags, Ints
from newsbot.models import Hit

AMOUNTS: frozenset[Kind] = frozenset(("count", "money", "age", "year"))
"""Kinds of answers that these are."""

_BESIDE, _SAME = 4, 0.8
"""Words between an amount told vaguely and what it counts, at most; match of that with the word that was asked for."""

_AGED = re.compile(
    r"\((?:\w+, )?\d{1,3}\)|, \d{1,3},|\b(?:\d{1,3}|[a-z]+)[ -]?(?:jaar|jarige?n?|jähri\w+|years?|year-olds?)\b"
    r"|\b(?:aged?|ages|leeftijd|alter) |\b(?:zijn|haar|hun|his|her|their|op|at) \w+(?:de|ste|th|nd|rd)\b"
    r"|\b(?:\w+tiger|teenager|tiener|puber|baby)s?\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[€$£¥]|\b(?:euro|dollar|pond|pound|cent|frank|franc|yen|gratis|free|kosteloos|kostenlos)\w*\b"
    r"|\b(?:miljoen|miljard|million|milliard|billion|trillion|procent|percent)\w*\b|%",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:1\d|20)\d\d"
    r"|\b(?:vorige?|dit|volgende?|last|this|next|komende?|afgelopen|dieses|nächste\w*) (?:jaar|year|jahr)\b"
    r"|\b(?:jaar|jaren|years?|decennia|decades?|jahren?) (?:geleden|ago|later|earlier|eerder|daarvoor|daarna)\b",
    re.IGNORECASE,
)


def telling(evidence: Evidence, kind: Kind, hits: Sequence[Hit]) -> Flags:
    """Return which candidate sentences tell an amount of a kind, shape (sentences,); all where it is no amount."""
    if kind not in AMOUNTS:
        return np.ones(len(evidence.candidates), dtype=bool)
    if kind in ("age", "year"):
        return _written(evidence, hits, _AGED if kind == "age" else _DATED)
    if kind == "money" and (priced := _written(evidence, hits, _MONEY)).any():
        return priced
    told = np.zeros(len(evidence.candidates), dtype=bool)
    told[evidence.layout.sentence[np.flatnonzero(evidence.flags("number"))]] = True
    if kind == "count":
        told[evidence.layout.sentence[_vaguely(evidence)]] = True
    return told


def _written(evidence: Evidence, hits: Sequence[Hit], pattern: re.Pattern[str]) -> Flags:
    texts = (hits[each.hit].passage.quote(each.span.start, each.span.end) for each in evidence.candidates)
    return np.array([bool(pattern.search(text)) for text in texts], dtype=bool)


def _vaguely(evidence: Evidence) -> Ints:
    """Return the places of words like ``many`` that stand beside the very thing that is counted.

    That is the first word of content in the question that is no name: ``how many OpenAI people``.
    """
    places = [place for place in np.flatnonzero(evidence.flags("many")).tolist() if _beside(evidence, place) >= _SAME]
    return np.array(places, dtype=np.int64)


def _beside(evidence: Evidence, place: int) -> float:
    """Return the best match of what is counted with the words around a place."""
    counted = int(np.argmax(~evidence.names))
    near = slice(max(0, place - _BESIDE), place + _BESIDE + 1)
    same = evidence.layout.sentence[near] == evidence.layout.sentence[place]
    return float((evidence.match[counted, near] * same).max())
