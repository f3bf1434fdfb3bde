"""How an answer looks in Discord: the text, then each quote with its source, as blocks that can be split.

The layout is plain on purpose: it must read well on a phone, and everything in it but the marks written here has been
through :mod:`newsbot.discord.rendering`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from newsbot.discord.rendering import clean, escape, link, one_line
from newsbot.discord.splitting import MOST, Block, split, units
from newsbot.discord.words import say
from newsbot.models import Answer, Citation, Hit, Passage, Source

NEAREST = 3
_EXCERPT = 240
_MOST_SOURCES = 40
_DRAFT_NUMBERS = range(1, 100)


def answer_messages(answer: Answer, *, echo: str = "") -> list[str]:
    """Return the messages that show ``answer``, below the question itself when ``echo`` gives it."""
    numbers = {citation.number for citation in answer.citations}
    blocks = [Block(escape(answer.text, numbers).strip(), head=_echoed(echo) if echo else "")]
    if answer.notice:
        blocks.append(Block(f"-# {escape(one_line(answer.notice, 300))}"))
    if answer.citations:
        shown = clean(answer.text)
        told = [each for each in answer.citations if clean(each.quote).strip() in shown]
        blocks.extend(_quote(each, answer.language) for each in answer.citations if each not in told)
        blocks.extend(_places(told, answer.language))
    elif answer.outcome in ("nearest", "absent"):
        blocks.extend(excerpts(nearest(answer), answer.language))
    return split(blocks)


def nearest(answer: Answer) -> Sequence[Hit]:
    """Return the passages to show when the articles do not answer a question outright."""
    return answer.hits[:NEAREST] if answer.outcome in ("nearest", "absent") else ()


def draft(text: str) -> str:
    """Return an answer in the making as one message; what does not fit yet is left for the end."""
    shown = escape(text, _DRAFT_NUMBERS)
    if units(shown) > MOST - 2:
        shown = split([Block(shown)], MOST - 2)[0]
    return f"{shown.rstrip()} …"


def excerpts(hits: Sequence[Hit], language: str) -> list[Block]:
    """Return a block for each hit: its number, the beginning of its text, and where it stands."""
    return [_excerpt(number, hit.passage, language) for number, hit in zip(count(1), hits, strict=False)]


def hit_messages(hits: Sequence[Hit], language: str) -> list[str]:
    """Return the messages that show what a search found."""
    return split(excerpts(hits, language)) or [say("nothing_found", language)]


def passage_messages(passage: Passage, language: str) -> list[str]:
    """Return the messages that show a passage in full."""
    title = link(passage.title or passage.source, passage.url)
    head = f"**{title}**\n-# {_place(passage.source, passage.line, language)}\n"
    return split([Block(escape(passage.text), head=head)])


def source_messages(sources: Sequence[Source], language: str) -> list[str]:
    """Return the messages that list the articles of the index, a bounded number of them."""
    if not sources:
        return [say("no_articles", language)]
    blocks = [Block(f"**{say('articles', language, count=len(sources))}**")]
    for each in sources[:_MOST_SOURCES]:
        details = " · ".join(escape(one_line(detail, 60)) for detail in (each.author, each.date, each.source) if detail)
        blocks.append(Block(f"• {link(each.title or each.source, each.url)}\n-# {details}"))
    if len(sources) > _MOST_SOURCES:
        blocks.append(Block(say("more_articles", language, count=len(sources) - _MOST_SOURCES)))
    return split(blocks)


def lines(texts: Sequence[str]) -> list[str]:
    """Return the messages that show ``texts``, each on a line of its own."""
    return split([Block(text) for text in texts])


def _echoed(question: str) -> str:
    return f"> {escape(one_line(question, 300))}\n"


def _quote(citation: Citation, language: str) -> Block:
    place = _place(citation.source, citation.line, language)
    return Block(
        escape(citation.quote).strip(),
        head=f"**[{citation.number}]** “",
        tail=f"”\n-# {link(citation.title or citation.source, citation.passage.url)} · {place}",
        opening="“",
        closing="”",
    )


def _places(citations: Sequence[Citation], language: str) -> list[Block]:
    """Return a line for each article whose quotes stand in the answer already: where they come from."""
    articles: dict[str, list[Citation]] = {}
    for each in citations:
        articles.setdefault(each.source, []).append(each)
    blocks = []
    for source, cited in articles.items():
        places = " · ".join(f"[{each.number}] {say('line', language, line=each.line)}" for each in cited)
        title = link(cited[0].title or source, cited[0].passage.url)
        blocks.append(Block(f"-# {title} · {escape(one_line(source, 80))}: {places}"))
    return blocks


def _excerpt(number: int, passage: Passage, language: str) -> Block:
    source = f"{link(passage.title or passage.source, passage.url)} · {_place(passage.source, passage.line, language)}"
    text = escape(one_line(passage.text, _EXCERPT))
    return Block(text, head=f"**{number}** “", tail=f"”\n-# {source}", opening="“", closing="”")


def _place(source: str, line: int, language: str) -> str:
    return f"{escape(one_line(source, 80))}, {say('line', language, line=line)}"
