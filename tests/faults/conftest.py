"""An archive on disk, and the newsbot command run on it as a process of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsbot import Newsbot
from newsbot.jsonlines import answer_line
from newsbot.settings import Settings

NAMES = ["Altman", "Zuckerberg", "Wang", "Friedman", "Zhao", "Chen", "Kahn", "Murati", "Nadella", "Pichai", "Hassabis"]
VERBS = ["leidde", "kocht", "verliet", "prees", "hekelde", "bezocht", "stichtte", "verkocht", "verdedigde"]
THINGS = ["het laboratorium", "de krant", "het superintelligentieteam", "de haven", "het museum", "de fabriek"]
PLACES = ["Utrecht", "Groningen", "San Francisco", "Maastricht", "Londen", "Zwolle", "Delft", "Antwerpen"]
QUESTIONS = [
    "Wie leidde het laboratorium in Delft?",
    "Wat kocht Zuckerberg in Groningen?",
    "wanneer verliet murati het museum",
    "Who praised the newspaper in Utrecht?",
    "Hoeveel miljoen euro betaalde Wang voor de haven?",
    "Wat is de hoofdstad van Peru?",
]
SLOW_READS = """
import time
from newsbot import articles
real = articles._bytes
articles._bytes = lambda seed: (time.sleep(0.005), real(seed))[1]
"""
"""Python that lets articles be read slowly, as from a network drive."""


def article(seed: int, sentences: int = 8) -> str:
    """A short Dutch article that is always the same for a seed."""
    rng = random.Random(seed)
    lines = [
        f"{rng.choice(NAMES)} {rng.choice(VERBS)} {rng.choice(THINGS)} in {rng.choice(PLACES)} in "
        f"{rng.randint(1950, 2026)} voor {rng.randint(2, 999)} miljoen euro, zo schreef {rng.choice(NAMES)} later."
        for _ in range(sentences)
    ]
    return f"Bericht {seed} uit {rng.choice(PLACES)}\n\n" + "\n\n".join(lines) + "\n"


@dataclass
class Archive:
    """Seeds and an index in one folder; ``run`` is the command line, ``answers`` what the index says as it is."""

    root: Path

    def __post_init__(self) -> None:
        self.seeds, self.index = self.root / "seeds", self.root / "index"
        self.seeds.mkdir(parents=True, exist_ok=True)

    def fill(self, count: int, *, edition: int = 0) -> None:
        """Write ``count`` articles, other ones for each edition."""
        for number in range(count):
            (self.seeds / f"{number:03}.txt").write_text(article(1000 * edition + number), encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return Settings(seeds_dir=self.seeds, index_dir=self.index)

    def start(self, *arguments: str, first: str = "", **options: Any) -> subprocess.Popen[str]:
        """Start ``newsbot`` with some arguments as a process, which may run some Python ``first``."""
        source = Path(__file__).parents[2] / "src"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NEWSBOT_")},
            "PYTHONPATH": str(source),
            "NEWSBOT_SEEDS_DIR": str(self.seeds),
            "NEWSBOT_INDEX_DIR": str(self.index),
        }
        return subprocess.Popen(
            [sys.executable, "-c", f"{first}\nfrom newsbot.__main__ import main\nmain()", *arguments],
            env=environment,
            cwd=self.root,
            text=True,
            encoding="utf-8",
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
        )

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run ``newsbot`` with some arguments to its end."""
        with self.start(*arguments, **options) as process:
            out, err = process.communicate(timeout=100)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def answers(self, bot: Newsbot | None = None, *, generation: bool = True) -> list[str]:
        """The answers to all questions as JSON lines, without their times, and perhaps without their generation."""
        asked = bot or Newsbot.open(self.settings)
        try:
            return [plain(answer_line(asked.ask(each)), generation=generation) for each in QUESTIONS]
        finally:
            if bot is None:
                asked.close()

    def clean_answers(self) -> list[str]:
        """The answers of an index of the same seeds that was built at once, elsewhere."""
        bot = Newsbot.open(Settings(seeds_dir=self.seeds, index_dir=self.root / "clean"))
        bot.refresh(rebuild=True)
        try:
            return self.answers(bot, generation=False)
        finally:
            bot.close()

    def refresh(self) -> None:
        """Bring the index in line, in this process."""
        bot = Newsbot.open(self.settings)
        bot.refresh()
        bot.close()

    @property
    def generation(self) -> Path:
        """Folder of the generation that serves."""
        return self.index / (self.index / "CURRENT").read_text(encoding="utf-8").strip()


def plain(line: str, *, generation: bool = True) -> str:
    """A line of JSON without what differs from one run to the next."""
    found = json.loads(line)
    del found["elapsed_ms"]
    if not generation:
        del found["index"]["generation"]
    return json.dumps(found, ensure_ascii=False)


def one_sentence(text: str) -> bool:
    """Whether standard error says one thing, in one line, to a person."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("newsbot: ") and "Traceback" not in text


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path)
    made.fill(12)
    return made


@pytest.fixture
def indexed(archive: Archive) -> Iterator[Archive]:
    archive.refresh()
    yield archive
