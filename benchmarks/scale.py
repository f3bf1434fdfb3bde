"""How cost grows from a thousand passages to a hundred thousand: newsbot and the usual pipelines on the same passages.

usage: python benchmarks/scale.py TEXT… [--passages 1000 10000 100000] [--page docs/scaling.md] [--dense-up-to 1000]

The texts (plain text or SQuAD files, one language each) lend their vocabulary. Each system runs in a process of its
own, so that its memory is its own. Systems that embed with MiniLM take an hour for 100,000 passages on two cores: they
are left out beyond ``--dense-up-to``. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import corpora
import pages
import systems

from newsbot import Newsbot, Settings

ROOT = Path(__file__).parents[1]
QUESTIONS = 300
DENSE = ("MiniLM and Chroma", "EnsembleRetriever")
NAMES = ("newsbot", "BM25 on words", "SQLite FTS5 trigrams", *DENSE)
COLUMNS = {
    "build, s": lambda each: f"{each['build']:,.1f}",
    "passages/s": lambda each: f"{each['passages'] / each['build']:,.0f}",
    "build memory, MB": lambda each: f"{each['memory'] / 1e6:,.0f}",
    "disk, MB": lambda each: f"{each['disk'] / 1e6:,.0f}",
    "query p50, ms": lambda each: f"{1000 * _quantile(each['queries'], 0.5):,.1f}",
    "query p99, ms": lambda each: f"{1000 * _quantile(each['queries'], 0.99):,.1f}",
    "bot memory, MB": lambda each: f"{each['serving'] / 1e6:,.0f}" if "serving" in each else "",
    "cold ask, s": lambda each: f"{each['cold']:.2f}" if "cold" in each else "",
    "one edit, s": lambda each: f"{each['edit']:.2f}" if "edit" in each else "",
    "recall at 1": lambda each: f"{each['recall']:.3f}",
}


class Trigrams:
    """SQLite's full-text search over trigrams, ranked by its BM25."""

    name = "SQLite FTS5 trigrams"

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path)

    def build(self, units: Sequence[systems.Unit]) -> None:
        """Index the units."""
        self._units = list(units)
        self._rows.execute("CREATE VIRTUAL TABLE units USING fts5(text, tokenize = 'trigram')")
        self._rows.executemany("INSERT INTO units(rowid, text) VALUES (?, ?)", enumerate(each.text for each in units))
        self._rows.commit()

    def search(self, question: str, k: int) -> list[tuple[systems.Unit, float]]:
        """Return the best units with their scores, best first."""
        words = [word for word in question.rstrip("?").split() if len(word) > 2]
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        found = self._rows.execute(
            "SELECT rowid, rank FROM units WHERE units MATCH ? ORDER BY rank LIMIT ?", (query, k)
        )
        return [(self._units[row], -rank) for row, rank in found]


