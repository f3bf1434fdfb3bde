"""What many tests need: a folder of seeds, a newsbot over it, and the owner's article."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsbot import Newsbot, Settings

from .chroma import ChromaProcess, Store

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "seeds" / "000_fcd5ae757924a535.txt"

HARBOUR = """Haven van Delfzijl krijgt nieuwe kade

De gemeente Eemsdelta bouwt in 2027 een nieuwe kade van 340 meter in de haven van Delfzijl. Wethouder Anna Visser
noemde de bouw "een sprong vooruit voor de regio". De kade kost 42 miljoen euro.

Aannemer Strukton begint in maart met heien. Volgens projectleider Joost de Wit duurt het werk veertien maanden.
"""
ORCHARD = """Apple growers in Kent switch to cider

Farmers in Kent are pulling out old orchards because supermarkets pay too little for dessert apples. Grower Ruth
Palmer said she would plant 4,000 cider trees this winter. The first harvest is expected in 2030.
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with a Dutch and an English article."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "haven.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "orchard.md").write_text(ORCHARD, encoding="utf-8")
    return folder


@pytest.fixture
def bot(seeds: Path, tmp_path: Path) -> Iterator[Newsbot]:
    """A newsbot over the two articles, indexed."""
    opened = Newsbot.open(Settings(seeds_dir=seeds, index_dir=tmp_path / "index"))
    opened.refresh()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    """A newsbot over the owner's article, indexed; tests must not change it."""
    opened = Newsbot.open(Settings(seeds_dir=ROOT / "seeds", index_dir=tmp_path_factory.mktemp("owner") / "index"))
    opened.refresh()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    """A Chroma server that many tests use; none of them stops it."""
    server = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def store(chroma: ChromaProcess) -> Store:
    """An empty database on the server."""
    return chroma.store()


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(seeds: Path, tmp_path: Path) -> Run:
    """Run the real command line in a process of its own, over the two articles."""

    def newsbot(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSBOT_", "DISCORD_"))}
        own = {"NEWSBOT_SEEDS_DIR": str(seeds), "NEWSBOT_INDEX_DIR": str(tmp_path / "index"), "LC_ALL": "C"}
        return subprocess.run(
            [sys.executable, "-m", "newsbot", *arguments],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env={**kept, **own, **environment},
            cwd=tmp_path,
            timeout=100,
            check=False,
        )

    return newsbot
