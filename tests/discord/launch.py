"""Runs ``newsbot bot`` as it is, with discord.py pointed at a loopback server.

``LOOPBACK_API`` and ``LOOPBACK_GATEWAY`` say where; ``LOOPBACK_LAG`` names a file that the longest delays of the event
loop are written to; ``LOOPBACK_CHAIN`` puts a chain of the test's own (see ``chains.py``) in newsbot's place.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

import discord
import yarl

discord.http.Route.BASE = os.environ["LOOPBACK_API"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["LOOPBACK_GATEWAY"])


def put_chain_in_place(options: dict[str, object]) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    import chains

    import newsbot.api
    import newsbot.discord.indexing

    chains.OPTIONS.update(options)
    newsbot.api.Newsbot = chains.Chain  # type: ignore[misc]
    newsbot.discord.indexing.Indexer.refresh = chains.refresh  # type: ignore[method-assign,assignment]


def measure_lag(path: Path) -> None:
    from newsbot.discord.client import NewsbotClient

    hook = NewsbotClient.on_ready

    async def measure() -> None:
        with path.open("a") as file:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                lag = time.perf_counter() - before - 0.005
                if lag > 0.01:
                    file.write(f"{lag:.4f}\n")
                    file.flush()

    async def on_ready(self: NewsbotClient) -> None:
        await hook(self)
        self.lag = asyncio.create_task(measure())  # type: ignore[attr-defined]

    NewsbotClient.on_ready = on_ready  # type: ignore[method-assign]


made = discord.state.ConnectionState.__init__


def made_soon_ready(self: object, **options: object) -> None:
    made(self, **(options | {"guild_ready_timeout": 0.2}))  # type: ignore[misc,arg-type]


discord.state.ConnectionState.__init__ = made_soon_ready  # type: ignore[method-assign,assignment]

if chain := os.environ.get("LOOPBACK_CHAIN"):
    put_chain_in_place(json.loads(chain))
if lag := os.environ.get("LOOPBACK_LAG"):
    measure_lag(Path(lag))

from newsbot.__main__ import main  # noqa: E402

sys.argv = ["newsbot", *(["--debug"] if os.environ.get("LOOPBACK_DEBUG") else []), "bot"]
main()
