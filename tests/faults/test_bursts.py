"""Ten thousand changes at once, under ``newsbot index --watch`` and under the bot: few builds, soon, in flat memory."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

from newsbot import Newsbot

from .conftest import Archive, article

CHANGES = 10_000
SUMMARY = re.compile(r"(\d+) added, (\d+) changed, (\d+) removed, (\d+) unchanged")


def burst(archive: Archive, seed: int) -> float:
    """Write, remove and write again 200 articles, 10,000 changes in all; return when the last one was made."""
    rng = random.Random(seed)
    for number in range(CHANGES):
        path = archive.seeds / f"{rng.randrange(200):03}.txt"
        if rng.random() < 0.1:
            path.unlink(missing_ok=True)
        else:
            path.write_text(article(seed + number % 500), encoding="utf-8")
    return time.monotonic()


def soon(seconds: float) -> float:
    """A bound on a delay: a machine with more to do than it has cores is late by itself."""
    return seconds if os.getloadavg()[0] < (os.cpu_count() or 1) else 5 * seconds


def memory_mb(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


class Told:
    """The lines of a process as they come, with their times."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[tuple[float, str]] = []
        self._process = process
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append((time.monotonic(), line))

    def until(self, pattern: str, times: int = 1, seconds: float = 60) -> list[float]:
        end = time.monotonic() + seconds
        while len(found := [at for at, line in self.lines if re.search(pattern, line)]) < times:
            assert time.monotonic() < end, f"{pattern} was not told: {self.lines}"
            time.sleep(0.01)
        return found


def begun(archive: Archive, known: set[str], seconds: float = 30) -> float:
    """Return when a generation that is not among ``known`` was begun."""
    end = time.monotonic() + seconds
    while {each.name for each in archive.index.glob("[0-9]*-*")} <= known:
        assert time.monotonic() < end
        time.sleep(0.005)
    return time.monotonic()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
@pytest.mark.parametrize("bursts", [1, pytest.param(8, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_a_burst_under_the_watching_command(archive: Archive, bursts: int) -> None:
    with archive.start("index", "--watch") as process:
        told = Told(process)
        told.until("Watching")
        taken = [memory_mb(process)]
        for number in range(bursts):
            known = {each.name for each in archive.index.iterdir()}
            last = burst(archive, 1000 * number)
            assert begun(archive, known) - last < soon(2)
            told.until(SUMMARY.pattern, 2 + number)
            taken.append(memory_mb(process))
        time.sleep(1)
        summaries = [line for _, line in told.lines if SUMMARY.search(line)]
        process.terminate()
    assert len(summaries) <= 2 + bursts, summaries  # the first build, one for each burst, and one for a slow moment
    assert taken[-1] - taken[0] < 100
    assert archive.answers(generation=False) == archive.clean_answers()


async def caught_up(archive: Archive, bot: Newsbot, served: asyncio.Event, seconds: float = 60) -> None:
    """Wait until the bot serves what the seeds say: the first build after a burst, or the one for its slow end."""
    clean = archive.clean_answers()
    async with asyncio.timeout(seconds):
        await served.wait()
        while await asyncio.to_thread(archive.answers, bot, generation=False) != clean:
            served.clear()
            await served.wait()


async def test_a_burst_under_the_bot(indexed: Archive, caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # discord.py imports audioop, which Python 3.13 drops
        from newsbot.discord.indexing import Indexer
        from newsbot.discord.thinking import Thinker
        from newsbot.discord.watching import Watch

    caplog.set_level(logging.INFO, "newsbot")
    bot, served = Newsbot.open(indexed.settings), asyncio.Event()
    thinker = Thinker(bot, 2)

    async def moved() -> None:
        served.set()

    watch = Watch(bot, thinker, Indexer(indexed.settings), moved)
    await watch.begin()
    running = asyncio.create_task(watch.run())
    await asyncio.sleep(1)
    served.clear()
    known = {each.name for each in indexed.index.iterdir()}
    last = await asyncio.to_thread(burst, indexed, 7000)
    assert await asyncio.to_thread(begun, indexed, known) - last < soon(2)
    await caught_up(indexed, bot, served)
    served.clear()
    shutil.rmtree(indexed.index)
    await caught_up(indexed, bot, served)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    thinker.close()
    thinker._thread.join()
    thinker._loop.close()
    bot.close()
    details = [vars(each)["details"] for each in caplog.records if each.getMessage() == "articles indexed"]
    builds = [each["unchanged"] for each in details]
    assert builds[:2] == [12, 0]  # nothing was new when the bot began, everything after the burst
    assert len(builds) <= 4, builds  # besides: one for a slow moment in it, and the removed index (who asks first of
    # that may build it unlogged)


@pytest.mark.slow
def test_the_watching_command_outlives_what_fails(archive: Archive) -> None:
    away = archive.root / "away"
    with archive.start("index", "--watch") as process:
        told = Told(process)
        told.until("Watching")
        archive.seeds.rename(away)
        time.sleep(2)
        assert process.poll() is None
        process.terminate()
        words = process.stderr.read() if process.stderr else ""
    assert re.fullmatch(r"newsbot: The seeds folder .* does not exist; .* It is tried again\.\n", words)
    away.rename(archive.seeds)
    assert archive.answers(generation=False) == archive.clean_answers()
