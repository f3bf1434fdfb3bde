"""Running the bot: from its settings to a clean leave, with one clear sentence for whatever ends it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import re
import signal
import sys
import threading
from typing import TYPE_CHECKING

import aiohttp
import discord

from newsbot.discord.client import NewsbotClient, ShardedNewsbotClient
from newsbot.discord.logs import configure, note, trouble
from newsbot.discord.thinking import Thinker
from newsbot.errors import DiscordError

if TYPE_CHECKING:
    from newsbot.api import Newsbot
    from newsbot.settings import Settings

PORTAL = "https://discord.com/developers/applications"
_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)
_TRIES = 6
_SWITCH_SECONDS = 0.001
"""How long a thread that computes may keep the loop waiting.

Python's own 5 ms add up to 140 with four answers in the making, 1 ms to 70 (measured on two busy cores).
"""
_CLOSING_SECONDS = 8.0
_LEAVING_EXTRA = 5.0
_STUCK_SECONDS = 2.0

WRONG_TOKEN = (
    f"Discord does not accept the token in DISCORD_TOKEN; reset it under Bot at {PORTAL} and set DISCORD_TOKEN to it."
)
SHAPE_HINT = " (A bot's token has three parts with dots between; it is not the client secret or the public key.)"
NO_TOKEN = f"DISCORD_TOKEN is not set; copy the token of your bot from the Bot page at {PORTAL} into it or into .env."
FINAL = {
    4004: WRONG_TOKEN,
    4010: "Discord refuses the shard that was asked for; set NEWSBOT_DISCORD_SHARDED=yes to let it choose the shards.",
    4011: "The bot is in too many servers for one connection; set NEWSBOT_DISCORD_SHARDED=yes.",
    4012: "Discord no longer speaks this version of its gateway; upgrade discord.py.",
    4013: "Discord does not know the intents that were asked for; upgrade discord.py and newsbot.",
    4014: "The Message Content Intent is not switched on for this bot; switch it on under Bot at "
    f"{PORTAL}, or leave NEWSBOT_DISCORD_QUESTION_CHANNELS empty.",
}
"""What to do about each close code of the gateway after which connecting again is no use."""


def run(settings: Settings) -> None:
    """Run the bot until SIGTERM or Ctrl-C; blocks.

    Raises:
        DiscordError: the bot cannot start or go on; the message says what to do.
        SettingsError: the settings do not fit.
    """
    from newsbot.api import Newsbot

    check_token(settings.discord_token)
    configure(settings)
    sys.setswitchinterval(_SWITCH_SECONDS)
    bot = Newsbot.open(settings)
    try:
        asyncio.run(_serve(settings, bot))
    except KeyboardInterrupt:
        note("stopped")
    except DiscordError as error:
        _leave_if_stuck(1, f"newsbot: {error}\n")
        raise
    _leave_if_stuck(0)
    with contextlib.suppress(Exception):
        bot.close()


def check_token(token: str) -> None:
    """Check that there is a token, and that it can be sent at all; whether it is right is for Discord to say.

    Raises:
        DiscordError: there is none, or it cannot be one; the message does not repeat it.
    """
    if not token.strip():
        raise DiscordError(NO_TOKEN)
    if not re.fullmatch(r"[!-~]+", token.strip()):
        raise DiscordError(f"DISCORD_TOKEN holds a space or a strange character; copy it again from Bot at {PORTAL}.")


def looks_like_token(token: str) -> bool:
    """Return whether ``token`` has the three parts that the tokens of bots have today."""
    return bool(_TOKEN.fullmatch(token.strip()))


async def _serve(settings: Settings, bot: Newsbot) -> None:
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # a bot that reads needs no voice
    thinker = Thinker(bot, settings.discord_answers_at_once)
    client = (ShardedNewsbotClient if settings.discord_sharded else NewsbotClient)(settings, bot, thinker)
    stop, hurry = _signals()
    work = asyncio.create_task(_connected(client, settings))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        else:
            note("leaving", busy=client.desk.busy)
            leaving = asyncio.create_task(client.leave(settings.discord_answer_seconds + _LEAVING_EXTRA))
            await asyncio.wait({leaving, asyncio.create_task(hurry.wait())}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
    finally:
        stopped.cancel()
        await _closed(client, work)
        thinker.close()
    note("left Discord")


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Return what is set by the first and what by the second SIGTERM or Ctrl-C."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def told() -> None:
        (hurry if stop.is_set() else stop).set()

    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, told)
    return stop, hurry


async def _connected(client: NewsbotClient, settings: Settings) -> None:
    """Log in and stay connected.

    Raises:
        DiscordError: it cannot be done, or Discord has closed the door for good.
    """
    try:
        await _logged_in(client, settings.discord_token.strip())
        gc.collect()
        gc.freeze()  # what is loaded now stays: later collections need not walk it while the loop waits
        await _on_gateway(client)
    except discord.LoginFailure:
        hint = "" if looks_like_token(settings.discord_token) else SHAPE_HINT
        raise DiscordError(WRONG_TOKEN + hint) from None
    except discord.PrivilegedIntentsRequired:
        raise DiscordError(FINAL[4014]) from None
    except discord.ConnectionClosed as error:
        if error.code in FINAL:
            raise DiscordError(FINAL[error.code]) from None
        raise DiscordError(f"Discord closed the connection with code {error.code}; start the bot again.") from None


async def _logged_in(client: NewsbotClient, token: str) -> None:
    for tried in range(1, _TRIES + 1):
        try:
            await client.login(token)
            return
        except discord.LoginFailure:
            raise
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if isinstance(error, discord.HTTPException) and error.status in (401, 403):
                raise discord.LoginFailure from None
            await client.http.close()
            client.http.connector = discord.utils.MISSING  # it was closed with the session
            if tried == _TRIES:
                raise DiscordError(
                    "Discord cannot be reached; check the network connection and https://discordstatus.com."
                ) from None
            trouble("Discord cannot be reached; trying again", error, level=logging.WARNING, tried=tried)
            await asyncio.sleep(2.0**tried)


async def _on_gateway(client: NewsbotClient) -> None:
    for tried in range(1, _TRIES + 1):
        try:
            await client.connect()
            return
        except (AttributeError, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
            # Before its first connection discord.py reads the state of one that it does not have.
            if client.is_closed() or client.ws is not None or tried == _TRIES:
                raise DiscordError(
                    "Discord's gateway cannot be reached; check the network connection and https://discordstatus.com."
                ) from None
            trouble("the gateway cannot be reached; trying again", error, level=logging.WARNING, tried=tried)
            await asyncio.sleep(2.0**tried)


async def _closed(client: NewsbotClient, work: asyncio.Task[None]) -> None:
    """Close the client, but do not wait for a peer that never says goodbye."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_CLOSING_SECONDS):
            await client.leave(0.0)
    work.cancel()
    await asyncio.wait({work}, timeout=1.0)


def _leave_if_stuck(code: int, last_words: str = "") -> None:
    """End the process when an answer that nobody waits for any more would keep it alive."""
    for thread in threading.enumerate():
        if thread.name.startswith("newsbot-"):
            thread.join(_STUCK_SECONDS)
            if thread.is_alive():
                note("an answer did not stop; leaving it", level=logging.WARNING)
                logging.shutdown()
                sys.stderr.write(last_words)
                sys.stderr.flush()
                os._exit(code)
