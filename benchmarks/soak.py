"""An hour in the life of a bot: questions, edits, kills and damage at once, and what they do to it.

usage: python benchmarks/soak.py TEXT… [--minutes 60] [--passages 1000] [--page docs/faults.md]

One process answers questions throughout, while ``newsbot index --watch`` follows the seeds; trouble of nine kinds comes
every other second. Each quote must stand in the articles as they are or were. Every few minutes there is calm: then all
answers must equal, byte for byte, those of an index built at once by another process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import corpora
import pages
from troubles import Archive, Troubles

from newsbot import Newsbot, Settings
from newsbot.jsonlines import answer_line

ROOT = Path(__file__).parents[1]
_CALM_MINUTES = 2.5
_COMPARED = 60
_MEASURES = ("memory, MB", "descriptors", "threads")


class Soak:
    """The bot, who asks it, and what was seen."""

    def __init__(self, folder: Path, texts: Sequence[Path], passages: int) -> None:
        self.folder = folder
        self.archive = Archive(folder / "seeds", passages, corpora.read(texts))
        self.settings = Settings(seeds_dir=folder / "seeds", index_dir=folder / "index")
        self.bot = Newsbot.open(self.settings)
        self.bot.refresh()
        self.bot.warm()
        self.troubles = Troubles(self.archive, self.settings)
        self.asked, self.compared, self.differing = 0, 0, 0
        self.slowest = 0.0
        self.errors = Counter[str]()
        self.samples: list[dict[str, float]] = []

    def ask(self) -> None:
        """Ask some ten questions a second until it is over; a quote that no edition holds is an error."""
        rng = random.Random(1)
        while not self.troubles.over.wait(0.08):
            began = time.monotonic()
            try:
                for each in self.bot.ask(rng.choice(self.archive.questions)).citations:
                    if not self.archive.holds(each.source, each.quote):
                        self.errors[f"a quote is in no edition of {each.source}: {each.quote}"] += 1
                self.asked += 1
            except Exception as error:
                self.errors[f"{type(error).__name__}: {error}"] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def watch(self, minutes: float) -> None:
        """Measure every five seconds, and compare with a clean index whenever it is time for calm."""
        began = calm = time.monotonic()
        while time.monotonic() - began < 60 * minutes:
            self._sample((time.monotonic() - began) / 60)
            time.sleep(5)
            if time.monotonic() - calm > 60 * _CALM_MINUTES:
                self._compare()
                calm = time.monotonic()
        self._compare()

    def _sample(self, minutes: float) -> None:
        sample = {"minutes": minutes, "questions": self.asked}
        for who, process in (("bot", os.getpid()), ("watcher", self.troubles.watcher.pid)):
            try:
                for name, value in zip(_MEASURES, _measured(process), strict=True):
                    sample[f"{who}: {name}"] = value
            except (OSError, IndexError):
                continue  # it was just killed
        self.samples.append(sample)

    def _compare(self) -> None:
        questions = self.archive.questions[:_COMPARED]
        with self.troubles.calm:
            self.bot.refresh()
            clean = self._clean(questions)
            found = [_plain(answer_line(self.bot.ask(each))) for each in questions]
        self.compared += len(questions)
        for one, other in zip(found, clean, strict=True):
            if one != other:
                self.differing += 1
                left, right = json.loads(one), json.loads(other)
                told = ", ".join(each for each in left if left[each] != right.get(each))
                self.errors[f"not as of a clean index: {left['question']} ({told})"] += 1

    def _clean(self, questions: Sequence[str]) -> list[str]:
        (self.folder / "questions.txt").write_text("\n".join(questions), encoding="utf-8")
        with tempfile.TemporaryDirectory(dir=self.folder) as index:
            environment = os.environ | {"NEWSBOT_SEEDS_DIR": str(self.settings.seeds_dir), "NEWSBOT_INDEX_DIR": index}
            command = [sys.executable, "-m", "newsbot", "ask", "--input", str(self.folder / "questions.txt")]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return [_plain(each) for each in done.stdout.splitlines()]


def _measured(process: int) -> tuple[float, float, float]:
    memory = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    descriptors, tasks = (len(list(Path(f"/proc/{process}/{each}").iterdir())) for each in ("fd", "task"))
    return memory / 1e6, float(descriptors), float(tasks)


def _plain(line: str) -> str:
    found = json.loads(line)
    del found["elapsed_ms"], found["index"]["generation"]
    return json.dumps(found, ensure_ascii=False)


def main() -> None:
    """Soak, and write a table and a plot."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, nargs="+")
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--passages", type=int, default=1_000)
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "faults.md")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), given.texts, given.passages)
        threads = [threading.Thread(target=each) for each in (soak.ask, soak.troubles.run)]
        for each in threads:
            each.start()
        soak.watch(given.minutes)
        soak.troubles.over.set()
        for each in threads:
            each.join()
        soak.troubles.said.update(soak.troubles.stop())
    plot = given.page.with_name("soak.svg")
    _plot(soak.samples, plot)
    pages.write(given.page, "soak", _content(soak, given.minutes, plot.name))


def _content(soak: Soak, minutes: float, plot: str) -> str:
    names = [f"{who}: {measure}" for who in ("bot", "watcher") for measure in _MEASURES]
    rows = []
    for name in names:
        seen = [each[name] for each in soak.samples if name in each]
        rows.append((name, "", *(f"{each:,.0f}" for each in (seen[len(seen) // 5], seen[-1], max(seen)))))
    errors = sum(soak.errors.values()) - soak.differing
    troubles = ", ".join(f"{count} × {kind}" for kind, count in soak.troubles.counts.most_common())
    told = (
        f"{minutes:.0f} minutes, {soak.asked:,} questions, {errors} errors; the slowest answer took "
        f"{soak.slowest:.1f} s. In moments of calm, {soak.compared:,} answers were compared with those of a clean "
        f"index: {soak.differing} differed.\n\nTroubles: {troubles}."
    )
    parts = ["## All of it at once", pages.origin(), told]
    parts += [_listed("Errors", soak.errors), _listed("What indexing said", soak.troubles.said)]
    table = pages.table(["measure", "", "after a fifth of the time", "at the end", "at most"], rows)
    return "\n\n".join([*(each for each in parts if each), table, f"![Memory, descriptors and threads]({plot})"])


def _listed(title: str, counts: Counter[str]) -> str:
    lines = [f"- {count} × {text}" for text, count in counts.most_common(12)]
    return f"{title}:\n\n" + "\n".join(lines) if lines else ""


def _plot(samples: Sequence[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(10, 3), layout="constrained")
        for axes, measure in zip(figure.subplots(1, 3), _MEASURES, strict=True):
            for who, colour in (("bot", "#0b6e99"), ("watcher", "#d9730d")):
                seen = [each for each in samples if f"{who}: {measure}" in each]
                values = [each[f"{who}: {measure}"] for each in seen]
                axes.plot([each["minutes"] for each in seen], values, label=who, color=colour, linewidth=1.2)
            axes.set(xlabel="minutes", title=measure, ylim=(0, None))
        figure.axes[0].legend(frameon=False, loc=(0.6, 0.55))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
