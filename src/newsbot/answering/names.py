"""Which words of a text are names, and whether a source holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from newsbot.answering import lexicon
from newsbot.language import FUNCTION_WORDS, fold

WORD = re.compile(r"[^\W_](?:[^\W_]|['’.](?=[^\W_]))*")
"""A word, as claims are compared: letters and digits, with apostrophes and full stops inside."""
_COMMON = lexicon.OPENERS | lexicon.NUMERALS
_TYPE = re.compile(r"\b[A-Z][A-Za-z]*-\d+\w*|\b\d+-[A-Z]\w*")


def names(text: str, source: str, language: str) -> Iterator[str]:
    """Yield the words of ``text`` that are names, as far as capitals tell; dates and titles are left out.

    At the beginning of a sentence every word has a capital. There, a word is a name when it is not known as a word:
    neither a function word or usual opener, nor in the source in lower case, nor built like a common noun.
    """
    known = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"] | FUNCTION_WORDS.get(language, frozenset()) | _COMMON
    yield from (match[0] for match in _TYPE.finditer(text))
    matches = list(WORD.finditer(text))
    for at, match in enumerate(matches):
        for word in re.split(r"['’](?=s$)|(?<=[a-z])\.(?=[A-Z])", match[0])[:1]:
            plain = fold(word)
            if not (word[0].isupper() or (any(map(str.isdigit, word)) and any(map(str.isupper, word)))):
                continue
            if plain in lexicon.TITLES or plain in lexicon.MONTHS or plain in lexicon.DAYS or _is_day(plain):
                continue
            if _begins(text, match.start()):
                if plain in known or (word[1:].islower() and _common(text, matches, at, source, language)):
                    continue
            elif plain in known and language != "de" and word[1:].islower():
                continue
            yield word


_AFTER_PEOPLE = ("are", "were", "have", "left", "who", "at", "from", "in", "and", "of")


def _is_day(plain: str) -> bool:
    return re.match(r"(?:maan|dins|woens|donder|vrij|zater|zon)dag", plain) is not None


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \n\t")
    return not before.strip("\"'“”‘’«»-*•– ") or bool(re.search(r"[.!?:…]['\"”’»]*$|[\"“«‘]$", before.rstrip("-*•– ")))


def _common(text: str, matches: list[re.Match[str]], at: int, source: str, language: str) -> bool:
    """Whether the capitalised word that opens a sentence is an ordinary word."""
    word = matches[at][0]
    plain, following = fold(word), matches[at + 1][0] if at + 1 < len(matches) else ""
    if following[:1].isupper() and text[matches[at].end() : matches[at + 1].start()] == " ":
        return False
    if re.search(rf"\b{re.escape(word.lower()[:6])}", source):
        return True
    after = fold(following)
    if language == "en":
        people = plain.endswith(("ers", "ors")) and after in _AFTER_PEOPLE
        return people or bool(re.search(r".{3}(?:ly|ing|tions?|ments?|ness|ity|ities|ees|ists|ship|ance|ence)$", plain))
    plural = after.endswith("en") or after in ("zijn", "gaan", "bij", "van", "die", "uit", "in", "met")
    return bool(re.search(r".{3}(?:ing|heid|tie|ties|teit|isme|lijk|schap|ment)$", plain)) or (
        plural and plain.endswith(("en", "ers", "eurs", "ors"))
    )


@lru_cache(maxsize=1024)
def vocabulary(text: str) -> frozenset[str]:
    """Return what :func:`occurs` looks names up in: folded words, pairs run together (``Open AI``), known meanings."""
    plain = [fold(word) for word in WORD.findall(re.sub(r"[-/]", " ", text))]
    whole = [fold(word).strip("-.'’") for word in re.findall(r"[\w.'’-]+", text)]
    pairs = list(pairwise(plain))
    entries = [*plain, *whole, *(" ".join(pair) for pair in pairs)]
    known = {f"={lexicon.NAMES[each]}" for each in entries if each in lexicon.NAMES}
    runs = [plain[at : at + size] for size in (3, 4) for at in range(len(plain) - size + 1)]
    initials = {"~" + "".join(word[0] for word in run) for run in runs}
    bare = {re.sub(r"['’]?s$", "", word) for word in plain if len(word) > 3}
    return frozenset({*plain, *whole, *bare, *("".join(pair) for pair in pairs), *known, *initials})


def occurs(name: str, vocabulary: frozenset[str]) -> bool:
    """Whether a name stands in a source, as it is, as a possessive, in its other language, or as an abbreviation."""
    plain = fold(name)
    if plain in vocabulary or re.sub(r"['’]?s$", "", plain) in vocabulary:
        return True
    if f"={lexicon.NAMES.get(plain)}" in vocabulary or any(f"={key}" in vocabulary for key in _PARTS.get(plain, ())):
        return True
    return name.isupper() and f"~{plain}" in vocabulary


_PARTS: dict[str, set[str]] = {}
for _entry, _key in lexicon.NAMES.items():
    for _part in _entry.split():
        _PARTS.setdefault(_part, set()).add(_key)
