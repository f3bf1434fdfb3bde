"""A follow-up made complete: what it leaves unsaid is taken from the turns before it.

No model is asked. A question that leans on the conversation (a pronoun, ``en die andere?``, a bare ``waarom?``) gets
the names or the content words that it is about; any other question is left as it is, so that an old subject is not
dragged into a new one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsbot.answering import smalltalk
from newsbot.answering.judging.evidence import content
from newsbot.answering.judging.expectation import expected
from newsbot.answering.judging.names import is_person, names
from newsbot.answering.judging.vocabulary import GENERIC
from newsbot.answering.phrases import is_refusal
from newsbot.answering.query import Query
from newsbot.answering.references import ALSO, ASKS, MORE, NEW_SUBJECT, OTHER, Pointer, pointer, spoken_names
from newsbot.language import fold, is_function_word, words
from newsbot.models import Turn

_DEEPEST = 12  # turns that are looked back upon
_MOST_WORDS = 8
_WHO_IS = re.compile(r"\b(?:[Ww]ie|[Ww]ho)(?:[’']s| is| was)\s+(?:[A-Z]|(?!the |de |het |een |an? )(?:\w+ ?){1,4}\W*$)")
_QUOTES = re.compile(r"(.+?)\s*\[\d+\]", re.DOTALL)
_IN_MARKS = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")
_UNTELLING = frozenset(
    words("precies eigenlijk dan nog ook meer exactly then also more andere other ander tweede second")
)


_PREPOSITIONS = frozenset(
    words("van over bij met in voor naar aan op tegen uit door of about at from with for to on against by")
)


@dataclass(frozen=True, slots=True)
class _Before:
    """The question asked before, complete in itself, and the quotes that answered it."""

    question: str
    quotes: tuple[str, ...]


def understand(question: str, history: Sequence[Turn], language: str) -> Query:
    """Complete a question from the turns before it.

    Args:
        question: as asked now.
        history: earlier turns, oldest first; an assistant's turn is the text of the answer, with its ``[1]`` marks.
        language: ISO 639-1 code of the question.
    """
    asked = NEW_SUBJECT.sub("", question, count=1)
    if asked != question and words(asked):
        return Query(asked, language)
    before = _before(history[-_DEEPEST:], language)
    if before is None:
        return Query(question, language)
    text = _resolved(question, before, language, history)
    if text == question:
        return Query(question, language)
    return Query(text, language, frozenset(words(text)).difference(words(question)), before.quotes[:1])


def _before(history: Sequence[Turn], language: str) -> _Before | None:
    for at in range(len(history) - 1, -1, -1):
        turn = history[at]
        if turn.role == "user" and words(turn.text) and smalltalk.occasion(turn.text) is None:
            asked = understand(turn.text, history[:at], language).text
            answer = next((each.text for each in history[at + 1 :] if each.role == "assistant"), "")
            body = answer.split("\n", 1)[-1]
            return _Before(asked, tuple(match.strip() for match in _QUOTES.findall(body)) or _marked(answer))
    return None


def _marked(answer: str) -> tuple[str, ...]:
    """Return what stands in quotation marks in an answer without ``[1]`` marks, or all of it where nothing does.

    A refusal has told nothing.
    """
    if not answer or is_refusal(answer):
        return ()
    return tuple(_IN_MARKS.findall(answer)) or (answer,)


def _resolved(question: str, before: _Before, language: str, history: Sequence[Turn]) -> str:
    rest = ALSO.sub("", question, count=1)
    spoken, own = words(rest), names(rest)
    telling = [each.folded for each in content(rest, language) if _tells(each.folded, language)] if spoken else []
    if OTHER.search(rest) and len(telling) <= 2:
        return _other(rest, before, language)
    if MORE.search(rest) and len(telling) <= 2:
        return _with(question, [before.question])
    pointed = pointer(rest, history)
    if pointed:
        return _with(question, _meant(pointed, own, before, language))
    if not ASKS.search(rest) and 0 < len(telling) <= 3 and len(spoken) <= (5 if rest != question else 2):
        return _swapped(rest, before, language, history)
    if len(telling) == 0 or (rest != question and len(telling) <= 1):
        named = names(before.question) if telling and ASKS.search(rest) else []
        return _with(question, _subject(before, language, without=[*own, *named]))
    return question


def _tells(word: str, language: str) -> bool:
    if word in _UNTELLING or is_function_word(word, language):
        return False
    return word not in GENERIC.get(language, frozenset())


def _meant(pointed: Pointer, own: Sequence[str], before: _Before, language: str) -> list[str]:
    """Return what a pointer stands for, most likely first."""
    asked = [each for each in _asked_about(before) if each not in own]
    quoted = [each for quote in before.quotes[:1] for each in names(quote) if each not in own and each not in asked]
    people = _fullest([each for each in asked if is_person(each)])[:1]
    if pointed == "he":
        answered = _fullest([each for each in quoted if is_person(each)])[:2]
        who = expected(before.question, language) == "person" and not _WHO_IS.search(before.question)
        found = (answered or people) if who else (people or answered)
        return found or asked[:1] or _subject(before, language)
    if pointed == "they":
        several = [each for each in people if " " in each]
        return several or _words_of(before, language) + _fullest([each for each in quoted if is_person(each)])[:4]
    if pointed == "it":
        things = [each for each in asked if not is_person(each)]
        return things[:2] or _subject(before, language)
    return _subject(before, language, without=own)


def _asked_about(before: _Before) -> list[str]:
    """Return the names in the question before; those typed without capitals are known from the quotes."""
    said = set(words(before.question))
    known = [each for quote in before.quotes for each in names(quote) if said.issuperset(words(each)[-1:])]
    return names(before.question) or known


def _fullest(people: Sequence[str]) -> list[str]:
    """Return the names of several words if there are any, since a lone word may be a company's."""
    return [each for each in people if " " in each] or list(people)


