"""Answers arrive whatever happens to their place; buttons work, also after a restart."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from pathlib import Path
from typing import Any

from harness import running  # type: ignore[import-not-found]
from server.loopback import CHANNEL, Loopback  # type: ignore[import-not-found]

OTHER = 601


def ids(message: dict[str, Any]) -> list[str]:
    return [item["custom_id"] for row in message["components"] for item in row["components"]]


async def test_long_answers_arrive_whole(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"long": True}):
        await server.mention("everything")
        await server.until(lambda: any(each["components"] for each in server.sent()))
        parts = [each["content"] for each in server.sent()]
        inter = await server.command("ask", question="everything")
        await server.response(inter)
        await server.until(lambda: inter.followups and inter.followups[-1]["components"])
    assert len(parts) > 3 and all(len(part) <= 2000 for part in parts)
    whole = " ".join(parts)
    assert [f"Sentence {number} of a long" in whole for number in range(120)] == [True] * 120
    for part in parts[:-1]:
        assert part.endswith("[1].")
        assert part.count("“") == part.count("”")
    response = " ".join([inter.original["content"], *(each["content"] for each in inter.followups)])
    assert "Sentence 119" in response


async def test_buttons_after_a_restart(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {}):
        answer = await server.reply(await server.mention("what is it"))
    before = len(server.made("PUT", "commands"))
    async with running(server, tmp_path, {}):
        passage, up, _ = ids(answer)
        shown = await server.press(passage, answer, person=2)
        text = (await server.response(shown))["content"]
        assert shown.private and "The whole passage" in text
        assert len(text) <= 2000 and await server.until(lambda: shown.followups)
        for person, word in ((2, "Thank"), (2, "already"), (3, "Thank")):
            assert word in (await server.response(await server.press(up, answer, person)))["content"]
        stale = json.loads(json.dumps(answer).replace(passage, "newsbot:passage:nl:elsewhere"))
        gone = await server.press("newsbot:passage:nl:elsewhere", stale)
        assert "niet meer" in (await server.response(gone))["content"]
        assert len(server.made("PUT", "commands")) == before, "the commands had not changed"
        follow = await server.message("and further?", message_reference={"message_id": answer["id"]})
        told = (await server.reply(follow))["content"]
        assert "user: what is it" in told and "assistant: Answer to what is it" in told
    lines = [json.loads(line) for line in (tmp_path / "feedback.jsonl").read_text().splitlines()]
    assert [line["vote"] for line in lines] == ["up", "up"]
    assert set(lines[0]) == {"time", "generation", "vote", "question"}
    assert lines[0]["generation"] == "gen-1" and re.fullmatch("[0-9a-f]{16}", lines[0]["question"])


async def test_streamed_answers_are_edited_once_a_second(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"stream": 0.2}):
        asked = await server.mention("a story of some twelve words or so that takes its time to tell")
        await server.until(lambda: server.made("PATCH", "messages"), 15)
        await server.until(lambda: server.replies(asked)[0]["components"], 15)
        times = [call.at for call in server.calls if re.search(r"/messages(/\d+)?$", call.path)]
        assert all(later - earlier > 0.95 for earlier, later in itertools.pairwise(times))
        assert len(server.replies(asked)) == 1 and len(times) >= 3

        inter = await server.command("ask", person=2, question="another story of many words that takes a while to tell")
        doomed = await server.mention("a third story of many words that takes a while to tell", person=3)
        draft = await server.reply(doomed)
        del server.world.messages[str(CHANNEL)][draft["id"]]
        await server.until(lambda: any("third" in each["content"] and each["components"] for each in server.sent()), 15)
        await server.until(lambda: inter.original and inter.original["components"], 15)
        assert len(server.made("PATCH", "@original")) >= 2


async def test_places_that_are_gone(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"seconds": 0.6}) as bot:
        asked = await server.mention("deleted question")
        del server.world.messages[str(CHANNEL)][asked["id"]]
        await server.until(lambda: any("deleted question" in each["content"] for each in server.sent()))

        server.world.gone_channels.add(str(OTHER))
        await server.mention("deleted channel", person=2, channel=OTHER)
        direct = server.world.direct_channel(2)
        await server.until(lambda: server.sent(direct))
        assert "kon het daar niet plaatsen" in server.sent(direct)[0]["content"]

        server.fail(
            "POST", f"/channels/{CHANNEL}/messages$", 403, body={"message": "Missing Permissions", "code": 50013}
        )
        await server.mention("lost permission", person=3)
        await server.until(lambda: server.sent(server.world.direct_channel(3)))

        inter = await server.command("ask", person=4, question="expired interaction")
        await server.until(lambda: inter.acknowledged)
        inter.expired = True
        await server.until(lambda: any("expired interaction" in each["content"] for each in server.sent()))

        private = await server.command("ask", person=5, question="expired private one", private=True)
        await server.until(lambda: private.acknowledged)
        private.expired = True
        await server.until(lambda: server.sent(server.world.direct_channel(5)))
        assert not any("expired private one" in each["content"] for each in server.sent())
        assert await server.reply(await server.mention("still there?"))
        assert sum(" error " in line for line in bot.log) >= 2


async def test_rate_limits_and_server_errors(server: Loopback, tmp_path: Path) -> None:
    path = f"/channels/{CHANNEL}/messages$"
    limited = {"message": "You are being rate limited.", "retry_after": 0.4, "global": False}
    async with running(server, tmp_path, {}):
        server.fail("POST", path, 429, body=limited, headers={"Via": "1.1 loopback", "Retry-After": "1"})
        assert await server.reply(await server.mention("limited"))
        server.fail("POST", path, 429, 2, body=limited, headers={"Retry-After": "0.3"})  # no Via: discord.py gives up
        assert await server.reply(await server.mention("limited again"))
        server.fail("POST", path, 500)
        assert await server.reply(await server.mention("broken", person=2))
        server.fail("POST", path, 503, 2)
        assert await server.reply(await server.mention("unavailable", person=3))
        server.fail("POST", "/webhooks/", 500)
        server.fail("PATCH", "/webhooks/", 429, body=limited, headers={"Retry-After": "0.2"})
        server.fail("POST", "/typing", 500, 5)
        assert await server.response(await server.command("ask", person=4, question="limited too"))
    assert not [
        each for each in server.sent() if sum(each["content"] == other["content"] for other in server.sent()) > 1
    ]


async def test_a_thread_for_each_question(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {}, NEWSBOT_DISCORD_THREADS="yes"):
        asked = await server.mention("<@1> @everyone what *is* it?")
        await server.until(lambda: server.sent(int(asked["id"])))
        thread = server.world.threads[asked["id"]]
        assert "@" not in thread["name"] and "what is it?" in thread["name"]
        first = server.sent(int(asked["id"]))[0]
        assert "message_reference" not in first
        follow = await server.mention("and then?", channel=int(asked["id"]))
        answer = await server.reply(follow)
        assert "user: @\u200aeveryone what" in answer["content"], "the thread is the history"
        inter = await server.command("ask", person=2, question="and under a command?")
        posted = await server.response(inter)
        await server.until(lambda: posted["id"] in server.world.threads)
        server.fail("POST", "/threads$", 403, body={"message": "Missing Permissions", "code": 50013})
        assert await server.reply(await server.mention("no thread"))


async def test_conversation_and_forgetting(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {}):
        first = await server.reply(await server.mention("first thing"))
        second = await server.reply(await server.message("second", message_reference={"message_id": first["id"]}))
        assert "user: first thing" in second["content"]

        await server.response(await server.command("ask", question="apples"))
        assert "apples" in (await server.response(await server.command("ask", question="pears")))["content"]
        hidden = await server.command("ask", question="secret", private=True)
        assert "apples" in (await server.response(hidden))["content"]
        assert "secret" not in (await server.response(await server.command("ask", question="plums")))["content"]

        assert "vergeten" in (await server.response(await server.command("forget")))["content"]
        fresh = (await server.response(await server.command("ask", question="cherries")))["content"]
        assert "pears" not in fresh and "after" not in fresh
        third = await server.reply(await server.message("third", message_reference={"message_id": second["id"]}))
        assert "first thing" not in third["content"]


async def test_a_slow_chain_is_acknowledged_at_once(server: Loopback, tmp_path: Path) -> None:
    settings = {"NEWSBOT_DISCORD_ANSWER_SECONDS": "2.5"}
    async with running(server, tmp_path, {"block": 8}, **settings):
        asked = [await server.command("ask", person=person, question="slow") for person in range(1, 9)]
        await asyncio.sleep(0.9)
        assert all(inter.acknowledged and inter.acknowledged - inter.at < 1.0 for inter in asked)
        mention = await server.mention("slow too", person=9)
        await server.until(lambda: str(CHANNEL) in server.typing, 1.0)
        assert "te lang" in (await server.response(asked[0]))["content"] or "too long" in asked[0].original["content"]
        assert "too long" in (await server.reply(mention, 15))["content"]


async def test_errors_are_told_without_what_was_asked(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"bug": True}) as bot:
        answer = await server.reply(await server.mention("a_secret_word"))
        assert "Kenmerk" in answer["content"] and "a_secret_word" not in answer["content"]
        reference = re.search(r"Kenmerk (\w+)", answer["content"])[1]  # type: ignore[index]
        line = await bot.until_logged(f"request={reference}")
        assert "KeyError" in line and "a_secret_word" not in "".join(bot.log)
