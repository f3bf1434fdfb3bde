"""Quality of newsbot beside the usual pipelines, on questions in SQuAD's format; each paragraph is an article.

usage: python benchmarks/quality.py --nl FILE --en FILE [--page docs/benchmarks.md]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pages
import quality_page
import systems
from quality_page import DEPTH, Row
from systems import System, Unit

from newsbot import Newsbot, Settings, evaluation
from newsbot.evaluation import metrics, squad
from newsbot.evaluation.questions import Question, read
from newsbot.models import Article

ROOT = Path(__file__).parents[1]
Search = Callable[[str], list[tuple[Unit, float]]]


def main() -> None:
    """Measure, and write tables and a plot."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nl", type=Path, required=True, help="SQuAD file with Dutch paragraphs and questions")
    options.add_argument("--en", type=Path, required=True, help="the same paragraphs and questions in English")
    options.add_argument("--model", help="sentence-transformers model of the others (default: all-MiniLM-L6-v2)")
    options.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given = options.parse_args()
    model = given.model or systems.minilm()
    retrieval: list[Row] = []
    sentences: list[Row] = []
    refusals: list[tuple[str, str, float]] = []
    for direction, file, asked in (
        ("nl→nl", given.nl, None),
        ("en→en", given.en, None),
        ("en→nl", given.nl, given.en),
    ):
        with tempfile.TemporaryDirectory() as folder:
            found, questions = _corpus(Path(folder), file, asked)
            retrieval += _retrieval(Path(folder), found, questions, direction, model)
            sentences += _sentences(Path(folder), found, questions, direction, model)
        with tempfile.TemporaryDirectory() as folder:
            found, questions = _corpus(Path(folder), file, asked, half=True)
            refusals += _refusals(Path(folder), found, questions, direction, model)
    with tempfile.TemporaryDirectory() as folder:
        seeds = ROOT / "seeds"
        found = systems.read(seeds)
        texts = {each.source: each.text for each in found}
        known = evaluation.load(ROOT / "eval" / "heldout.jsonl", texts)
        single = [each for each in known if each.answerable and not each.history]
        (Path(folder) / "seeds").symlink_to(seeds.resolve())
        for spoken in ("nl", "en"):
            asked_in = [each for each in single if each.language == spoken]
            sentences += _sentences(Path(folder), found, asked_in, f"the owner's article, {spoken}", model)
    plot = given.page.with_name("benchmark-quality.svg")
    quality_page.plot(retrieval, plot)
    pages.write(given.page, "quality", quality_page.content(retrieval, sentences, refusals, plot.name))


def _corpus(
    folder: Path, file: Path, asked: Path | None, *, half: bool = False
) -> tuple[list[Article], list[Question]]:
    contexts = squad.contexts(file, read(file))
    (folder / "seeds").mkdir()
    for number, context in enumerate(contexts[: len(contexts) // 2] if half else contexts):
        (folder / "seeds" / f"{number:05d}.txt").write_text(context + "\n", encoding="utf-8", newline="\n")
    found = systems.read(folder / "seeds")
    return found, evaluation.load(file, {each.source: each.text for each in found}, asked=asked)


def _newsbot(folder: Path, model: str = "builtin") -> Newsbot:
    index = folder / ("index" if model == "builtin" else "index-model")
    bot = Newsbot.open(Settings(seeds_dir=folder / "seeds", index_dir=index, embedding_model=model))
    bot.refresh()
    return bot


def _retrieval(
    folder: Path, found: Sequence[Article], questions: Sequence[Question], direction: str, model: str
) -> list[Row]:
    units = systems.as_passages(found)
    words, dense, tutorial = systems.Words(), systems.Dense(model), systems.Tutorial(model)
    words.build(units)
    dense.build(units)
    tutorial.build(systems.as_chunks(found))
    ensemble = systems.Ensemble(words, dense)
    ensemble.build(units)
    searches = {"newsbot": _searching(_newsbot(folder)), "newsbot with MiniLM": _searching(_newsbot(folder, model))}
    searches |= {each.name: _ranking(each) for each in (tutorial, dense, words, ensemble)}
    rows = []
    for name, search in searches.items():
        row = Row(name, direction)
        for question in questions:
            ranked = list(dict.fromkeys(unit.source for unit, _ in search(question.text)))
            gold = {each.source for each in question.evidence}
            row.places.append(next((i for i, source in enumerate(ranked, 1) if source in gold), 0))
        rows.append(row)
        _say(f"{direction}  {name}: {row.share(1):.3f} at 1, {row.share(5):.3f} at 5")
    return rows


def _sentences(
    folder: Path, found: Sequence[Article], questions: Sequence[Question], direction: str, model: str
) -> list[Row]:
    units, judged = systems.as_sentences(found), [each for each in questions if each.spans]
    words, dense = systems.Words(), systems.Dense(model)
    words.build(units)
    dense.build(units)
    bot = _newsbot(folder)
    rows = [Row("newsbot, what it cites", direction)]
    for question in judged:
        cited = bot.ask(question.text).citations
        rows[0].places.append(_place(question, ((each.source, each.start, each.end) for each in cited)))
    for name, system in (("MiniLM, nearest sentence", dense), ("BM25 on words, best sentence", words)):
        row = Row(name, direction)
        for question in judged:
            best = system.search(question.text, DEPTH)
            row.places.append(_place(question, ((each.source, each.start, each.end) for each, _ in best)))
        rows.append(row)
    for row in rows:
        _say(f"{direction}  {row.system}: {row.share(1):.3f} at 1, {row.share(3):.3f} at 3")
    return rows


def _refusals(
    folder: Path, found: Sequence[Article], questions: Sequence[Question], direction: str, model: str
) -> list[tuple[str, str, float]]:
    units = systems.as_passages(found)
    words, dense = systems.Words(), systems.Dense(model)
    words.build(units)
    dense.build(units)
    bot = _newsbot(folder)
    measures: dict[str, Callable[[str], float]] = {
        "newsbot, confidence": lambda text: bot.ask(text).confidence,
        "MiniLM, nearest passage": lambda text: dense.search(text, 1)[0][1],
        "BM25 on words, best score": lambda text: words.search(text, 1)[0][1],
    }
    rows = []
    for name, measure in measures.items():
        scores = {True: [], False: []}  # type: dict[bool, list[float]]
        for question in questions:
            scores[question.answerable].append(measure(question.text))
        rows.append((name, direction, metrics.auroc(scores[True], scores[False])))
        _say(f"{direction}  {name}: AUROC {rows[-1][2]:.3f}")
    return rows


def _place(question: Question, found: Iterable[tuple[str, int, int]]) -> int:
    return next((i for i, at in enumerate(found, 1) if any(gold.begins_in(*at) for gold in question.spans)), 0)


def _searching(bot: Newsbot) -> Search:
    def search(question: str) -> list[tuple[Unit, float]]:
        hits = bot.search(question, DEPTH)
        return [(Unit(h.passage.source, h.passage.start, h.passage.end, h.passage.text), h.score) for h in hits]

    return search


def _ranking(system: System) -> Search:
    return lambda question: system.search(question, DEPTH)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
