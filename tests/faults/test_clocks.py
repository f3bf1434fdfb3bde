"""Clocks that jump: nothing is missed, and nothing is built for ever."""

from __future__ import annotations

import os
import random

import pytest

from .conftest import Archive, article

HOUR = 3600


def clock(away: str) -> str:
    """Python that sets the clocks of a process off by some seconds, worked out at each look."""
    return f"""
import random, time
real = time.time_ns
time.time_ns = lambda: real() + int(1e9 * ({away}))
time.time = lambda: time.time_ns() / 1e9
"""


def moved(archive: Archive, rng: random.Random) -> str:
    """Change a seed in one of the ways in which its times say nothing of it; return its new text."""
    path = archive.seeds / f"{rng.randrange(12):03}.txt"
    before = path.stat()
    text = path.read_text(encoding="utf-8").replace(*rng.sample(["miljoen", "biljoen", "duizend"], 2))
    text = text if text != path.read_text(encoding="utf-8") else article(rng.randrange(10**6))
    path.write_text(text, encoding="utf-8")
    moment = rng.choice([before.st_mtime, before.st_mtime - 1e9, before.st_mtime + 1e9])
    os.utime(path, (moment, moment))
    return text


@pytest.mark.parametrize("jumps", [1, pytest.param(40, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_the_clock_jumps_between_builds(archive: Archive, jumps: int) -> None:
    rng = random.Random(5)
    for number in range(jumps):
        away = rng.choice([-20 * 365 * 24 * HOUR, -24 * HOUR, -1, 1, HOUR // 2, 24 * HOUR, 20 * 365 * 24 * HOUR])
        done = archive.run("index", first=clock(str(away)))
        assert (done.returncode, done.stderr) == (0, "")
        serving = archive.generation
        assert "0 added, 0 changed, 0 removed, 12 unchanged" in archive.run("index", first=clock(str(-away))).stdout
        assert archive.generation == serving
        assert archive.answers(generation=False) == archive.clean_answers(), f"after jump {number} of {away} s"
        moved(archive, rng)


@pytest.mark.slow
def test_the_clock_jumps_while_it_is_built(archive: Archive) -> None:
    """Each look at the clock says another time."""
    for _ in range(2):
        done = archive.run("index", first=clock("random.uniform(-1e9, 1e9)"))
        assert (done.returncode, done.stderr) == (0, "")
        archive.fill(14, edition=1)
    assert archive.run("index").returncode == 0
    assert archive.answers(generation=False) == archive.clean_answers()
