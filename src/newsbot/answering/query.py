"""A question as understood: complete in itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """What to ask of the articles.

    Attributes:
        text: the question; it can be understood without the turns before it.
        language: ISO 639-1 code of the question.
        carried: folded words of the text that were not said now, but taken from the turns before.
        cited: what the question goes on from, if it does: the first quote of the answer before, or else all of that.
    """

    text: str
    language: str
    carried: frozenset[str] = frozenset()
    cited: tuple[str, ...] = ()
