"""SQuAD 1.1 and 2.0 (Rajpurkar et al., 2016 and 2018): its paragraphs are found in the indexed articles by their text.

It does not matter whether a paragraph is an article of its own or part of one. A question whose paragraph is in no
article is one that the articles do not answer; so is one that is marked ``is_impossible``. An ``answer_start`` of −1
says that the answer does not occur literally: the paragraph still counts as evidence, but no citation is judged.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newsbot.errors import EvaluationError
from newsbot.evaluation.questions import Question, Span, occurrences

KIND, LEFT_OUT, IMPOSSIBLE = "squad", "left out", "impossible"


class Places:
    """Where a paragraph lies in a set of articles: one search through all of them joined."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._sources = list(texts)
        self._starts: list[int] = []
        at = 0
        for text in texts.values():
            self._starts.append(at)
            at += len(text) + 1
        self._joined = "\0".join(texts.values())

    def find(self, paragraph: str) -> list[Span]:
        """Return every place of a paragraph; white space around it does not matter."""
        part = paragraph.strip()
        found = []
        for at in occurrences(self._joined, part):
            n = bisect.bisect_right(self._starts, at) - 1
            start = at - self._starts[n]
            found.append(Span(self._sources[n], start, start + len(part)))
        return found


def parse(
    path: Path, content: str, texts: Mapping[str, str], *, wording: Mapping[str, str] | None = None
) -> list[Question]:
    """Read a SQuAD file.

    Args:
        path: the file, for its name.
        content: its text.
        texts: source and text of every indexed article.
        wording: the question to ask for each id, in place of the file's own; ids that it lacks are left out.

    Raises:
        EvaluationError: the file is not SQuAD, or none of its paragraphs is in the articles.
    """
    places, questions, known = Places(texts), [], 0
    try:
        for context, entries in _paragraphs(path, content):
            found = places.find(context)
            known += bool(found)
            for entry in entries:
                text = entry["question"] if wording is None else wording.get(entry["id"])
                if text is not None:
                    questions.append(_question(path, entry, text, found, context))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise _not_squad(path) from error
    if questions and not known:
        raise EvaluationError(f"None of the paragraphs of {path} is in the articles; put them into the seeds folder.")
    return questions


def wordings(path: Path, content: str) -> dict[str, str]:
    """Return the question for each id of a SQuAD file."""
    try:
        return {entry["id"]: entry["question"] for _, entries in _paragraphs(path, content) for entry in entries}
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_squad(path) from error


def contexts(path: Path, content: str) -> list[str]:
    """Return the paragraphs of a SQuAD file."""
    try:
        return [context for context, _ in _paragraphs(path, content)]
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_squad(path) from error


def _paragraphs(path: Path, content: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    try:
        data = json.loads(content)["data"]
    except RecursionError as error:
        raise _not_squad(path) from error
    except ValueError as error:
        raise EvaluationError(f"The file {path} is not JSON; it may have been cut off.") from error
    for article in data:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], paragraph["qas"]


def _not_squad(path: Path) -> EvaluationError:
    return EvaluationError(
        f"The file {path} is not in SQuAD's format; a file with one question a line has a name that ends in .jsonl."
    )


def _question(path: Path, entry: dict[str, Any], text: str, found: list[Span], context: str) -> Question:
    key = f"{path.stem}/{entry['id']}"
    if not isinstance(text, str) or not text.strip():
        raise EvaluationError(f"A question in {path} is empty.")
    if entry.get("is_impossible"):
        return Question(key, text, kind=IMPOSSIBLE)
    if not found:
        return Question(key, text, kind=LEFT_OUT)
    spans = []
    for answer in entry["answers"]:
        start, part = answer["answer_start"], answer["text"]
        if start < 0:
            continue
        if context[start : start + len(part)] != part:
            raise EvaluationError(f"An answer in {path} is not at its place in its paragraph; correct answer_start.")
        shift = start - (len(context) - len(context.lstrip()))
        spans += [Span(each.source, each.start + shift, each.start + shift + len(part)) for each in found]
    return Question(key, text, kind=KIND, evidence=tuple(found), spans=tuple(dict.fromkeys(spans)))
