"""Sentences of a paragraph: what sentencex finds, repaired where news prose trips it.

sentencex keeps a quotation of several sentences whole; here quotation marks are hidden from it, so that each sentence
of a quotation is a sentence, and given back to the sentence they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

Span = tuple[int, int]

_WINDOW = 20_000  # sentencex takes quadratic time in what lies between two quotation marks
_LONGEST = 4_000
_PIECE = 1_200

# Marks that are hidden: double ones everywhere; single ones where they do not stand inside a word or begin 's or 't.
_HIDDEN = re.compile(
    r"[\"“”„«»‹›\r\n\u2028\u2029\x0b\x0c\x85'‘’‚]"
    r"(?:(?<!['‘’‚])|(?<![^\W_].)(?:[stnmk]\s(?=[A-Z])|(?![stnmkrd]\b))|(?<=[^\s_].)(?<![‘‚])(?![^\W_]))"
)
_CLOSING = re.compile(r"[\"”’'»›)\]}…]*[“‘]?(?=\s|\Z)")
_LOWER = re.compile(r"(?:\W*['’][stnmk]\s+|[\W_]*)([^\W\d_])([^\W\d_]?)")
_WORD = re.compile(r"[^\W_]")

_NUMBER = (
    "jan feb febr mrt mar apr jun jul aug sep sept okt oct nov dec ma vr za mon tue thu ca nr nrs no art p pp pag blz"
    " tel vol fig"
)
_TITLE = "dhr mevr mw mej dr drs ir mr ing prof ds st ste mrs ms messrs gen col lt sgt capt sen rep gov rev"
_BEFORE_DIGIT = re.compile(rf"(?:\b(?:{_NUMBER.replace(' ', '|')})|\b\w+(?:str|ln|pln))\.\s*\Z", re.IGNORECASE)
_BEFORE_NAME = re.compile(rf"\b(?:{_TITLE.replace(' ', '|')})\.\s*\Z", re.IGNORECASE)
_BEFORE_MORE = re.compile(r"\b(?:d\.w\.z|m\.a\.w|o\.a|m\.n|bijv|resp|i\.v\.m|t\.o\.v|z\.g|i\.e|e\.g|vs)\.\s*\Z", re.I)
_BEFORE_SURNAME = re.compile(r"\b(?:van|door|met|en|heer|mevrouw|minister|by|of|and|with|from|president) [A-Z]\.\Z")
_ASKED = re.compile(r"[?!…][\"”’'»]\s*\Z")
_ASKER = re.compile(
    r"(?:[A-Z][\w.'’-]* ){1,4}(?:said|says|asked|asks|wrote|writes|added|replied|told|cried|shouted|vroeg|vraagt|zei"
    r"|zegt|schreef|schrijft|riep|antwoordde)\b"
)
_NUMBERED = re.compile(r"\W*(?:\d{1,3}|[a-zA-Z])[.)]\s*\Z")
_COMPANY = re.compile(r"(?:Inc|Corp|Co|Ltd|Plc|GmbH|N\.V|B\.V)\b")
_EXCLAIMED = re.compile(r"\b[A-Z]\w*!\s*\Z")
# Ordinary words that sentencex takes for abbreviations, and addresses that it takes to go on.
_MISSED = re.compile(
    r"(?:(?<!\bet )\b(?:dat|al|best|top|pas|ver|me|it|enz|etc|u|tom|min|ill|may|no)"
    r"|\w@[\w.-]+\w|\.(?:nl|be|com|org|net|eu|de|uk|fr|io|ai))"
    r"[.]([\"”’'»)]*)\s+(?=[\"“„‘‚«(]*[A-ZÀ-Þ][^\W\d_])"
)


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """Return start and end of each sentence of ``text[start:end]``, a paragraph: in order, trimmed, never empty.

    A sentence of over 4,000 characters is no sentence; it is cut at white space into pieces of about 1,200.
    """
    found: list[Span] = []
    position = start
    while position < end:
        stop = min(end, position + _WINDOW)
        spans = _joined(text, list(_raw(text, position, stop, language)))
        if stop < end and len(spans) > 1:
            stop = spans.pop()[0]
        found += spans
        position = stop
    return [piece for span in found for piece in _bounded(text, *span)]


def _raw(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Yield what sentencex finds with the quotation marks hidden, each mark given to its sentence."""
    plain = _HIDDEN.sub(lambda mark: " " * len(mark[0]), text[start:end])
    cuts = {start + int(each["start_index"]) for each in get_sentence_boundaries(language, plain)}
    cuts |= {match.end() for match in _MISSED.finditer(text, start, end)}
    begun = start
    for cut in [*sorted(cuts - {start}), end]:
        last = start + len(plain[: cut - start].rstrip())  # just after the last mark that sentencex saw
        stop = max(last, begun)
        if cut < end:
            closing = _CLOSING.match(text, stop, end)
            stop = min(closing.end() if closing else stop, end)
        else:
            stop = end
        span = _trimmed(text, begun, stop)
        if span:
            yield span
        begun = stop


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Join what was cut in the middle of a sentence."""
    found: list[Span] = []
    for start, end in spans:
        if found and (not _WORD.search(text, start, end) or _goes_on(text[slice(*found[-1])], text[start:end])):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    if len(found) > 1 and not _WORD.search(text, *found[0]):
        found[:2] = [(found[0][0], found[1][1])]
    return found


def _goes_on(before: str, after: str) -> bool:
    tail = before[-40:]
    first = _LOWER.match(after)
    return bool(
        (first and first[1].islower() and not first[2].isupper() and before.lower() != before)
        or after[0] in ",;:"
        or (after[0].isdigit() and _BEFORE_DIGIT.search(tail))
        or _BEFORE_NAME.search(tail)
        or _BEFORE_MORE.search(tail)
        or (after[0].isupper() and _BEFORE_SURNAME.search(tail))
        or (_ASKED.search(tail) and _ASKER.match(after))
        or _NUMBERED.fullmatch(before)
        or (_EXCLAIMED.search(tail) and _COMPANY.match(after))
    )


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    if end - start <= _LONGEST:
        yield start, end
        return
    while start < end:
        stop = end
        if end - start > _PIECE:
            space = max(text.rfind(" ", start + 1, start + _PIECE), text.rfind("\n", start + 1, start + _PIECE))
            stop = space if space > start else start + _PIECE
        span = _trimmed(text, start, stop)
        if span:
            yield span
        start = stop


def _trimmed(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    end -= len(part) - len(part.rstrip())
    return (start, end) if start < end else None
