"""Ways in which a file is no longer what it was; each does the same to the same file every time."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def removed(path: Path) -> None:
    path.unlink()


def flipped(path: Path) -> None:
    """Flip one bit in every 2,000 bytes or so."""
    data, rng = bytearray(path.read_bytes()), random.Random(path.name)
    for _ in range(-(-len(data) // 2000)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    with path.open("r+b") as file:  # in place, as a disk would: a process that has it open sees it
        file.write(data)


def nudged(path: Path) -> None:
    """Flip a single bit."""
    data, rng = bytearray(path.read_bytes()), random.Random(path.name)
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    with path.open("r+b") as file:
        file.write(data)


def randomised(path: Path) -> None:
    path.write_bytes(random.Random(3).randbytes(max(path.stat().st_size, 64)))


_RARER = (nudged, emptied, removed, randomised)
ALL = [truncated, flipped, *(pytest.param(each, marks=pytest.mark.slow) for each in _RARER)]
