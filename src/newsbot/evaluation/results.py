"""What became of each question, and the file that an evaluation is kept in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, Self

from newsbot.errors import EvaluationError
from newsbot.evaluation.questions import Question, read
from newsbot.models import Answer, Outcome

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Result:
    """One question and how it was answered.

    Attributes:
        id: the question's id.
        question: its text.
        language: its language, or empty.
        kind: its kind, or empty.
        followup: whether it had earlier turns.
        wanted: what the right reaction is.
        literal: whether the answer occurs literally in the articles, so that citations can be judged.
        outcome: what newsbot made of it.
        confidence: newsbot's probability that its sentences answer the question.
        rank: place, from 1, of the first retrieved passage that holds evidence; 0 if none does.
        cited: place, from 1, of the first citation that holds an answer; 0 if none does.
        quotes: what was cited, in order.
        seconds: how long the answer took.
    """

    id: str
    question: str
    language: str
    kind: str
    followup: bool
    wanted: Literal["answer", "refusal", "smalltalk"]
    literal: bool
    outcome: Outcome
    confidence: float
    rank: int
    cited: int
    quotes: tuple[str, ...]
    seconds: float

    @property
    def answered(self) -> bool:
        """Whether newsbot answered from the articles."""
        return self.outcome == "answered"

    @property
    def verdict(self) -> str:
        """What happened, in a word or two: ``right``, ``right, not first``, ``wrong``, ``refused``, ``answered``."""
        if self.wanted != "answer":
            return self.outcome if self.wanted == "smalltalk" else "answered" if self.answered else "refused"
        if not self.answered:
            return "refused"
        if not self.literal:
            return "not judged"
        return {0: "wrong", 1: "right"}.get(self.cited, "right, not first")

    @property
    def failed(self) -> bool:
        """Whether a reader was let down: a wrong answer, a refusal of what is there, an answer to what is not."""
        if self.wanted == "smalltalk":
            return self.outcome != "smalltalk"
        return self.verdict == "answered" if self.wanted == "refusal" else self.verdict in {"wrong", "refused"}


def judge(question: Question, answer: Answer, seconds: float) -> Result:
    """Hold an answer against what is known of its question."""
    passages = [hit.passage for hit in answer.hits]
    retrieved = [any(gold.meets(each.source, each.start, each.end) for gold in question.evidence) for each in passages]
    holding = [
        any(gold.begins_in(each.source, each.start, each.end) for gold in question.spans) for each in answer.citations
    ]
    return Result(
        id=question.id,
        question=question.text,
        language=question.language,
        kind=question.kind,
        followup=bool(question.history),
        wanted="smalltalk" if question.smalltalk else "answer" if question.answerable else "refusal",
        literal=bool(question.spans),
        outcome=answer.outcome,
        confidence=answer.confidence,
        rank=retrieved.index(True) + 1 if True in retrieved else 0,
        cited=holding.index(True) + 1 if True in holding else 0,
        quotes=tuple(each.quote for each in answer.citations),
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every question of a run with its result, and what was measured.

    Attributes:
        results: in the order of the files.
        files: names of the files of questions.
        embedding_model: of the index that answered.
        chat_model: that wrote the answers, or empty.
        generation: of the index that answered.
        date: ISO 8601 date and time of the run, or empty.
    """

    results: tuple[Result, ...]
    files: tuple[str, ...] = ()
    embedding_model: str = ""
    chat_model: str = ""
    generation: str = ""
    date: str = ""

    def where(self, **wanted: object) -> tuple[Result, ...]:
        """Return the results whose attributes equal those given, as in ``where(kind="chatty")``."""
        return tuple(each for each in self.results if all(getattr(each, k) == v for k, v in wanted.items()))

    def values(self, attribute: str) -> list[str]:
        """Return the distinct values of ``kind`` or ``language``, in order of appearance."""
        return list(dict.fromkeys(str(getattr(each, attribute)) for each in self.results))

    def save(self, path: Path) -> None:
        """Write the run as JSON; :meth:`load` reads it back equal."""
        content = json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, indent=1)
        try:
            path.write_text(content + "\n", encoding="utf-8")
        except OSError as error:
            raise EvaluationError(f"The results cannot be written to {path} ({error.strerror}).") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a run that :meth:`save` wrote.

        Raises:
            EvaluationError: the file cannot be read, or is not a run of this version.
        """
        content = read(path)
        try:
            entry = json.loads(content)
            if entry.pop("schema") != SCHEMA:
                raise ValueError
            results = tuple(_result(each) for each in entry.pop("results"))
            return cls(results, tuple(entry.pop("files")), **{name: str(value) for name, value in entry.items()})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise EvaluationError(f"The file {path} is not a saved evaluation; make it with `newsbot eval`.") from error


def _result(entry: dict[str, object]) -> Result:
    if set(entry) != {each.name for each in fields(Result)}:
        raise ValueError
    return Result(**{**entry, "quotes": _texts(entry["quotes"])})  # type: ignore[arg-type]


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError
    return tuple(str(value) for value in values)
