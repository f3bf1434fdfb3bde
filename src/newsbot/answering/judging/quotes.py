"""From ranked sentences to quotes: distinct, and never so short of context that they mislead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsbot.answering.judging import vocabulary
from newsbot.answering.judging.evidence import Candidate, Evidence
from newsbot.answering.judging.tokens import Floats
from newsbot.language import stems, words
from newsbot.models import Hit, Passage

_LONGEST_PAIR = 600
_BEHIND = 6.0
"""Scores are logits: a sentence so far behind the first is 400 times less likely to answer, and is left out."""
_MARKS = '"“”„«»'
_OPENING, _SOON = 80, 5
"""Characters and words of a sentence in which it shows whether it leans on the one before."""
_SHORT = 3
"""Letters of stems that are too short to tell one noun from another."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a passage: one sentence, or two where the first cannot stand alone."""

    passage: Passage
    start: int
    end: int
    line: int

    @property
    def text(self) -> str:
        """The article's own characters."""
        return self.passage.quote(self.start, self.end)


def choose(evidence: Evidence, scores: Floats, hits: Sequence[Hit], most: int) -> list[Quote]:
    """Return up to ``most`` quotes, best first, none overlapping another and none far behind the first."""
    chosen: list[Quote] = []
    order = evidence.rows[np.argsort(-scores[evidence.rows], kind="stable")]
    order = order[scores[order] >= scores[order[0]] - _BEHIND]
    likely = set(order[:most].tolist())
    for row in order.tolist():
        candidate = evidence.candidates[row]
        passage = hits[candidate.hit].passage
        if any(_overlap(each, passage, candidate.span.start, candidate.span.end) for each in chosen):
            continue
        chosen.append(_grown(passage, candidate, chosen, followed=row + 1 in likely))
        if len(chosen) == most:
            break
    return chosen


def _overlap(quote: Quote, passage: Passage, start: int, end: int) -> bool:
    return quote.passage.source == passage.source and quote.start < end and start < quote.end


def _grown(passage: Passage, candidate: Candidate, chosen: Sequence[Quote], *, followed: bool) -> Quote:
    """Return the sentence, together with its neighbour where one needs the other and it is still free.

    ``followed`` tells whether the sentence after it is likely to be cited as well.
    """
    at, spans = candidate.position, passage.sentences
    alone = Quote(passage, spans[at].start, spans[at].end, spans[at].line)
    pairs = _pairs(passage, at)
    if followed and at + 1 < len(spans) and _continues(passage, at + 1):
        pairs.append((at, at + 1))
    for first, last in pairs:
        start, end = spans[first].start, spans[last].end
        other = first if first != at else last
        free = not any(_overlap(each, passage, spans[other].start, spans[other].end) for each in chosen)
        if free and end - start <= _LONGEST_PAIR:
            return Quote(passage, start, end, spans[first].line)
    return alone


def _pairs(passage: Passage, at: int) -> list[tuple[int, int]]:
    """Return the neighbours that a sentence needs, as (first, last) positions, most needed first."""
    text = passage.quote(passage.sentences[at].start, passage.sentences[at].end)
    pairs: list[tuple[int, int]] = []
    if text.rstrip().endswith(":") and at + 1 < len(passage.sentences):
        pairs.append((at, at + 1))
    if at > 0 and leans(text):
        pairs.append((at - 1, at))
    if _speaks(text):
        for first, last in ((at - 1, at), (at, at + 1)):
            if first >= 0 and last < len(passage.sentences):
                other = passage.sentences[first if first != at else last]
                if says(passage.quote(other.start, other.end)):
                    pairs.append((first, last))
    return pairs


def leans(text: str) -> bool:
    """Whether a sentence soon has a word that points to the sentence before it, and no name before that word."""
    if text.lstrip()[:1] in _MARKS + "'‘":
        return False
    for at, written in enumerate(text[:_OPENING].split()[:_SOON]):
        if not vocabulary.DEPENDENT.isdisjoint(words(written)[:1]):
            return True
        if at and written[:1].isupper():
            return False
    return False


def _continues(passage: Passage, at: int) -> bool:
    """Whether a sentence cannot stand without the one before it.

    It leans on that, is joined to it by a connective (``However``, ``Daarna``), or speaks of ``the`` noun that was told
    of there.
    """
    before, own = (passage.quote(each.start, each.end) for each in passage.sentences[at - 1 : at + 1])
    opening = words(own[:_OPENING])[:3]
    if leans(own) or not vocabulary.CONNECTIVES.isdisjoint(opening[:1]):
        return True
    if not vocabulary.ARTICLES.isdisjoint(opening[:1]):
        told = set(stems(words(before), passage.language))
        return any(len(stem) > _SHORT and stem in told for stem in stems(opening[1:], passage.language))
    return False


def says(text: str) -> bool:
    """Whether a sentence names who speaks."""
    return not vocabulary.SAYING.isdisjoint(words(text))


def _speaks(text: str) -> bool:
    """Whether a sentence is spoken without saying by whom."""
    return (text.lstrip()[:1] in _MARKS or text.rstrip()[-1:] in _MARKS) and not says(text)
