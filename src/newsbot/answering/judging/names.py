"""Names in running text, by their capitals: good enough to know whom a conversation is about."""

from __future__ import annotations

import re

from newsbot.answering.judging.vocabulary import ALL_FUNCTION, ASKING, DATES
from newsbot.language import fold, words

_PART = r"[^\W\d_a-zß-ÿ][\w’'&.-]*[\w&]|[^\W\d_a-zß-ÿ]"
_RUN = re.compile(
    rf"(?:{_PART})(?:[ ](?:(?:de|den|der|van|von|of|the|ten|ter|di|da|el|al|bin)[ ]){{0,2}}(?:{_PART}|\d+))*"
)
_OPENING = re.compile(r"(?:^|[.?!:;]\s+|[\"“„«(]\s*)$")
_COMMON = frozenset(
    words(
        """maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday
        sunday ceo cto cfo president minister directeur burgemeester mayor director chief officer"""
    )
)
_ORGANISATION = re.compile(r"[a-z][A-Z]|[A-Z]{2,}|\d|&")
_ORGANISATION_WORDS = frozenset(
    words("bank university universiteit museum company inc bv nv ltd raad council ministerie ministry party partij fc")
)


def names(text: str) -> list[str]:
    """Return the names in a text, each once, in order; a capital that merely opens a sentence makes no name."""
    found: dict[str, str] = {}
    for match in _RUN.finditer(text):
        run = _trimmed(match.group(), bool(_OPENING.search(text[: match.start()])))
        if run:
            found.setdefault(fold(run), run)
    return list(found.values())


def _trimmed(run: str, opens: bool) -> str:
    """Drop titles, function words and possessives around a name; a lone word that opens a sentence is no name."""
    parts = re.sub(r"[’']s?$", "", run).split(" ")
    while parts and _plain(parts[0], opens):
        parts.pop(0)
        opens = False
    if opens and len(parts) > 2 and sum(part[:1].isupper() for part in parts) > 2:
        parts.pop(0)  # what someone is comes before who it is: ``Mayor Sean Kelleher``
    while parts and (fold(parts[-1]) in ALL_FUNCTION or fold(parts[-1]) in _COMMON):
        parts.pop()
    if len(parts) == 1 and opens and not _ORGANISATION.search(parts[0]):
        return ""
    return " ".join(parts) if any(len(part) > 1 for part in parts) else ""


def _plain(part: str, opens: bool) -> bool:
    word = fold(part)
    return word in ALL_FUNCTION or word in _COMMON or word in DATES or (opens and word in ASKING)


def is_person(name: str) -> bool:
    """Whether a name looks like a person's rather than an organisation's."""
    return not _ORGANISATION.search(name) and _ORGANISATION_WORDS.isdisjoint(words(name))
