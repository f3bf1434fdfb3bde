"""Whether a claim turns its source round: a negation lost or added, an opposite, an accusation, two names swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from newsbot.answering.checking import lexicon
from newsbot.answering.checking.names import WORD, names, occurs, vocabulary
from newsbot.language import FUNCTION_WORDS, fold

_CLAUSE = re.compile(
    r"[,;:–—()\"“”«»\n]|[.!?]\s|\s-\s|\b(?:maar|en|omdat|terwijl|hoewel|zodat|but|and|because|while|although|whereas)\b"
)
_PASSIVE = re.compile(r"\b(?:door|by|word\w*|werd\w*|geworden|been|being)\b")
_THAN = re.compile(r"\b(?:dan|than)\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence: its folded words that carry content, and whether a negation stands among them."""

    words: frozenset[str] = field(default_factory=frozenset)
    negated: bool = False


def learn(text: str, language: str) -> None:
    """Read a sentence of a source; reading it again costs nothing."""
    for clause in clauses(text, language):
        for word in clause.words:
            _grams(word)
    for kind in _TABLES:
        _found(text, kind)


# --- negation ---------------------------------------------------------------------------------------------------------


def negation(claim: str, language: str, cited: Sequence[tuple[str, str]], near: Sequence[tuple[str, str]]) -> bool:
    """Whether a claim denies what its source does not deny, or the other way round.

    Each clause is laid beside those clauses of the source that share most words with it: both deny, or neither does.
    A word that denies in itself ("refused", "zonder") excuses a difference. The source is given as sentences, each with
    its language.
    """
    said = clauses(claim, language)
    told = [clause for each in cited for clause in clauses(*each)]
    wider = [clause for each in near for clause in clauses(*each)]
    excused = any(_denies(text) for text, _ in cited), _denies(claim)
    pairs = [(clause, closest(clause, told) or closest(clause, wider)) for clause in said]
    kept = [each for clause, match in pairs if clause.negated for each in match if each.negated]
    for clause, match in pairs:
        if clause.negated:
            differs = not any(each.negated for each in match or told) and not excused[0]
        elif match:
            differs = all(each.negated for each in match) and not any(each in kept for each in match)
        else:
            differs = len(told) == 1 and told[0].negated and not kept
        if differs and (clause.negated or not excused[1]):
            return True
    return False


@lru_cache(maxsize=4096)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """Return the clauses of ``text`` that have content or a negation."""
    plain = re.sub(r"n['’]t\b", " not", fold(text).replace("’", "'"))
    for phrase in lexicon.NOT_NEGATIVE:
        plain = plain.replace(phrase, " ")
    negations = lexicon.NEGATIONS.get(language) or frozenset().union(*lexicon.NEGATIONS.values())
    result = []
    for part in _CLAUSE.split(plain):
        words = WORD.findall(part or "")
        content = frozenset(word for word in words if word not in negations and _carries(word))
        negated = not negations.isdisjoint(words)
        if content or negated:
            result.append(Clause(content, negated))
    return tuple(result)


def _carries(word: str) -> bool:
    return len(word) > 2 and word not in FUNCTION_WORDS["nl"] and word not in FUNCTION_WORDS["en"]


