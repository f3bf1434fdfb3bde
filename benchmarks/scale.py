"""How cost grows from a thousand passages to a hundred thousand: newsbot and the usual pipelines on the same passages.

usage: python benchmarks/scale.py TEXT… [--passages 1000 10000 100000] [--kept rows.jsonl] [--limit 1500]

The texts (plain text or SQuAD files, one language each) lend their vocabulary. Each system runs in processes of its
own, so that its memory is its own. One whose build would take more than ``--limit`` seconds, by its rate at the size
before, is left out, and the page says so. With ``--kept``, what was measured before is read from that file, and what is
measured now is added to it. Needs ``pip install rank-bm25``. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import corpora
import scale_page
import scale_systems
import systems

from newsbot import Newsbot, Settings

ROOT = Path(__file__).parents[1]
QUESTIONS, COLD = 300, 3
"""Questions asked of each system; processes that are started cold."""
EDIT = "\nZebrapad werd vandaag geopend in Lutjebroek.\n", "Wat werd geopend in Lutjebroek?"
"""What is added to an article, and the question that it answers."""


def main() -> None:
    """Measure, and write a table and a plot; with --measure, one step of one system in this process."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, nargs="+")
    options.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--limit", type=float, default=1500, help="seconds of a build")
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "scaling.md")
    options.add_argument("--kept", type=Path, help="file of what was measured")
    options.add_argument("--measure", nargs=2, metavar=("SYSTEM", "STEP"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(_measured(*given.measure, given.texts[0])) + "\n")
        return
    kept: Path | None = given.kept
    found = [json.loads(line) for line in kept.read_text().splitlines()] if kept and kept.exists() else []
    for count in sorted(given.passages):
        for row in _measure(found, corpora.read(given.texts), count, given.limit):
            found = [each for each in found if (each["system"], each["passages"]) != (row["system"], count)] + [row]
            shown = {key: each for key, each in row.items() if key not in ("queries", "spent")}
            sys.stderr.write(json.dumps(shown) + "\n")
            if kept:
                kept.write_text("".join(json.dumps(each) + "\n" for each in found))
    order = ["newsbot", *scale_systems.NAMES]
    found.sort(key=lambda row: (row["passages"], order.index(row["system"])))
    scale_page.write(given.page, found, given.limit)


def _measure(
    found: Sequence[dict[str, Any]], vocabularies: Sequence[corpora.Vocabulary], count: int, limit: float
) -> Iterator[dict[str, Any]]:
    """Yield what is measured of each system at one size, those aside that were found before or would take too long."""
    known = {each["system"]: each for each in found if each["passages"] == count}
    if "EnsembleRetriever" not in known:  # it opens the vectors that the other builds
        known.pop("MiniLM and Chroma", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = corpora.write(folder / "seeds", count, vocabularies, QUESTIONS)
        (folder / "questions.jsonl").write_text("\n".join(corpora.lines(asked)), encoding="utf-8")
        for system in ("newsbot", *scale_systems.NAMES):
            if system not in known and _expected(found, system, count) <= limit:
                known[system] = {"system": system, "passages": count, **_child(system, folder, asked[0].text)}
                if system == "EnsembleRetriever":  # the vectors that it opened had to be built as well
                    known[system]["build"] += known["MiniLM and Chroma"]["build"]
                    known[system]["disk"] = known["MiniLM and Chroma"]["disk"]
                yield known[system]


def _expected(found: Sequence[dict[str, Any]], system: str, count: int) -> float:
    """Return how long a build will take by the rate at the size before; forever where that was left out."""
    sizes = [each["passages"] for each in found if each["passages"] < count]
    before = [each for each in found if each["system"] == system and each["passages"] == max(sizes, default=0)]
    if not sizes:
        return 0.0
    return float(before[0]["build"] * count / before[0]["passages"]) if before else float("inf")


def _child(name: str, folder: Path, question: str) -> dict[str, Any]:
    """Measure each step of one system in a process of its own; of a cold start, the whole process."""
    found: dict[str, Any] = {}
    for step in ("build", "serve", "exact") if name == "newsbot" else ("build",):
        command = [sys.executable, __file__, "--measure", name, step, str(folder)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found |= json.loads(done.stdout.splitlines()[-1])
    command = [sys.executable, __file__, "--measure", name, "cold", str(folder)]
    if name == "newsbot":
        command = [sys.executable, "-m", "newsbot", "ask", question]
    surroundings = {"NEWSBOT_SEEDS_DIR": str(folder / "seeds"), "NEWSBOT_INDEX_DIR": str(folder / "index")}

    def once() -> None:
        subprocess.run(command, stdout=subprocess.DEVNULL, env={**os.environ, **surroundings}, check=True)

    before = _children()
    found["cold"] = statistics.median(_seconds(once) for _ in range(COLD))
    return {**found, "started": (_children() - before) / COLD}


def _measured(name: str, step: str, folder: Path) -> dict[str, Any]:
    asked = corpora.questions_of(folder / "questions.jsonl")
    if name == "newsbot":
        return {"build": _built, "serve": _served, "exact": _compared}[step](folder, asked)
    place = folder / "kept"
    if step == "cold":
        system = scale_systems.system(name, place)
        kept: Sequence[Any] = range(10**9) if name in ("SQLite FTS5 trigrams", "MiniLM and Chroma") else _units(folder)
        system.open(kept)  # for a system that keeps what it needs, the number of a unit stands for it
        system.search(asked[0].text, 5)
        return {}
    return _other(name, place, folder, asked)


def _units(folder: Path) -> list[systems.Unit]:
    return systems.as_passages(systems.read(folder / "seeds"))


def _bot(folder: Path) -> Newsbot:
    return Newsbot.open(Settings(seeds_dir=folder / "seeds", index_dir=folder / "index"))


def _built(folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    del asked
    with closing(_bot(folder)) as bot:
        built, worked = _seconds(bot.refresh), time.process_time()
        return {"build": built, "worked": worked, "disk": _size(folder / "index"), "memory": _peak()}


def _served(folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    """Ask all questions, then change an article and ask about that."""
    with closing(_bot(folder)) as bot:
        bot.ask(asked[0].text)
        right, queries, spent = 0, [], []
        for each in asked:
            began, before = time.perf_counter(), time.process_time()
            best = bot.ask(each.text).hits[0].passage
            spent.append(time.process_time() - before)
            queries.append(time.perf_counter() - began)
            right += corpora.is_right(best, each)
        serving = _peak()
        seed = folder / "seeds" / asked[-1].source
        text = seed.read_text(encoding="utf-8")
        seed.write_text(text + EDIT[0], "utf-8")
        edit = _seconds(lambda: (bot.refresh(), bot.ask(EDIT[1])))
        seed.write_text(text, "utf-8")
        bot.refresh()
    return {"queries": queries, "spent": spent, "recall": right / len(asked), "edit": edit, "serving": serving}


def _compared(folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    import exact  # what it needs would weigh upon the memory and the start of the others

    with closing(_bot(folder)) as bot:
        return exact.compared(bot, asked)


def _other(name: str, place: Path, folder: Path, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    began = time.perf_counter()
    system, units = scale_systems.system(name, place), _units(folder)
    system.build(units)
    built = time.perf_counter() - began
    system.search(asked[0].text, 5)
    right, queries = 0, []
    for each in asked:
        began = time.perf_counter()
        found = system.search(each.text, 5)
        queries.append(time.perf_counter() - began)
        right += bool(found) and corpora.is_right(found[0][0], each)
    return {
        "build": built,
        "disk": _size(place),
        "queries": queries,
        "recall": right / len(asked),
        "memory": _peak(),
        "serving": _peak(),
    }


def _peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _children() -> float:
    """Return the seconds of the processor that ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else 0


if __name__ == "__main__":
    main()
