"""Cutting a stream of model output into sentences, the same way wherever the stream happens to be chopped.

The machine moves one character at a time, so that a decision depends on what was written and never on how it arrived.
A sentence that ends in a mark and a full stop is closed at once; any other waits for the character that proves its end.
What still belongs to a closed sentence (more marks, a closing quotation mark) follows as :class:`Tail`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbot.answering.citations import MARK, may_become_mark


@dataclass(frozen=True, slots=True)
class Closed:
    """A sentence, list item, heading or table row has ended.

    Attributes:
        text: as the model wrote it, marks included.
        before: what parts it from the one before: an empty string, a space or a line break.
        whole: False when the stream ended inside it, or when it is too long to be a sentence.
    """

    text: str
    before: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Tail:
    """A mark or closing character that belongs to the sentence closed last."""

    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing more will be added to the sentence closed last."""


Event = Closed | Tail | Settled

_LONGEST = 1500
_STOPS, _CLOSERS, _OPEN, _CLOSE = ".!?…", "\"'”’»)*_", "[【［〔(（", "]】］〕)）"
_ENDED = re.compile(r"(?<=\S)(?<!^\d)(?<!^\d\d)(?<!\n\d)(?<!\n\d\d)[.!?…][\"'”’»)*_]*\s*$")
_MARK_THEN_STOP = re.compile(rf"(?:{MARK.pattern})[\"'”’»)*_`]*[.!?…]$", re.IGNORECASE)
_MARK_LAST = re.compile(rf"(?:{MARK.pattern})[\"'”’»)*_`]*$", re.IGNORECASE)
_LINE = re.compile(r"(?:[-*+•–—]\s|\d{1,3}[.)]\s|#{1,6}\s|>|\||```)")
_PERHAPS_LINE = re.compile(r"(?:[-*+•–—]|\d{1,3}[.)]?|#{1,6}|`{1,2})?")
_ITEM = re.compile(r"[-*+•–—]\s|\d{1,3}[.)]\s")
_DULL = re.compile(r"[^\W_]{1,40}")
_ROW = re.compile(r"\s*(?:#{1,6}\s|\||```)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]|[dm]r|mrs|ms|prof|drs?|ir|ing|mevr|dhr|st|jr|sr|bijv|bv|ca|nr|no|vs|"
    r"resp|incl|excl|max|min|gem|art|blz|pag?|vgl|zgn|ong|inc|corp|ltd|co|gen|gov|sen|rep|lt|col|approx|est|fig|vol|"
    r"jan|feb|mrt|apr|aug|sept?|okt|oct|nov|dec)\.$",
    re.IGNORECASE,
)
_THINKING = ("<think>", "</think>")


