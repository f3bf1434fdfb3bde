"""One answer of a chat model in the making: prompt, tries, checks, and the draft that comes of them."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from newsbot.answering import prompts
from newsbot.answering.checking.meaning import similarity
from newsbot.answering.writing.calls import Call, messages, usage
from newsbot.answering.writing.failures import ChatError, broken_off, log, withheld
from newsbot.answering.writing.numbered import Evidence
from newsbot.answering.writing.output import UNCLAIMED, Writing
from newsbot.models import Citation, Delta, Passage, Turn, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import RunnableConfig

    from newsbot.settings import Settings

_TRIES = 3
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 20.0
_LONGEST_VERDICT = 400
_UNJUDGED = {"another language", "nothing said", "code"}


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be answered, and from what.

    Attributes:
        question: as asked.
        language: ISO 639-1 code of the question, and so of the answer.
        ranked: passages that retrieval found, best first.
        others: the rest of the index while that is small: given to the model when everything fits the budget.
        history: earlier turns, oldest first.
        spent: what was used for this answer before (by a rewriting).
        config: of the chain that runs this, so that its callbacks see the calls.
        stopped: set by another thread to give the answer up.
    """

    question: str
    language: str
    ranked: Sequence[Passage]
    others: Iterable[Passage] = ()
    history: Sequence[Turn] = ()
    spent: Usage | None = None
    config: RunnableConfig | None = None
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of a model's answer.

    Attributes:
        text: the sentences that passed, with ``[1]``, ``[2]``; empty when ``absent``.
        outcome: ``answered``, or ``absent`` when the model said so or nothing passed.
        citations: what the numbers stand for.
        usage: of all calls for this answer.
        notice: a line for the reader when the model broke off or nothing of it passed, or empty.
    """

    text: str
    outcome: Literal["answered", "absent"]
    citations: tuple[Citation, ...] = ()
    usage: Usage | None = None
    notice: str = ""


@dataclass(slots=True)
class Attempts:
    """One answer in the making, over as many tries as it takes."""

    settings: Settings
    model: BaseChatModel
    task: Task
    evidence: Evidence
    spent: Usage | None
    began: float = field(default_factory=time.monotonic)

    def run(self) -> Iterator[Delta | Draft]:
        """Yield what may be shown, then the draft; raises :class:`ChatError` when nothing came of any try."""
        prompt = _prompt(self.task, self.evidence)
        for attempt in range(_TRIES):
            writing = Writing(self.evidence, self.task.language, self.settings.chat_second_look, similarity)
            call = self._call(prompt)
            trouble: ChatError | None = None
            try:
                yield from self._write(writing, call)
            except ChatError as failed:
                trouble = failed
            self.spent = usage(self.settings, call, self.spent)
            if writing.claims:
                self._look_again(writing)
                yield from (Delta(writing.show(claim)) for claim in writing.claims)
            if trouble is None or writing.text:
                yield self._draft(writing, trouble)
                return
            self._pause(trouble, attempt)

    @property
    def deadline(self) -> float:
        """When the answer must be there, on :func:`time.monotonic`."""
        return self.began + self.settings.chat_timeout

    def _call(self, prompt: list[BaseMessage]) -> Call:
        return Call(self.model, prompt, self.deadline, self.task.config, self.task.stopped)

    def _pause(self, trouble: ChatError, attempt: int) -> None:
        """Wait before the next try, or raise ``trouble`` when there should be none."""
        pause = _FIRST_PAUSE * 2**attempt if trouble.wait is None else trouble.wait
        final = attempt == _TRIES - 1 or not trouble.passing or pause > _LONGEST_PAUSE
        if final or time.monotonic() + pause >= self.deadline or self.task.stopped.wait(pause):
            trouble.usage = self.spent
            raise trouble

    def _write(self, writing: Writing, call: Call) -> Iterator[Delta]:
        """Read the model's output through the checks.

        Raises:
            ChatError: it failed, broke off, declined, or gave nothing that could be judged.
        """
        call.begin()
        writing.prepare()
        spoke = False
        for piece in call:
            spoke = spoke or bool(piece.strip())
            if shown := writing.feed(piece):
                yield Delta(shown)
            if writing.done:
                break
        whole = writing.done or call.complete
        if shown := writing.finish(whole):
            yield Delta(shown)
        if writing.refused:
            return
        if call.refused and not (writing.text or writing.claims):
            raise ChatError("refused")
        if not whole:
            raise ChatError("broken")
        if not spoke or (
            writing.dropped and set(writing.dropped) <= _UNJUDGED and not (writing.text or writing.claims)
        ):
            raise ChatError("empty")

    def _look_again(self, writing: Writing) -> None:
        """Let the model name claims that their sources do not state, and drop those; a failed look changes nothing."""
        fence = self.evidence.fence
        listed = "\n".join(
            f"{number}. {claim.words}\n   sources: "
            + " | ".join(prompts.harmless(line.text) for group in claim.marks for line in group)
            for number, claim in enumerate(writing.claims, 1)
        )
        asked = prompts.SECOND_LOOK_INPUT.format(fence=fence, claims=listed)
        call = self._call(messages(prompts.SECOND_LOOK.format(fence=fence), asked))
        try:
            verdict = call.text(_LONGEST_VERDICT)
        except ChatError:
            verdict = ""
        self.spent = usage(self.settings, call, self.spent)
        rejected = {int(number) for number in re.findall(r"\d+", verdict)}
        kept = [claim for number, claim in enumerate(writing.claims, 1) if number not in rejected]
        writing.dropped["the second look"] += len(writing.claims) - len(kept)
        writing.claims = kept

    def _draft(self, writing: Writing, trouble: ChatError | None) -> Draft:
        spent = self.spent or Usage()
        log.info(
            "the chat model answered: %s, %d tokens in, %d out, cost %s, %.1f s, %d citations, not shown: %s",
            spent.model,
            spent.input_tokens,
            spent.output_tokens,
            "unknown" if spent.cost is None else f"{spent.cost:.6f}",
            time.monotonic() - self.began,
            len(writing.citations),
            dict(writing.dropped) or "nothing",
        )
        notice = broken_off(self.task.language) if trouble else ""
        if not writing.text and not writing.refused and writing.dropped.keys() - UNCLAIMED:
            notice = withheld(self.task.language)
        return Draft(writing.text, "answered" if writing.text else "absent", writing.citations, spent, notice)


def _prompt(task: Task, evidence: Evidence) -> list[BaseMessage]:
    fence, name = evidence.fence, prompts.language_name(task.language)
    told = prompts.ANSWER.format(sample=evidence.sample, fence=fence, language=name, sentinel=prompts.NOT_IN_ARTICLES)
    asked = prompts.ANSWER_INPUT.format(
        evidence=evidence.render(),
        conversation=prompts.conversation(task.history, fence),
        question=prompts.harmless(task.question),
        fence=fence,
        language=name,
        sentinel=prompts.NOT_IN_ARTICLES,
    )
    return messages(told, asked)
