"""What the gateway can do to a bot, and how the bot starts and ends."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest
from harness import running, started  # type: ignore[import-not-found]
from server.loopback import QUESTIONS, Loopback  # type: ignore[import-not-found]


async def test_a_killed_socket_and_a_zombie_are_resumed(server: Loopback, tmp_path: Path) -> None:
    server.gateway.interval_ms = 700
    async with running(server, tmp_path, {}) as bot:
        server.gateway.kill()
        missed = server.world.message(
            f"<@{server.bot}> missed",
            {"id": "4", "username": "x", "discriminator": "0", "avatar": None},
            600,
            mentions=[],
        )
        missed["mentions"] = [
            {"id": str(server.bot), "username": "b", "discriminator": "0", "avatar": None, "bot": True}
        ]
        await server.gateway.dispatch("MESSAGE_CREATE", missed)
        await server.until(lambda: server.gateway.ops(6), 10, "a resume")
        assert await server.reply(missed)
        assert await server.reply(await server.mention("after the cut"))

        server.gateway.frozen = True
        resumes = len(server.gateway.ops(6))
        await bot.until_logged("stopped answering", 15)
        server.gateway.frozen = False
        await server.until(lambda: len(server.gateway.ops(6)) > resumes, 10, "a resume")
        await server.until(lambda: server.gateway.connected)
        assert await server.reply(await server.mention("after the zombie", person=2))

        server.gateway.forget_sessions()
        identifies = len(server.gateway.ops(2))
        await server.gateway.close_with(4000)
        await server.until(lambda: len(server.gateway.ops(2)) > identifies, 15, "a new session")
        await bot.until_logged(" ready ", times=2)
        assert await server.reply(await server.mention("after a lost session", person=3))
        await server.until(lambda: server.gateway.ops(3), what="presence")
        assert server.gateway.ops(3)[-1]["activities"][0]["name"] == "1 article"


@pytest.mark.parametrize(
    ("code", "words"), [(4004, "DISCORD_TOKEN"), (4011, "NEWSBOT_DISCORD_SHARDED"), (4014, "Message Content Intent")]
)
async def test_final_close_codes(server: Loopback, tmp_path: Path, code: int, words: str) -> None:
    server.gateway.refuse_with = code
    async with started(server, tmp_path, {}) as bot:
        assert await bot.ended() == 1
        assert words in bot.log[-1] and bot.log[-1].startswith("newsbot: ") and "Traceback" not in "".join(bot.log)


async def test_a_final_close_code_later(server: Loopback, tmp_path: Path) -> None:
    async with started(server, tmp_path, {}, NEWSBOT_DISCORD_SHARDED="yes") as bot:
        await bot.until_logged(" ready ")
        assert await server.reply(await server.mention("sharded"))
        await server.gateway.close_with(4013)
        assert await bot.ended() == 1
        assert "upgrade discord.py" in bot.log[-1]


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "not set"),
        ("no token", "strange character"),
        ("no-token", "three parts"),
        ("A" * 24 + ".Gabcde." + "b" * 38, "does not accept"),
    ],
)
async def test_tokens_that_do_not_work(server: Loopback, tmp_path: Path, token: str, words: str) -> None:
    async with started(server, tmp_path, {}, DISCORD_TOKEN=token) as bot:
        assert await bot.ended() == 1
        assert words in bot.log[-1] and (not token or token not in "".join(bot.log))
        assert "Traceback" not in "".join(bot.log)


async def test_sigterm_finishes_what_is_in_hand(server: Loopback, tmp_path: Path) -> None:
    async with started(server, tmp_path, {"seconds": 1.5}) as bot:
        await bot.until_logged(" ready ")
        asked = await server.mention("in flight")
        await server.until(lambda: server.typing)
        bot.process.send_signal(signal.SIGTERM)
        await bot.until_logged("finishing answers")
        late = await server.mention("too late", person=2)
        answer = await server.reply(asked)
        assert "in flight" in answer["content"]
        assert "restart" in (await server.reply(late))["content"]
        assert await bot.ended(10) == 0


async def test_two_bots_do_not_answer_each_other(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {}):
        other = {"id": "901", "username": "other", "discriminator": "0", "avatar": None, "bot": True}
        me = {"id": str(server.bot), "username": "newsbot", "discriminator": "0", "avatar": None, "bot": True}
        mine = await server.reply(await server.mention("hello"))
        for author, extra in (
            (other, {"mentions": [me]}),
            (other, {"mentions": [me], "message_reference": {"message_id": mine["id"]}}),
            (me, {"mentions": [me]}),
            ({**other, "bot": False}, {"webhook_id": "7", "mentions": [me]}),
            ({**other, "id": "5", "bot": False}, {"type": 7, "mentions": [me]}),
        ):
            message = server.world.message(f"<@{server.bot}> hello you", author, 600, **extra)
            await server.gateway.dispatch("MESSAGE_CREATE", message)
        await server.reply(await server.mention("the last one", person=2))
        assert len(server.made("POST", "messages$")) == 2


async def test_question_channels_and_lists(server: Loopback, tmp_path: Path) -> None:
    settings = {
        "NEWSBOT_DISCORD_QUESTION_CHANNELS": "602", "NEWSBOT_DISCORD_ROLES": "550", "NEWSBOT_DISCORD_CHANNELS": "600",
        "NEWSBOT_DISCORD_PERSON_PER_MINUTE": "3", "NEWSBOT_DISCORD_QUESTION_LENGTH": "50",
    }  # fmt: skip
    server.world.roles |= dict.fromkeys(range(1, 6), (550,))
    async with running(server, tmp_path, {}, **settings):
        assert server.gateway.ops(2)[-1]["intents"] & (1 << 15)
        assert await server.reply(await server.message("no mention at all", channel=QUESTIONS))
        assert "too long" in (await server.reply(await server.mention("what is that " * 9, person=2)))[
            "content"
        ].replace("te lang", "too long")
        assert "rollen" in (await server.reply(await server.mention("waarom niet ik", person=8)))["content"]
        elsewhere = await server.response(await server.command("ask", channel=601, question="waarom hier niet"))
        assert "niet aan" in elsewhere["content"]
        stranger = await server.message("hallo", person=95, channel=server.world.direct_channel(95))
        assert "right to ask" in (await server.reply(stranger))["content"]
        assert await server.reply(await server.message("hallo", person=4, channel=server.world.direct_channel(4)))
        for _ in range(3):
            await server.reply(await server.mention("wat is dat", person=3))
        assert "sneller" in (await server.reply(await server.mention("wat is dat", person=3)))["content"]
        await server.mention("wat is dat", person=3)
        await server.until(lambda: server.made("PUT", "reactions"))
        empty = await server.message("", person=4, message_reference={"message_id": server.sent()[0]["id"]})
        assert re.search("kan ik niet lezen", (await server.reply(empty))["content"])
        assert "articles" in (await server.reply(await server.mention("", person=5)))["content"].replace(
            "artikelen", "articles"
        )


async def test_discord_that_comes_up_late(server: Loopback, tmp_path: Path) -> None:
    server.fail("GET", "/users/@me", 503)
    began = time.monotonic()
    async with running(server, tmp_path, {}):
        assert time.monotonic() - began > 2
        assert await server.reply(await server.mention("late but there"))


async def test_sigterm_while_it_warms_up(server: Loopback, tmp_path: Path) -> None:
    async with started(server, tmp_path, {"warm": 60}) as bot:
        await server.until(lambda: server.made("GET", "/users/@me"))
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(10) == 0


async def test_a_gateway_that_comes_up_late(server: Loopback, tmp_path: Path) -> None:
    nowhere = "ws://127.0.0.1:1/"
    async with started(server, tmp_path, {}, LOOPBACK_GATEWAY=nowhere) as bot:
        await bot.until_logged("gateway cannot be reached; trying again")
        assert "Traceback" not in "".join(bot.log)


async def test_commands_are_told_once_in_two_languages(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {}):
        names = {each["name"]: each["name_localizations"]["nl"] for each in server.commands}
        assert names == {
            "ask": "vraag", "search": "zoek", "sources": "bronnen", "forget": "vergeet", "help": "hulp",
            "reindex": "herindexeer", "Ask newsbot about this": "Vraag newsbot hierover",
        }  # fmt: skip
        ask = next(each for each in server.commands if each["name"] == "ask")
        assert [each["name_localizations"]["nl"] for each in ask["options"]] == ["vraag", "privé"]
        assert next(each for each in server.commands if each["name"] == "reindex")["default_member_permissions"] == 32
        role = await server.message("", mention_roles=["551"])
        assert "mijn naam, niet mijn rol" in (await server.reply(role))["content"]
