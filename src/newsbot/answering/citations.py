"""From the sentence ids that a model writes to citations: recognising marks, and numbering by order of first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsbot.answering.writing.numbered import Evidence, Numbered
from newsbot.models import Citation

_LABEL = r"(?:(?:bron(?:nen)?|zin(?:nen)?|sources?|sentences?|refs?|ids?|cit(?:e|ation)?|see|zie)\s*[:=]?\s*)?"
_RANGE = r"\s*(?:-|–|—|\.\.+|…|to|tot(?: en met)?|t/m|through)\s*"
_NEXT = rf"(?:\s*[,;&/|+]\s*(?:and|en)?\s*|\s+(?:and|en|und|et)\s+|{_RANGE}|\s+)"
_ID = r"[#^@]?s?[0-9]{1,9}"
_STRICT = r"[#^@]?s[0-9]{1,9}"
_REST = r"\s*(?:†[^\]】］)]{0,40})?[.,;]?\s*"
MARK = re.compile(
    rf"[\[【［〔]\s*\^?\s*{_LABEL}{_ID}(?:{_NEXT}{_LABEL}{_ID})*{_REST}[\]】］〕]"
    rf"|[(（]\s*{_LABEL}{_STRICT}(?:{_NEXT}{_LABEL}{_ID})*{_REST}[)）]"
    r"|[\[【［〔]\s*[\]】］〕]",
    re.IGNORECASE,
)
"""A mark: bracketed ids or bare numbers (a model's own ``[1]`` must not pass for a citation), or empty brackets."""

_PARTIAL = re.compile(r"[\[【［〔(（][\s\w#^@:=,;&/|+.…†–—-]{0,160}")
_ITEM = re.compile(rf"({_ID})(?:{_RANGE}({_ID}))?", re.IGNORECASE)


def may_become_mark(text: str) -> bool:
    """Whether ``text``, which begins with a bracket, can still grow into a mark."""
    return bool(_PARTIAL.fullmatch(text))


def ids(mark: str, evidence: Evidence) -> list[str]:
    """Return the known ids of a mark, in its order; ranges are filled in as the model saw the sentences."""
    found: dict[str, None] = {}
    for match in _ITEM.finditer(re.sub(r"†.*", "", mark)):
        ends = [_name(part) for part in match.groups() if part]
        known = [end for end in ends if end in evidence]
        if len(known) == 2:
            known = [line.id for line in evidence.between(*known)]
        found.update(dict.fromkeys(known))
    return list(found)


def _name(part: str) -> str:
    return "s" + part.lower().lstrip("#^@").removeprefix("s")


@dataclass(slots=True)
class Numbering:
    """The citations of one answer, numbered in the order in which sentences are first cited."""

    citations: list[Citation] = field(default_factory=list)
    _numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def mark(self, lines: list[Numbered]) -> str:
        """Return what stands for these sentences in the answer, ``[1][2]``, and remember the new ones."""
        return "".join(f"[{number}]" for number in dict.fromkeys(self._number(line) for line in lines))

    def _number(self, line: Numbered) -> int:
        key = (line.passage.source, line.sentence.start)
        if key not in self._numbers:
            number = self._numbers[key] = len(self._numbers) + 1
            sentence = line.sentence
            self.citations.append(
                Citation(number, line.text, sentence.start, sentence.end, sentence.line, line.passage)
            )
        return self._numbers[key]


def split(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of ``text`` in order, each with whether it is a mark."""
    at = 0
    for match in MARK.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def replace(text: str, render: Callable[[str], str]) -> str:
    """Return ``text`` with each mark rendered, and the space before a mark that renders to nothing taken away."""
    result = ""
    for piece, is_mark in split(text):
        shown = render(piece) if is_mark else piece
        if is_mark and not shown:
            result = result.rstrip(" ")
        elif is_mark and result and not result[-1].isspace() and result[-1] != "]":
            result += " " + shown if result[-1].isalnum() or result[-1] in '"”’»)%' else shown
        else:
            result += shown
    return result
