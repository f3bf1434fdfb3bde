"""Which words of a text are names, and whether a source holds them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from newsbot.answering.checking import gazetteer, lexicon
from newsbot.language import FUNCTION_WORDS, fold

WORD = re.compile(r"[^\W_](?:[^\W_]|['’.](?=[^\W_]))*")
"""A word, as claims are compared: letters and digits, with apostrophes and full stops inside."""
_POSSESSIVE = re.compile(r"['’]s?$|(?<=[a-z])\.[A-Z].*")
_DERIVED = re.compile(
    r"(?:us|um|os|y|ie|ion|ions|ies|ia|ije|ien|ier|iers|ian|ians|an|ans|en|er|ers|e|a|es|s|se|isch|ische|sch|sche|ish|ese|ees|ezen|"
    r"aar|aren)$"
)
_COMPOUNDED = 5
_OPENING = re.compile(r"[.!?:…]['\"”’»]*$|[\"“«‘]$")
_DAY = re.compile(r"(?:maan|dins|woens|donder|vrij|zater|zon)dag")
_NEVER = lexicon.TITLES.union(lexicon.MONTHS, lexicon.DAYS)
_TYPE = re.compile(r"\b[A-Z][A-Za-z]*-\d+\w*|\b\d+-[A-Z]\w*")


@lru_cache(maxsize=4096)
def names(text: str, language: str, sources: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words of ``text`` that are names, as far as capitals tell; dates and titles are left out.

    At the beginning of a sentence every word has a capital. There, a word is a name when it is not known as a word:
    neither a function word or usual opener, nor in ``sources`` in lower case, nor built like a common noun.
    """
    found = [match[0] for match in _TYPE.finditer(text)]
    matches = list(WORD.finditer(text))
    for at, match in enumerate(matches):
        word = _POSSESSIVE.sub("", match[0])
        if not any(map(str.isupper, word)):
            continue
        plain = fold(word)
        if plain in _NEVER or _DAY.match(plain):
            continue
        if _begins(text, match.start()):
            if plain in _known(language) or (word[1:].islower() and _common(text, matches, at, sources, language)):
                continue
        elif word[1:].islower() and plain in _known(language):
            continue
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=16)
def _known(language: str) -> frozenset[str]:
    lists = FUNCTION_WORDS["nl"], FUNCTION_WORDS["en"], FUNCTION_WORDS.get(language, frozenset())
    return lexicon.OPENERS.union(lexicon.NUMERALS, *lexicon.NEGATIONS.values(), *lists)


_BUILT: dict[str, tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]] = {
    "en": (
        (re.compile(r".{3}(?:ly|ing|tions?|ments?|ness|ity|ities|ees|ists|ship|ance|ence)$"), None),
        (re.compile(r".{3}(?:ers|ors)$"), re.compile(r"are|were|have|left|who|at|from|in|and|of")),
        (re.compile(r".{4}ed$"), re.compile(r"by|in|at|on|as|for|with|to|about|from|during")),
    ),
    "nl": (
        (re.compile(r".{3}(?:ing|heid|tie|ties|teit|isme|lijk|schap|ment)$"), None),
        (re.compile(r".{2}(?:en|ers|eurs|ors)$"), re.compile(r".*en|zijn|gaan|bij|van|die|uit|in|met")),
    ),
}
"""How common nouns, participles and adverbs end, and by what word a plural or participle is followed."""


def _begins(text: str, start: int) -> bool:
    before = text[max(start - 12, 0) : start].rstrip(" \n\t")
    return (start < 12 and not before.strip("\"'“”‘’«»-*•– ")) or _OPENING.search(before.rstrip("-*•– ")) is not None


def _common(text: str, matches: list[re.Match[str]], at: int, sources: tuple[str, ...], language: str) -> bool:
    """Whether the capitalised word that opens a sentence is an ordinary word."""
    word = matches[at][0]
    plain, following = fold(word), matches[at + 1][0] if at + 1 < len(matches) else ""
    if following[:1].isupper() and text[matches[at].end() : matches[at + 1].start()] == " ":
        return bool(re.search(r".{3}(?:ing|ly|end)$", plain)) and occurs(following, vocabulary(*sources))
    if any(re.search(rf"\b{re.escape(word.lower()[:6])}", source) for source in sources):
        return True
    if any(_root(plain) in _lower_roots(source) for source in sources):
        return True
    built, beside = _BUILT["en" if language == "en" else "nl"], fold(following)
    return any(pattern.search(plain) and (not after or after.fullmatch(beside)) for pattern, after in built)


@lru_cache(maxsize=4096)
def _lower_roots(text: str) -> frozenset[str]:
    return frozenset(_root(fold(word)) for word in WORD.findall(text) if word[0].islower() and len(word) > 3)


def vocabulary(*texts: str) -> frozenset[str]:
    """Return what :func:`occurs` looks names up in."""
    return frozenset().union(*map(_vocabulary, texts))


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> frozenset[str]:
    """Return the folded words of a text, pairs run together (``Open AI``), initials, and known meanings."""
    plain = [fold(word) for word in WORD.findall(re.sub(r"[-/]", " ", text))]
    whole = [fold(word).strip("-.'’") for word in re.findall(r"[\w.'’-]+", text)]
    pairs = list(pairwise(plain))
    entries = [*plain, *whole, *(" ".join(pair) for pair in pairs)]
    known = {f"={gazetteer.NAMES[each]}" for each in entries if each in gazetteer.NAMES}
    runs = [plain[at : at + size] for size in (3, 4) for at in range(len(plain) - size + 1)]
    initials = {"~" + "".join(word[0] for word in run) for run in runs}
    roots = {f"^{_root(word)}" for word in plain if len(word) > 3}
    heads = {f"<{word[:size]}" for word in plain for size in range(_COMPOUNDED, len(word) - 3)}
    bare = {re.sub(r"['’]?s$", "", word) for word in plain if len(word) > 3}
    return frozenset({*plain, *whole, *bare, *("".join(pair) for pair in pairs), *known, *initials, *roots, *heads})


def occurs(name: str, vocabulary: frozenset[str]) -> bool:
    """Whether a name stands in a source: as it is, inflected or derived, in its other language, or abbreviated."""
    plain = fold(name)
    if plain in vocabulary or _POSSESSIVE.sub("", plain) in vocabulary:
        return True
    if "I" in name and fold(name.replace("I", "l")) in vocabulary:  # OpenAl: a capital i read as an l
        return True
    if f"={gazetteer.NAMES.get(plain)}" in vocabulary or any(f"={key}" in vocabulary for key in _PARTS.get(plain, ())):
        return True
    if f"^{_root(plain)}" in vocabulary or (len(plain) >= _COMPOUNDED and f"<{plain}" in vocabulary):
        return True
    if any(plain[:size] in vocabulary for size in range(_COMPOUNDED, len(plain) - 3)):
        return True
    return name.isupper() and f"~{plain}" in vocabulary


@lru_cache(maxsize=1 << 14)
def _root(plain: str) -> str:
    """Return a name without what Dutch and English derive it with: Normandy, Normandië, Normandische."""
    root = re.sub(r"(.)\1", r"\1", plain)
    for _ in range(2):
        shorter = _DERIVED.sub("", root)
        root = shorter if len(shorter) >= 4 else root
    return root


_PARTS: dict[str, set[str]] = {}
for _entry, _key in gazetteer.NAMES.items():
    for _part in _entry.split():
        _PARTS.setdefault(_part, set()).add(_key)
