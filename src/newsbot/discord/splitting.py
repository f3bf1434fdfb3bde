"""Messages of at most 2,000 characters, cut where a reader would pause.

Discord's limit is counted in UTF-16 units here, the strictest reading of it. A cut falls after a sentence where one
ends, else at a line or a word, and never inside a quote of usual length, an escape, a citation, a link or a character
with its marks. A longer quote that stands alone is closed at the end of one message and opened again in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 2000

_ATOM = re.compile(
    r"“[^“”]{0,1200}”(?:[^\S\n]*\[\d+\])*"  # a quote that is not too long to keep whole, with its citations
    r"|"
    r"\[[^\]\n]*\]\(<[^>\n]*>\)"  # a link
    r"|\\?\[\d+\\?\]"  # a citation
    r"|\\[^0-9A-Za-z\s]"  # an escaped mark
    r"|\*\*[^*\n]+\*\*"  # bold that the project's own code wrote
    r"|[\U0001F1E6-\U0001F1FF]{2}"  # a flag
    r"|.[\u0300-\u036f\ufe0e\ufe0f\u20d0-\u20ff\U0001F3FB-\U0001F3FF]+",  # a character with its marks
    re.DOTALL,
)
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]+(?:\\?[\"'”’»)\]])*(?:[^\S\n]*\[\d+\])*(?P<gap>\s+)"  # with the citations behind it
)
_SPACES = re.compile(r"(?P<gap>\s+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message that is kept together where it fits.

    Attributes:
        body: escaped text, the only part that may be cut.
        head: what stands before the body, once.
        tail: what stands after the body, once.
        opening: put before a body that goes on from an earlier message.
        closing: put after a body that goes on in the next message.
        gap: what separates this block from the one before it in the same message.
    """

    body: str
    head: str = ""
    tail: str = ""
    opening: str = ""
    closing: str = ""
    gap: str = "\n"


def units(text: str) -> int:
    """Return the length of ``text`` as Discord may count it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(blocks: Iterable[Block], most: int = MOST) -> list[str]:
    """Return the messages that together show ``blocks``, each at most ``most`` units long and none empty."""
    messages: list[str] = []
    current = ""
    for block in blocks:
        for piece in _pieces(block, most):
            joined = f"{current}{block.gap}{piece}" if current else piece
            if units(joined) > most:
                messages.append(current)
                joined = piece
            current = joined
    return [message for message in (*messages, current) if message.strip()]


def _pieces(block: Block, most: int) -> list[str]:
    whole = f"{block.head}{block.body}{block.tail}"
    if units(whole) <= most:
        return [whole]
    room = most - units(block.head) - units(block.tail) - units(block.opening) - units(block.closing)
    bodies = _cut_up(block.body, room)
    last = len(bodies) - 1
    return [
        (block.opening if index else block.head) + body + (block.closing if index < last else block.tail)
        for index, body in enumerate(bodies)
    ]


def _cut_up(text: str, most: int) -> list[str]:
    bodies: list[str] = []
    while units(text) > most:
        cut = _cut(text, most)
        bodies.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*bodies, text] if text else bodies


def _cut(text: str, most: int) -> int:
    """Return where to cut ``text`` so that what stands before fits: the best place at or before the limit."""
    end = _reach(text, most)
    whole = [found.span() for found in _ATOM.finditer(text, 0, min(len(text), end + 1300))]
    barred = {at for first, last in whole for at in range(first + 1, last)}
    for ends, earliest in ((_SENTENCE_END, end // 3), (_SPACES, 1)):
        found = ends.finditer(text, 0, min(len(text), end + 1))
        places = [each.end() for each in found if each.start("gap") <= end]
        fitting = [at for at in places if earliest <= at and at not in barred]
        if fitting:
            return max(fitting)
    free = next((at for at in range(end, end // 2, -1) if at not in barred), end)
    return max(free, 1)


def _reach(text: str, most: int) -> int:
    if text[:most].isascii():
        return min(most, len(text))
    total = 0
    for index, char in enumerate(text):
        total += 2 if char > "\uffff" else 1
        if total > most:
            return index
    return len(text)
