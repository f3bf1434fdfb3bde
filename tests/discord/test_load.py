"""Many questions at once: all answered, in order, without the loop lagging or the memory growing."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest
from harness import running  # type: ignore[import-not-found]
from server.loopback import CHANNEL, Loopback  # type: ignore[import-not-found]

QUESTIONS = [
    "Wie gaan het superintelligentieteam van Meta leiden?", "Who left OpenAI for Meta?", "wat zei altman over meta",
    "What did Mark Chen tell the staff?", "Waarom blijven onderzoekers bij OpenAI?", "hoeveel geld biedt meta",
    "Is Altman worried about culture?", "Wie is Nat Friedman?", "what is superintelligence", "Hoe heet het bedrijf van Wang?",
]  # fmt: skip
SHORT = os.environ.get("NEWSBOT_TEST_MEMORY_QUESTIONS", "")


async def test_five_people_thirty_questions_in_order(server: Loopback, tmp_path: Path) -> None:
    async with running(server, tmp_path, {"seconds": 0.05}):
        asked = [
            await server.mention(f"question {number} of {person}", person)
            for number in range(6)
            for person in range(1, 6)
        ]
        await server.until(lambda: all(server.replies(each) for each in asked), 20)
        for person in range(1, 6):
            mine = [each for each in asked if each["author"]["id"] == str(person)]
            answers = [int(server.replies(each)[0]["id"]) for each in mine]
            assert answers == sorted(answers)
        limited = {"message": "limited", "retry_after": 0.5, "global": False}
        server.fail("POST", f"/channels/{CHANNEL}/messages$", 429, body=limited, headers={"Retry-After": "0.5"})
        commands = [await server.command("ask", person=7, question=f"number {number}") for number in range(5)]
        await server.until(lambda: all(each.original for each in commands), 20)
        order = [call.path for call in server.calls if call.method == "PATCH" and "@original" in call.path]
        assert order == sorted(order, key=lambda path: [each.token in path for each in commands].index(True))


async def test_the_loop_does_not_lag_and_the_index_moves_under_way(server: Loopback, tmp_path: Path) -> None:
    lag = tmp_path / "lag"
    async with running(server, tmp_path / "bot", LOOPBACK_LAG=str(lag)) as bot:
        await asyncio.sleep(2)  # what the start itself does is over
        lag.write_text("")
        asked = [await server.mention(QUESTIONS[each % 10], 1 + each % 10) for each in range(50)]
        before = time.monotonic()
        commands = [await server.command("ask", person=20 + each, question=QUESTIONS[each]) for each in range(5)]
        await server.until(lambda: all(each.acknowledged for each in commands), 5)
        await server.until(lambda: all(server.replies(each) for each in asked), 60)
        answering = time.monotonic() - before
        lags = sorted(float(line) for line in lag.read_text().split())
        print(f"longest lags while answering 50: {lags[-5:]}, {answering:.1f} s")  # noqa: T201
        assert max(each.acknowledged - each.at for each in commands) < 1.0

        lag.write_text("")
        article = tmp_path / "bot" / "seeds" / "nieuw.txt"
        article.write_text(
            "Het wonderpaard Bliksem\n\nHet paard Bliksem kan tellen tot duizend, zegt eigenaar Jansen.\n"
        )
        under_way = [await server.mention(QUESTIONS[each % 10], 1 + each % 10) for each in range(20)]
        await bot.until_logged("serving generation=", times=2)
        answer = await server.reply(await server.mention("Wat kan het paard Bliksem?", person=30))
        assert "tot duizend" in answer["content"]
        await server.until(lambda: all(server.replies(each) for each in under_way), 60)
        assert all(
            "[1]" in server.replies(each)[0]["content"]
            or "niet" in server.replies(each)[0]["content"]
            or "not" in server.replies(each)[0]["content"]
            for each in under_way
        )
        await server.until(lambda: any(each["activities"][0]["name"] == "2 articles" for each in server.gateway.ops(3)))
        moving = sorted(float(line) for line in lag.read_text().split())
        print(f"longest lags while the index moved: {moving[-5:]}")  # noqa: T201
        print("".join(bot.log))  # noqa: T201
    assert not lags or lags[-1] < 0.1
    assert not moving or moving[-1] < 0.1


@pytest.mark.timeout(900)
async def test_memory_stays_flat(server: Loopback, tmp_path: Path) -> None:
    count = int(SHORT or 150)
    open_paces = {"NEWSBOT_DISCORD_PERSON_PER_MINUTE": "0", "NEWSBOT_DISCORD_SERVER_PER_MINUTE": "0"}
    async with running(server, tmp_path, **open_paces) as bot:
        figures = []
        for begin in range(0, count, 50):
            asked = [
                await server.mention(f"{QUESTIONS[each % 10]} {each}", 1 + each % 40)
                for each in range(begin, begin + 50)
            ]
            await server.until(lambda: all(server.replies(each) for each in asked), 120)  # noqa: B023
            figures.append(bot.memory_mb())
            server.world.messages[str(CHANNEL)].clear()
            server.calls.clear()
        print(f"memory after each 50: {[round(each) for each in figures]} MB")  # noqa: T201
    assert max(figures) < 300
    assert figures[-1] - figures[len(figures) // 2] < 15
