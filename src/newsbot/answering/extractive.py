"""Answers made of the articles' own sentences, and the honest word when they do not answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from newsbot.answering.judging import confidence, evidence, expectation, features, quotes, weights
from newsbot.answering.judging.evidence import Evidence, Statistics
from newsbot.answering.judging.lexicon import Lexicon
from newsbot.answering.judging.nearness import nearness
from newsbot.answering.judging.quotes import Quote
from newsbot.answering.judging.tokens import Floats
from newsbot.answering.phrases import phrases, quoted
from newsbot.answering.query import Query
from newsbot.indexing.bilingual import LANGUAGES
from newsbot.models import Answer, Citation, Hit, Outcome, Passage, Sentence

MOST = 3
"""The most sentences that an answer cites."""
_SENTENCE = 1.5
"""How much the score of its best sentence counts beside what retrieval gave a passage (tried: 0 to 1.5)."""
_NEAREST = 1 / 3
"""Share of the threshold from which on the nearest sentence is offered instead of an answer."""
_UNTAUGHT = 0.14
"""The greatest threshold across languages where the question's is none that the word vectors were taught.

Few of its words can be found then, whatever the articles say. Chosen by ``eval/german.jsonl``.
"""
_HEADLINE = 0.75
"""What a title loses against a sentence: it announces what the article says, and seldom says it."""
_FURTHER = 3.0
"""What a sentence gains in a follow-up that stands beside the first quote of the answer before (tried: 0 to 5)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the passages say to a question.

    Attributes:
        outcome: ``answered``, ``nearest`` or ``absent``.
        text: what to show; each citation's quote stands in it verbatim, followed by its ``[number]``.
        confidence: probability, 0 to 1, that the cited sentences answer the question.
        citations: best first, empty unless ``answered``.
        hits: what retrieval found, ordered anew by what their best sentences say to the question.
    """

    outcome: Outcome
    text: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the articles answer the question."""
        return self.outcome == "answered"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate sentences with their scores, and the measures that confidence rests on."""

    evidence: Evidence
    scores: Floats
    measures: Floats
    same_language: bool


def answer(query: Query, hits: Sequence[Hit], statistics: Statistics, lexicon: Lexicon) -> Judgement:
    """Choose the sentences that answer a question and judge whether they do.

    Args:
        query: the question as understood; newsbot speaks its language around the quotes.
        hits: what retrieval found, best first.
        statistics: how common words are in the index.
        lexicon: the meaning of words across languages.
    """
    language = query.language
    ranking = rank(query, hits, statistics, lexicon)
    if ranking is None:
        say = phrases(language)
        return Judgement("absent", say.absent if hits else say.empty, 0.01, hits=tuple(hits))
    ordered = _ordered(hits, ranking)
    learnt = weights.shipped(statistics.passages)
    judge = learnt.same if ranking.same_language else learnt.cross
    sure = confidence.probability(ranking.measures, judge.model)
    threshold = judge.threshold
    if not ranking.same_language and language not in LANGUAGES:
        threshold = min(threshold, _UNTAUGHT)
    if sure < _NEAREST * threshold:
        return Judgement("absent", phrases(language).absent, sure, hits=ordered)
    found = quotes.choose(ranking.evidence, ranking.scores, hits, MOST)
    if sure < threshold:
        nearest = found[0]
        return Judgement("nearest", f"{phrases(language).nearest}\n{quoted(nearest.text)}", sure, hits=ordered)
    citations = tuple(_citation(number, quote) for number, quote in enumerate(found, 1))
    return Judgement("answered", _text(found, language), sure, citations, ordered)


def quoting(question: str, language: str, judged: Judgement) -> Answer:
    """Return a judgement as the answer to a question, in the language that it was asked in."""
    return Answer(
        question=question,
        outcome=judged.outcome,
        text=judged.text,
        language=language,
        confidence=round(judged.confidence, 4),
        citations=judged.citations,
        hits=judged.hits,
    )


def rank(query: Query, hits: Sequence[Hit], statistics: Statistics, lexicon: Lexicon) -> Ranking | None:
    """Score every sentence of the hits; None when there is no sentence, or no word of content to go by."""
    found = evidence.gather(query, hits, statistics, lexicon)
    if found is None:
        return None
    kind = expectation.expected(query.text, query.language)
    columns = features.sentence_features(found, kind, hits)
    scores = weights.shipped(statistics.passages).sentence(features.competing(columns))
    scores -= _HEADLINE * np.array([_is_title(hits[each.hit].passage, each.span) for each in found.candidates])
    if query.cited:
        scores += _FURTHER * nearness(found, query.cited)
    best = int(found.rows[np.argmax(scores[found.rows])])
    same = hits[found.candidates[best].hit].passage.language == query.language
    return Ranking(found, scores, confidence.measures(found, columns, scores, kind), same)


def _is_title(passage: Passage, span: Sentence) -> bool:
    return span.end - span.start == len(passage.title) and passage.quote(span.start, span.end) == passage.title


def _ordered(hits: Sequence[Hit], ranking: Ranking) -> tuple[Hit, ...]:
    """Add to each hit's score that of its best sentence: retrieval sees whole passages, the answer is in one sentence.

    On XQuAD this puts half a point to two points more of the right passages first.
    """
    best = np.full(len(hits), float(ranking.scores.min()))
    np.maximum.at(best, ranking.evidence.layout.hit, ranking.scores)
    scored = [
        replace(
            hit, score=round(hit.score + float(extra), 6), signals={**hit.signals, "sentence": round(float(extra), 6)}
        )
        for hit, extra in zip(hits, _SENTENCE * best, strict=True)
    ]
    return tuple(sorted(scored, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start)))


def _citation(number: int, quote: Quote) -> Citation:
    return Citation(number, quote.text, quote.start, quote.end, quote.line, quote.passage)


def _text(found: Sequence[Quote], language: str) -> str:
    say = phrases(language)
    lines = [f"{quoted(quote.text)} [{number}]" for number, quote in enumerate(found, 1)]
    several = len({quote.passage.source for quote in found}) > 1
    opening = say.say if several else say.says
    if len(lines) == 1:
        return f"{opening}\n{lines[0]}"
    return "\n".join([opening, lines[0], "", say.further, *lines[1:]])
