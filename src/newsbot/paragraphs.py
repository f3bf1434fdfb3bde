"""Paragraphs of an article: where its blocks of prose begin and end, and which of them are no prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from newsbot.articles import headline
from newsbot.frontmatter import body_start
from newsbot.models import Article

Kind = Literal["prose", "item", "heading"]

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_EDITOR_BREAK = re.compile(r"\r\n|\n|\r")
_BULLET = re.compile(r"[ \t>]*(?:(?:[-*+•‣▪·]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)+")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_HASHES = re.compile(r"[ \t]*#{1,6}[ \t]+")
_ENDED = re.compile(r"[.!?…:;][\"”’'»“‘)\]]*\s*\Z")
_WORD = re.compile(r"[^\W_]+")
_WIDEST = 200
_LINE = 40
_HEADED = 80

# Lines that sites and agencies put under, or between, what they write. Only short ones are taken for it.
_FURNITURE = re.compile(
    r"\W*(?:(?:bron|source|quelle|foto|photo|beeld|image|tekst|credits?|lees ook|lees meer|lees verder|zie ook|see also"
    r"|read more|read also|read next|related|gerelateerd|meer over|more on|tags?|trefwoorden|advertentie|advertisement)"
    r"\s*(?:[:|]|\Z)|(?:©|(?:\(c\)|copyright)\s*(?:©|\(c\)|\d{4}|by\b|:))"
    r"|alle rechten voorbehouden|all rights reserved|(?:deel dit (?:artikel|bericht)|share this (?:article|story)"
    r"|volg ons (?:op|via)|follow us on|meld je aan voor|sign up (?:for|to)|subscribe (?:to|now)|abonneer je)\b)",
    re.IGNORECASE,
)
_FURNITURE_MAX = 160
_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*\Z")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of an article's text, from ``start`` to ``end`` (exclusive), without bullets and white space around."""

    start: int
    end: int
    kind: Kind


def line_starts(text: str) -> list[int]:
    """Return the offset at which each line begins, as an editor counts lines: a CR, LF or CRLF ends one."""
    return [0, *(match.end() for match in _EDITOR_BREAK.finditer(text))]


def paragraphs(article: Article) -> list[Paragraph]:
    """Return the paragraphs of an article, in order.

    Left out, because nobody would cite them: front matter; code, HTML blocks and table heads of Markdown; lines
    without a letter or digit; short lines such as ``Bron: ANP``, ``© 2025 …`` or ``Lees ook: …``; and at the end of an
    article up to three remnants: bare addresses, and lines of up to three words that end as no sentence does. Such a
    line over a longer paragraph is a heading. A list that a colon announces is kept whole.
    """
    text, kind = article.text, article.source.rpartition(".")[2].lower()
    start = 0 if kind in ("html", "htm") else body_start(text)
    blocks = _markdown(text, start) if kind == "md" else [(start, len(text), "line")]
    lines = [(*line, block_kind) for begin, end, block_kind in blocks for line in _lines(text, begin, end)]
    width = 0 if kind in ("html", "htm") else _wrapped_at(text, [line[:2] for line in lines])
    found = [each for block in _blocks(text, lines) for each in _divided(text, block, width)]
    found = [each for each in found if _WORD.search(text, each.start, each.end) and not _furniture(text, each)]
    return _titled(text, start, article.title, _headed(text, _cut(text, found)))


