"""What was said before a question: the reply chain, the thread, or the person's last turns.

Turns are kept in memory only, bounded in number and age, and gone when their person says so. An answer that a person
replies to is looked up by its message; after a restart the message's own text serves instead.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import discord

from newsbot.discord.rendering import clean, unescape
from newsbot.models import Turn

MOST_TURNS = 8
_MOST_TEXT = 1_000
_MOST_PEOPLE = 2_000
_MOST_ANSWERS = 2_000
_MOST_MINUTES = 30.0
_QUOTES_BEGIN = re.compile(r"\n\n?(?:\*\*\[?\d|-# )")
_ECHO = re.compile(r"\A> [^\n]*\n")
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")


@dataclass(frozen=True, slots=True)
class _Kept:
    question: str
    answer: str
    private: bool
    at: float


class Memory:
    """The last questions and answers of each person in each channel, and the answers that can be replied to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: OrderedDict[tuple[int, int], list[_Kept]] = OrderedDict()
        self._answers: OrderedDict[int, tuple[int, str, str]] = OrderedDict()
        self._forgotten: OrderedDict[int, int] = OrderedDict()

    def remember(self, person: int, channel: int, question: str, answer: str, *, private: bool) -> None:
        """Keep a question of ``person`` and the answer to it."""
        kept = self._turns.setdefault((person, channel), [])
        kept.append(_Kept(question[:_MOST_TEXT], answer[:_MOST_TEXT], private, self._clock()))
        del kept[: -MOST_TURNS // 2]
        self._turns.move_to_end((person, channel))
        if len(self._turns) > _MOST_PEOPLE:
            self._turns.popitem(last=False)

    def turns(self, person: int, channel: int, *, private: bool) -> list[Turn]:
        """Return the person's last turns in the channel, oldest first; private ones only for a private question."""
        since = self._clock() - _MOST_MINUTES * 60
        kept = [each for each in self._turns.get((person, channel), []) if each.at >= since]
        pairs = [each for each in kept if private or not each.private]
        return [turn for each in pairs for turn in (Turn("user", each.question), Turn("assistant", each.answer))]

    def note_answer(self, message: int, person: int, question: str, answer: str) -> None:
        """Keep what the bot's message ``message`` answered, and to whom."""
        self._answers[message] = (person, question[:_MOST_TEXT], answer[:_MOST_TEXT])
        if len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)

    def answered(self, message: int) -> tuple[str, str] | None:
        """Return the question and the answer that the bot's message ``message`` was about, if still known."""
        known = self._answers.get(message)
        return known and known[1:]

    def forget(self, person: int, now: int) -> None:
        """Forget every turn of ``person``, and what they wrote or were answered before the message id ``now``."""
        for key in [key for key in self._turns if key[0] == person]:
            del self._turns[key]
        for message in [each for each, known in self._answers.items() if known[0] == person]:
            del self._answers[message]
        self._forgotten[person] = now
        self._forgotten.move_to_end(person)
        if len(self._forgotten) > _MOST_PEOPLE:
            self._forgotten.popitem(last=False)

    def may_use(self, person: int, message: int) -> bool:
        """Return whether the message ``message`` is from after the last time that ``person`` asked to forget."""
        return message > self._forgotten.get(person, 0)


def question_of(message: discord.Message, me: int) -> str:
    """Return what a message asks: its text without mentions, cleaned."""
    named = {user.id: user.display_name for user in message.mentions if user.id != me}

    def spoken(found: re.Match[str]) -> str:
        return named.get(int(re.sub(r"\D", "", found.group())), "") if found.group().startswith("<@") else ""

    return " ".join(clean(_MENTION.sub(spoken, message.content)).split())


def answer_text(content: str) -> str:
    """Return the answer in one of the bot's own messages: without the question above it and the quotes below it."""
    content = _ECHO.sub("", content)
    found = _QUOTES_BEGIN.search("\n" + content)
    return unescape(content[: max(found.start() - 1, 0)] if found else content).strip()


class Chain:
    """Collects turns from messages, newest first, for one person."""

    def __init__(self, memory: Memory, me: int, person: int) -> None:
        self._memory = memory
        self._me = me
        self._person = person

    async def of_reply(self, message: discord.Message) -> list[Turn]:
        """Return the turns that ``message`` replies to, oldest first, at most :data:`MOST_TURNS`."""
        turns: list[Turn] = []
        while len(turns) < MOST_TURNS:
            before = await _replied_to(message)
            if before is None or not self._memory.may_use(self._person, before.id):
                break
            turns.extend(self._newest_first(before))
            if before.author.id == self._me and self._memory.answered(before.id):
                before = await _replied_to(before) or before  # its question is among the turns already
            message = before
        return turns[:MOST_TURNS][::-1]

    async def of_thread(self, message: discord.Message) -> list[Turn]:
        """Return the turns of the thread that ``message`` stands in, oldest first, at most :data:`MOST_TURNS`."""
        try:
            earlier = [each async for each in message.channel.history(limit=2 * MOST_TURNS, before=message)]
        except discord.HTTPException:
            return []
        return self.of_messages(earlier)[-MOST_TURNS:]

    def of_messages(self, newest_first: Iterable[discord.Message]) -> list[Turn]:
        """Return the turns in some messages, oldest first: the bot's own, and what people asked it."""
        turns: list[Turn] = []
        known: set[str] = set()
        for each in newest_first:
            if not self._memory.may_use(self._person, each.id):
                break
            for turn in self._newest_first(each):
                if turn.text not in known:
                    known.add(turn.text)
                    turns.append(turn)
        return turns[::-1]

    def _newest_first(self, message: discord.Message) -> list[Turn]:
        if message.type is discord.MessageType.thread_starter_message:
            started = message.reference.resolved if message.reference else None
            return self._newest_first(started) if isinstance(started, discord.Message) else []
        if message.author.id == self._me:
            answered = self._memory.answered(message.id)
            if answered:
                return [Turn("assistant", answered[1]), Turn("user", answered[0])]
            text = answer_text(message.content) if message.components else ""  # answers carry buttons, refusals do not
            return [Turn("assistant", text[:_MOST_TEXT])] if text else []
        if message.author.bot or message.webhook_id:
            return []
        text = question_of(message, self._me)
        return [Turn("user", text[:_MOST_TEXT])] if text else []


async def _replied_to(message: discord.Message) -> discord.Message | None:
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if isinstance(reference.resolved, discord.DeletedReferencedMessage):
        return None
    try:
        return await message.channel.fetch_message(reference.message_id)
    except (discord.HTTPException, AttributeError):
        return None
