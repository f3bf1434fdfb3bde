"""The words of passages and questions, and what they look like: names, numbers, dates, reasons, speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newsbot.answering.judging import vocabulary
from newsbot.language import ngrams, stems, word_spans
from newsbot.models import Passage

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, folded, its stem, and its character n-grams, each once."""

    surface: str
    folded: str
    stem: str
    grams: tuple[str, ...]


@lru_cache(maxsize=20_000)
def _word(surface: str, folded: str, language: str) -> Word:
    return Word(surface, folded, stems([folded], language)[0], tuple(dict.fromkeys(ngrams([folded]))))


def words(text: str, language: str) -> list[Word]:
    """Return the words of a text in order."""
    return [_word(text[start:end], folded, language) for folded, start, end in word_spans(text)]


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The words of one passage, laid end to end.

    Attributes:
        words: every word of every sentence.
        sentence: which sentence of the passage each word belongs to.
        lengths: words per sentence.
        name: words that look like (part of) a name: a capital that does not merely open the sentence.
        number: numerals and number words.
        date: years, months, days and the like.
        place: names after a preposition of place.
        function: function words of any language.
        many: words that tell at least that it is much.
        reason, saying, quoted, asking, leaning (on the sentence before), vague (about a number): per sentence.
    """

    words: tuple[Word, ...]
    sentence: Ints
    lengths: Ints
    name: Flags
    number: Flags
    date: Flags
    place: Flags
    function: Flags
    many: Flags
    reason: Flags
    saying: Flags
    quoted: Flags
    asking: Flags
    leaning: Flags
    vague: Flags

    def rows(self) -> list[tuple[Word, ...]]:
        """Return the words of each sentence."""
        ends = np.cumsum(self.lengths).tolist()
        return [self.words[end - length : end] for end, length in zip(ends, self.lengths.tolist(), strict=True)]


_FLAGS = 6
"""Flags of a word."""


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and "1000" <= text <= "2199"


@lru_cache(maxsize=1024)
def passage_words(passage: Passage) -> PassageWords:
    """Return the words of a passage; remembered, since passages are asked about again and again."""
    all_words: list[Word] = []
    sentence: list[int] = []
    flags: list[tuple[bool, ...]] = []
    per_sentence: list[tuple[int, bool, bool, bool, bool, bool, bool]] = []
    for number, span in enumerate(passage.sentences):
        text = passage.quote(span.start, span.end)
        row = words(text, passage.language)
        all_words += row
        sentence += [number] * len(row)
        flags += _word_flags(row)
        folded = {each.folded for each in row}
        per_sentence.append(
            (
                len(row),
                not folded.isdisjoint(vocabulary.REASONS),
                not folded.isdisjoint(vocabulary.SAYING),
                any(mark in text for mark in '"“”„«»') or text.lstrip().startswith(("'", "‘")),
                text.rstrip("\"”' ").endswith("?"),
                bool(row) and row[0].folded in vocabulary.DEPENDENT,
                not folded.isdisjoint(vocabulary.VAGUE),
            )
        )
    columns = np.array(flags, dtype=bool).reshape(-1, _FLAGS)
    lengths, *marks = (
        (np.array(column) for column in zip(*per_sentence, strict=True)) if per_sentence else [np.zeros(0)] * 7
    )
    return PassageWords(
        tuple(all_words),
        np.array(sentence, dtype=np.int64),
        lengths.astype(np.int64),
        *(columns[:, i] for i in range(_FLAGS)),
        *(mark.astype(bool) for mark in marks),
    )


def _word_flags(row: Sequence[Word]) -> list[tuple[bool, ...]]:
    flags: list[tuple[bool, ...]] = []
    before = ""
    for at, each in enumerate(row):
        capital = each.surface[:1].isupper()
        function = each.folded in vocabulary.ALL_FUNCTION
        name = capital and not function and (at > 0 or _opens_name(row))
        date = _is_year(each.folded) or each.folded in vocabulary.DATES
        number = each.folded[:1].isdigit() or each.folded in vocabulary.NUMBERS or each.folded in "½¼¾"
        place = name and (before in vocabulary.PLACES or (flags[-1][3] if flags else False))
        flags.append((name, number, date, place, function, each.folded in vocabulary.MANY))
        before = each.folded
    return flags


def _opens_name(row: Sequence[Word]) -> bool:
    """Whether the first word of a sentence is likely a name: a second capital follows, or it is not all lower after."""
    second = row[1].surface if len(row) > 1 else ""
    first = row[0].surface
    return second[:1].isupper() or any(letter.isupper() for letter in first[1:])
