"""A follow-up made complete: what it leaves unsaid is taken from the turns before it.

No model is asked. A question that leans on the conversation (a pronoun, ``en die andere?``, a bare ``waarom?``) gets the
names or the content words that it is about; any other question is left as it is, so that an old subject is not dragged
into a new one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsbot.answering import smalltalk
from newsbot.answering.evidence import content
from newsbot.answering.expectation import expected
from newsbot.answering.names import is_person, names
from newsbot.answering.vocabulary import GENERIC
from newsbot.language import fold, is_function_word, words
from newsbot.models import Turn

_DEEPEST = 6
_MOST_WORDS = 8

_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:iets|wat|heel iets) (?:heel |totaal )?anders|andere vraag|nieuwe? (?:vraag|onderwerp)|ander onderwerp"
    r"|trouwens|something (?:else|different)|(?:a )?(?:different|new|another) (?:question|topic|subject)|by the way|btw"
    r"|changing the subject|unrelated|on another note)\b[\s:,.;–—-]*",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^\W*(?:en|and|maar|but|ok(?:e|é|ay)?|oké|so|dus|nou)\b[\s,]*(?:(?:hoe zit|zit) (?:het|dat|t) (?:dan )?met|what about|"
    r"how about)?\s*|^\W*(?:hoe zit (?:het|dat|t) (?:dan )?met|what about|how about)\s*",
    re.IGNORECASE,
)
_HE = frozenset("hij hem zijn z'n zn ie he him his she her hers haar zij".split())  # noqa: SIM905
_THEY = frozenset("ze zij hun hen they them their theirs zich".split())  # noqa: SIM905
_IT = frozenset("it its".split())  # noqa: SIM905
_THAT = frozenset("dat dit die deze that this those these".split())  # noqa: SIM905
_THERE = frozenset(
    """daarvoor daarna daarmee daarover daarop daarvan daarbij daaraan daarin daartegen daardoor ervoor erna ervan erover
    erop ermee erbij erin daar toen then there before afterwards thereafter thereof""".split()  # noqa: SIM905
)
_OTHER = re.compile(
    r"\b(?:(?:die|de|dat|het|den|that|the) (?:andere?n?|ander|tweede|second|laatste|last|other(?:s| one| ones)?)|the other"
    r"|(?:another|other) one)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:wie|wat|waar|nog) (?:nog )?(?:meer|iemand|anders|iets)\b|\bnog meer\b|\bwie nog\b|\b(?:who|what|anyone|anything) else\b"
    r"|\b(?:vertel|zeg) (?:eens |er )?(?:wat |iets )?meer\b|\btell me more\b|\bmore (?:details|about (?:that|it|this))\b",
    re.IGNORECASE,
)
_FOLLOWS_THAT = frozenset(
    """was is waren zijn were are dan ook nu gebeurde klopt klopte precies eigenlijk happen happened mean means then exactly
    too betekent betekende""".split()  # noqa: SIM905
)
_WHO_IS = re.compile(r"\b(?:[Ww]ie|[Ww]ho)(?:[’']s| is| was)\s+(?:[A-Z]|(?!the |de |het |een |an? )\w+ ?\w*\W*$)")
_QUOTES = re.compile(r"(.+?)\s*\[\d+\]", re.DOTALL)
_ASKS = re.compile(
    r"\b(?:wie|wat|waar\w*|wanneer|hoe\w*|welke?|who|whom|whose|what|where|when|why|how|which)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Before:
    """The question asked before, complete in itself, and the quotes that answered it."""

    question: str
    quotes: tuple[str, ...]


def standalone(question: str, history: Sequence[Turn], language: str) -> str:
    """Return a question that can be understood without the turns before it.

    Args:
        question: as asked now.
        history: earlier turns, oldest first; an assistant's turn is the text of the answer, with its ``[1]`` marks.
        language: ISO 639-1 code of the question.
    """
    asked = _NEW_SUBJECT.sub("", question, count=1)
    if asked != question and words(asked):
        return asked
    before = _before(history, language, _DEEPEST)
    if before is None:
        return question
    return _resolved(question, before, language, history)


def _before(history: Sequence[Turn], language: str, depth: int) -> _Before | None:
    for at in range(len(history) - 1, -1, -1):
        turn = history[at]
        if turn.role == "user" and words(turn.text) and smalltalk.occasion(turn.text) is None:
            asked = standalone(turn.text, history[:at][-2 * depth :], language) if depth > 0 else turn.text
            answer = next((each.text for each in history[at + 1 :] if each.role == "assistant"), "")
            body = answer.split("\n", 1)[-1]
            return _Before(asked, tuple(match.strip() for match in _QUOTES.findall(body)))
    return None


def _resolved(question: str, before: _Before, language: str, history: Sequence[Turn]) -> str:
    rest = _ALSO.sub("", question, count=1)
    spoken, own = words(rest), names(rest)
    telling = [each.folded for each in content(rest, language) if _tells(each.folded, language)] if spoken else []
    if _OTHER.search(rest) and len(telling) <= 2:
        return _other(rest, before, language)
    if _MORE.search(rest) and len(telling) <= 2:
        return _with(question, [before.question])
    pronoun = _pronoun(spoken, own, rest, history)
    if pronoun:
        return _with(question, _meant(pronoun, own, before, language))
    if not _ASKS.search(rest) and 0 < len(telling) <= 3 and len(spoken) <= (5 if rest != question else 2):
        return _swapped(rest, before, language, history)
    if len(telling) == 0 or (rest != question and len(telling) <= 1):
        named = names(before.question) if telling and _ASKS.search(rest) else []
        return _with(question, _subject(before, language, without=[*own, *named]))
    return question


def _tells(word: str, language: str) -> bool:
    if word in _UNTELLING or is_function_word(word, language):
        return False
    return word not in GENERIC.get(language, frozenset())


_UNTELLING = frozenset(words("precies eigenlijk dan nog ook meer exactly then also more andere other ander tweede second"))


def _pronoun(spoken: Sequence[str], own: Sequence[str], rest: str, history: Sequence[Turn]) -> str:
    """Return the word that points outside the question, or an empty string.

    A pronoun after a name points to that name, inside the question.
    """
    named = {word for name in own for word in words(name)} | _spoken_names(history)
    for at, word in enumerate(spoken):
        if any(each in named for each in spoken[:at]) and word not in _THERE:
            return ""
        if word == "zijn" and not _possessive(spoken, at):
            continue
        if word in ("zij", "ze") and any(each.endswith("en") for each in spoken[max(0, at - 1) : at + 2]):
            return "they"
        if word in _HE or word in _THEY or (word in _IT and at > 0):
            return word
        if word in _THAT and (at == len(spoken) - 1 or spoken[at + 1] in _FOLLOWS_THAT or _points(spoken, at)):
            return word
        if word in _THERE and (at == len(spoken) - 1 or word.startswith(("daar", "er")) or word == "toen"):
            return word
    return ""


def _possessive(spoken: Sequence[str], at: int) -> bool:
    """Whether ``zijn`` is *his* rather than *are*: it follows a word that is no question word, and a word follows it."""
    return 0 < at < len(spoken) - 1 and spoken[at - 1] not in _QUESTION_WORDS and spoken[at + 1] not in _ARTICLES


_QUESTION_WORDS = frozenset(words("wie wat waar wanneer hoe welke waarom er dat die dit deze hier daar onderzoekers mensen"))
_ARTICLES = frozenset(words("de het een er ze zij die dat deze dit in op bij naar van daar hier"))


def _points(spoken: Sequence[str], at: int) -> bool:
    """Whether a demonstrative opens what is asked about: ``dat team``, ``in die memo``, ``that company``."""
    early = at <= 1 or spoken[at - 1] in _BEFORE_POINTING
    return early and len(spoken) <= 8 and at < len(spoken) - 1


_BEFORE_POINTING = frozenset(
    words("van in op over met bij naar uit voor is was zijn waren werd of at on about with from to are were did does by")
)


def _spoken_names(history: Sequence[Turn]) -> set[str]:
    return {word for turn in history[-4:] for name in names(turn.text) for word in words(name)}


def _meant(pronoun: str, own: Sequence[str], before: _Before, language: str) -> list[str]:
    """Return what a pronoun stands for, most likely first."""
    asked = [each for each in _asked_about(before) if each not in own]
    quoted = [each for quote in before.quotes[:1] for each in names(quote) if each not in own and each not in asked]
    people = _fullest([each for each in asked if is_person(each)])[:1]
    if pronoun in _HE:
        answered = _fullest([each for each in quoted if is_person(each)])[:2]
        who = expected(before.question, language) == "person" and not _WHO_IS.search(before.question)
        found = (answered or people) if who else (people or answered)
        return found or asked[:1] or _subject(before, language)
    if pronoun in _THEY:
        return asked or _words_of(before, language) + _fullest([each for each in quoted if is_person(each)])[:4]
    if pronoun in _IT:
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
    """Ask the question before about something else: ``en Altman?`` after ``Wat zei Mark Chen?``."""
    bare = rest.strip(" ?!.")
    asked = names(before.question)
    spoken = words(bare)
    capital = any(part[:1].isupper() and _tells(fold(part), language) for part in bare.split())
    if capital or (spoken[-1] in _spoken_names(history)) or (len(spoken) == 1 and len(asked) == 1):
        alike = [each for each in asked if is_person(each) == is_person(bare.title() if bare.islower() else bare)] or asked
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
