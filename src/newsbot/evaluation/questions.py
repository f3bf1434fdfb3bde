"""A question with what is known of its answer, and how files of questions are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsbot.errors import EvaluationError
from newsbot.models import Turn

SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of an article: from ``start`` up to ``end``, in code points of the article's text."""

    source: str
    start: int
    end: int

    def meets(self, source: str, start: int, end: int) -> bool:
        """Whether a part of an article shares at least one character with this span."""
        return self.source == source and self.start < end and start < self.end

    def begins_in(self, source: str, start: int, end: int) -> bool:
        """Whether a part of an article holds this span's first character."""
        return self.source == source and start <= self.start < end


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known of its answer.

    Attributes:
        id: the file's stem, a slash, and the question's id in its file.
        text: the question.
        language: ISO 639-1 code, or empty.
        kind: what the scores are grouped by, such as ``chatty`` or ``nearmiss``; ``smalltalk`` wants no answer.
        evidence: a passage that shares a character with one of these is a right passage.
        spans: a citation that holds the first character of one of these is a right citation; empty where the answer
            does not occur literally.
        history: earlier turns.
    """

    id: str
    text: str
    language: str = ""
    kind: str = ""
    evidence: tuple[Span, ...] = ()
    spans: tuple[Span, ...] = ()
    history: tuple[Turn, ...] = ()

    @property
    def smalltalk(self) -> bool:
        """Whether a friendly word is wanted, and no look-up."""
        return self.kind == SMALLTALK

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.evidence) and not self.smalltalk


def read(path: Path) -> str:
    """Return a file's text, or raise an :class:`EvaluationError` that says why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"The file {path} is not UTF-8 text; save it as UTF-8 and try again.") from error
    except OSError as error:
        raise EvaluationError(f"The file {path} cannot be read ({error.strerror or 'an input error'}).") from error


def occurrences(text: str, part: str) -> Iterator[int]:
    """Yield every offset at which ``part`` begins in ``text``; none for an empty part."""
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
