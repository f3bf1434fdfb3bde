"""From ranked sentences to quotes: distinct, and never so short of context that they mislead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsbot.answering.judging import vocabulary
from newsbot.answering.judging.evidence import Candidate, Evidence
from newsbot.answering.judging.tokens import Floats
from newsbot.language import words
from newsbot.models import Hit, Passage

_LONGEST_PAIR = 600
_BEHIND = 5.0
"""Scores are logits: a sentence so far behind the first is 150 times less likely to answer, and is left out."""
_MARKS = '"“”„«»'


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
    for row in evidence.rows[np.argsort(-scores[evidence.rows], kind="stable")]:
        if chosen and scores[row] < scores[evidence.rows].max() - _BEHIND:
            break
        candidate = evidence.candidates[row]
        passage = hits[candidate.hit].passage
        if any(_overlap(each, passage, candidate.span.start, candidate.span.end) for each in chosen):
            continue
        chosen.append(_grown(passage, candidate, chosen))
        if len(chosen) == most:
            break
    return chosen


def _overlap(quote: Quote, passage: Passage, start: int, end: int) -> bool:
    return quote.passage.source == passage.source and quote.start < end and start < quote.end


def _grown(passage: Passage, candidate: Candidate, chosen: Sequence[Quote]) -> Quote:
    """Return the sentence, together with its neighbour where it needs one that is still free."""
    at, spans = candidate.position, passage.sentences
    alone = Quote(passage, spans[at].start, spans[at].end, spans[at].line)
    for first, last in _pairs(passage, at):
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
    """Whether a sentence opens with a word that points to the sentence before it."""
    opening = words(text[:60])
    return bool(opening) and opening[0] in vocabulary.DEPENDENT and text.lstrip()[:1] not in _MARKS + "'‘"


def says(text: str) -> bool:
    """Whether a sentence names who speaks."""
    return not vocabulary.SAYING.isdisjoint(words(text))


def _speaks(text: str) -> bool:
    """Whether a sentence is spoken without saying by whom."""
    return (text.lstrip()[:1] in _MARKS or text.rstrip()[-1:] in _MARKS) and not says(text)
