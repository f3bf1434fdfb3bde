"""``newsbot doctor`` on the side of Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord
import pytest
import yarl
from server.loopback import TOKEN, Loopback  # type: ignore[import-not-found]

from newsbot.discord import checks, rights
from newsbot.models import Finding
from newsbot.settings import Settings

INVITE = "https://discord.com/oauth2/authorize?client_id=900&scope=bot+applications.commands&permissions=309237713984"


@pytest.fixture
def loopback(server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Loopback:
    monkeypatch.setattr(discord.http.Route, "BASE", server.api)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    monkeypatch.chdir(tmp_path)
    return server


async def found(**settings: object) -> dict[str, Finding]:
    given = Settings(**({"discord_token": TOKEN} | settings))  # type: ignore[arg-type]
    return {each.subject: each for each in await asyncio.to_thread(checks.findings, given)}


async def test_all_is_well(loopback: Loopback) -> None:
    told = await found(discord_question_channels=frozenset({602}))
    assert {each.verdict for each in told.values()} == {"ok"}
    assert told["invite link"].text == INVITE
    assert "person900" in told["Discord token"].text
    assert not loopback.gateway.heard, "a running bot is left alone"


async def test_what_is_wrong_is_told_with_its_remedy(loopback: Loopback, tmp_path: Path) -> None:
    assert "not set" in (await found(discord_token=""))["Discord token"].remedy
    assert "three parts" in (await found(discord_token="x.y"))["Discord token"].remedy
    other = "B" * 24 + ".Gabcde." + "b" * 38
    told = await found(discord_token=other)
    assert told["Discord token"].verdict == "broken" and other not in str(told)
    told = await found(discord_guilds=frozenset({500, 77}), discord_channels=frozenset({600, 78}))
    assert "77" in told["servers"].text and told["channels"].verdict == "warning" and "78" in told["channels"].text
    (tmp_path / "votes").mkdir()
    assert (await found(discord_feedback_file="votes"))["votes"].verdict == "warning"
    assert (await found(discord_feedback_file="off"))["votes"].text == "Votes are switched off."
    loopback.fail("GET", "/users/@me", 503)
    assert (await found())["Discord"].verdict == "warning"
    loopback.fail("GET", "/oauth2", 200, 5, body=application(flags=0))
    told = await found(discord_question_channels=frozenset({602}))
    assert told["intents"].verdict == "broken" and "Message Content Intent" in told["intents"].remedy
    loopback.fail("GET", "/users/@me/guilds", 200, body=[{"id": "500", "permissions": "1024"}])
    assert "Send Messages" in (await found())["rights"].text


def application(flags: int) -> dict[str, object]:
    return {
        "id": "900", "name": "newsbot", "icon": None, "description": "", "bot_public": True, "flags": flags,
        "bot_require_code_grant": False, "verify_key": "", "owner": {"id": "1", "username": "o",
        "discriminator": "0", "avatar": None},
        "team": None, "summary": "",
    }  # fmt: skip


def test_the_permission_number() -> None:
    assert rights.invite(900) == INVITE
    assert rights.missing(discord.Permissions.all()) == rights.missing(rights.NEEDED) == []
    assert rights.missing(discord.Permissions(administrator=True)) == []
    assert rights.missing(discord.Permissions.none()) == [
        "View Channel", "Send Messages", "Read Message History", "Send Messages In Threads",
    ]  # fmt: skip