def main() -> None:
    """Measure, and write a table and a plot; with --measure, one system in this process."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, nargs="+")
    options.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--dense-up-to", type=int, default=1_000)
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "scaling.md")
    options.add_argument("--measure", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(_measured(given.measure, given.texts[0])) + "\n")
        return
    vocabularies, found = corpora.read(given.texts), []
    for count in given.passages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            asked = corpora.write(folder / "seeds", count, vocabularies, QUESTIONS)
            (folder / "questions.jsonl").write_text("\n".join(corpora.lines(asked)), encoding="utf-8")
            for system in NAMES:
                if system not in DENSE or count <= given.dense_up_to:
                    found.append({"system": system, "passages": count, **_child(system, folder)})
                    shown = {key: value for key, value in found[-1].items() if key != "queries"}
                    sys.stderr.write(json.dumps(shown) + "\n")
    plot = given.page.with_name("scaling.svg")
    _plot(found, plot)
    pages.write(given.page, "scale", _content(found, plot.name))


def _child(name: str, folder: Path) -> dict[str, Any]:
    """Measure one system in a process of its own, and newsbot's bot and cold start in two more."""
    found: dict[str, Any] = {}
    for step in (name, "serving", "cold") if name == "newsbot" else (name,):
        began = time.perf_counter()
        command = [sys.executable, __file__, "--measure", step, str(folder)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found |= json.loads(done.stdout.splitlines()[-1])
        if step == "cold":
            found["cold"] = time.perf_counter() - began
    return found


def _measured(name: str, folder: Path) -> dict[str, Any]:
    asked = corpora.questions_of(folder / "questions.jsonl")
    if name == "cold":
        os.environ |= {"NEWSBOT_SEEDS_DIR": str(folder / "seeds"), "NEWSBOT_INDEX_DIR": str(folder / "index")}
        subprocess.run([sys.executable, "-m", "newsbot", "ask", asked[0].text], stdout=subprocess.DEVNULL, check=True)
        return {}
    if name in ("newsbot", "serving"):
        found = _built(folder) if name == "newsbot" else _served(folder, asked)
    else:
        found = _other(name, folder, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {**found, "serving" if name == "serving" else "memory": peak}


def _bot(folder: Path) -> Newsbot:
    return Newsbot.open(Settings(seeds_dir=folder / "seeds", index_dir=folder / "index"))


def _built(folder: Path) -> dict[str, Any]:
    bot = _bot(folder)
    return {"build": _seconds(bot.refresh), "disk": _size(folder / "index")}


def _served(folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    bot = _bot(folder)
    bot.ask(asked[0].text)
    right, queries = 0, []
    for each in asked:
        began = time.perf_counter()
        best = bot.ask(each.text).hits[0].passage
        queries.append(time.perf_counter() - began)
        right += best.source == each.source and each.sentence in best.text
    seed = folder / "seeds" / asked[-1].source
    seed.write_text(seed.read_text(encoding="utf-8") + "\nZebrapad werd vandaag geopend in Lutjebroek.\n", "utf-8")
    edit = _seconds(lambda: (bot.refresh(), bot.ask("Wat werd geopend in Lutjebroek?")))
    return {"queries": queries, "recall": right / len(asked), "edit": edit}


def _other(name: str, folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    began = time.perf_counter()
    units = systems.as_passages(systems.read(folder / "seeds"))
    place = folder / name.replace(" ", "-")
    words, dense = systems.Words(), systems.Dense(systems.minilm(), place)
    system: systems.System = {"BM25 on words": words, "MiniLM and Chroma": dense}.get(name) or Trigrams(place / "rows")
    if name == "EnsembleRetriever":
        words.build(units)
        dense.build(units)
        system = systems.Ensemble(words, dense)
    system.build(units)
    built = time.perf_counter() - began
    system.search(asked[0].text, 5)
    right, queries = 0, []
    for each in asked:
        began = time.perf_counter()
        found = system.search(each.text, 5)
        queries.append(time.perf_counter() - began)
        right += bool(found) and found[0][0].source == each.source and each.sentence in found[0][0].text
    return {"build": built, "disk": _size(place), "queries": queries, "recall": right / len(asked)}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else 0


def _quantile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def _content(found: Sequence[dict[str, Any]], plot: str) -> str:
    rows = [(f"{each['passages']:,}", each["system"], *(show(each) for show in COLUMNS.values())) for each in found]
    note = (
        "*Query* of newsbot is a whole answer with its citations, that of the others a search. *Cold ask* is the whole "
        "process of `newsbot ask`; *one edit* lasts until a running bot answers from it. Words are real, sentences are "
        "not: see `benchmarks/corpora.py`."
    )
    table = pages.table(["passages", "system", *COLUMNS], rows)
    return "\n\n".join(["## Measured", pages.origin(), note, table, f"![How cost grows]({plot})"])


def _plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    panels: list[tuple[str, Callable[[dict[str, Any]], float]]] = [
        ("build, passages/s", lambda each: each["passages"] / each["build"]),
        ("query p50, ms", lambda each: 1000 * _quantile(each["queries"], 0.5)),
        ("build memory, MB", lambda each: each["memory"] / 1e6),
        ("disk, MB", lambda each: max(each["disk"] / 1e6, 0.01)),
    ]
    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 6), layout="constrained")
        for axes, (title, number) in zip(figure.subplots(2, 2).flat, panels, strict=True):
            for name in NAMES:
                own = [each for each in found if each["system"] == name]
                axes.plot([each["passages"] for each in own], [number(each) for each in own], marker="o", label=name)
            axes.set(xscale="log", yscale="log", xlabel="passages", title=title)
        axes.legend(frameon=False, fontsize=7)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
