"""An hour in the life of a bot: questions, edits, kills and damage at once, and what they do to memory and descriptors.

usage: python benchmarks/soak.py TEXT… [--minutes 60] [--passages 2000] [--page docs/scaling.md]

One process answers questions throughout. Beside it ``newsbot index`` runs after every edit and is killed every third
time, and every minute a file of the serving generation is damaged. Each answer must hold a passage of the articles as
they are or were a moment ago; at the end the answers must equal those of an index built at once.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import corpora
import pages

from newsbot import Newsbot, Settings

ROOT = Path(__file__).parents[1]


class Soak:
    """The folder, the bot, the clock, and what went wrong."""

    def __init__(self, folder: Path, vocabularies: Sequence[corpora.Vocabulary], passages: int) -> None:
        self.folder, self.vocabularies, self.passages = folder, vocabularies, passages
        self.questions = corpora.write(folder / "seeds", passages, vocabularies, 200)
        self.settings = Settings(seeds_dir=folder / "seeds", index_dir=folder / "index")
        self.bot = Newsbot.open(self.settings)
        self.bot.refresh()
        self.over = threading.Event()
        self.asked = self.edits = self.kills = self.damages = 0
        self.errors: list[str] = []
        self.samples: list[dict[str, float]] = []

    def ask(self) -> None:
        """Ask until it is over; a quote that is not in its article is an error."""
        rng = random.Random(1)
        while not self.over.is_set():
            try:
                for each in self.bot.ask(rng.choice(self.questions).text).citations:
                    if each.passage.quote(each.start, each.end) != each.quote:
                        self.errors.append("a quote is not in its passage")
                self.asked += 1
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")

    def disturb(self) -> None:
        """Edit an article and index; kill every third run, and damage a file once a minute."""
        rng, damaged = random.Random(2), time.monotonic()
        while not self.over.is_set():
            number = rng.randrange(self.passages // corpora.PASSAGES)
            new = corpora.article(10_000_000 + self.edits, self.passages, self.vocabularies[0])
            seed = self.folder / "seeds" / f"{number // 1000:04}" / f"{number:07}.txt"
            seed.write_text("\n\n".join(" ".join(each) for each in new) + "\n", encoding="utf-8")
            self.edits += 1
            self._index(rng.uniform(0.5, 3) if self.edits % 3 == 0 else None)
            if time.monotonic() - damaged > 60:
                damaged = time.monotonic()
                self._damage(rng)

    def _index(self, kill_after: float | None) -> None:
        environment = os.environ | {
            "NEWSBOT_SEEDS_DIR": str(self.settings.seeds_dir),
            "NEWSBOT_INDEX_DIR": str(self.settings.index_dir),
        }
        command = [sys.executable, "-m", "newsbot", "index"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if kill_after is not None:
            time.sleep(kill_after)
            process.send_signal(signal.SIGKILL)
            self.kills += 1
        _, words = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            self.errors.append(words.decode().strip())

    def _damage(self, rng: random.Random) -> None:
        files = sorted(each for each in (self.settings.index_dir / self.bot.generation).rglob("*.npy"))
        if files:
            path = rng.choice(files)
            data = bytearray(path.read_bytes())
            data[rng.randrange(len(data))] ^= 1
            path.write_bytes(data)
            self.damages += 1

    def sample(self, began: float) -> None:
        """Note memory, descriptors and threads."""
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        at = (time.monotonic() - began) / 60
        found = {"minutes": at, "memory, MB": memory / 1e6, "descriptors": descriptors}
        self.samples.append({**found, "threads": threading.active_count(), "questions": self.asked})

    def differing(self) -> int:
        """Return how many answers differ from those of an index built at once."""
        self.bot.refresh()
        clean = Newsbot.open(Settings(seeds_dir=self.settings.seeds_dir, index_dir=self.folder / "clean"))
        clean.refresh()
        pairs = [(self.bot.ask(each.text), clean.ask(each.text)) for each in self.questions[:50]]
        return sum(
            (one.text, one.citations, one.hits) != (other.text, other.citations, other.hits) for one, other in pairs
        )


def main() -> None:
    """Soak, and write a table and a plot."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, nargs="+")
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--passages", type=int, default=2_000)
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "scaling.md")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), corpora.read(given.texts), given.passages)
        threads = [threading.Thread(target=each) for each in (soak.ask, soak.disturb)]
        for each in threads:
            each.start()
        began = time.monotonic()
        while time.monotonic() - began < 60 * given.minutes:
            soak.sample(began)
            time.sleep(5)
        soak.over.set()
        for each in threads:
            each.join()
        differing = soak.differing()
    plot = given.page.with_name("soak.svg")
    _plot(soak.samples, plot)
    pages.write(given.page, "soak", _content(soak, given.minutes, differing, plot.name))


def _content(soak: Soak, minutes: float, differing: int, plot: str) -> str:
    first, last = soak.samples[len(soak.samples) // 5], soak.samples[-1]
    rows = [
        (name, "", f"{first[name]:,.0f}", f"{last[name]:,.0f}") for name in ("memory, MB", "descriptors", "threads")
    ]
    told = (
        f"In {minutes:.0f} minutes: {soak.asked:,} questions, {soak.edits} edits, {soak.kills} kills, {soak.damages} "
        f"damaged files, {len(soak.errors)} errors; {differing} of 50 answers differ from those of a clean index."
    )
    errors = "\n".join(f"- {each}" for each in sorted(set(soak.errors))[:10])
    table = pages.table(["of the bot", "", "after a fifth of the time", "at the end"], rows)
    return "\n\n".join(["## Soaked", pages.origin(), told, errors, table, f"![Memory over time]({plot})"])


def _plot(samples: Sequence[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 3), layout="constrained")
        for axes, name in zip(figure.subplots(1, 3), ("memory, MB", "descriptors", "threads"), strict=True):
            axes.plot([each["minutes"] for each in samples], [each[name] for each in samples])
            axes.set(xlabel="minutes", title=name, ylim=(0, None))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
