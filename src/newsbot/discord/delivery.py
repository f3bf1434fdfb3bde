"""Sending to Discord so that it arrives: rate limits, server errors and broken connections are ridden out.

Nothing that is sent pings anyone or shows a preview.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord

from newsbot.discord.logs import trouble

T = TypeVar("T")
NOBODY = discord.AllowedMentions.none()
LOST = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError, RuntimeError)
"""What a call to Discord can end in when its place, its right or the connection is gone."""
_PATIENCE = 90.0


async def persist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what ``attempt`` returns, trying again on a rate limit, a server error or a broken connection.

    discord.py rides out most of these; this covers a rate limit without a ``Via`` header, a 503 and a lost connection.

    Raises:
        discord.HTTPException, aiohttp.ClientError, OSError: when it is refused, or still fails after 90 seconds.
    """
    deadline = time.monotonic() + _PATIENCE
    delay = 1.0
    while True:
        try:
            return await attempt()
        except discord.HTTPException as error:
            if error.status != 429 and error.status < 500:
                raise
            wait = max(_retry_after(error), 0.0) if error.status == 429 else delay
            if time.monotonic() + wait > deadline:
                raise
        except (aiohttp.ClientError, OSError):
            wait = delay
            if time.monotonic() + wait > deadline:
                raise
        await asyncio.sleep(wait)
        delay *= 2


def _retry_after(error: discord.HTTPException) -> float:
    for name in ("Retry-After", "X-RateLimit-Reset-After"):
        with contextlib.suppress(KeyError, ValueError):
            return float(error.response.headers[name])
    return 2.0


async def send_all(place: discord.abc.Messageable, texts: Sequence[str], view: discord.ui.View | None) -> list[int]:
    """Send ``texts`` to ``place`` and return the ids of the messages."""
    sent: list[int] = []
    for index, text in enumerate(texts):
        extras: dict[str, Any] = {"view": view} if view and index == len(texts) - 1 else {}
        extras["nonce"] = secrets.token_hex(12)
        message = await persist(lambda: place.send(text, allowed_mentions=NOBODY, suppress_embeds=True, **extras))  # noqa: B023
        sent.append(message.id)
    return sent


async def tell_privately(
    person: discord.abc.Messageable, texts: Sequence[str], view: discord.ui.View | None = None
) -> list[int]:
    """Send ``texts`` as direct messages; a person who does not take them is left alone."""
    try:
        return await send_all(person, texts, view)
    except LOST as error:
        trouble("the asker could not be reached", error, level=logging.WARNING)
        return []


async def tell(interaction: discord.Interaction[Any], words: str) -> None:
    """Answer an interaction on the spot, to its user alone."""
    try:
        await persist(
            lambda: interaction.response.send_message(
                words, ephemeral=True, allowed_mentions=NOBODY, suppress_embeds=True
            )
        )
    except LOST as error:
        trouble("an interaction could not be answered", error, level=logging.WARNING)
