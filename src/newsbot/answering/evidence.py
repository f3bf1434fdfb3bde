"""How well the sentences of retrieved passages match the words of a question, softly and all at once.

A question word and a sentence word match between 0 and 1: 1 for an equal stem, less for shared character n-grams (Dutch
compounds, cognates, typing errors), and whatever a bilingual word embedding adds. All arrays are over the words of all
candidate sentences laid end to end, so that a question costs a few numpy operations rather than a loop per sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from newsbot.answering import vocabulary
from newsbot.answering.tokens import Flags, Floats, Ints, PassageWords, Word, passage_words, words
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


class WordSimilarity(Protocol):
    """Meaning across words and languages, from an embedding."""

    def __call__(self, question_words: Sequence[str], words: Sequence[str], /) -> Floats:
        """Return similarities, 0 to 1, of shape (question words, words); the words are folded."""
        ...


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
        offsets: where each sentence's words begin.
        sentence: sentence of each word.
        unknown: per question word, whether nothing like it occurs in the index.
    """

    question: tuple[Word, ...]
    weights: Floats
    candidates: tuple[Candidate, ...]
    passages: tuple[PassageWords, ...]
    rows: Ints
    match: Floats
    cover: Floats
    offsets: Ints
    sentence: Ints
    lengths: Ints
    hit: Ints
    unknown: Flags

    def flags(self, name: str) -> Flags:
        """Return a flag of :class:`PassageWords`, laid end to end over all passages."""
        return np.concatenate([getattr(each, name) for each in self.passages])


def content(question: str, language: str) -> list[Word]:
    """Return the words of a question that carry content, each once; all its words if none does."""
    every = {each.folded: each for each in words(question, language)}
    function = FUNCTION_WORDS.get(language, vocabulary.ALL_FUNCTION) | vocabulary.ASKING
    kept = [each for key, each in every.items() if key not in function and (len(key) > 1 or key.isdigit())]
    return kept or list(every.values())


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
        weights.append(kind * (0.25 + 0.75 * rarity))
        unknown.append(frequency == 0)
    return np.array(weights, dtype=np.float32), np.array(unknown, dtype=bool)


def soft_match(
    question: Sequence[Word], vocabulary_words: Sequence[Word], same_language: bool, similarity: WordSimilarity | None
) -> Floats:
    """Return matches, 0 to 1, of shape (question words, words)."""
    holders: dict[str, list[int]] = {}
    for at, each in enumerate(question):
        for gram in each.grams:
            holders.setdefault(gram, []).append(at)
    sizes = np.array([len(each.grams) for each in question], dtype=np.float32)
    match = np.zeros((len(question), len(vocabulary_words)), dtype=np.float32)
    stems = {each.stem: at for at, each in enumerate(question)}
    folded = {each.folded: at for at, each in enumerate(question)}
    known = holders.keys()
    for column, each in enumerate(vocabulary_words):
        for gram in each.grams & known:
            for at in holders[gram]:
                match[at, column] += 1
    match /= sizes[:, None]
    np.power(match, 1.5, out=match)
    match *= 0.9
    for column, each in enumerate(vocabulary_words):
        exact = folded.get(each.folded, stems.get(each.stem, -1) if same_language else -1)
        if exact >= 0:
            match[exact, column] = 1.0
    if similarity is not None:
        np.maximum(
            match, similarity([each.folded for each in question], [each.folded for each in vocabulary_words]), out=match
        )
    return match


def gather(
    question: str,
    language: str,
    hits: Sequence[Hit],
    statistics: Statistics,
    similarity: WordSimilarity | None = None,
) -> Evidence | None:
    """Lay a question beside the sentences of its hits; None when there is nothing to compare."""
    asked = content(question, language)
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
    every = [each for passage in passages for each in passage.words]
    distinct: dict[Word, int] = {}
    columns = np.array([distinct.setdefault(each, len(distinct)) for each in every], dtype=np.int64)
    same = all(hit.passage.language == language for hit in hits)
    match = soft_match(asked, list(distinct), same, similarity)[:, columns]
    lengths = np.concatenate([each.lengths for each in passages])
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    cover = np.zeros((len(asked), len(lengths)), dtype=np.float32)
    filled = lengths > 0
    cover[:, filled] = np.maximum.reduceat(match, offsets[filled], axis=1)
    hit_of = np.array([each.hit for each in candidates], dtype=np.int64)
    return Evidence(
        tuple(asked),
        weights,
        tuple(candidates),
        tuple(passages),
        np.array(kept, dtype=np.int64),
        match,
        cover,
        offsets,
        sentence,
        lengths,
        hit_of,
        unknown,
    )
