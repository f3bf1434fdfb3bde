"""Speed, memory and disk of newsbot beside the usual pipelines, each in a process of its own.

usage: python benchmarks/speed.py FILE… [--articles 200 2000] [--page docs/benchmarks.md]

The files are in SQuAD's format. Articles are made of their sentences, shuffled, so that any number can be had; the
questions are theirs. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pages
import systems

from newsbot import Newsbot, Settings
from newsbot.evaluation import metrics, squad
from newsbot.evaluation.questions import read

ROOT = Path(__file__).parents[1]
SENTENCES, PARAGRAPHS = 5, 3
"""An article is so many paragraphs of so many sentences."""
QUERIES = 200
NAMES = ("newsbot", "newsbot with MiniLM", "tutorial pipeline", "BM25 on words", "EnsembleRetriever")


def main() -> None:
    """Measure, and write a table and a plot; with --measure, one system in this process."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", type=Path, nargs="+", help="SQuAD files, or with --measure the folder to work in")
    options.add_argument("--articles", type=int, nargs="+", default=[200, 2000], help="how many articles")
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    options.add_argument("--measure", choices=NAMES, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(_measured(given.measure, given.files[0])) + "\n")
        return
    found: list[dict[str, Any]] = []
    for count in given.articles:
        for name in NAMES:
            with tempfile.TemporaryDirectory() as folder:
                _corpus(Path(folder), given.files, count)
                found.append({"articles": count, "system": name, **_child(name, Path(folder))})
            sys.stderr.write(f"{json.dumps(found[-1])}\n")
    plot = given.page.with_name("benchmark-speed.svg")
    _plot(found, plot)
    pages.write(given.page, "speed", _content(found, plot.name))


def _corpus(folder: Path, files: Sequence[Path], count: int) -> None:
    sentences: list[str] = []
    questions: list[str] = []
    for file in files:
        content = read(file)
        for context in squad.contexts(file, content):
            sentences += re.split(r"(?<=[.!?])\s+", context.strip())
        questions += squad.wordings(file, content).values()
    chance = random.Random(0)
    (folder / "seeds").mkdir()
    for number in range(count):
        paragraphs = [" ".join(chance.sample(sentences, SENTENCES)) for _ in range(PARAGRAPHS)]
        (folder / "seeds" / f"{number:06d}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    asked = chance.sample(questions, min(QUERIES, len(questions)))
    (folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")


def _child(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", name, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _measured(name: str, folder: Path) -> dict[str, Any]:
    """Build and ask one system; the clock runs from before its libraries are imported."""
    asked = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    if name.startswith("newsbot"):
        found = _newsbot(folder, "builtin" if name == "newsbot" else systems.minilm(), asked)
    else:
        found = _other(name, folder, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {**found, "memory": peak, "disk": _size(folder / "index")}


def _newsbot(folder: Path, model: str, asked: Sequence[str]) -> dict[str, Any]:
    settings = Settings(seeds_dir=folder / "seeds", index_dir=folder / "index", embedding_model=model)
    bot = Newsbot.open(settings)
    built = _seconds(bot.refresh)
    unchanged = _seconds(bot.refresh)
    first = min((folder / "seeds").iterdir())
    first.write_text(first.read_text(encoding="utf-8") + "A new line.\n", encoding="utf-8")
    changed = _seconds(bot.refresh)
    bot.warm()
    searches = [_seconds(lambda q=q: bot.search(q, 5)) for q in asked]  # type: ignore[misc]
    bot.ask(asked[0])
    answers = [_seconds(lambda q=q: bot.ask(q)) for q in asked]  # type: ignore[misc]
    return {"build": built, "unchanged": unchanged, "changed": changed, "search": searches, "answer": answers}


def _other(name: str, folder: Path, asked: Sequence[str]) -> dict[str, Any]:
    began = time.perf_counter()
    found = systems.read(folder / "seeds")
    units = systems.as_chunks(found) if name == "tutorial pipeline" else systems.as_passages(found)
    words, dense = systems.Words(), systems.Dense(systems.minilm(), folder / "index")
    if name != "BM25 on words":
        dense.build(units)
    if name in ("BM25 on words", "EnsembleRetriever"):
        words.build(units)
    system: systems.System = words if name == "BM25 on words" else dense
    if name == "EnsembleRetriever":
        system = systems.Ensemble(words, dense)
        system.build(units)
    built = time.perf_counter() - began
    system.search(asked[0], 5)
    return {"build": built, "search": [_seconds(lambda q=q: system.search(q, 5)) for q in asked]}  # type: ignore[misc]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def _content(found: Sequence[dict[str, Any]], plot: str) -> str:
    head = ["articles", "system", "build, s", "nothing changed, s", "one changed, s"]
    head += ["search p50, ms", "p95, ms", "answer p50, ms", "p95, ms", "memory, MB", "disk, MB"]
    rows = [
        (
            f"{each['articles']:,}",
            each["system"],
            f"{each['build']:.1f}",
            *(f"{each[name]:.2f}" if name in each else "" for name in ("unchanged", "changed")),
            *_quantiles(each["search"]),
            *_quantiles(each.get("answer", [])),
            f"{each['memory'] / 1e6:,.0f}",
            f"{each['disk'] / 1e6:,.1f}",
        )
        for each in found
    ]
    note = (
        "Each system runs in a process of its own. *Build* counts from nothing, libraries and models included; the "
        "others build anew whatever changed. *Answer* is newsbot's whole answer with its citations; the others would "
        "still have to ask a chat model."
    )
    return "\n\n".join(
        ["## Speed", pages.origin(), note, pages.table(head, rows), f"![Build and search of each system]({plot})"]
    )


def _quantiles(seconds: Sequence[float]) -> tuple[str, str]:
    if not seconds:
        return "", ""
    p50, p95 = (f"{1000 * metrics.quantile(seconds, share):.1f}" for share in (0.5, 0.95))
    return p50, p95


def _plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(8, 3.6), layout="constrained")
        for axes, (title, scale, number) in zip(
            figure.subplots(1, 2),
            (
                ("build, seconds", 1, lambda each: each["build"]),
                ("search, median ms", 1000, lambda each: metrics.quantile(each["search"], 0.5)),
            ),
            strict=True,
        ):
            for name in NAMES:
                own = [each for each in found if each["system"] == name]
                places = [each["articles"] for each in own]
                axes.plot(places, [scale * number(each) for each in own], marker="o", label=name)
            axes.set(xscale="log", yscale="log", xlabel="articles", title=title)
        axes.legend(frameon=False, fontsize=7)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
