"""Whether a claim stands in the sentences that it cites: names, numbers, dates, quotations, negations, and the rest.

Everything here is code that compares; no model is asked. A source is read generously and a claim strictly, and what
cannot be compared (a paraphrase in another language without a name or number in it) is let through: the limits are in
``docs/chat-models.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from newsbot.answering import lexicon
from newsbot.answering.facts import facts
from newsbot.answering.names import WORD, names, occurs, vocabulary
from newsbot.language import FUNCTION_WORDS, fold

_LINK = re.compile(r"(?:https?://|www\.)\S+|<[@#/][^>\s]*>|@\w+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[,;:–—()\"“”«»\n]|[.!?]\s|\s-\s|\b(?:maar|en|omdat|terwijl|hoewel|zodat|but|and|because|while|although|whereas)\b"
)
_ANAPHOR = re.compile(
    r"\b(hij|hem|zijn|zij|ze|haar|hun|hen|dit|deze|die|dat|het|ik|we|wij|ons|onze|mijn|he|him|his|she|her|they|them|their|"
    r"this|these|those|that|it|its|i|my|we|our|us|another|ander|andere)\b",
    re.IGNORECASE,
)
_LEAST_SHARED = 0.34


@dataclass(frozen=True, slots=True)
class Support:
    """What a claim may rest on.

    Attributes:
        cited: the sentences that it cites.
        near: those and the sentences beside them; numbers, dates and negations may stand here.
        around: those, the few sentences before them and the title; the name behind a "he" may stand here.
        language: of the articles.
    """

    cited: str
    near: str
    around: str
    language: str


@dataclass(frozen=True, slots=True)
class _Clause:
    words: frozenset[str] = field(default_factory=frozenset)
    negated: bool = False


def check(claim: str, support: Support, language: str) -> str:
    """Return an empty string when ``claim``, written in ``language``, stands in its support, else why it does not."""
    if not speaks(claim, language):
        return "another language"
    for test in (_links, _facts, _names, _opposites, _negation, _content):
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
        if match[0].rstrip(".,;:!?)") not in support.near:
            return f"a link or mention that the source lacks: {match[0][:40]}"
    return ""


def _facts(claim: str, support: Support, language: str) -> str:
    told = facts(support.near, support.language, every_reading=True)
    stated = frozenset().union(*(fact.meanings for fact in told))
    for fact in facts(claim, language):
        if not fact.meanings & stated:
            return f"a number or date that the source lacks: {fact.surface}"
    return ""


# --- names ------------------------------------------------------------------------------------------------------------


def _names(claim: str, support: Support, language: str) -> str:
    around, cited = vocabulary(support.around), vocabulary(support.cited)
    found = list(names(claim, support.around, language))
    for name in found:
        if not occurs(name, around):
            return f"a name that the source lacks: {name}"
    elsewhere = [name for name in found if not occurs(name, cited)]
    if elsewhere and len(elsewhere) == len(found):
        own = [name for name in names(support.cited, support.around, support.language) if name[0].isupper()]
        if own and not (_ANAPHOR.search(support.cited) and shares(claim, support.cited)):
            return f"a name in the place of another: {elsewhere[0]}"
    return ""


# --- opposites and negations ------------------------------------------------------------------------------------------


def _opposites(claim: str, support: Support, _: str) -> str:
    said, told = f" {fold(claim)} ", f" {fold(support.cited)} "
    for sides in lexicon.OPPOSITES:
        for one, other in (sides, sides[::-1]):
            if _has(said, one) and not _has(said, other) and _has(told, other) and not _has(told, one):
                return "the opposite of the source"
    return ""


@lru_cache(maxsize=64)
def _beginnings(words: str) -> re.Pattern[str]:
    parts = [rf"{word}\w*" if len(word) > 4 else word for word in words.split()]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def _has(text: str, words: str) -> bool:
    return bool(_beginnings(words).search(text))


def _negation(claim: str, support: Support, language: str) -> str:
    """Compare each clause with those of the source that share most words with it: both deny, or neither does."""
    said = clauses(claim, language)
    told, wider = clauses(support.cited, support.language), clauses(support.near, support.language)
    matches = [_closest(clause, told) or _closest(clause, wider) for clause in said]
    pairs = list(zip(said, matches, strict=True))
    kept = [each for clause, match in pairs if clause.negated for each in match if each.negated]
    for clause, match in pairs:
        if clause.negated:
            differs = not any(each.negated for each in match or wider) and not _denies(support.cited)
        elif match:
            differs = all(each.negated for each in match) and not any(each in kept for each in match)
        else:
            differs = len(told) == 1 and told[0].negated and not kept
        if differs and (clause.negated or not _denies(claim)):
            return "a negation that differs from the source"
    return ""


def _denies(text: str) -> bool:
    plain = fold(text)
    return any(re.search(rf"\b{start}", plain) for start in lexicon.DENIALS)


@lru_cache(maxsize=1024)
def clauses(text: str, language: str) -> tuple[_Clause, ...]:
    """Return the clauses of ``text``: the words that carry content, and whether a negation stands among them."""
    plain = re.sub(r"n['’]t\b", " not", fold(text).replace("’", "'"))
    for phrase in lexicon.NOT_NEGATIVE:
        plain = plain.replace(phrase, " ")
    negations = lexicon.NEGATIONS.get(language) or frozenset().union(*lexicon.NEGATIONS.values())
    result = []
    for part in _CLAUSE.split(plain):
        words = WORD.findall(part or "")
        content = frozenset(word for word in words if word in negations or _carries(word))
        if content:
            result.append(_Clause(content - negations, bool(content & negations)))
    return tuple(each for each in result if each.words or each.negated)


def _carries(word: str) -> bool:
    return len(word) > 2 and word not in FUNCTION_WORDS["nl"] and word not in FUNCTION_WORDS["en"]


def _closest(clause: _Clause, others: Sequence[_Clause]) -> list[_Clause]:
    """Return the clauses that share most with ``clause``, or nothing when none shares enough to be about the same."""
    scores = [sum(any(alike(word, other) for other in each.words) for word in clause.words) for each in others]
    top = max(scores, default=0)
    if top < 2 and (top < len(clause.words) or not top):
        return []
    return [each for each, score in zip(others, scores, strict=True) if score == top]


# --- the rest ---------------------------------------------------------------------------------------------------------


def _content(claim: str, support: Support, language: str) -> str:
    """Within one language, a third of the words, and one that is not a name, must be the source's."""
    if language != support.language:
        return ""
    named = {fold(name) for name in names(claim, support.around, language)}
    words = {word for clause in clauses(claim, language) for word in clause.words}
    told = [word for clause in clauses(support.around, support.language) for word in clause.words]
    plain = [word for word in words if word not in named and not word[0].isdigit()]
    shared = [word for word in plain if any(alike(word, other) for other in told)]
    if plain and (not shared or (len(shared) + len(words) - len(plain)) < _LEAST_SHARED * len(words)):
        return "words that the source lacks"
    return ""


def shares(claim: str, cited: str, language: str = "", cited_language: str = "") -> bool:
    """Whether a claim has a word, number or name in common with a text."""
    told = [word for clause in clauses(cited, cited_language) for word in clause.words]
    if any(alike(word, other) for clause in clauses(claim, language) for word in clause.words for other in told):
        return True
    meanings = {meaning for fact in facts(cited, cited_language) for meaning in fact.meanings}
    return any(fact.meanings & meanings for fact in facts(claim, language))


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> bool:
    """Whether two folded words are likely forms of one: they share half the letter 4-grams of the shorter."""
    if one == other:
        return True
    if min(len(one), len(other)) < 4:
        return False
    grams = {one[at : at + 4] for at in range(len(one) - 3)}, {other[at : at + 4] for at in range(len(other) - 3)}
    return len(grams[0] & grams[1]) >= max(1, min(len(grams[0]), len(grams[1])) / 2)
