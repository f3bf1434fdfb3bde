"""Passages: runs of whole sentences that follow an article's paragraphs, the unit of retrieval."""

from __future__ import annotations

from bisect import bisect_right
from hashlib import blake2b
from itertools import pairwise

from newsbot.models import Article, Passage, Sentence
from newsbot.paragraphs import Paragraph, line_starts, paragraphs
from newsbot.sentences import Span, sentences

LONGEST = 2_000
"""A paragraph of up to so many characters is one passage."""
PIECE = 1_200
"""A longer paragraph is divided, between sentences, into even pieces of about so many; short ones grow no larger."""
SHORTEST = 250
"""A shorter passage takes the paragraph that follows it."""
_GAP = 200  # characters that may lie between two paragraphs of one passage: a code block is larger

Part = tuple[int, int, list[Span]]  # start and end of a piece of text, and its sentences


def split(article: Article) -> tuple[Passage, ...]:
    """Return the passages of an article, in order; none if nothing in it could be cited.

    Each sentence is in exactly one passage. A heading is in the text of the passage it stands over, but is not a
    sentence of it; a title is one, since it can be cited, unless it is no more than a name.
    """
    parts = [piece for each in paragraphs(article) for piece in _pieces(article, each)]
    starts = line_starts(article.text)
    return tuple(_passage(article, part, starts) for part in _merged(parts) if part[2])


def _pieces(article: Article, paragraph: Paragraph) -> list[Part]:
    """Return a paragraph as one part, or if it is long as several of about even length."""
    start, end = paragraph.start, paragraph.end
    if paragraph.kind == "heading":
        return [(start, end, [])]
    spans = sentences(article.text, start, end, article.language)
    if end - start <= LONGEST or len(spans) < 2:
        return [(start, end, spans)]
    target = (end - start) / -(-(end - start) // PIECE)
    groups: list[list[Span]] = [[spans[0]]]
    for before, span in pairwise(spans):
        size, grown = before[1] - groups[-1][0][0], span[1] - groups[-1][0][0]
        if grown > LONGEST or abs(grown - target) > abs(size - target):
            groups.append([])
        groups[-1].append(span)
    return [(group[0][0], group[-1][1], group) for group in groups]


def _merged(parts: list[Part]) -> list[Part]:
    """Join short parts and headings to what follows them, and a short last part to what comes before it."""
    found: list[Part] = []
    while parts and not parts[-1][2]:
        parts = parts[:-1]
    for part in parts:
        before = found[-1] if found else None
        short = before and (not before[2] or (part[2] and before[1] - before[0] < SHORTEST))
        if before and short and _fit(before, part):
            found[-1] = (before[0], part[1], before[2] + part[2])
        else:
            found.append(part)
    if len(found) > 1 and found[-1][1] - found[-1][0] < SHORTEST and _fit(found[-2], found[-1]):
        last = found.pop()
        found[-1] = (found[-1][0], last[1], found[-1][2] + last[2])
    return found


def _fit(before: Part, after: Part) -> bool:
    return after[1] - before[0] <= LONGEST and after[0] - before[1] <= _GAP


def _passage(article: Article, part: Part, starts: list[int]) -> Passage:
    start, end, spans = part
    if spans and spans[-1][1] < end and not article.text[spans[-1][1] : end].strip():
        end = spans[-1][1]
    text = article.text[start:end]
    key = "\0".join((article.source, str(start), text)).encode("utf-8", "surrogatepass")
    return Passage(
        id=blake2b(key, digest_size=8).hexdigest(),
        source=article.source,
        title=article.title,
        language=article.language,
        text=text,
        start=start,
        end=end,
        line=bisect_right(starts, start),
        sentences=tuple(Sentence(first, last, bisect_right(starts, first)) for first, last in spans),
        url=article.url,
    )
