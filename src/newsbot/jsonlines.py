"""Questions read from lines, and answers written as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsbot.errors import QuestionError
from newsbot.models import Answer, Hit, Turn

_FORM = '{"question": "…", "history": [["user", "…"], ["assistant", "…"]]}'


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a file, with the turns before it; ``problem`` tells why a line is no question."""

    question: str
    history: tuple[Turn, ...] = ()
    problem: str = ""


def questions(lines: Iterable[str]) -> Iterator[Asked]:
    """Yield a question for each line that is not blank: plain text, or ``{"question": …, "history": […]}``."""
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        if not text.startswith("{"):
            yield Asked(text)
            continue
        try:
            yield _parsed(json.loads(text))
        except (ValueError, RecursionError, QuestionError):
            yield Asked("", problem=f"Line {number} is not of the form {_FORM}.")


def _parsed(row: Any) -> Asked:
    question, history = row.get("question"), row.get("history", [])
    if not isinstance(question, str):
        raise QuestionError("no question")
    return Asked(question, turns(history))


def turns(history: Any) -> tuple[Turn, ...]:
    """Return the turns of a history as JSON holds it, ``[["user", "…"], ["assistant", "…"]]``.

    Raises:
        ValueError: it is not of that form.
    """
    if not isinstance(history, list):
        raise ValueError("a history is a list")
    found: list[Turn] = []
    for each in history:
        match each:
            case ["user" | "assistant" as role, str(text)]:
                found.append(Turn(role, text))
            case _:
                raise ValueError("a turn is a role and a text")
    return tuple(found)


def answer_line(answer: Answer) -> str:
    """Return an answer as one line of JSON, in the form that the README documents."""
    row: dict[str, Any] = {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": answer.confidence,
        "answer": answer.text,
        "language": answer.language,
        "mode": answer.mode,
        "outcome": answer.outcome,
        "citations": [
            {
                "number": each.number,
                "source": each.source,
                "title": each.title,
                "quote": each.quote,
                "start": each.start,
                "end": each.end,
                "line": each.line,
                "passage": each.passage.text,
            }
            for each in answer.citations
        ],
        "passages": [_passage(each) for each in answer.hits],
        "index": {"generation": answer.generation, "embedding_model": answer.embedding_model},
        "elapsed_ms": answer.elapsed_ms,
    }
    if answer.notice:
        row["notice"] = answer.notice
    if answer.usage is not None:
        usage = answer.usage
        row["usage"] = {
            "model": usage.model,
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cost": usage.cost,
        }
    return json.dumps(row, ensure_ascii=False)


def hits_line(query: str, hits: Iterable[Hit]) -> str:
    """Return search results as one line of JSON."""
    return json.dumps({"query": query, "passages": [_passage(each) for each in hits]}, ensure_ascii=False)


def error_line(question: str, error: str) -> str:
    """Return the line that stands for a question that could not be answered."""
    return json.dumps({"question": question[:200], "answered": False, "error": error}, ensure_ascii=False)


def _passage(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "source": passage.source,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "text": passage.text,
    }
