"""The ways to ask, each made into one :class:`~newsbot.discord.desk.Ask`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from newsbot.discord.conversation import Chain, question_of
from newsbot.discord.desk import Ask, Way
from newsbot.discord.surfaces import InteractionSurface, MessageSurface
from newsbot.language import detect
from newsbot.models import Turn

if TYPE_CHECKING:
    from newsbot.discord.client import NewsbotClient

_MOST_DETECTED = 150


def spoken(text: str, locale: str) -> str:
    """Return the language to speak to someone: of what they wrote where that is plain, else Discord's ``locale``."""
    return detect(text[:_MOST_DETECTED], locale.partition("-")[0] or "en") if text.strip() else locale


def way_of(message: discord.Message, me: int, question_channels: frozenset[int]) -> Way | None:
    """Return how ``message`` asks the bot something, or nothing when it is not meant for the bot.

    Bots, webhooks, the bot itself and Discord's own notices never ask.
    """
    if message.author.bot or message.webhook_id or message.author.id == me:
        return None
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    if isinstance(message.channel, discord.DMChannel):
        return "direct"
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message) and replied.author.id == me and message.type is discord.MessageType.reply:
        return "reply"
    if any(user.id == me for user in message.mentions) or _names_own_role(message):
        return "mention"
    place = {message.channel.id, getattr(message.channel, "parent_id", None)}
    return "channel" if place & question_channels else None


def _names_own_role(message: discord.Message) -> bool:
    """Return whether the role of that name was mentioned, as happens; its text is not shown to the bot."""
    return message.guild is not None and message.guild.self_role in message.role_mentions


def guild_of(message: discord.Message) -> int:
    """Return the id of the server that a message stands in, also one that is not known yet; 0 for a direct message."""
    return message.guild.id if message.guild else getattr(message.channel, "guild_id", None) or 0


def of_message(client: NewsbotClient, message: discord.Message, way: Way) -> Ask:
    """Return the question that a message asks."""
    me = client.me
    question = question_of(message, me)
    topic = question if client.settings.discord_threads and isinstance(message.channel, discord.TextChannel) else ""
    locale = str(message.guild.preferred_locale) if message.guild else "en"
    return Ask(
        way=way,
        person=message.author.id,
        guild=guild_of(message),
        channel=message.channel.id,
        question=question,
        surface=MessageSurface(message, client.typing, topic),
        language=spoken(question, locale),
        history=partial(_history, client, message, way),
    )


async def _history(client: NewsbotClient, message: discord.Message, way: Way) -> list[Turn]:
    chain = Chain(client.memory, client.me, message.author.id)
    if message.reference is not None:
        return await chain.of_reply(message)
    if way == "direct":
        return client.memory.turns(message.author.id, message.channel.id, private=True)
    in_thread = isinstance(message.channel, discord.Thread | discord.PartialMessageable)
    return await chain.of_thread(message) if in_thread else []


def of_interaction(
    client: NewsbotClient, interaction: discord.Interaction[Any], question: str, way: Way, *, private: bool
) -> Ask:
    """Return the question that a command or a menu asks."""
    person, channel = interaction.user.id, interaction.channel_id or 0

    async def history() -> list[Turn]:
        return client.memory.turns(person, channel, private=private) if way == "ask" else []

    return Ask(
        way=way,
        person=person,
        guild=interaction.guild_id or 0,
        channel=channel,
        question=question,
        surface=InteractionSurface(
            interaction, private=private, thread_topic=question if client.settings.discord_threads else ""
        ),
        language=spoken(question, str(interaction.locale)),
        private=private,
        echo=not private and way == "ask",
        history=history,
    )
