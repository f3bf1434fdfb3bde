"""Answers, passages and progress as people read them at a terminal; plain text where the output is piped."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from newsbot.models import Answer, Changes, Citation, Finding, Hit, Passage, Source

if TYPE_CHECKING:
    from newsbot.indexing.builder import Tell

_CONTROLS = {number: "\ufffd" for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\n\t"}
_INVISIBLE = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))
_CONTEXT = 160


def safe(text: str) -> str:
    """Return text from an article or a user with nothing in it that a terminal would obey."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.translate(_CONTROLS).translate(_INVISIBLE).encode("utf-8", "replace").decode()


def console(*, stderr: bool = False) -> Console:
    """Return a console for standard output or standard error that never guesses at markup in text."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=not stream.isatty())


def show_answer(out: Console, answer: Answer, seeds_dir: Path) -> None:
    """Print an answer, then its numbered quotes with file and line; or a refusal with the nearest passages."""
    text = Text(safe(answer.text))
    text.highlight_regex(r"\[\d+\]", "cyan bold")
    out.print(text)
    if answer.notice:
        out.print(Text(safe(answer.notice), style="yellow"))
    for passage, cited in groupby(sorted(answer.citations, key=_place(answer)), lambda each: each.passage):
        quotes = sorted(cited, key=lambda each: each.start)
        lines = sorted({each.line for each in quotes})
        numbers = " ".join(f"[{each}]" for each in sorted(quote.number for quote in quotes))
        out.print()
        out.print(_heading(numbers, passage.source, lines, passage.title, seeds_dir))
        _print_indented(out, _marked(passage, quotes))
    if answer.outcome in ("nearest", "absent"):
        show_hits(out, answer.hits[:3], seeds_dir)


def show_hits(out: Console, hits: Sequence[Hit], seeds_dir: Path) -> None:
    """Print passages with their place and their beginning."""
    for number, hit in enumerate(hits, 1):
        passage = hit.passage
        out.print()
        out.print(_heading(f"{number}.", passage.source, [passage.line], passage.title, seeds_dir))
        _print_indented(out, Text(safe(_shortened(passage.text, 400)), style="dim"))


def show_sources(out: Console, sources: Sequence[Source]) -> None:
    """Print the articles in the index as a table."""
    if not sources:
        out.print("There are no articles in the index.")
        return
    table = Table("source", "title", "language", "passages", box=None, pad_edge=False, header_style="bold")
    for each in sources:
        table.add_row(safe(each.source), safe(each.title), each.language, str(each.passages))
    out.print(table)


def show_changes(out: Console, err: Console, changes: Changes, *, quiet: bool = False) -> None:
    """Print what an indexing run did, and on standard error what it passed over and why."""
    if not quiet:
        for name in ("added", "changed", "removed"):
            for source in getattr(changes, name):
                out.print(Text(f"{name:<9}{safe(source)}"))
        out.print(
            f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed, "
            f"{changes.unchanged} unchanged; {changes.passages} passages in the index."
        )
    for each in changes.skipped:
        err.print(Text(f"passed over {safe(each.source)}: {safe(each.reason)}", style="yellow"))


def show_stale(out: Console, why: str) -> None:
    """Say why the index could not be brought in line with the seeds, and that it serves as it was."""
    out.print(f"{why} The answer is from the index as it was.", style="yellow")


def show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """Print what the doctor found: a line for each finding, and below it what to do."""
    colours = {"ok": "green", "warning": "yellow", "broken": "red"}
    for each in findings:
        line = Text(f"{each.verdict:<9}", style=colours[each.verdict])
        out.print(line.append(f"{each.subject}: {safe(each.text)}", style="default"))
        if each.remedy:
            out.print(Text(f"{'':9}→ {safe(each.remedy)}"))


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


@contextmanager
def progress_bar(err: Console) -> Iterator[Tell]:
    """Lend a function that shows progress on a terminal once the work takes a while, and nothing elsewhere."""
    if not err.is_terminal:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


def _heading(number: str, source: str, lines: Sequence[int], title: str, seeds_dir: Path) -> Text:
    where = Text(f"{number} ", style="cyan bold")
    link = (seeds_dir / source).absolute().as_uri()
    where.append(f"{safe(source)}:{','.join(map(str, lines))}", style=f"cyan link {link}")
    if title and title not in source:
        where.append(f"  {safe(_shortened(title, 100))}", style="dim")
    return where


def _print_indented(out: Console, text: Text) -> None:
    """Print text indented: wrapped on a terminal, a line for each of its lines elsewhere."""
    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, 4), expand=False))
    else:
        out.print(Text("\n").join(Text("    ") + line if line else line for line in text.split("\n")))


def _place(answer: Answer) -> Callable[[Citation], int]:
    """Order citations by the first that is of the same passage, so that a passage is shown once."""
    first: dict[str, int] = {}
    for each in answer.citations:
        first.setdefault(each.passage.id, each.number)
    return lambda each: first[each.passage.id]


def _marked(passage: Passage, quotes: Sequence[Citation]) -> Text:
    """Return a passage with its quotes marked and numbered; what lies far from every quote is left out."""
    text, at = Text(style="dim"), passage.start
    for each in quotes:
        text.append(_between(passage.quote(min(at, each.start), each.start), opens=at == passage.start))
        text.append(f"»{safe(each.quote)}«", style="not dim bold yellow")
        text.append(f" [{each.number}]", style="not dim cyan bold")
        at = max(at, each.end)
    return text.append(_between(passage.quote(at, passage.end), closes=True))


def _between(text: str, *, opens: bool = False, closes: bool = False) -> str:
    """Shorten the text beside quotes to what lies near them, on one line."""
    text = re.sub(r"\s+", " ", text)
    if len(text) <= _CONTEXT:
        return safe(text)
    before = "" if opens else text[:_CONTEXT].rpartition(" ")[0]
    after = "" if closes else text[-_CONTEXT:].partition(" ")[2]
    return safe(f"{before} … {after}" if before and after else f"{before}…{after}")


def _shortened(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[:limit].rpartition(" ")[0] + "…"
