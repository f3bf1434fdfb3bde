"""Words by which a question points back at what was said before: pronouns, ``dat``, ``daarvoor``, ``die andere``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from newsbot.answering.judging.names import names
from newsbot.language import words
from newsbot.models import Turn

Pointer = Literal["", "he", "they", "it", "that"]
"""What a question points at: nothing, one person, several, a thing, or what the turn before was about."""

NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:iets|wat|heel iets) (?:heel |totaal )?anders|andere vraag|nieuwe? (?:vraag|onderwerp)|ander onderwerp"
    r"|trouwens|something (?:else|different)|(?:a )?(?:different|new|another) (?:question|topic|subject)|by the way|btw"
    r"|changing the subject|unrelated|on another note)\b[\s:,.;–—-]*",
    re.IGNORECASE,
)
"""An opening that leaves the old subject."""

_HOW_ABOUT = r"(?:hoe zit (?:het|dat|t) (?:dan )?met|what about|how about)"
ALSO = re.compile(
    rf"^\W*(?:en|and|maar|but|ok(?:e|é|ay)?|oké|so|dus|nou)\b[\s,]*(?:{_HOW_ABOUT})?\s*|^\W*{_HOW_ABOUT}\s*",
    re.IGNORECASE,
)
"""An opening that goes on with the old subject."""

OTHER = re.compile(
    r"\b(?:(?:die|de|dat|het|den|that|the) (?:andere?n?|ander|tweede|second|laatste|last|other(?:s| one| ones)?)"
    r"|(?:another|other) one)\b",
    re.IGNORECASE,
)
"""The one of several that was not spoken of."""

MORE = re.compile(
    r"\b(?:wie|wat|waar|nog) (?:nog )?(?:meer|iemand|anders|iets)\b|\bnog meer\b|\bwie nog\b"
    r"|\b(?:who|what|anyone|anything) else\b|\b(?:vertel|zeg) (?:eens |er )?(?:wat |iets )?meer\b"
    r"|\btell me more\b|\bmore (?:details|about (?:that|it|this))\b",
    re.IGNORECASE,
)
"""A wish for more of the same."""

ASKS = re.compile(
    r"\b(?:wie|wat|waar\w*|wanneer|hoe\w*|welke?|who|whom|whose|what|where|when|why|how|which)\b", re.IGNORECASE
)
"""A question word."""

_HE = frozenset(words("hij hem zijn zn ie he him his she her hers haar zij"))
_THEY = frozenset(words("ze zij hun hen they them their theirs"))
_IT = frozenset(words("it its"))
_PRONOUNS: tuple[tuple[frozenset[str], Pointer], ...] = ((_HE, "he"), (_THEY, "they"), (_IT, "it"))
_THAT = frozenset(words("dat dit die deze that this those these"))
_THERE = frozenset(
    words(
        """daarvoor daarna daarmee daarover daarop daarvan daarbij daaraan daarin daartegen daardoor ervoor erna ervan
        erover erop ermee erbij erin daar toen then there before afterwards thereafter thereof"""
    )
)
_AFTER_THAT = frozenset(
    words(
        """was is waren zijn were are dan ook nu gebeurde klopt klopte precies eigenlijk happen happened mean means then
        exactly too betekent betekende"""
    )
)
_BEFORE_THAT = frozenset(
    words(
        "van in op over met bij naar uit voor is was zijn waren werd of at on about with from to are were did does by"
    )
)
_BEFORE_ARE = frozenset(words("wie wat waar wanneer hoe welke waarom er dat die dit deze hier daar mensen"))
_AFTER_ARE = frozenset(words("de het een er ze zij die dat deze dit in op bij naar van daar hier"))


def spoken_names(history: Sequence[Turn]) -> set[str]:
    """Return the folded words of the names in the latest turns."""
    return {word for turn in history[-4:] for name in names(turn.text) for word in words(name)}


def pointer(question: str, history: Sequence[Turn]) -> Pointer:
    """Return what a question points back at.

    A pronoun after a name points at that name, inside the question.
    """
    spoken = words(question)
    named = {word for name in names(question) for word in words(name)} | spoken_names(history)
    for at, word in enumerate(spoken):
        if word not in _THERE and any(each in named for each in spoken[:at]):
            return ""
        found = _pointed(spoken, at)
        if found:
            return found
    return ""


def _pointed(spoken: Sequence[str], at: int) -> Pointer:
    word, last = spoken[at], at == len(spoken) - 1
    if word == "zijn" and not _is_his(spoken, at):
        return ""
    if word in ("zij", "ze") and any(each.endswith("en") for each in spoken[max(0, at - 1) : at + 2]):
        return "they"
    for listed, found in _PRONOUNS:
        if word in listed and (found != "it" or at > 0):
            return found
    if word in _THAT and (last or spoken[at + 1] in _AFTER_THAT or _demonstrates(spoken, at)):
        return "that"
    return "that" if word in _THERE and (last or word.startswith(("daar", "er")) or word == "toen") else ""


def _is_his(spoken: Sequence[str], at: int) -> bool:
    """Whether ``zijn`` is *his* rather than *are*."""
    return 0 < at < len(spoken) - 1 and spoken[at - 1] not in _BEFORE_ARE and spoken[at + 1] not in _AFTER_ARE


def _demonstrates(spoken: Sequence[str], at: int) -> bool:
    """Whether a demonstrative opens what is asked about: ``dat team``, ``in die memo``, ``that company``."""
    return (at <= 1 or spoken[at - 1] in _BEFORE_THAT) and len(spoken) <= 8
