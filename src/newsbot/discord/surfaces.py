"""The places where an answer is shown: in reply to a message, or as the response to an interaction.

Where its place is gone, a surface looks for another way to reach the asker.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

import discord

from newsbot.discord.delivery import LOST, NOBODY, persist, send_all, tell_privately
from newsbot.discord.indicator import Typing
from newsbot.discord.logs import note, trouble
from newsbot.discord.rendering import plain_name
from newsbot.discord.words import say

_UNKNOWN_CHANNEL = 10003
_UNKNOWN_MESSAGE = 10008


class Surface(Protocol):
    """One place to answer in."""

    async def open(self) -> None:
        """Show that the answer is being worked on."""

    async def draft(self, text: str) -> None:
        """Show an answer in the making; trouble with it is of no consequence."""

    async def finish(self, messages: Sequence[str], view: discord.ui.View | None = None) -> list[int]:
        """Show the answer, buttons under its last message, and return the ids of its messages."""

    async def close(self) -> None:
        """Stop showing that something is being worked on."""


class MessageSurface:
    """Answers a message in its channel, or in a thread made for it."""

    def __init__(self, message: discord.Message, typing: Typing, thread_topic: str = "") -> None:
        """Answer ``message``; with a ``thread_topic``, in a new thread of that name where one can be made."""
        self._message = message
        self._topic = thread_topic
        self._channel: discord.abc.Messageable = message.channel
        self._reference: discord.MessageReference | None = message.to_reference(fail_if_not_exists=False)
        self._draft: discord.Message | None = None
        self._drafting = True
        self._typing = typing
        self._is_typing = False
        self._thread_tried = False

    async def open(self) -> None:
        """Show that the bot is typing, until :meth:`close`."""
        self._typing.begin(self._message.channel.id, self._message.channel)
        self._is_typing = True

    async def close(self) -> None:
        """Stop typing."""
        if self._is_typing:
            self._is_typing = False
            self._typing.end(self._message.channel.id)

    async def draft(self, text: str) -> None:
        """Send the first draft, and edit it from then on."""
        if not self._drafting:
            return
        try:
            if self._draft is None:
                self._draft = await self._send(text)
            else:
                await self._draft.edit(content=text, allowed_mentions=NOBODY)
        except LOST as error:
            self._drafting = False
            trouble("a draft was lost", error, level=logging.INFO)

    async def finish(self, messages: Sequence[str], view: discord.ui.View | None = None) -> list[int]:
        """Send ``messages``, the first in place of a draft; tell the asker in private when that cannot be done."""
        await self.close()
        sent: list[int] = []
        try:
            for index, text in enumerate(messages):
                below = view if index == len(messages) - 1 else None
                first = self._draft if index == 0 else None
                message = (first and await self._edited(first, text, below)) or await self._send(text, below)
                sent.append(message.id)
        except LOST as error:
            trouble("an answer could not be posted", error, channel=self._message.channel.id)
            await tell_privately(self._message.author, [say("cannot_post", _language(self._message.guild))])
        return sent

    async def _edited(
        self, message: discord.Message, text: str, view: discord.ui.View | None
    ) -> discord.Message | None:
        try:
            return await persist(lambda: message.edit(content=text, view=view, allowed_mentions=NOBODY, suppress=True))
        except discord.NotFound:
            note("a draft was deleted; the answer is sent anew")
            return None

    async def _send(self, text: str, view: discord.ui.View | None = None) -> discord.Message:
        await self._make_thread()
        reference, self._reference = self._reference, None
        try:
            return await self._post(text, view, reference)
        except discord.HTTPException as error:
            if reference is None or error.status not in (400, 404) or error.code == _UNKNOWN_CHANNEL:
                raise
            note("the question is gone; the answer is sent without it", code=error.code)
            return await self._post(text, view, None)

    async def _post(
        self, text: str, view: discord.ui.View | None, reference: discord.MessageReference | None
    ) -> discord.Message:
        extras: dict[str, Any] = {"nonce": secrets.token_hex(12)}
        if view:
            extras["view"] = view
        if reference:
            extras |= {"reference": reference, "mention_author": False}
        return await persist(lambda: self._channel.send(text, allowed_mentions=NOBODY, suppress_embeds=True, **extras))

    async def _make_thread(self) -> None:
        if not self._topic or self._thread_tried:
            return
        self._thread_tried = True
        try:
            name = plain_name(self._topic) or "newsbot"
            self._channel = await persist(lambda: self._message.create_thread(name=name, auto_archive_duration=1440))
            self._reference = None
        except (*LOST, ValueError) as error:
            trouble("a thread could not be made; the answer goes to the channel", error, level=logging.WARNING)


class InteractionSurface:
    """Answers an interaction: acknowledged first, then its response is edited, and followed by further messages."""

    def __init__(self, interaction: discord.Interaction[Any], *, private: bool, thread_topic: str = "") -> None:
        """Answer ``interaction``; with a ``thread_topic``, hang a thread of that name under a public answer."""
        self._interaction = interaction
        self._private = private
        self._topic = thread_topic
        self._reachable = True

    async def open(self) -> None:
        """Acknowledge the interaction."""
        try:
            await persist(lambda: self._interaction.response.defer(ephemeral=self._private, thinking=True))
        except discord.InteractionResponded:
            return
        except LOST as error:
            self._reachable = False
            trouble("an interaction could not be acknowledged", error, level=logging.WARNING)

    async def close(self) -> None:
        """Do nothing: the response itself ends the waiting."""

    async def draft(self, text: str) -> None:
        """Edit the response."""
        if self._reachable:
            try:
                await self._edit(text, None)
            except LOST as error:
                trouble("a draft was lost", error, level=logging.INFO)

    async def finish(self, messages: Sequence[str], view: discord.ui.View | None = None) -> list[int]:
        """Edit the response into the first message and send the rest after it; elsewhere when it has expired."""
        sent: list[int] = []
        if self._reachable:
            try:
                for index, text in enumerate(messages):
                    below = view if index == len(messages) - 1 else None
                    sent.append(await (self._follow(text, below) if index else self._first(text, below)))
                await self._make_thread(sent[0])
                return sent
            except LOST as error:
                trouble("an interaction has expired or is gone", error, level=logging.WARNING)
        return sent + await self._elsewhere(messages[len(sent) :], view)

    async def _first(self, text: str, view: discord.ui.View | None) -> int:
        try:
            return await self._edit(text, view)
        except discord.HTTPException as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise
            note("the response was deleted; the answer is sent anew")
            return await self._follow(text, view)

    async def _make_thread(self, message: int) -> None:
        channel = self._interaction.channel
        if not self._topic or self._private or not isinstance(channel, discord.TextChannel):
            return
        try:
            under = channel.get_partial_message(message)
            await persist(lambda: under.create_thread(name=plain_name(self._topic) or "newsbot"))
        except (*LOST, ValueError) as error:
            trouble("a thread could not be made", error, level=logging.WARNING)

    async def _edit(self, text: str, view: discord.ui.View | None) -> int:
        # discord.py's own edit of a response cannot set the flag that keeps previews away.
        route = discord.http.Route(
            "PATCH",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
            webhook_id=self._interaction.application_id,
            webhook_token=self._interaction.token,
        )
        payload: dict[str, Any] = {"content": text, "allowed_mentions": {"parse": []}, "flags": 1 << 2}
        if view:
            payload["components"] = view.to_components()
        message = await persist(lambda: self._interaction.client.http.request(route, json=payload))
        return int(message["id"])

    async def _follow(self, text: str, view: discord.ui.View | None) -> int:
        extras: dict[str, Any] = {"view": view} if view else {}
        message = await persist(
            lambda: self._interaction.followup.send(
                text, wait=True, ephemeral=self._private, allowed_mentions=NOBODY, suppress_embeds=True, **extras
            )
        )
        return int(message.id)

    async def _elsewhere(self, messages: Sequence[str], view: discord.ui.View | None) -> list[int]:
        language = str(self._interaction.locale)
        texts = [say("late", language), *messages]
        channel = self._interaction.channel
        if not self._private and isinstance(channel, discord.abc.Messageable):
            with contextlib.suppress(*LOST):
                return await send_all(channel, texts, view)
        return await tell_privately(self._interaction.user, texts, view)


def _language(guild: discord.Guild | None) -> str:
    return str(guild.preferred_locale) if guild else "en"