class Segmenter:
    """Feed it chunks and it yields events; :meth:`finish` settles what is left."""

    def __init__(self) -> None:
        self._raw = ""
        self._cut: int | None = None
        self._before = ""
        self._overlong = False
        self._tail: str | None = None
        self._gap = ""
        self._opening: str | None = ""

    def feed(self, chunk: str) -> Iterator[Event]:
        """Take the next chunk of the stream."""
        text = self._spoken(chunk)
        at = 0
        while at < len(text):
            dull = _DULL.match(text, at) if self._in_word() else None
            if dull:
                self._raw += dull[0]
                at = dull.end()
                continue
            yield from self._in_tail(text[at]) if self._tail is not None else self._in_body(text[at])
            at += 1

    def _in_word(self) -> bool:
        """Whether a letter or digit could not change anything now, but only make the sentence longer."""
        return self._tail is None and self._cut is None and self._raw[-1:].isalnum() and len(self._raw) < _LONGEST

    def finish(self, complete: bool) -> Iterator[Event]:
        """Take the end of the stream; after an incomplete one the sentence it broke off in is not whole."""
        if self._tail is None and self._raw.strip():
            whole = complete and not self._overlong
            if self._cut is not None and self._raw[self._cut :].strip():
                yield from self._divide()
            yield Closed(self._raw.strip(), self._before, whole)
        yield Settled()

    def _spoken(self, chunk: str) -> str:
        """Return ``chunk`` without the thinking aloud that some models begin with."""
        if self._opening is None:
            return chunk
        text = self._opening + chunk
        start, end = _THINKING
        lead = text.lstrip()
        if lead.startswith(start):
            at = lead.find(end)
            self._opening = None if at >= 0 else lead[:7] + lead[7:][-len(end) :]
            return lead[at + len(end) :] if at >= 0 else ""
        if start.startswith(lead):
            self._opening = text
            return ""
        self._opening = None
        return text

    # --- inside a sentence ---

    def _in_body(self, character: str) -> Iterator[Event]:
        if not self._raw and character.isspace():
            self._before = "\n" if character == "\n" else self._before
            return
        previous = self._raw[-1:]
        self._raw += character
        if self._cut is not None:
            yield from self._decide()
        elif character == "\n":
            yield from self._at_line_end()
        elif not character.isspace() and (previous.isspace() or character in _OPEN) and _ENDED.search(self._raw[:-1]):
            self._cut = len(self._raw) - 1
            yield from self._decide()
        elif character in _STOPS and _MARK_THEN_STOP.search(self._raw[-200:]):
            yield from self._close()
        elif len(self._raw) > _LONGEST:
            self._raw, self._overlong = self._raw[-200:], True

    def _at_line_end(self) -> Iterator[Event]:
        text = self._raw.rstrip()
        if _ROW.match(self._raw) or _MARK_LAST.search(text[-200:]):
            self._gap = "\n"
            yield from self._close()
        else:
            self._cut = len(text)

    def _decide(self) -> Iterator[Event]:
        """Find out whether the sentence ended at the cut, now that one more character is known."""
        kept, rest = self._raw[: self._cut], self._raw[self._cut :]
        lead = rest.lstrip()
        lines = rest[: len(rest) - len(lead)].count("\n")
        ended = self._at_line_start(kept, lead, lines) if lines else None
        if ended is None and lead and not (lines and _PERHAPS_LINE.fullmatch(lead)):
            if lead[0] in _OPEN and MARK.fullmatch(lead):
                yield from self._close()
                return
            if lead[0] in _OPEN and may_become_mark(lead):
                return
            ended = lead[0] in _OPEN or not (lead[0].islower() or _ABBREVIATION.search(kept[-20:].rstrip()))
        if ended:
            yield from self._divide()
        elif ended is False:
            self._cut = None

    def _at_line_start(self, kept: str, lead: str, lines: int) -> bool | None:
        """Return whether the sentence ended before a line break; None when that is not yet known, or not by lines."""
        introduces = kept.rstrip(" *_").endswith(":")
        if not lead:
            return True if lines > 1 and not introduces else None
        if _LINE.match(lead):
            return not (introduces and _ITEM.match(lead))
        return None if _PERHAPS_LINE.fullmatch(lead) or _ENDED.search(kept) else introduces

    def _divide(self) -> Iterator[Event]:
        """End the sentence at the cut and begin the next with what follows."""
        kept, rest = self._raw[: self._cut].rstrip(), self._raw[self._cut :]
        yield Closed(kept, self._before, not self._overlong)
        yield Settled()
        self._begin("\n" if "\n" in rest[: len(rest) - len(rest.lstrip())] else " ")
        for character in rest.lstrip():
            yield from self._in_body(character)

    def _close(self) -> Iterator[Event]:
        yield Closed(self._raw.strip(), self._before, not self._overlong)
        self._tail = ""
        self._raw, self._cut = "", None

    def _begin(self, before: str) -> None:
        self._raw, self._cut, self._before, self._overlong = "", None, before, False
        self._tail, self._gap = None, ""

    # --- after a sentence ---

    def _in_tail(self, character: str) -> Iterator[Event]:
        if self._tail:
            self._tail += character
            if MARK.fullmatch(self._tail):
                yield Tail(self._tail)
                self._tail = ""
            elif not may_become_mark(self._tail):
                yield from self._resume(self._tail)
        elif character.isspace():
            self._gap += character
        elif character in _OPEN:
            self._tail = character
        elif not self._gap and character in _STOPS + _CLOSERS:
            yield Tail(character)
        else:
            yield from self._resume(character)

    def _resume(self, text: str) -> Iterator[Event]:
        yield Settled()
        self._begin("\n" if "\n" in self._gap else " ")
        for character in text:
            yield from self._in_body(character)
