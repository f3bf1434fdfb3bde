"""What kind of answer a question wants, from its question words."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "person", "name", "place", "number", "count", "money", "age", "duration", "date", "year", "reason", "said",
    "manner", "thing",
]  # fmt: skip

_WHICH = r"\b(welke?|what|which|wat voor|welche[rsmn]?) (\w+ )?"

_SPOKEN: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        "date",
        (
            r"\b(wanneer|hoe laat|when|wann|what time|welk jaartal|hoe lang geleden|how long ago)\b",
            _WHICH + r"(jaar|jaren|dag|datum|maand|eeuw|decennium|decennia|seizoen)\b",
            _WHICH + r"(years?|days?|dates?|months?|century|centuries|decades?|jahr|tag|monat|jahrhundert)\b",
        ),
    ),
    ("duration", (r"\b(hoe lang|hoelang|sinds wanneer|how long|wie lange)\b",)),
    (
        "number",
        (
            r"\bhoeveel\w*|\bhoe (veel|vaak|oud|groot|hoog|ver|diep|breed|zwaar|duur)\b",
            r"\bhow (many|much|old|often|big|large|high|far|tall|deep|wide)\b",
            r"\bwie (viele?|alt|oft|groß|hoch)\b",
            r"\b(percentage|procent|percent|aantal|number of|bedrag|amount|temperatu\w+|kosten|cost)\b",
            _WHICH + r"(number|getal|score|age|leeftijd)\b",
        ),
    ),
    ("reason", (r"\b(waarom|hoezo|hoe ?komt|waardoor|why|how come|warum|wieso|weshalb|reden\w*|reasons?|oorzaak)\b",)),
    (
        "said",
        (
            r"\b(wat|hoe) (zei|zegt|zeggen|schreef|schrijft|vertelde|vindt|vond|denkt|dacht|noemde?|noemt|beweert)\b",
            r"\b(what|how) (does|did|do) \w+( \w+)? (say|think|write|claim|call|tell|believe|describe)\b",
            r"\bwas (sagte?|schrieb|meint)\b",
        ),
    ),
    (
        "person",
        (
            r"\b(wie|wiens|who|whom|whose|wer|wem|wen)\b",
            _WHICH + r"(persoon|man|vrouw|speler|koning|president|schrijver|person|woman|player|king|author|actor)\b",
        ),
    ),
    (
        "place",
        (
            r"\b(waar|waarheen|waarvandaan|where|wohin|woher|wo)\b",
            _WHICH
            + r"(land|stad|plaats|locatie|regio|staat|provincie|country|city|place|town|location|region|state)\b",
        ),
    ),
    (
        "name",
        (
            r"\b(welke?|which|hoe heet\w*|welche\w*|naam|names?|genoemd|called|named)\b",
            r"\bwhat \w+ (is|was|are|were|did|does|has|had)\b",
        ),
    ),
    ("manner", (r"^\W*(hoe|how|wie)\b",)),
)
_RULES: list[tuple[Kind, re.Pattern[str]]] = [
    (kind, re.compile("|".join(patterns), re.IGNORECASE)) for kind, patterns in _SPOKEN
]
_MONEY = (
    r"salaris|loon|bonus|omzet|winst|waard|boete|budget|kost(?:te|en|t)?|salary|wages?|revenue|turnover|profit|worth|fine"
    r"|costs?|fee|gehalt|umsatz|gewinn|wert"
)
_EARNED = (
    rf"{_MONEY}|verdien\w*|betaal\w*|bood|geboden|opgebracht|geld|invest\w*|schade\w*|subsidie|earn\w*|pa(?:y|ys|ying|id)"
    r"|money|damages|subsidy|price|offer(?:ed)?|kostet|preis"
)
_SUM = rf"{_MONEY}|de prijs|waarde|beurswaarde|prices?|value"
_CLOSER: dict[Kind, tuple[tuple[Kind, re.Pattern[str]], ...]] = {
    "number": (
        ("age", re.compile(r"\b(?:hoe oud|how old|wie alt|what age|leeftijd)\b", re.IGNORECASE)),
        (
            "money",
            re.compile(
                rf"\b(?:hoe ?veel|how much|wie ?viel|hoe (?:hoog|groot)|how (?:big|high|large))\b.*\b(?:{_EARNED})\b"
                r"|\bhoe duur\b",
                re.IGNORECASE | re.DOTALL,
            ),
        ),
        ("count", re.compile(r"\b(?:hoe ?veel|how many|how much|wie ?viele?|percentage|procent)\b", re.IGNORECASE)),
    ),
    "date": (("year", re.compile(r"\b(?:welke?|what|which|welche\w*) (?:jaar|jaartal|year|jahr)\b", re.IGNORECASE)),),
}
"""Kinds that are told apart within a kind, by the whole question."""
_WIDER: dict[Kind, Kind] = {closer: kind for kind, told in _CLOSER.items() for closer, _ in told}
_WHAT_SUM = re.compile(
    rf"^\W*(?:(?:en|and|maar|but|so|dus|ok) )?(?:wat|what|whats|welke?|which|was)\b.*\b"
    rf"(?:{_SUM}|verdien(?:t|en|de)|earns?|krijg\w* .*\bbetaald|kostet)\b",
    re.IGNORECASE | re.DOTALL,
)
_BROAD: frozenset[Kind] = frozenset(("name", "manner"))
"""Kinds that give way to any other."""
_LOOSE: frozenset[Kind] = frozenset(("name", "thing", "number"))
"""Kinds of what may turn out to be a sum of money."""
_NOT_ASKING = re.compile(r"(?<!^)(?<![.?!,;] )\b(?:Doctor )?(?:Who|Wie|Waar|Where)\b")
_YES_OR_NO = re.compile(
    r"^\W*(?:is|are|was|were|am|do|does|did|will|would|can|could|has|have|had|should|ist|sind|hat|haben|zijn|waren|ben"
    r"|heeft|hebben|had|hadden|wordt|worden|werd|werden|gaat|gaan|ging|kan|kunnen|kon|zal|zou|zullen|zouden|moet|moeten"
    r"|mag|mogen|wil|willen|denkt|vindt|krijgt|krijgen|klopt)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"^(\W*(?:wat|what|hoe\w*|how|welke?|which|wie|who)\b.*?)\b(?:when|while|wanneer|toen|terwijl)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def wider(kind: Kind) -> Kind:
    """Return the kind that a kind is one of: an age is a number, a year a date."""
    return _WIDER.get(kind, kind)


def expected(question: str, language: str) -> Kind:
    """Return the kind of answer a question wants; ``thing`` when its words do not tell.

    What is asked first counts: ``how many left when …`` wants a number and no date.
    """
    text = _CLAUSE.sub(r"\1", _NOT_ASKING.sub(" ", question))
    if _YES_OR_NO.search(text):
        return "thing"
    if language == "de":
        text = re.sub(r"\bwie (?!viele?|lange?|alt|oft|groß|hoch)", "hoe ", text, flags=re.IGNORECASE)
    elif language == "en":
        text = re.sub(r"\b(was|wo)\b", " ", text, flags=re.IGNORECASE)
    found = [
        (kind in _BROAD, match.start(), place, kind)
        for place, (kind, pattern) in enumerate(_RULES)
        if (match := pattern.search(text))
    ]
    kind = min(found)[-1] if found else "thing"
    if kind in _LOOSE and _WHAT_SUM.search(text):
        return "money"
    return next((closer for closer, pattern in _CLOSER.get(kind, ()) if pattern.search(text)), kind)
