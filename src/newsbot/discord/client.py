"""The discord.py client of the bot: its intents, its events, and the rooms it opens them to."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from newsbot.discord import commands, questions, rights, views
from newsbot.discord.conversation import Memory
from newsbot.discord.delivery import LOST, NOBODY, persist
from newsbot.discord.desk import Desk, Way
from newsbot.discord.feedback import Feedback, file_of
from newsbot.discord.guard import Guard, place_ids, role_ids
from newsbot.discord.indexing import Indexer
from newsbot.discord.indicator import Typing
from newsbot.discord.limits import Pace, Sparing
from newsbot.discord.logs import note, trouble
from newsbot.discord.thinking import Thinker
from newsbot.discord.watching import Watch
from newsbot.discord.words import say
from newsbot.discord.zombies import end_dead_connections
from newsbot.errors import NewsbotError
from newsbot.settings import Settings

if TYPE_CHECKING:
    from newsbot.api import Newsbot

_NOTICE_SECONDS = 10.0
_AGAIN_SECONDS = 30.0
_PRESSES = 2
"""How many buttons someone may press for each question that they may ask."""


def intents(settings: Settings) -> discord.Intents:
    """Return what the bot asks Discord to tell it; message contents only when it has question channels."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = bool(settings.discord_question_channels)
    return wanted


class NewsbotClient(discord.Client):
    """The bot on Discord. What it holds is small and bounded: no members, no messages beyond a few."""

    def __init__(self, settings: Settings, bot: Newsbot, thinker: Thinker) -> None:
        """Serve ``bot`` on Discord, thinking in ``thinker``; needs a running event loop."""
        super().__init__(
            intents=intents(settings),
            allowed_mentions=NOBODY,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            enable_debug_events=False,
        )
        self.settings = settings
        self.bot = bot
        self.thinker = thinker
        self.memory = Memory()
        self.feedback = Feedback(file_of(settings.discord_feedback_file))
        self.guard = Guard(settings)
        self.desk = Desk(settings, thinker, self.memory, self.feedback)
        self.indexer = Indexer(settings)
        self._tree = commands.build(self)
        self._watch = Watch(bot, thinker, self.indexer, self._show_presence)
        self.typing = Typing()
        self.presses = Pace(settings.discord_person_per_minute * _PRESSES)
        self._notices = Sparing(_NOTICE_SECONDS)
        self._background: list[asyncio.Task[None]] = []

    @property
    def me(self) -> int:
        """Id of the bot's own user; 0 before it has logged in."""
        return self.user.id if self.user else 0

    async def setup_hook(self) -> None:
        """Load model and index, then start what runs beside the answers."""
        await self._tree.set_translator(commands.Dutch())
        self.add_dynamic_items(views.PassageButton, views.VoteButton)
        await self.thinker.run(questions.spoken, "Wat is dit? What is this?", "en")
        await self._watch.begin()
        note("warm", generation=await self.thinker.generation())
        for work in (self._watch.run, partial(commands.sync, self, self._tree), partial(end_dead_connections, self)):
            self._background.append(asyncio.create_task(_kept_going(work)))

    async def on_ready(self) -> None:
        """Say so in the log, look at the rights in each server, and show the presence."""
        note("ready", user=self.me, guilds=len(self.guilds), intents=self.intents.value)
        if self.application_id:
            note("invite", link=rights.invite(self.application_id))
        for guild in self.guilds:
            self._check_rights(guild)
        await self._show_presence()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look at the rights in a server that was joined."""
        note("joined", guild=guild.id)
        self._check_rights(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server was left."""
        note("left", guild=guild.id)

    async def on_disconnect(self) -> None:
        """Note that the gateway is gone; discord.py connects again."""
        note("disconnected", level=logging.DEBUG)

    async def on_resumed(self) -> None:
        """Note that the gateway is back where it was."""
        note("resumed")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log an error that an event ended in."""
        error = sys.exc_info()[1]
        if error is not None:
            trouble("an event failed", error, name=event_method)

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that asks the bot something."""
        way = questions.way_of(message, self.me, self.settings.discord_question_channels)
        if way is None or not await self._allowed(message):
            return
        ask = questions.of_message(self, message, way)
        if not ask.question and way == "channel":
            return
        if not message.content and way != "direct":
            await self._refuse(message, say("unreadable", ask.language), way)
        elif words := self.desk.refusal(ask.person, ask.guild, ask.question, ask.language):
            await self._refuse(message, words, way)
        else:
            self.desk.take(ask)

    async def _allowed(self, message: discord.Message) -> bool:
        if isinstance(message.channel, discord.DMChannel):
            verdict = await self.guard.in_private(self, message.author.id)
        else:
            verdict = self.guard.in_server(
                questions.guild_of(message), place_ids(message.channel), role_ids(message.author)
            )
        if verdict == "not_you":
            locale = str(message.guild.preferred_locale) if message.guild else "en"
            await self._refuse(message, say("not_you", locale), "mention")
        return verdict == "yes"

    async def _refuse(self, message: discord.Message, words: str, way: Way) -> None:
        """Say why not: in words once in a while, else with a mark on the message."""
        note("refused", way=way, guild=questions.guild_of(message))
        try:
            if self._notices.allows(hash((message.author.id, words[:20]))):
                reference = message.to_reference(fail_if_not_exists=False)
                await persist(
                    lambda: message.channel.send(
                        words, reference=reference, mention_author=False, allowed_mentions=NOBODY, suppress_embeds=True
                    )
                )
            else:
                await message.add_reaction("\N{HOURGLASS WITH FLOWING SAND}")
        except LOST as error:
            trouble("a refusal could not be told", error, level=logging.WARNING)

    def _check_rights(self, guild: discord.Guild) -> None:
        if lacking := rights.missing(guild.me.guild_permissions):
            link = rights.invite(self.application_id or 0)
            names = ", ".join(lacking)
            note("rights are missing; invite the bot again", logging.WARNING, guild=guild.id, rights=names, link=link)

    async def _show_presence(self) -> None:
        if not self.is_ready():
            return
        try:
            count = len(await self.thinker.run(self.bot.sources))
            name = f"{count} article{'' if count == 1 else 's'}"
            await self.change_presence(activity=discord.Activity(type=discord.ActivityType.watching, name=name))
        except (NewsbotError, *LOST, AttributeError) as error:
            trouble("the presence could not be shown", error, level=logging.WARNING)

    async def leave(self, seconds: float) -> None:
        """Finish the answers in hand, then close the connection."""
        await self.desk.drain(seconds)
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.close()


class ShardedNewsbotClient(NewsbotClient, discord.AutoShardedClient):
    """The same bot over several gateway connections."""


async def _kept_going(work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work`` to its end, beginning again some time after it failed."""
    while True:
        try:
            await work()
            return
        except Exception as error:
            trouble("background work failed; it begins again", error)
            await asyncio.sleep(_AGAIN_SECONDS)
