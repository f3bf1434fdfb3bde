"""The frozen values that cross newsbot's boundaries, from a seed to an answer.

Offsets are counted in code points of the article's text, ends are exclusive, and lines count from 1, so that
``article.text[span.start:span.end]`` is always the span's own text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["extractive", "generative"]
Outcome = Literal["answered", "nearest", "absent", "smalltalk"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article: its offsets in the article's text, and the line it begins on."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Article:
    """One seed, read and checked.

    Attributes:
        source: path relative to the seeds folder, with forward slashes.
        title: from front matter, the HTML title, a Markdown heading, or the first line.
        text: what is indexed and quoted; for ``.txt`` and ``.md`` the decoded file itself, without its byte-order mark.
        language: ISO 639-1 code.
        digest: hash of the file's bytes (hexadecimal); an article with an equal digest is unchanged.
        url: http(s) address from front matter, or empty.
        author: from front matter, or empty.
        date: from front matter, or empty.
    """

    source: str
    title: str
    text: str
    language: str
    digest: str
    url: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article, the unit of retrieval.

    Attributes:
        id: opaque, short, stable while the article and the passage's place in it are unchanged.
        text: ``article.text[start:end]``.
        line: the line on which the passage begins.
        sentences: the sentences of the passage, offsets counted in the article.
    """

    id: str
    source: str
    title: str
    language: str
    text: str
    start: int
    end: int
    line: int
    sentences: tuple[Sentence, ...]
    url: str = ""

    def quote(self, start: int, end: int) -> str:
        """Return the article's text between two of the article's offsets; both must lie inside this passage."""
        if not self.start <= start <= end <= self.end:
            raise ValueError(f"{start}:{end} is not inside the passage {self.start}:{self.end}")
        return self.text[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found, with its fused score and the standardised signals it was made of."""

    passage: Passage
    score: float
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """What one ``[number]`` in an answer stands for: ``quote`` equals the article's text from ``start`` to ``end``.

    ``line`` is the line on which the quote begins; ``passage`` is the passage that holds it.
    """

    number: int
    quote: str
    start: int
    end: int
    line: int
    passage: Passage

    @property
    def source(self) -> str:
        """Path of the article, relative to the seeds folder."""
        return self.passage.source

    @property
    def title(self) -> str:
        """Title of the article."""
        return self.passage.title


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a chat model reported for one answer, all calls together; zeros where it reported nothing.

    ``cost`` is in the currency of the setting ``NEWSBOT_CHAT_PRICE``, and None while that is not set.
    """

    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer.

    Attributes:
        question: as it was asked.
        outcome: ``answered``; ``nearest`` (not stated outright, here is the nearest); ``absent`` (the articles do not
            say); ``smalltalk`` (a greeting or the like, nothing was looked up).
        text: what to show, referring to citations as ``[1]``, ``[2]``.
        language: ISO 639-1 code of the answer.
        confidence: probability, 0 to 1, that the cited sentences answer the question.
        citations: empty unless ``answered``.
        hits: what was retrieved, best first.
        notice: one honest line for the asker beside the answer (a chat model that failed, say), or empty.
    """

    question: str
    outcome: Outcome
    text: str
    language: str
    confidence: float
    mode: Mode = "extractive"
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    notice: str = ""
    usage: Usage | None = None
    generation: str = ""
    embedding_model: str = ""
    elapsed_ms: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether the articles answer the question."""
        return self.outcome == "answered"


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of an answer in the making: ``searching`` or ``writing``."""

    stage: Literal["searching", "writing"]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of answer text, already checked and safe to show; pieces concatenate to the answer's text."""

    text: str


Event = Progress | Delta | Answer
"""What ``Newsbot.astream`` yields; the last event is always an :class:`Answer`."""


@dataclass(frozen=True, slots=True)
class Source:
    """One article as the index knows it."""

    source: str
    title: str
    language: str
    passages: int
    url: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A seed that was not indexed, and why, in one sentence."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What an indexing run did, as sources; ``generation`` is the one that serves afterwards."""

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0

    def __bool__(self) -> bool:
        """Whether the index changed."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that ``newsbot doctor`` looked at: how it stands, and what to do where it is not well.

    ``remedy`` is empty where there is nothing to do.
    """

    verdict: Literal["ok", "warning", "broken"]
    subject: str
    text: str
    remedy: str = ""