def _subject(before: _Before, language: str, without: Sequence[str] = ()) -> list[str]:
    """Return what the question before was about: its content words, or if it had none the names that answered it."""
    dropped = {word for name in without for word in words(name)}
    found = [each for each in _words_of(before, language) if fold(each) not in dropped]
    return found or [each for quote in before.quotes[:1] for each in names(quote)][:3]


def _words_of(before: _Before, language: str) -> list[str]:
    return [each.surface for each in content(before.question, language) if each.folded not in _UNTELLING][:_MOST_WORDS]


def _other(rest: str, before: _Before, language: str) -> str:
    """Ask the question before about the other one that its answer names."""
    asked = names(before.question)
    said = {word for name in asked for word in words(name)}
    people = any(is_person(name) for name in asked)
    others = [
        each
        for quote in before.quotes
        for each in names(quote)
        if said.isdisjoint(words(each)) and is_person(each) >= people
    ]
    several = [each for each in others if " " in each] or others
    if asked and several:
        return _replaced(before.question, asked[:1], several[0])
    return _with(rest, _words_of(before, language) + several[1:2] if several else [before.question])


def _swapped(rest: str, before: _Before, language: str, history: Sequence[Turn]) -> str:
    """Ask the question before about something else: ``en Altman?`` after ``Wat zei Mark Chen?``.

    ``en over de cultuur?`` takes the place of what followed the same preposition.
    """
    bare = rest.strip(" ?!.")
    opening = bare.split(" ", 1)[0]
    at = re.search(rf"(?i).*\b({re.escape(opening)})\b", before.question) if opening in _PREPOSITIONS else None
    if at:
        return f"{before.question[: at.start(1)]}{bare}?"
    asked = names(before.question)
    spoken = words(bare)
    capital = any(part[:1].isupper() and _tells(fold(part), language) for part in bare.split())
    if capital or (spoken[-1] in spoken_names(history)) or (len(spoken) == 1 and len(asked) == 1):
        alike = [
            each for each in asked if is_person(each) == is_person(bare.title() if bare.islower() else bare)
        ] or asked
        if alike:
            return _replaced(before.question, alike[:1], bare)
        return _with(rest, [before.question])
    return _with(rest, asked or _words_of(before, language))


def _replaced(question: str, old: Sequence[str], new: str) -> str:
    for each in old:
        question = question.replace(each, new, 1)
    return question


def _with(question: str, carried: Sequence[str]) -> str:
    """Append what is carried, without what the question says already."""
    said = set(words(question))
    fresh = [each for each in dict.fromkeys(carried) if not said.issuperset(words(each))]
    return " ".join([question.strip(), *fresh])
