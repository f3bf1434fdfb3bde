"""A run: every question of the files is put to newsbot, one after another."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from newsbot import articles
from newsbot.errors import EvaluationError, SeedError
from newsbot.evaluation import lines, squad
from newsbot.evaluation.questions import Question, read
from newsbot.evaluation.results import Evaluation, judge
from newsbot.language import detect
from newsbot.models import Answer, Turn
from newsbot.settings import Settings

_SAMPLE = 50
"""Questions from which the language of a file that does not state it is told."""


class Asks(Protocol):
    """What an evaluation needs of newsbot."""

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        ...

    def ask(self, question: str, history: Iterable[Turn | tuple[str, str]] = ()) -> Answer:
        """Answer a question."""
        ...

    def warm(self) -> None:
        """Load what the first question would otherwise have to wait for."""
        ...


def load(path: Path, texts: Mapping[str, str], *, asked: Path | None = None) -> list[Question]:
    """Read a file of questions: SQuAD if its name ends in ``.json``, otherwise an object a line.

    Args:
        path: the file.
        texts: source and text of every indexed article.
        asked: a SQuAD file with the same ids in another language, whose wording is asked instead.

    Raises:
        EvaluationError: the file cannot be read or does not fit the articles (one sentence, naming file and line).
    """
    content = read(path)
    if path.suffix.lower() == ".json":
        questions = squad.parse(path, content, texts, wording=squad.wordings(asked, read(asked)) if asked else None)
    elif asked:
        raise EvaluationError(f"Only a SQuAD file can be asked in the words of another; {path} is not one.")
    else:
        questions = lines.parse(path, content, texts)
    if not questions:
        raise EvaluationError(f"There is no question in {path}.")
    if not all(each.language for each in questions):
        spoken = detect(" ".join(each.text for each in questions[:_SAMPLE]))
        questions = [replace(each, language=each.language or spoken) for each in questions]
    if len({each.id for each in questions}) < len(questions):
        raise EvaluationError(f"Two questions in {path} have the same id; give each its own.")
    return questions


def run(
    bot: Asks,
    files: Sequence[Path],
    *,
    texts: Mapping[str, str] | None = None,
    asked: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Put every question of the files to newsbot; its model and index are loaded before the clock starts.

    Args:
        bot: a ``Newsbot``, or anything that answers like one.
        files: files of questions, in newsbot's own format or SQuAD's.
        texts: source and text of every indexed article; by default the seeds are read.
        asked: see :func:`load`.
        progress: called with how many questions are done, and how many there are.

    Raises:
        EvaluationError: a file cannot be used; no question has been asked then.
        SeedError: there is no seeds folder to find the answers in.
        NewsbotError: newsbot cannot answer at all, for instance because it has no index.
    """
    known = _texts(bot.settings) if texts is None else texts
    questions = [each for path in files for each in load(path, known, asked=asked)]
    if not questions:
        raise EvaluationError("Name at least one file of questions.")
    bot.warm()
    results, last = [], None
    for done, question in enumerate(questions, start=1):
        began = time.perf_counter()
        last = bot.ask(question.text, question.history)
        results.append(judge(question, last, time.perf_counter() - began))
        if progress is not None:
            progress(done, len(questions))
    return Evaluation(
        results=tuple(results),
        files=tuple(path.name for path in files),
        embedding_model=last.embedding_model if last else "",
        chat_model=bot.settings.chat_model,
        generation=last.generation if last else "",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _texts(settings: Settings) -> dict[str, str]:
    found = {}
    for seed in articles.scan(settings.seeds_dir)[0]:
        with contextlib.suppress(SeedError):
            found[seed.source] = articles.read(seed).text
    return found
