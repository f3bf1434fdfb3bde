"""The last step of the chain with a chat model: prose when it can be had, and the articles' own sentences otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.runnables import Runnable

from newsbot.answering import extractive
from newsbot.answering.extractive import Judgement
from newsbot.answering.generative import GenerativeAnswerer
from newsbot.answering.judging import lexicon
from newsbot.answering.phrases import phrases
from newsbot.answering.writing.drafting import Draft, Task
from newsbot.answering.writing.failures import ChatError
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Answer, Delta, Event, Passage, Progress

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

_SMALLEST_PASSAGE = 150
_HALFWAY = 0.5


@dataclass(frozen=True)
class Prose(Runnable[dict[str, Any], Any]):
    """Turns ``{"question", "query", "language", "history", "hits"}`` into events, the last of them an :class:`Answer`.

    ``invoke`` gives the answer alone; ``stream`` and ``astream`` give the checked pieces of text as they come.

    Attributes:
        writer: the chat model's side.
        snapshot: the generation that the hits are from.
    """

    writer: GenerativeAnswerer
    snapshot: Snapshot

    def invoke(self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any) -> Answer:
        """Return the answer."""
        *_others, answer = self.stream(input, config)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any) -> Iterator[Event]:
        """Yield the events."""
        judged = self._judged(input)
        if not input["hits"]:
            yield _quoting(input, judged)
            return
        yield Progress("writing")
        try:
            for event in self.writer.stream(self._task(input, config)):
                yield event if isinstance(event, Delta) else _written(input, judged, event)
        except ChatError as failed:
            yield _quoting(input, judged, failed)

    async def astream(
        self, input: dict[str, Any], config: RunnableConfig | None = None, **_: Any
    ) -> AsyncIterator[Event]:
        """Yield the events; what takes time is done in other threads."""
        judged = await asyncio.to_thread(self._judged, input)
        if not input["hits"]:
            yield _quoting(input, judged)
            return
        yield Progress("writing")
        task = await asyncio.to_thread(self._task, input, config)
        try:
            async with aclosing(self.writer.astream(task)) as events:
                async for event in events:
                    yield event if isinstance(event, Delta) else _written(input, judged, event)
        except ChatError as failed:
            yield _quoting(input, judged, failed)

    def _judged(self, asked: dict[str, Any]) -> Judgement:
        return extractive.answer(asked["query"], asked["hits"], self.snapshot, lexicon.shipped())

    def _task(self, asked: dict[str, Any], config: RunnableConfig | None) -> Task:
        return Task(
            question=asked["question"],
            language=asked["language"],
            ranked=[hit.passage for hit in asked["hits"]],
            others=self._others(),
            history=asked["history"],
            spent=asked.get("spent"),
            config=config,
        )

    def _others(self) -> list[Passage]:
        """Return all passages while they may fit the budget, else none: reading a large index for nothing is slow."""
        if self.snapshot.passages * _SMALLEST_PASSAGE > self.writer.budget:
            return []
        return self.snapshot.passages_at(np.flatnonzero(self.snapshot.live))


def _quoting(asked: dict[str, Any], judged: Judgement, failed: ChatError | None = None) -> Answer:
    """Return the answer made of the articles' own sentences, with what is to be said of the model that gave none."""
    return replace(
        extractive.quoting(asked["question"], asked["language"], judged),
        notice=failed.notice(asked["language"]) if failed else "",
        usage=(failed.usage if failed else None) or asked.get("spent"),
    )


def _written(asked: dict[str, Any], judged: Judgement, draft: Draft) -> Answer:
    """Return the model's answer; where model and judgement differ on whether there is one, confidence meets halfway."""
    answered = draft.outcome == "answered"
    confidence = max(judged.confidence, _HALFWAY) if answered else min(judged.confidence, _HALFWAY)
    return Answer(
        question=asked["question"],
        outcome=draft.outcome,
        text=draft.text or phrases(asked["language"]).absent,
        language=asked["language"],
        confidence=round(confidence, 4),
        mode="generative",
        citations=draft.citations,
        hits=judged.hits,
        notice=draft.notice,
        usage=draft.usage,
    )
