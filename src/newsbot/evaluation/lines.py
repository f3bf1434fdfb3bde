"""newsbot's own files of questions: an object a line.

An object has ``question``, and where wanted ``id``, ``history`` (pairs of role and text), ``language``, ``kind`` and
``answers``: a list of ``{"source", "text"}`` with ``start`` and ``end`` in the article where the text occurs more than
once. A question without answers is one that the articles do not answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsbot.errors import EvaluationError
from newsbot.evaluation.questions import Question, Span, occurrences
from newsbot.jsonlines import turns
from newsbot.models import Turn


def parse(path: Path, content: str, texts: Mapping[str, str]) -> list[Question]:
    """Read the lines of a file; empty lines are skipped.

    Args:
        path: the file, for its name.
        content: its text.
        texts: source and text of every indexed article.

    Raises:
        EvaluationError: a line does not fit the format or the articles (one sentence, naming the line).
    """
    return [
        _question(path, number, line, texts) for number, line in enumerate(content.split("\n"), start=1) if line.strip()
    ]


def _question(path: Path, number: int, line: str, texts: Mapping[str, str]) -> Question:
    where = f"Line {number} of {path}"
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{where} is not JSON; write one object a line.") from error
    if not isinstance(entry, dict):
        raise EvaluationError(f"{where} is not an object with a question.")
    text, language, kind = (entry.get(name) or "" for name in ("question", "language", "kind"))
    if not (isinstance(text, str) and text.strip()):
        raise EvaluationError(f"{where} has no question.")
    if not (isinstance(language, str) and isinstance(kind, str)):
        raise EvaluationError(f"{where} has a language or kind that is not text.")
    answers = entry.get("answers") or []
    if not isinstance(answers, list):
        raise EvaluationError(f"{where} has answers that are not a list.")
    spans = tuple(span for answer in answers for span in _spans(where, answer, texts))
    key = f"{path.stem}/{entry.get('id', number)}"
    return Question(key, text, language, kind, spans, spans, _history(where, entry.get("history") or []))


def _history(where: str, history: Any) -> tuple[Turn, ...]:
    try:
        return turns(history)
    except ValueError:
        raise EvaluationError(f'{where} has a history that is not a list of ["user" or "assistant", text].') from None


def _spans(where: str, answer: Any, texts: Mapping[str, str]) -> list[Span]:
    if not isinstance(answer, dict) or not isinstance(answer.get("source"), str) or not answer.get("text"):
        raise EvaluationError(f"{where} has an answer without a source and a text.")
    source, part, start = answer["source"], str(answer["text"]), answer.get("start")
    if source not in texts:
        raise EvaluationError(f"{where} names an article that is not among the seeds; add it or leave the line out.")
    if start is None:
        found = [Span(source, at, at + len(part)) for at in occurrences(texts[source], part)]
    elif isinstance(start, int) and start >= 0 and texts[source][start : answer.get("end", start + len(part))] == part:
        found = [Span(source, start, start + len(part))]
    else:
        found = []
    if not found:
        raise EvaluationError(f"{where} has an answer that is not in its article at that place; correct its offsets.")
    return found
