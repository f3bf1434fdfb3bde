"""The real bot with the real index: each way to ask, many questions at once, an index that moves, memory that stays.

One process serves the whole file, since starting it takes the longest.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from harness import Bot, most_lag, running  # type: ignore[import-not-found]
from server.loopback import CHANNEL, Loopback  # type: ignore[import-not-found]

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTIONS = [
    "Wie gaan het superintelligentieteam van Meta leiden?", "Who left OpenAI for Meta?", "wat zei altman over meta",
    "What did Mark Chen tell the staff?", "Waarom blijven onderzoekers bij OpenAI?", "hoeveel geld biedt meta",
    "Is Altman worried about culture?", "Wie is Nat Friedman?", "what is superintelligence",
    "Hoe heet het bedrijf van Wang?",
]  # fmt: skip
MEMORY_QUESTIONS = int(os.environ.get("LOOPBACK_QUESTIONS", "150"))
"""Set to 1000 for the whole claim; the default keeps the suite short."""


class Running:
    def __init__(self, server: Loopback, bot: Bot, lag: Path) -> None:
        self.server, self.bot, self.lag = server, bot, lag

    def lags(self) -> list[float]:
        return sorted(float(line) for line in self.lag.read_text().split())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("real")
    lag = folder / "lag"
    settings = {"NEWSBOT_DISCORD_PERSON_PER_MINUTE": "0", "NEWSBOT_DISCORD_SERVER_PER_MINUTE": "0"}
    async with Loopback() as server, running(server, folder / "bot", LOOPBACK_LAG=str(lag), **settings) as bot:
        yield Running(server, bot, lag)


QUESTION = "Wie gaan het superintelligentieteam van Meta leiden?"
EXPECTED = "Alexandr Wang"


async def test_each_way_to_ask(real: Running) -> None:
    server = real.server
    direct = server.world.direct_channel(3)

    asked = await server.mention(QUESTION)
    answer = await server.reply(asked)
    assert EXPECTED in answer["content"] and "[1]" in answer["content"]
    assert str(CHANNEL) in server.typing

    follow_up = await server.message("En waar werkte hij?", message_reference={"message_id": answer["id"]})
    assert "[1]" in (await server.reply(follow_up))["content"]

    private = await server.message(QUESTION, person=3, channel=direct)
    assert EXPECTED in (await server.reply(private))["content"]

    public = await server.response(await server.command("ask", person=4, question=QUESTION))
    assert EXPECTED in public["content"] and QUESTION in public["content"]

    hidden = await server.command("ask", person=5, question=QUESTION, private=True)
    assert EXPECTED in (await server.response(hidden))["content"]
    assert hidden.private

    target = await server.message(QUESTION, person=6)
    resolved = {"messages": {target["id"]: target}}
    menu = {"id": "1", "name": "Ask newsbot about this", "type": 3, "target_id": target["id"], "resolved": resolved}
    assert EXPECTED in (await server.response(await server.interact(menu, person=7)))["content"]

    found = await server.response(await server.command("search", person=8, query="superintelligentie"))
    assert "superintelligentie" in found["content"]
    assert "Altman" in (await server.response(await server.command("sources")))["content"]
    assert "/ask" in (await server.response(await server.command("help")))["content"]
    assert "ongewijzigd" in (await server.response(await server.command("reindex")))["content"]
    assert "vergeten" in (await server.response(await server.command("forget")))["content"]
    refused = await server.response(await server.command("reindex", person=2))
    assert "beheren" in refused["content"]


async def test_the_loop_does_not_lag_while_fifty_are_answered(real: Running) -> None:
    server = real.server
    real.lag.write_text("")
    asked = [await server.mention(QUESTIONS[each % 10], 1 + each % 10) for each in range(50)]
    began = time.monotonic()
    commands = [await server.command("ask", person=20 + each, question=QUESTIONS[each]) for each in range(5)]
    await server.until(lambda: all(each.acknowledged for each in commands), 5)
    await server.until(lambda: all(server.replies(each) for each in asked), 60)
    print(f"50 answered in {time.monotonic() - began:.1f} s; longest lags {real.lags()[-3:]}")  # noqa: T201
    assert max(each.acknowledged - each.at for each in commands) < 1.0
    assert max(real.lags(), default=0.0) < most_lag(0.1)


async def test_the_index_moves_under_way(real: Running) -> None:
    server = real.server
    real.lag.write_text("")
    article = real.bot.folder / "seeds" / "nieuw.txt"
    article.write_text("Het wonderpaard Bliksem\n\nHet paard Bliksem kan tellen tot duizend, zegt eigenaar Jansen.\n")
    under_way = [await server.mention(QUESTIONS[each % 10], 1 + each % 10) for each in range(20)]
    await real.bot.until_logged("serving generation=", 60, times=2)
    answer = await server.reply(await server.mention("Wat kan het paard Bliksem?", person=30))
    assert "tot duizend" in answer["content"]
    await server.until(lambda: all(server.replies(each) for each in under_way), 60)
    assert not any(each["content"].startswith(("Er ging", "Something went")) for each in server.sent())
    await server.until(lambda: any(each["activities"][0]["name"] == "2 articles" for each in server.gateway.ops(3)))
    print(f"longest lags while the index moved: {real.lags()[-3:]}")  # noqa: T201
    assert max(real.lags(), default=0.0) < most_lag(0.1)


@pytest.mark.timeout(900)
async def test_memory_stays_flat(real: Running) -> None:
    server, figures = real.server, []
    for begin in range(0, MEMORY_QUESTIONS, 50):
        asked = [
            await server.mention(f"{QUESTIONS[each % 10]} {each}", 1 + each % 40) for each in range(begin, begin + 50)
        ]
        await server.until(lambda: all(server.replies(each) for each in asked), 120)  # noqa: B023
        figures.append(real.bot.memory_mb())
        server.world.messages[str(CHANNEL)].clear()
        server.calls.clear()
    print(f"memory after each 50: {[round(each) for each in figures]} MB")  # noqa: T201
    assert max(figures) < 300
    assert figures[-1] - figures[len(figures) // 2] < 15
