"""How well the sentences of retrieved passages match the words of a question, softly and all at once.

A question word and a sentence word match between 0 and 1: 1 for an equal stem, less for shared character n-grams (Dutch
compounds, cognates, typing errors), and whatever a bilingual word embedding adds. All arrays are over the words of all
candidate sentences laid end to end, so that a question costs a few numpy operations rather than a loop per sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np

from newsbot.answering.judging import thesaurus, vocabulary
from newsbot.answering.judging.layout import Layout
from newsbot.answering.judging.lexicon import Lexicon, likeness
from newsbot.answering.judging.spelling import spelled_alike
from newsbot.answering.judging.tokens import Flags, Floats, Ints, PassageWords, Word, passage_words, words
from newsbot.answering.query import Query
from newsbot.language import FUNCTION_WORDS
from newsbot.models import Hit, Sentence


class Statistics(Protocol):
    """What the index knows about how common words are."""

    @property
    def passages(self) -> int:
        """Number of passages in the index."""
        ...

    def frequency(self, stem: str) -> int:
        """Number of passages that hold a word with this stem."""
        ...


_MOST_ASKED = 60
"""Words of a question that are looked at; a longer question is a text, and its beginning tells what it is about."""
_MOST_SPOKEN = 4 * _MOST_ASKED
"""Words of a question, function words among them, in which phrases are looked for."""
_LEAST = 0.15
"""Weight of a question word that every passage holds, beside 1 for one that none does."""
_CARRIED, _ECHOED = 0.5, 0.1
"""What a word counts that a follow-up leaves unsaid (tried: 0.35 to 1), and one of the quote that it goes on from."""
_ECHOES = 6
"""Words of that quote that count, the most telling ones (tried: 4 to 8)."""
_GIVEN, _SAME = 0.9, 0.8  # what counts as covered by a sentence of an article about it; as the same word
_SEVERAL, _MOSTLY = 3, 0.5  # passages from which on an article shows what it is about; share of them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might be cited: its passage's rank among the hits, and its place in that passage."""

    hit: int
    position: int
    span: Sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """A question laid beside all candidate sentences.

    Attributes:
        question: content words of the question.
        weights: weight of each of those, 0 to 1 (rare words weigh more).
        match: soft matches, shape (question words, words of all sentences).
        cover: best match per sentence, shape (question words, sentences).
        layout: which words make up which sentence, and which sentences each hit.
        article: which article each sentence belongs to.
        unknown: per question word, whether its stem does not occur in the index.
        telling: how rare each question word is in its language, whatever the index holds.
        common: the same of each word of the sentences.
        meaning, passage_meaning: cosine of each sentence, and of its passage, with the question.
        names: per question word, whether it is (part of) a name: by its capital, or by how the articles write it.
    """

    question: tuple[Word, ...]
    weights: Floats
    candidates: tuple[Candidate, ...]
    passages: tuple[PassageWords, ...]
    rows: Ints
    match: Floats
    cover: Floats
    layout: Layout
    article: Ints
    unknown: Flags
    telling: Floats
    common: Floats
    names: Flags
    meaning: Floats
    passage_meaning: Floats

    def flags(self, name: str) -> Flags:
        """Return a flag of :class:`PassageWords`, laid end to end over all passages."""
        return np.concatenate([getattr(each, name) for each in self.passages])


def content(question: str, language: str) -> list[Word]:
    """Return the words of a question that carry content, each once."""
    every = {each.folded: each for each in words(question, language)}
    function = FUNCTION_WORDS.get(language, vocabulary.ALL_FUNCTION) | vocabulary.ASKING
    kept = [each for key, each in every.items() if key not in function and (len(key) > 1 or key.isdigit())]
    return kept[:_MOST_ASKED]


def weigh(question: Sequence[Word], language: str, statistics: Statistics) -> tuple[Floats, Flags]:
    """Return the weight of each question word, and whether its stem is unknown to the index.

    The weight is BM25's inverse document frequency scaled by its largest value, so that it does not grow with the
    index, times how much a word of its kind says: names and numbers more, generic words less.
    """
    total = max(1, statistics.passages)
    top = math.log(1 + (total + 0.5) / 0.5)
    generic = vocabulary.GENERIC.get(language, frozenset())
    weights, unknown = [], []
    for each in question:
        frequency = min(total, statistics.frequency(each.stem))
        rarity = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) / top
        kind = 0.4 if each.folded in generic else 1.0
        weights.append(kind * (_LEAST + (1 - _LEAST) * rarity))
        unknown.append(frequency == 0)
    return np.array(weights, dtype=np.float32), np.array(unknown, dtype=bool)


