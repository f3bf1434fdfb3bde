"""Whether a claim stands in the sentences that it cites: names, numbers, dates, quotations, negations, and the rest.

Everything here is code that compares; no model is asked. A source is read generously and a claim strictly, and what
cannot be compared (a paraphrase in another language without a name or number in it) is let through: the limits are in
``docs/chat-models.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from newsbot.answering.checking import lexicon, polarity
from newsbot.answering.checking.facts import facts
from newsbot.answering.checking.meaning import remember
from newsbot.answering.checking.names import WORD, names, occurs, vocabulary
from newsbot.answering.checking.polarity import alike, clauses
from newsbot.language import FUNCTION_WORDS, fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LINK = re.compile(r"(?:https?://|www\.)\S+|<[@#/][^>\s]*>|@\w+", re.IGNORECASE)
_SPEAKER = re.compile(
    r"\b(?:hij|hem|zij|ze|haar|hun|hen|ik|we|wij|ons|onze|mijn|me|he|him|his|she|her|they|them|their|i|my|our|us)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    rf"\b(?:[Dd]e|[Hh]et|[Tt]he|[Ee]en|an?)\s+(?:[a-z-]+\s+)?(?i:{'|'.join(sorted(lexicon.TITLES))})\b(?!\s+[A-Z])"
)
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”»]")
_NAME = r"[A-Z][\w'’-]+(?: (?:(?:de|den|der|van|von|ten|ter) )*[A-Z][\w'’-]+){0,3}"
_LIST = re.compile(rf"(?:{_NAME}, ){{0,20}}{_NAME} (?:en|and) {_NAME}")
_NAMES_ENOUGH = 4
_LEAST_SHARED = 0.33
_SAME_MEANING, _SAME_NAME = 0.45, 0.8


class Similarity(Protocol):
    """Meaning across words and languages."""

    def __call__(self, one: Sequence[str], other: Sequence[str], /) -> Sequence[Sequence[float]] | NDArray[np.float32]:
        """Return similarities, 0 to 1, of shape (words of ``one``, words of ``other``); all words are folded."""
        ...


class Told(NamedTuple):
    """One sentence of an article, and its language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Support:
    """What a claim may rest on.

    Attributes:
        cited: the sentences that it cites.
        near: those and the sentences beside them; numbers, dates and negations may stand here.
        around: those, the few sentences before them and the title; names and words may stand here.
        before: those and the nearest before them that name somebody; the name behind a "he" or "we" may stand here.
        similarity: meaning across words and languages, when an embedding offers it.
    """

    cited: tuple[Told, ...]
    near: tuple[Told, ...]
    around: tuple[Told, ...]
    before: tuple[Told, ...]
    similarity: Similarity | None = None


def check(claim: str, support: Support, language: str) -> str:
    """Return an empty string when ``claim``, written in ``language``, stands in its support, else why it does not."""
    if not speaks(claim, language):
        return "another language"
    for test in (_links, _facts, _names, _sense, _content):
        reason = test(claim, support, language)
        if reason:
            return reason
    return ""


def speaks(text: str, language: str) -> bool:
    """Whether ``text`` can be of ``language``: its function words are not those of another, and not all missing."""
    if language not in FUNCTION_WORDS:
        return True
    tokens = [fold(word) for word in WORD.findall(text)]
    lower = [fold(word) for word in WORD.findall(text) if word[0].islower()]
    hits = {code: sum(token in listed for token in tokens) for code, listed in FUNCTION_WORDS.items()}
    rival = max(count for code, count in hits.items() if code != language)
    if len(lower) >= 5 and not hits[language]:
        return False
    return not (rival >= 2 and rival > 2 * hits[language])


# --- links and numbers ------------------------------------------------------------------------------------------------


def _links(claim: str, support: Support, _: str) -> str:
    for match in _LINK.finditer(claim):
        if not any(match[0].rstrip(".,;:!?)") in told.text for told in support.near):
            return f"a link or mention that the source lacks: {match[0][:40]}"
    return ""


def _facts(claim: str, support: Support, language: str) -> str:
    told = [fact.meanings for each in support.near for fact in facts(*each, every_reading=True)]
    stated = frozenset().union(*told)
    for fact in facts(claim, language):
        if not fact.meanings & stated and not any(_counted(each.text) & fact.meanings for each in support.cited):
            return f"a number or date that the source lacks: {fact.surface}"
    return ""


