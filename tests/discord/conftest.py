from __future__ import annotations

import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # discord.py imports audioop, which Python 3.13 drops
    import discord  # noqa: F401

sys.path.insert(0, str(Path(__file__).parent))

from server.loopback import Loopback  # type: ignore[import-not-found]


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback() as loopback:
        yield loopback
