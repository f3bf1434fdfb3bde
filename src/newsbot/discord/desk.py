"""The desk where every question is taken, answered in its turn, and handed out.

A question is admitted or refused on the spot. Each person's questions are answered in the order they came; a bounded
number of people are served at once, and each answer has a time limit.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import discord

from newsbot.discord import layout, views
from newsbot.discord.conversation import Memory
from newsbot.discord.delivery import LOST
from newsbot.discord.drafting import Drafts
from newsbot.discord.feedback import Feedback
from newsbot.discord.limits import Pace
from newsbot.discord.logs import new_reference, note, request, trouble
from newsbot.discord.surfaces import Surface
from newsbot.discord.thinking import Thinker
from newsbot.discord.words import Phrase, say
from newsbot.errors import NewsbotError, QuestionError
from newsbot.models import Answer, Delta, Turn
from newsbot.settings import Settings

SEARCH_HITS = 5
Way = Literal["ask", "direct", "mention", "reply", "channel", "menu", "search"]


async def _no_history() -> list[Turn]:
    return []


@dataclass(frozen=True, slots=True)
class Ask:
    """One question on its way to an answer.

    Attributes:
        way: how it was asked.
        language: of the words to say when there is no answer, as Discord names languages.
        private: whether only the asker sees the answer.
        echo: whether the question is shown above the answer, because nobody can see it otherwise.
        history: gets the earlier turns of the conversation.
    """

    way: Way
    person: int
    guild: int
    channel: int
    question: str
    surface: Surface
    language: str = "en"
    private: bool = False
    echo: bool = False
    history: Callable[[], Awaitable[list[Turn]]] = _no_history
    reference: str = field(default_factory=new_reference)


class _Line:
    """The people who wait, each with their own questions one after the other."""

    def __init__(self) -> None:
        self._last: dict[int, asyncio.Event] = {}

    def ticket(self, person: int) -> tuple[asyncio.Event | None, asyncio.Event]:
        before, mine = self._last.get(person), asyncio.Event()
        self._last[person] = mine
        return before, mine

    def served(self, person: int, mine: asyncio.Event) -> None:
        mine.set()
        if self._last.get(person) is mine:
            del self._last[person]


class Desk:
    """Takes questions, and sees each one through to a word to its asker."""

    def __init__(self, settings: Settings, thinker: Thinker, memory: Memory, feedback: Feedback) -> None:
        self._settings = settings
        self._thinker = thinker
        self._memory = memory
        self._feedback = feedback
        self._people = Pace(settings.discord_person_per_minute)
        self._servers = Pace(settings.discord_server_per_minute)
        self._room = asyncio.Semaphore(settings.discord_answers_at_once)
        self._line = _Line()
        self._tasks: dict[asyncio.Task[None], Ask] = {}
        self._leaving = False

    @property
    def busy(self) -> int:
        """How many questions are waiting or being answered."""
        return len(self._tasks)

    def refusal(self, person: int, guild: int, question: str, language: str) -> str:
        """Return why a question is not taken, in words for its asker, or nothing when it is; it is counted then."""
        words = self._why_not(person, guild, question, language)
        if not words:
            self._people.take(person)
            if guild:
                self._servers.take(guild)
        return words

    def _why_not(self, person: int, guild: int, question: str, language: str) -> str:
        most = self._settings.discord_question_length
        reasons: tuple[tuple[int | bool, Phrase], ...] = (
            (self._leaving, "leaving"),
            (not question.strip(), "empty"),
            (len(question) > most, "too_long"),
            (self._people.wait(person), "person_pace"),
            (guild and self._servers.wait(guild), "server_pace"),
            (len(self._tasks) >= self._settings.discord_queue + self._settings.discord_answers_at_once, "queue_full"),
        )
        for holds, phrase in reasons:
            if holds:
                return say(phrase, language, most=most, seconds=int(holds))
        return ""

    def take(self, ask: Ask) -> asyncio.Task[None]:
        """Take an admitted question; returns at once, the task ends when the asker has been answered."""
        before, mine = self._line.ticket(ask.person)
        task = asyncio.create_task(self._serve(ask, before, mine), name=f"newsbot-{ask.reference}")
        self._tasks[task] = ask
        task.add_done_callback(lambda done: self._tasks.pop(done, None) and None)
        return task

    async def drain(self, seconds: float) -> None:
        """Take no more questions, and give those that are in hand some seconds to be answered."""
        self._leaving = True
        if self._tasks:
            note("finishing answers", count=len(self._tasks))
            await asyncio.wait(self._tasks, timeout=seconds)
        left = dict(self._tasks)
        for task in left:
            task.cancel()
        if left:
            note("answers given up", count=len(left), level=logging.WARNING)
            words = [ask.surface.finish([say("leaving", ask.language)]) for ask in left.values()]
            await asyncio.wait([asyncio.ensure_future(word) for word in words], timeout=5.0)

    async def _serve(self, ask: Ask, before: asyncio.Event | None, mine: asyncio.Event) -> None:
        with request(ask.reference):
            try:
                await ask.surface.open()
                if before:
                    await before.wait()
                await self._answer(ask)
            except Exception as error:  # the asker gets a word whatever went wrong
                trouble("a question failed", error, way=ask.way)
                with contextlib.suppress(*LOST):
                    await ask.surface.finish([say("trouble", ask.language, reference=ask.reference)])
            finally:
                self._line.served(ask.person, mine)
                await ask.surface.close()

    async def _answer(self, ask: Ask) -> None:
        asked = time.monotonic()
        drafts = Drafts(ask.surface)
        async with self._room:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(self._settings.discord_answer_seconds or None):
                    messages, view, answer = await self._made(ask, drafts)
            except TimeoutError:
                note("an answer took too long", level=logging.WARNING, way=ask.way, seconds=time.monotonic() - begun)
                messages, view, answer = [say("timeout", ask.language)], None, None
            except NewsbotError as error:
                messages, view, answer = [await self._why(ask, error)], None, None
        made = time.monotonic()
        await drafts.settle()
        sent = await ask.surface.finish(messages, view)
        if answer:
            self._remember(ask, answer, sent)
        self._log(ask, answer, {"waited": begun - asked, "took": made - begun, "sent": time.monotonic() - made})

    async def _why(self, ask: Ask, error: NewsbotError) -> str:
        """Return the words for an error of newsbot's own, which is logged."""
        if isinstance(error, QuestionError):
            trouble("a question was refused", error, level=logging.INFO)
            most = self._settings.discord_question_length // 2
            too_long = len(ask.question) > most
            return say("too_long", ask.language, most=most) if too_long else say("empty", ask.language)
        trouble("a question failed", error, way=ask.way)
        if not await self._thinker.generation():
            return say("no_articles", ask.language)
        return say("trouble", ask.language, reference=ask.reference)

    async def _made(self, ask: Ask, drafts: Drafts) -> tuple[list[str], discord.ui.View | None, Answer | None]:
        if ask.way == "search":
            hits = await self._thinker.search(ask.question, SEARCH_HITS)
            return layout.hit_messages(hits, ask.language), views.hits_view(hits, ask.language[:2]), None
        answer = await self._thought(ask, await ask.history(), drafts)
        messages = layout.answer_messages(answer, echo=ask.question if ask.echo else "")
        view = views.answer_view(answer, self._settings.discord_token, votes=self._feedback.wanted)
        return messages or [say("nothing_found", answer.language)], view, answer

    async def _thought(self, ask: Ask, history: list[Turn], drafts: Drafts) -> Answer:
        answer: Answer | None = None
        async with contextlib.aclosing(self._thinker.stream(ask.question, history)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    drafts.add(event.text)
                elif isinstance(event, Answer):
                    answer = event
        if answer is None:
            raise QuestionError("The chain ended without an answer.")
        return answer

    def _remember(self, ask: Ask, answer: Answer, sent: list[int]) -> None:
        self._memory.remember(ask.person, ask.channel, ask.question, answer.text, private=ask.private)
        for message in sent:
            self._memory.note_answer(message, ask.person, ask.question, answer.text)

    def _log(self, ask: Ask, answer: Answer | None, times: dict[str, float]) -> None:
        details: dict[str, Any] = {"way": ask.way, "guild": ask.guild, "channel": ask.channel}
        if answer:
            details |= {"outcome": answer.outcome, "mode": answer.mode, "language": answer.language}
            details |= {"citations": len(answer.citations), "generation": answer.generation}
        if self._settings.discord_log_texts:
            details["question"] = ask.question
        note("answered" if answer else "served", **(details | times))