def _cut(text: str, found: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs without the remnants at their end."""
    kept = len(found)
    while kept and found[kept - 1].kind != "item" and _remnant(text, found[kept - 1]):
        kept -= 1
    listed = kept and text[found[kept - 1].start : found[kept - 1].end].endswith(":")
    return found if listed else found[: max(kept, len(found) - 3)]


def _headed(text: str, found: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs with a remnant that stands between longer ones made a heading."""
    lengths = [_HEADED, *(each.end - each.start for each in found), 0]
    return [
        replace(each, kind="heading")
        if each.kind == "prose" and min(lengths[place], lengths[place + 2]) >= _HEADED and _remnant(text, each)
        else each
        for place, each in enumerate(found)
    ]


def _titled(text: str, start: int, title: str, found: list[Paragraph]) -> list[Paragraph]:
    if not found:
        return found
    first, (_, title_end) = found[0], headline(text[start:])
    same = " ".join(text[first.start : first.end].split()) == title
    if same or first.kind == "heading" or (title_end and first.end == start + title_end):
        name = len(_WORD.findall(text, first.start, first.end)) <= 3 and not _ENDED.search(
            text[first.start : first.end]
        )
        found[0] = Paragraph(first.start, first.end, "heading" if name else "prose")
    return found


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield each line without its break, blank ones included: these separate paragraphs."""
    for match in _BREAK.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _wrapped_at(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the width at which the text is hard-wrapped, or 0 if a line is a paragraph of its own.

    It is wrapped if its lines are narrow and many of those that another line follows end in mid-sentence.
    """
    lengths = sorted(end - start for start, end in lines if text[start:end].strip())
    if not lengths or lengths[len(lengths) * 19 // 20] > _WIDEST:
        return 0
    width = lengths[len(lengths) * 4 // 5]
    inner = running = 0
    for (start, end), following in pairwise(lines):
        part, after = text[start:end].strip(), text[slice(*following)].strip()
        if part and after and not _BULLET.match(text, *following):
            inner += 1
            running += after[0].islower() and not _ENDED.search(part) and end - start > width * 0.6
    return width if width >= _LINE and inner and running * 5 >= inner * 2 else 0


def _blocks(text: str, lines: Iterable[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    block: list[tuple[int, int, str]] = []
    for line in lines:
        if not text[line[0] : line[1]].strip():
            if block:
                yield block
            block = []
        elif block and (
            line[2] not in ("prose", "line") or block[-1][2] != line[2] or _far(text, block[-1][1], line[0])
        ):
            yield block
            block = [line]
        else:
            block.append(line)
    if block:
        yield block


def _far(text: str, end: int, start: int) -> bool:
    """Whether more than one line break lies between two lines."""
    return len(_BREAK.findall(text, end, start)) > 1


def _divided(text: str, block: list[tuple[int, int, str]], width: int) -> Iterator[Paragraph]:
    """Yield the paragraphs of lines that no blank line separates: in Markdown a line break alone is a space."""
    begun, _, kind = block[0]
    for (before, end, _), (start, stop, _) in pairwise(block):
        part, after = text[before:end].rstrip(), text[start:stop].lstrip(" \t>")
        ended = bool(_ENDED.search(part))
        if width:
            goes_on = not ended or end - before > width * 0.6
        else:
            begins = after[:1].islower() or after[:1].isdigit()  # a digit: the 2 of CO2, set on a line of its own
            goes_on = not ended and (kind == "prose" or (end - before >= _LINE and begins))
        if not goes_on or _BULLET.match(text, start, stop):
            yield _trimmed(text, begun, end, kind)
            begun = start
    yield _trimmed(text, begun, block[-1][1], kind)


def _trimmed(text: str, start: int, end: int, kind: str) -> Paragraph:
    sort: Kind = "heading" if kind == "heading" else "prose"
    for pattern, gives in ((_HASHES, sort), (_QUOTED, sort), (_BULLET, "item")):
        found = pattern.match(text, start, end) if (pattern is not _HASHES or kind == "heading") else None
        if found and found.end() < end:
            start, sort = found.end(), "heading" if sort == "heading" else gives
    part = text[start:end]
    return Paragraph(start + len(part) - len(part.lstrip()), start + len(part.rstrip()), sort)


def _furniture(text: str, paragraph: Paragraph) -> bool:
    length = paragraph.end - paragraph.start
    return length <= _FURNITURE_MAX and bool(_FURNITURE.match(text, paragraph.start, paragraph.end))


def _remnant(text: str, paragraph: Paragraph) -> bool:
    part = text[paragraph.start : paragraph.end]
    return len(part) <= 300 and (
        bool(_ADDRESS.match(part)) or (len(_WORD.findall(part)) <= 3 and not _ENDED.search(part))
    )


def _markdown(text: str, start: int) -> list[tuple[int, int, str]]:
    """Return the blocks of Markdown that hold words, with their offsets."""
    from markdown_it import MarkdownIt

    body = text[start:]
    starts = [*line_starts(body), len(body)]
    kinds = {"paragraph_open": "prose", "heading_open": "heading", "tr_open": "row"}
    blocks: list[tuple[int, int, str]] = []
    head = False
    for token in MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(body):
        head = token.type == "thead_open" or (head and token.type != "thead_close")
        if token.type in kinds and token.map and not head:
            first, last = token.map
            blocks.append((start + starts[first], start + starts[min(last, len(starts) - 1)], kinds[token.type]))
    return blocks
