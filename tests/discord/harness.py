"""The bot as a real process, against a loopback Discord."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from server.loopback import TOKEN, Loopback  # type: ignore[import-not-found]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def most_lag(seconds: float) -> float:
    """Return the bound on the loop's lag: a machine with more to do than it has cores lags by itself."""
    return seconds if os.getloadavg()[0] < 2 * (os.cpu_count() or 1) else 5 * seconds


class Bot:
    def __init__(self, folder: Path, process: asyncio.subprocess.Process) -> None:
        self.folder, self.process = folder, process
        self.log: list[str] = []
        self._logged = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log.append(line.decode())
            self._logged.set()

    async def until_logged(self, pattern: str, seconds: float = 30.0, times: int = 1) -> str:
        async def found() -> str:
            while True:
                lines = [line for line in self.log if re.search(pattern, line)]
                if len(lines) >= times:
                    return lines[-1]
                if self.process.returncode is not None and self._reader.done():
                    raise AssertionError(f"the bot ended with {self.process.returncode}:\n{''.join(self.log)}")
                self._logged.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._logged.wait(), 0.2)

        try:
            return await asyncio.wait_for(found(), seconds)
        except TimeoutError:
            raise AssertionError(f"{pattern!r} was not logged:\n{''.join(self.log)}") from None

    async def ended(self, seconds: float = 30.0) -> int:
        code = await asyncio.wait_for(self.process.wait(), seconds)
        await self._reader
        return code

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                return await self.ended(20)
            except TimeoutError:
                self.process.kill()
                raise AssertionError(f"the bot did not leave:\n{''.join(self.log)}") from None
        return await self.ended()

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def start(server: Loopback, folder: Path, chain: dict[str, Any] | None = None, **settings: str) -> Bot:
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    if not (folder / "seeds").exists():
        shutil.copytree(ROOT / "seeds", folder / "seeds")
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("NEWSBOT_", "DISCORD_", "LOOPBACK_A"))
    } | {
        "PYTHONPATH": str(ROOT / "src"), "LOOPBACK_API": server.api, "LOOPBACK_GATEWAY": server.gateway_url,
        "NEWSBOT_INDEX_DIR": str(folder / "index"), "DISCORD_TOKEN": TOKEN, "OMP_NUM_THREADS": "1",
    } | settings  # fmt: skip
    if chain is not None:
        environment["LOOPBACK_CHAIN"] = json.dumps(chain)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "launch.py"), cwd=folder, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, limit=1 << 20,
    )  # fmt: skip
    return Bot(folder, process)


@contextlib.asynccontextmanager
async def started(
    server: Loopback, folder: Path, chain: dict[str, Any] | None = None, **settings: str
) -> AsyncIterator[Bot]:
    bot = await start(server, folder, chain, **settings)
    try:
        yield bot
    except BaseException:
        raise
    finally:
        if bot.process.returncode is None:
            bot.process.kill()
        await bot.process.wait()
        await bot._reader


@contextlib.asynccontextmanager
async def running(
    server: Loopback, folder: Path, chain: dict[str, Any] | None = None, **settings: str
) -> AsyncIterator[Bot]:
    async with started(server, folder, chain, **settings) as bot:
        await bot.until_logged(r" ready ")
        await server.until(lambda: server.commands, what="commands")
        yield bot
        assert await bot.stop() == 0