def gather(query: Query, hits: Sequence[Hit], statistics: Statistics, lexicon: Lexicon) -> Evidence | None:
    """Lay a question beside the sentences of its hits; None when there is nothing to compare."""
    language = query.language
    asked, factors = _asked(query, lexicon)
    seen: set[tuple[str, int]] = set()
    candidates: list[Candidate] = []
    kept: list[int] = []
    passages: list[PassageWords] = []
    base = 0
    for number, hit in enumerate(hits):
        analysed = passage_words(hit.passage)
        passages.append(analysed)
        for position, span in enumerate(hit.passage.sentences):
            candidates.append(Candidate(number, position, span))
            key = (hit.passage.source, span.start)
            if key not in seen and analysed.lengths[position] > 0:
                seen.add(key)
                kept.append(base + position)
        base += len(hit.passage.sentences)
    if not kept or not asked:
        return None
    weights, unknown = weigh(asked, language, statistics)
    weights *= factors
    distinct: dict[Word, int] = {}
    columns = np.array(
        [distinct.setdefault(each, len(distinct)) for passage in passages for each in passage.words], dtype=np.int64
    )
    same = all(hit.passage.language == language for hit in hits)
    telling, own = lexicon.look_up([each.folded for each in asked])
    common, other = lexicon.look_up([each.folded for each in distinct])
    match = np.maximum(spelled_alike(asked, list(distinct), same), likeness(own, other))[:, columns]
    layout = Layout.of([each.lengths for each in passages])
    match = np.maximum(match, _agreement(query, asked, hits, passages))
    cover = layout.best(match)
    article = np.unique([hit.passage.source for hit in hits], return_inverse=True)[1]
    cover = np.maximum(cover, _GIVEN * _topics(asked, hits, cover, layout.hit, article)[:, layout.hit])
    meaning, passage_meaning = _meanings(
        np.asarray(((telling * weights) ** 2) @ own, dtype=np.float32),
        ((common**2)[:, None] * other)[columns],
        layout,
    )
    written = np.concatenate([each.name for each in passages])
    strong = match > 0.8
    held = (strong & written).sum(axis=1) * 2 > strong.sum(axis=1)
    names = held | _capitals(query.text, asked)
    return Evidence(
        tuple(asked),
        weights,
        tuple(candidates),
        tuple(passages),
        np.array(kept, dtype=np.int64),
        match,
        cover,
        layout,
        article[layout.hit],
        unknown,
        telling,
        common[columns],
        names,
        meaning,
        passage_meaning,
    )


def _asked(query: Query, lexicon: Lexicon) -> tuple[list[Word], Floats]:
    """Return the words that are asked for, and how much each counts: less where the question does not say it itself."""
    said = content(query.text, query.language)
    known = {each.folded for each in said}
    echoed = [each for each in content(" ".join(query.cited), query.language) if each.folded not in known]
    telling, _ = lexicon.look_up([each.folded for each in echoed])
    kept = sorted(np.argsort(-telling, kind="stable")[:_ECHOES].tolist())
    factors = [_CARRIED if each.folded in query.carried else 1.0 for each in said] + [_ECHOED] * len(kept)
    return said + [echoed[at] for at in kept] if said else [], np.array(factors, dtype=np.float32)


def _agreement(query: Query, asked: Sequence[Word], hits: Sequence[Hit], passages: Sequence[PassageWords]) -> Floats:
    """Return how far the words of all sentences may stand for those asked, by the thesaurus."""
    spoken = words(query.text, query.language)[:_MOST_SPOKEN]
    units = thesaurus.shipped().units([spoken], query.language)
    *starts, length = accumulate((len(each.words) for each in passages), initial=0)
    found = thesaurus.joined([(at, thesaurus.passage_units(hit.passage)) for at, hit in zip(starts, hits, strict=True)])
    said = thesaurus.shipped().agreement(units, found, (len(spoken), length))
    match = np.zeros((len(asked), length), dtype=np.float32)
    rows = {each.folded: row for row, each in enumerate(asked)}
    for place, each in enumerate(spoken):
        if each.folded in rows:
            np.maximum(match[rows[each.folded]], said[place], out=match[rows[each.folded]])
    return match


def _topics(asked: Sequence[Word], hits: Sequence[Hit], cover: Floats, hit_of: Ints, article: Ints) -> Flags:
    """Which question words are what a hit's article is about, shape (question words, hits).

    They are in its title, or in most of its passages. Every sentence of the article is about them, named or not, so
    that they tell articles apart and not sentences.
    """
    titles = [{each.stem for each in words(hit.passage.title, hit.passage.language)} for hit in hits]
    found = np.array([[each.stem in title for title in titles] for each in asked], dtype=bool)
    held = np.stack([(cover[:, hit_of == number] > _SAME).any(axis=1) for number in range(len(hits))], axis=1)
    for number in range(int(article.max()) + 1):
        mine = article == number
        if mine.sum() >= _SEVERAL:
            found[:, mine] |= (held[:, mine].mean(axis=1) > _MOSTLY)[:, None]
    return found


def _meanings(centre: Floats, weighted: Floats, layout: Layout) -> tuple[Floats, Floats]:
    """Return the cosine of each sentence, and of each sentence's passage, with the question."""
    sums = layout.total(weighted)
    wholes = np.zeros((int(layout.hit.max()) + 1, weighted.shape[1]), dtype=np.float32)
    np.add.at(wholes, layout.hit, sums)
    return _cosine(sums, centre), _cosine(wholes, centre)[layout.hit]


def _cosine(rows: Floats, vector: Floats) -> Floats:
    scale = np.linalg.norm(rows, axis=1) * float(np.linalg.norm(vector))
    return np.asarray(rows @ vector / np.maximum(scale, 1e-9), dtype=np.float32)


def _capitals(question: str, asked: Sequence[Word]) -> Flags:
    """Which words have a capital that does not merely open the question."""
    opening = question.lstrip(" \"'“‘„¿([")
    return np.array([each.surface[:1].isupper() and not opening.startswith(each.surface) for each in asked], dtype=bool)