def _counted(text: str) -> set[str]:
    """Return how many names the lists of a sentence hold: "A, B, C and D" says four."""
    return {f"n{match[0].count(',') + 2}" for match in _LIST.finditer(text)}


# --- names ------------------------------------------------------------------------------------------------------------


def _names(claim: str, support: Support, language: str) -> str:
    refers = any(_SPEAKER.search(told.text) for told in support.cited)
    pool = vocabulary(*_texts(support.before if refers else support.around))
    found = names(claim, language, _texts(support.around))
    for name in found:
        if not occurs(name, pool) and not _translated(name, support, language):
            return f"a name that the source lacks: {name}"
    cited = vocabulary(*_texts(support.cited))
    if found and not any(occurs(name, cited) for name in found) and any(map(_names_its_own, support.cited)):
        return f"a name in the place of another: {found[0]}"
    return ""


def _translated(name: str, support: Support, language: str) -> bool:
    """Whether a source in another language has another word for a name (Oxygen, Zuurstof); a look-alike will not do."""
    if support.similarity is None or all(told.language == language for told in support.cited):
        return False
    plain = fold(name)
    told = [word for word in _words(support.around) if not alike(plain, word)]
    return bool(told) and max(support.similarity([plain], told)[0]) >= _SAME_NAME


def _names_its_own(told: Told) -> bool:
    """Whether a sentence names whom it is about, outside quotations, and points to nobody who is named elsewhere."""
    text = _QUOTED.sub(" ", told.text)
    own = any(name[0].isupper() for name in names(text, told.language))
    return own and not _SPEAKER.search(text) and not _OFFICE.search(text)


def _words(told: Sequence[Told]) -> list[str]:
    return sorted({word for each in told for clause in clauses(*each) for word in clause.words})


def _texts(told: Sequence[Told]) -> tuple[str, ...]:
    return tuple(each.text for each in told)


# --- what is said of them ---------------------------------------------------------------------------------------------


def _sense(claim: str, support: Support, language: str) -> str:
    cited = _texts(support.cited)
    if polarity.opposite(claim, cited):
        return "the opposite of the source"
    if polarity.accusation(claim, _texts(support.near)):
        return "something grave that the source lacks"
    if polarity.negation(claim, language, support.cited, support.near):
        return "a negation that differs from the source"
    if polarity.swapped(claim, language, cited):
        return "names in each other's place"
    return ""


def _content(claim: str, support: Support, language: str) -> str:
    """Ask that a third of the words, and one that is not a name, be the source's in form or, if known, in meaning."""
    if support.similarity is None and any(told.language != language for told in support.cited):
        return ""
    named = {fold(name) for name in names(claim, language, _texts(support.around))}
    words = {word for clause in clauses(claim, language) for word in clause.words}
    told = _words(support.around)
    plain = [word for word in words if word not in named and not word[0].isdigit() and word not in lexicon.NUMERALS]
    if not plain or len(named) >= max(_NAMES_ENOUGH, 2 * len(plain)):
        return ""
    shared = [word for word in plain if any(alike(word, other) for other in told)]
    rest = [word for word in plain if word not in shared]
    if rest and told and support.similarity is not None:
        likeness = support.similarity(rest, told)
        shared += [word for word, row in zip(rest, likeness, strict=True) if max(row) >= _SAME_MEANING]
    if not shared and polarity.share_gravity(claim, _texts(support.near)):
        return ""
    if not shared or (len(shared) + len(words) - len(plain)) < _LEAST_SHARED * len(words):
        return "words that the source lacks"
    return ""


def learn(told: Told) -> None:
    """Read a sentence for what claims will be compared with; reading it again costs nothing."""
    facts(*told, every_reading=True)
    vocabulary(told.text)
    polarity.learn(*told)
    remember(_words([told]))


def related(claim: str, language: str, told: Told) -> bool:
    """Whether a claim has a word, number or name in common with a sentence."""
    words = [word for clause in clauses(*told) for word in clause.words]
    if any(alike(word, other) for clause in clauses(claim, language) for word in clause.words for other in words):
        return True
    meanings = frozenset().union(*(fact.meanings for fact in facts(*told, every_reading=True)))
    return any(fact.meanings & meanings for fact in facts(claim, language))
