"""The numbers, dates and units that a text states, in a form that two languages share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from newsbot.answering.checking import lexicon
from newsbot.answering.checking.numerals import DERIVED, spoken
from newsbot.language import fold


@dataclass(frozen=True, slots=True)
class Fact:
    """One number, date or unit: what it may mean (``5/6/2025`` can be two days), and how the text writes it."""

    meanings: frozenset[str]
    surface: str


_TOKEN = re.compile(
    r"(?P<iso>\b\d{4}-\d{1,2}-\d{1,2}\b)"
    r"|(?P<date>\b\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})\b)"
    r"|(?P<time>\b\d{1,2}:\d{2}\b(?:\s?[ap]\.?m\b)?|\b\d{1,2}\.\d{2}(?=\s(?:uur|h)\b))"
    r"|(?P<number>(?<![\w])(?<![A-Z]-)\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?)(?P<suffix>[a-z]{1,3}\b)?"
    r"|(?P<sign>[%€$£¥])"
    r"|(?P<word>[^\W\d_]+)"
)
_FRACTION = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_WITH_FRACTION = re.compile(r"(\d*)([½¼¾])")
_DERIVED_UNITS = {"jarig": "year", "daags": "day", "maands": "month", "urig": "hour"}
_IN_COMPOUND = re.compile(
    r"(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
    r"(ochtend|morgen|middag|avond|nacht)?s?"
)


@lru_cache(maxsize=4096)
def facts(text: str, language: str, *, every_reading: bool = False) -> tuple[Fact, ...]:
    """Return what ``text`` states in numbers, dates and units.

    With ``every_reading`` a source is read generously ("a" as one, "may" as a month, a unit as that of two numbers),
    because what it may mean is what it may support. ``1.200`` is read in the way of the text's language in any case.
    """
    return tuple(_read(text, "nl" if language == "nl" else "en", every_reading))


def _read(text: str, language: str, generous: bool) -> Iterator[Fact]:
    matches = list(_TOKEN.finditer(_spelled(text)))
    at = 0
    while at < len(matches):
        match = matches[at]
        kind = match.lastgroup if match.lastgroup != "suffix" else "number"
        if kind in ("iso", "date", "time"):
            yield from _written_date(kind, match[0])
        elif kind == "sign":
            yield Fact(frozenset({lexicon.UNITS[match[0]]}), match[0])
        else:
            used, found = _quantity(matches, at, language, generous)
            yield from found
            if used:
                at += used
                continue
            yield from _word(matches, at, language, generous)
        at += 1


def _spelled(text: str) -> str:
    """Write fractions such as 6½ as decimals."""
    return _WITH_FRACTION.sub(lambda match: str(float(int(match[1] or 0) + _FRACTION[match[2]])), text)


def _written_date(kind: str, text: str) -> Iterator[Fact]:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if kind == "time":
        hour = parts[0] + 12 * (bool(re.search(r"p\.?m", text)) and parts[0] < 12)
        yield Fact(frozenset({f"{hour}:{parts[1]:02d}"}), text)
        return
    if kind == "iso":
        year, month, day = parts
        months, days = {month}, {day}
    else:
        day, month, year = parts
        months, days = {month, day}, {day, month}
    yield Fact(frozenset({f"n{year}"}), text)
    yield Fact(frozenset(f"month{each}" for each in months), text)
    yield Fact(frozenset(f"n{each}" for each in days), text)


def _quantity(matches: list[re.Match[str]], at: int, language: str, generous: bool) -> tuple[int, list[Fact]]:
    """Read the number that begins at a token; return how many tokens it took, and what it means."""
    first = matches[at]
    scales = lexicon.SCALES[language]
    used = 1
    if first["number"]:
        values = _figures(first["number"], language)
        suffix = fold(first["suffix"] or "")
        if suffix in scales:
            values = {value * scales[suffix] for value in values} | (values if generous else set())
        follower = fold(matches[at + 1][0]) if at + 1 < len(matches) else ""
        if not suffix and len(follower) > 1 and follower in scales:
            values, used = {value * scales[follower] for value in values}, 2
    else:
        value, used = spoken(_adjoining(matches, at), language, generous)
        if not used:
            return 0, []
        values = {value}
    surface = first.string[first.start() : matches[at + used - 1].end()]
    numbers = frozenset(f"n{_plain(value)}" for value in values)
    found = [Fact(numbers, surface)]
    unit = _unit(matches, at, used, generous)
    if unit:
        found.append(Fact(frozenset(f"{number} {unit}" for number in numbers), f"{surface} ({unit})"))
    return used, found


def _adjoining(matches: list[re.Match[str]], at: int) -> list[str]:
    """Return the folded words from a token on, up to the first that something other than a space or hyphen parts."""
    words: list[str] = []
    end = matches[at].start()
    for match in matches[at : at + 9]:
        if match.string[end : match.start()] not in ("", " ", "-", "\u00a0"):
            break
        words.append(fold(match[0]) if match["word"] else "")
        end = match.end()
    return words


def _unit(matches: list[re.Match[str]], at: int, used: int, generous: bool) -> str:
    """Return what the number at a token counts; of a source, "20 to 30 percent" says percent of both."""
    derived = DERIVED.search(fold(matches[at][0]))
    if derived:
        return _DERIVED_UNITS.get(derived[1], "")
    if at and matches[at - 1].lastgroup == "sign" and matches[at - 1][0] != "%":
        return lexicon.UNITS[matches[at - 1][0]]
    reach = 4 if generous else 1
    for match in matches[at + used : at + used + reach]:
        if fold(match[0]) in lexicon.UNITS:
            return lexicon.UNITS[fold(match[0])]
    return ""


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


def _figures(text: str, language: str) -> set[Fraction]:
    bare = re.sub(r"['’\u00a0\u202f ]", "", text)
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return {Fraction(bare)}
    whole, tail = re.split(r"[.,](?=[^.,]*$)", bare)
    grouped = Fraction(re.sub(r"[.,]", "", bare))
    decimal = Fraction(re.sub(r"[.,]", "", whole) + "." + tail)
    if len(tail) != 3 or (len(marks) > 1 and marks[0] != marks[-1]):
        return {decimal}
    if len(marks) > 1:
        return {grouped}
    if whole == "0":
        return {decimal}
    return {grouped} if marks[0] == ("." if language == "nl" else ",") else {decimal}


def _word(matches: list[re.Match[str]], at: int, language: str, generous: bool) -> Iterator[Fact]:
    text = matches[at][0]
    word = fold(text)
    if word in lexicon.VAGUE:
        yield Fact(frozenset({lexicon.VAGUE[word]}), text)
    if lexicon.UNITS.get(word) in ("%", "eur", "usd", "gbp", "jpy", "cny"):
        yield Fact(frozenset({lexicon.UNITS[word]}), text)
    if word in lexicon.MONTHS and (generous or _is_month(matches, at, language)):
        yield Fact(frozenset({f"month{lexicon.MONTHS[word]}"}), text)
    compound = _IN_COMPOUND.fullmatch(word)
    for part in compound.groups() if compound else (word,):
        if part and (meaning := "morning" if part == "morgen" and compound else lexicon.DAYS.get(part)):
            readings = {meaning, "night"} if meaning == "evening" and generous else {meaning}
            yield Fact(frozenset(f"day:{each}" for each in readings), text)


def _is_month(matches: list[re.Match[str]], at: int, language: str) -> bool:
    """Whether a word that can be a month is one: "may" and "march" and abbreviations need a number beside them."""
    word = matches[at][0]
    plain = fold(word)
    beside = [matches[near][0] for near in (at - 1, at + 1) if 0 <= near < len(matches)]
    if len(plain) > 4 and plain != "march":
        return True
    if plain in ("mei", "june", "july", "juni", "juli") or any(each[0].isdigit() for each in beside):
        return True
    return language == "en" and at > 0 and word.istitle() and plain in ("may", "march")
