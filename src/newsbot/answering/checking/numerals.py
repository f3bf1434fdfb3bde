"""Numbers in words, Dutch and English."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from newsbot.answering.checking import lexicon

_SIMPLE = {
    language: {word: Fraction(value) for value, word in enumerate(lexicon.SMALL[language])}
    | {word: Fraction(20 + 10 * place) for place, word in enumerate(lexicon.TENS[language])}
    | {word: Fraction(2 + place) for place, word in enumerate(lexicon.ORDINALS[language])}
    | {"dozijn": Fraction(12), "dozen": Fraction(12)}
    for language in lexicon.SCALES
}
_COMPOUND = re.compile(rf"(?:{'|'.join([*lexicon.SMALL['nl'], *lexicon.TENS['nl'], 'honderd', 'duizend'])}|en)+")
DERIVED = re.compile(r"(?<=.)(jarig|daags|delig|voudig|maands|urig|koppig)(?:en?)?$")
"""A Dutch word that counts what it is made of (``vijfjarig``); the group is the ending."""


def spoken(words: list[str], language: str, generous: bool) -> tuple[Fraction, int]:
    """Read a number in words from the first of ``words``; return it and how many words it took (0: none)."""
    if len(words) > 2 and words[0] == "half" and words[1] in ("a", "an"):
        halved, taken = spoken(["half", *words[2:]], language, generous)
        return halved, taken + 1 if taken else 0
    total = current = Fraction(0)
    used, real = 0, False
    for place, word in enumerate(words):
        value = _single(word, language)
        if word in ("anderhalf", "half") and place + 1 < len(words) and words[place + 1] in lexicon.SCALES[language]:
            value, real = Fraction(3, 2) if word == "anderhalf" else Fraction(1, 2), True
            current = value if word == "half" else current + value
        elif value is not None:
            current += value
            real = real or value != 1
        elif len(word) > 2 and word in lexicon.SCALES[language]:
            scale = lexicon.SCALES[language][word]
            current = (current or Fraction(1)) * scale
            real = True
            if scale >= 1000:
                total, current = total + current, Fraction(0)
        elif word in ("and", "en") and used and place + 1 < len(words) and real and language == "en":
            if _single(words[place + 1], language) is None or current % 100 != 0:
                break
            continue
        elif place == 0 and word in ("a", "an") and len(words) > 1 and words[1] in lexicon.SCALES[language]:
            continue
        else:
            break
        used = place + 1
        following = words[place + 1] if place + 1 < len(words) else ""
        if language == "nl" and value is not None and following not in lexicon.SCALES["nl"]:
            break
    if used and not real and not generous:
        return Fraction(0), 0
    return total + current, used


@lru_cache(maxsize=4096)
def _single(word: str, language: str) -> Fraction | None:
    simple = _SIMPLE[language].get(word)
    if simple is not None or language != "nl" or len(word) < 6:
        return simple
    bare = DERIVED.sub("", word)
    if bare != word:
        return _single(bare, language)
    return _dutch(word) if _COMPOUND.fullmatch(word) else None


def _dutch(word: str) -> Fraction | None:
    """Read a Dutch compound such as ``drieentwintig`` or ``tweeduizendvijfhonderd``."""
    for scale, size in (("duizend", 1000), ("honderd", 100)):
        if scale in word and word != scale:
            left, right = word.split(scale, 1)
            head = _dutch_part(left) if left else Fraction(1)
            rest = _dutch_part(right.removeprefix("en")) if right else Fraction(0)
            return None if head is None or rest is None else head * size + rest
    for tens in lexicon.TENS["nl"]:
        if word.endswith("en" + tens):
            unit = _single(word.removesuffix("en" + tens), "nl")
            return None if unit is None else unit + 20 + 10 * lexicon.TENS["nl"].index(tens)
    return None


def _dutch_part(word: str) -> Fraction | None:
    return Fraction(100) if word == "honderd" else _single(word, "nl")
