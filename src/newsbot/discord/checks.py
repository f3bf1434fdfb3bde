"""What ``newsbot doctor`` looks at on the side of Discord: token, intents, rights, lists, the file of votes.

It logs in over REST, reads, and leaves; it never connects to the gateway, so a running bot is not disturbed.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import aiohttp
import discord

from newsbot.discord import rights
from newsbot.discord.client import intents
from newsbot.discord.feedback import file_of
from newsbot.discord.running import FINAL, PORTAL, SHAPE_HINT, WRONG_TOKEN, check_token, looks_like_token
from newsbot.errors import DiscordError
from newsbot.models import Finding
from newsbot.settings import Settings

_SECONDS = 20.0
_CONTENT = ("gateway_message_content", "gateway_message_content_limited")


def findings(settings: Settings) -> list[Finding]:
    """Return what can be said of the bot's settings on Discord; blocks, for 20 seconds at most."""
    found = [_votes(settings)]
    try:
        check_token(settings.discord_token)
    except DiscordError as error:
        return [Finding("broken", "Discord token", "The bot cannot start.", str(error)), *found]
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    return [*asyncio.run(_asked(settings)), *found]


def _votes(settings: Settings) -> Finding:
    path = file_of(settings.discord_feedback_file)
    if path is None:
        return Finding("ok", "votes", "Votes are switched off.")
    there = path if path.exists() else path.absolute().parent
    if path.is_dir() or not os.access(there, os.W_OK):
        return Finding(
            "warning", "votes", f"Votes cannot be written to {path}.",
            "Make the file writable, or set NEWSBOT_DISCORD_FEEDBACK_FILE to another one or to off.",
        )  # fmt: skip
    return Finding("ok", "votes", f"Votes are written to {Path(path)}.")


async def _asked(settings: Settings) -> list[Finding]:
    client = discord.Client(intents=intents(settings))
    try:
        async with asyncio.timeout(_SECONDS):
            await client.login(settings.discord_token.strip())
            return await _read(client, settings)
    except discord.LoginFailure:
        hint = "" if looks_like_token(settings.discord_token) else SHAPE_HINT
        return [Finding("broken", "Discord token", "Discord does not accept the token.", WRONG_TOKEN + hint)]
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        return [
            Finding(
                "warning", "Discord", f"Discord cannot be asked now ({type(error).__name__}).",
                "Check the network connection and https://discordstatus.com, and run `newsbot doctor` again.",
            )
        ]  # fmt: skip
    finally:
        await client.close()


async def _read(client: discord.Client, settings: Settings) -> list[Finding]:
    application = await client.application_info()
    guilds: list[Any] = await client.http.get_guilds(200)
    return [
        Finding("ok", "Discord token", f"The token belongs to {client.user}."),
        _content(application.flags, settings),
        Finding("ok", "invite link", rights.invite(application.id)),
        *_servers(guilds, settings, rights.invite(application.id)),
        *await _channels(client, settings),
    ]


def _content(flags: discord.ApplicationFlags, settings: Settings) -> Finding:
    granted = any(getattr(flags, name) for name in _CONTENT)
    if not settings.discord_question_channels:
        return Finding("ok", "intents", "No privileged intent is needed.")
    if granted:
        return Finding("ok", "intents", "The Message Content Intent is switched on.")
    return Finding("broken", "intents", "The question channels need the Message Content Intent.", FINAL[4014])


def _servers(guilds: list[Any], settings: Settings, link: str) -> list[Finding]:
    if not guilds:
        return [Finding("warning", "servers", "The bot is in no server yet.", f"Invite it with {link}")]
    found: list[Finding] = []
    for guild in guilds:
        number = int(guild["id"])
        if settings.discord_guilds and number not in settings.discord_guilds:
            continue
        lacking = rights.missing(discord.Permissions(int(guild.get("permissions", 0))))
        if lacking:
            text = f"In server {number} it lacks: {', '.join(lacking)}."
            found.append(Finding("broken", "rights", text, f"Give its role these rights, or invite it with {link}"))
    for number in sorted(settings.discord_guilds - {int(guild["id"]) for guild in guilds}):
        text = f"Server {number} is in NEWSBOT_DISCORD_GUILDS, but the bot is not in it."
        found.append(Finding("warning", "servers", text, f"Invite it with {link}, or take the id out of the list."))
    return found or [Finding("ok", "servers", f"In {len(guilds)} server(s), with the rights it needs.")]


async def _channels(client: discord.Client, settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    lists = {
        "NEWSBOT_DISCORD_CHANNELS": settings.discord_channels,
        "NEWSBOT_DISCORD_QUESTION_CHANNELS": settings.discord_question_channels,
    }
    for name, numbers in lists.items():
        for number in sorted(numbers):
            try:
                await client.http.get_channel(number)
            except (discord.NotFound, discord.Forbidden):
                text = f"Channel {number} of {name} does not exist, or the bot may not see it."
                remedy = f"Right-click the channel, Copy Channel ID, and correct {name} (portal: {PORTAL})."
                found.append(Finding("warning", "channels", text, remedy))
    return found
