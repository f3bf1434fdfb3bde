"""Nothing that an article or a person wrote comes alive in a message."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from chains import hostile  # type: ignore[import-not-found]
from harness import running  # type: ignore[import-not-found]
from live import live, payload_faults  # type: ignore[import-not-found]
from server.loopback import Loopback  # type: ignore[import-not-found]


async def test_hostile_articles_and_questions_over_the_wire(server: Loopback, tmp_path: Path) -> None:
    settings = {
        "NEWSBOT_DISCORD_PERSON_PER_MINUTE": "0", "NEWSBOT_DISCORD_SERVER_PER_MINUTE": "0",
        "NEWSBOT_DISCORD_QUEUE": "2000",
    }  # fmt: skip
    async with running(server, tmp_path, {"hostile": True}, **settings) as bot:
        for number in range(0, 1000, 3):
            await server.mention(hostile(number), 1 + number % 50)
            await server.command("ask", person=60 + number % 20, question=hostile(number + 1) or "x")
            await server.message(hostile(number + 2), 90, server.world.direct_channel(90))
        await server.until(lambda: len(server.payloads()) >= 850, 90)
        await bot.until_logged("info")
    faults = [fault for payload in server.payloads() for fault in payload_faults(payload)]
    assert not faults, faults[:5]
    assert len(server.payloads()) >= 850
    for call in server.calls:
        if (
            call.method in ("POST", "PATCH")
            and isinstance(call.body, dict)
            and "content" in (call.body.get("data") or call.body)
        ):
            body: dict[str, Any] = call.body.get("data") or call.body
            assert body["allowed_mentions"] in ({"parse": []}, {"parse": [], "replied_user": False}), body
    assert not any(re.search(r"@everyone|<@\d", line) for line in bot.log)
    assert not live("plain text")
