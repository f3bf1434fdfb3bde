"""Answers in prose: the chat model writes, and code decides what of it may be said."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from newsbot.answering.writing import rewriting
from newsbot.answering.writing.calls import open_model
from newsbot.answering.writing.drafting import Attempts, Draft, Task
from newsbot.answering.writing.numbered import Evidence
from newsbot.answering.writing.rewriting import Rewriting
from newsbot.models import Delta, Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import RunnableConfig

    from newsbot.settings import Settings

__all__ = ["Draft", "GenerativeAnswerer", "Rewriting", "Task"]


class GenerativeAnswerer:
    """Writes answers with a chat model; safe to share between threads."""

    def __init__(self, settings: Settings, model: BaseChatModel | None = None) -> None:
        """Take the settings, and a model instead of the one they name (which is opened when first needed)."""
        self._settings = settings
        self._model = model
        self._opening = threading.Lock()

    @property
    def model(self) -> BaseChatModel:
        """The chat model.

        Raises:
            ModelError: it cannot be opened.
        """
        with self._opening:
            if self._model is None:
                self._model = open_model(self._settings)
            return self._model

    @property
    def budget(self) -> int:
        """How many characters of article text the model gets at most."""
        return self._settings.chat_evidence

    def rewrite(
        self,
        question: str,
        history: Sequence[Turn],
        language: str,
        article_languages: Iterable[str],
        config: RunnableConfig | None = None,
    ) -> Rewriting:
        """Return the question made to stand alone, and translated into each other language of the articles.

        No call is made when neither is needed, and a failed call gives no queries: the plain question is searched in
        any case.

        Raises:
            ModelError: the model cannot be opened.
        """
        languages = rewriting.wanted(question, history, language, article_languages)
        if not languages:
            return Rewriting()
        return rewriting.rewrite(self.model, self._settings, question, history, languages, config=config)

    def answer(self, task: Task) -> Draft:
        """Return the checked answer; raises what :meth:`stream` raises."""
        *_, draft = self.stream(task)
        assert isinstance(draft, Draft)
        return draft

    def stream(self, task: Task) -> Iterator[Delta | Draft]:
        """Yield checked text as it comes, then the draft; the pieces concatenate to the draft's text.

        Raises:
            ChatError: the model gave nothing that could be shown; nothing was yielded.
            ModelError: the model cannot be opened.
        """
        said = " ".join([task.question, *(turn.text for turn in task.history)])
        evidence = Evidence.gather(task.ranked, task.others, budget=self._settings.chat_evidence, avoid=said)
        if not evidence:
            yield Draft("", "absent", usage=task.spent)
            return
        yield from Attempts(self._settings, self.model, task, evidence, task.spent).run()

    async def astream(self, task: Task) -> AsyncGenerator[Delta | Draft]:
        """Yield what :meth:`stream` yields, worked out in another thread; closing this early gives the call up."""
        events = self.stream(task)
        try:
            while (event := await asyncio.to_thread(next, events, None)) is not None:
                yield event
        finally:
            task.stopped.set()