def closest(clause: Clause, others: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that share most with ``clause``, or nothing when none shares enough to be about the same."""
    scores = [sum(any(alike(word, other) for other in each.words) for word in clause.words) for each in others]
    top = max(scores, default=0)
    if top < 2 and (top < len(clause.words) or not top):
        return []
    return [each for each, score in zip(others, scores, strict=True) if score == top]


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> bool:
    """Whether two folded words are likely forms of one: a long common beginning, or half the shorter's 4-grams."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    if one[:4] == other[:4]:
        shared = next((at for at in range(4, shorter) if one[at] != other[at]), shorter)
        if shared >= 0.6 * shorter:
            return True
    mine, yours = _grams(one), _grams(other)
    return len(mine & yours) >= max(1, min(len(mine), len(yours)) / 2)


@lru_cache(maxsize=1 << 14)
def _grams(word: str) -> frozenset[str]:
    return frozenset(word[at : at + 4] for at in range(len(word) - 3))


# --- words with a side ------------------------------------------------------------------------------------------------


def opposite(claim: str, cited: Sequence[str]) -> bool:
    """Whether a claim has only one side of a pair of opposites, and its source only the other."""
    said, told = _found(claim, "opposites"), _all_found(cited, "opposites")
    return any(_other(each) in told and each not in told for each in said if _other(each) not in said)


def _other(side: str) -> str:
    return side[1:] if side.startswith("-") else "-" + side


def accusation(claim: str, near: Sequence[str]) -> bool:
    """Whether a claim says something grave that nothing in its source is about."""
    return not _found(claim, "grave") <= _all_found(near, "grave")


def share_gravity(claim: str, near: Sequence[str]) -> bool:
    """Whether a claim and its source are about the same grave thing, in whatever words."""
    return bool(_found(claim, "grave") & _all_found(near, "grave"))


def _denies(text: str) -> bool:
    return bool(_found(text, "denials"))


def _entries(kind: str) -> Iterator[tuple[str, str]]:
    if kind == "opposites":
        for at, (one, other) in enumerate(lexicon.OPPOSITES):
            yield from ((word, f"{at}") for word in one.split())
            yield from ((word, f"-{at}") for word in other.split())
    elif kind == "grave":
        for at, group in enumerate(lexicon.GRAVE):
            yield from ((word.replace("_", " "), f"{at}") for word in group.split())
    else:
        yield from ((word.replace("_", " "), "denial") for word in lexicon.DENIALS)


_SHORTEST = 4
"""Letters of the shortest beginning that stands for all its endings."""

_TABLES: dict[str, dict[str, set[str]]] = {}
for _kind in ("opposites", "grave", "denials"):
    _table = _TABLES[_kind] = {}
    for _word, _meaning in _entries(_kind):
        _table.setdefault(_word, set()).add(_meaning)
_PHRASES = {kind: [key for key in table if " " in key] for kind, table in _TABLES.items()}


def _all_found(texts: Sequence[str], kind: str) -> frozenset[str]:
    return frozenset().union(*(_found(text, kind) for text in texts))


@lru_cache(maxsize=4096)
def _found(text: str, kind: str) -> frozenset[str]:
    """Return the meanings of the entries of a table that ``text`` holds."""
    table = _TABLES[kind]
    plain = fold(text)
    words = set(WORD.findall(plain))
    keys = {f"{word[:size]}*" for word in words for size in range(_SHORTEST, len(word) + 1)} & table.keys()
    keys |= words & table.keys()
    keys |= {key for key in _PHRASES[kind] if key in plain}
    return frozenset(meaning for key in keys for meaning in table[key])


# --- names in each other's place --------------------------------------------------------------------------------------


def swapped(claim: str, language: str, cited: Sequence[str]) -> bool:
    """Whether a claim gives one name's part to another: "B hired A" for "A hired B", "B more than A" for "A than B".

    Only the plainest forms are judged: a claim that begins with a name and its verb, or a comparison with "than".
    """
    found = list(dict.fromkeys(names(claim, language, tuple(cited))))
    if len(found) < 2 or _PASSIVE.search(fold(claim)):
        return False
    for text in cited:
        for divide in (_THAN, _verb(claim, found, text)):
            said = divide.search(fold(claim)) if divide else None
            told = divide.search(fold(text)) if divide and not _PASSIVE.search(fold(text)) else None
            if said and told and _crossed(claim, said, text, told, found):
                return True
    return False


def _verb(claim: str, found: Sequence[str], cited: str) -> re.Pattern[str] | None:
    """Return a pattern for the word after the names that a claim begins with, when the source has it too."""
    words = WORD.findall(claim)
    if not words or words[0] not in found:
        return None
    verb = next((fold(word) for word in words if word not in found), "")
    match = next((word for word in WORD.findall(fold(cited)) if len(verb) > 3 and alike(verb, word)), None)
    return re.compile(rf"\b(?:{re.escape(verb)}|{re.escape(match)})\b") if match else None


def _crossed(claim: str, said: re.Match[str], cited: str, told: re.Match[str], found: Sequence[str]) -> bool:
    before, after = vocabulary(cited[: told.start()]), vocabulary(cited[told.end() :])
    mine = [name for name in found if occurs(name, vocabulary(claim[: said.start()]))]
    yours = [name for name in found if occurs(name, vocabulary(claim[said.end() :]))]
    wrong = bool(mine) and not any(occurs(name, before) for name in mine)
    return wrong and any(occurs(name, before) and not occurs(name, after) for name in yours)
