"""Runs and comparisons as text: aligned columns for a terminal, Markdown for a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newsbot.errors import EvaluationError
from newsbot.evaluation.comparison import Comparison, Difference
from newsbot.evaluation.results import Evaluation, Result
from newsbot.evaluation.scores import SHARES, Score, score

_EXAMPLES = 60
_NARROW = ("follow-up cited@1", "follow-up cited@3")
_READING = """\
*recall@k*: one of the first k retrieved passages holds the answer. *cited@k*: one of the first k cited sentences holds
the first character of the answer. *absent refused*: refusals of what the articles do not answer; *present refused*: of
what they do. *AUROC*: how well the confidence tells questions that the articles answer from those
that they do not. *Calibration error*: how far the confidence is, on average, from the share that is right, in ten bins;
refused questions carry no citations and are left out of the first kind. Intervals are 95 % bootstrap intervals."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before it is written: a title, column heads, and rows of as many texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Return the table in aligned columns, numbers to the right."""
        widths = [max(len(row[i]) for row in (self.head, *self.rows)) for i in range(len(self.head))]
        lines = [self.title]
        for row in (self.head, *self.rows):
            cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, len(row)))]
            lines.append(("  " + "  ".join(cells)).rstrip())
        return "\n".join(lines)

    def markdown(self) -> str:
        """Return the table in Markdown, under its title."""
        rule = "|---|" + "---:|" * (len(self.head) - 1)
        rows = [" | ".join(_plain(cell) for cell in row) for row in (self.head, *self.rows)]
        return "\n".join([f"### {self.title}", "", f"| {rows[0]} |", rule, *(f"| {row} |" for row in rows[1:])])


def grids(run: Evaluation) -> list[Grid]:
    """Return the tables of a run: all questions, and by kind and by language where there is more than one."""
    found = [_overall(score(run.results))]
    for attribute in ("kind", "language"):
        values = run.values(attribute)
        if len(values) > 1:
            groups = {value or "-": run.where(**{attribute: value}) for value in values}
            found.append(_grouped(attribute, groups))
    return found


def text(run: Evaluation) -> str:
    """Return a run's tables for a terminal."""
    return "\n\n".join(grid.text() for grid in grids(run))


def comparison_grid(comparison: Comparison) -> Grid:
    """Return the differences of two runs as a table."""
    head = ("measure", "n", "before", "after", "difference", "95 % interval", "gained", "lost", "p")
    rows = tuple(_difference(each) for each in comparison.differences)
    return Grid(f"Two runs over {comparison.shared} questions", head, rows)


def comparison_text(comparison: Comparison) -> str:
    """Return two runs beside each other for a terminal, with the questions that changed."""
    changed = [f"  {each.before.verdict} → {each.after.verdict}: {each.after.question}" for each in comparison.changes]
    parts = [comparison_grid(comparison).text(), "\n".join([f"Changed: {len(changed)} questions", *changed])]
    if comparison.unpaired:
        parts.append(f"Left out: {comparison.unpaired} questions that only one of the runs asked.")
    return "\n\n".join(parts)


def write_report(run: Evaluation, path: Path, *, before: Evaluation | None = None, plots: bool = True) -> list[Path]:
    """Write a report in Markdown, with plots beside it.

    Args:
        run: what is reported.
        path: the Markdown file.
        before: an earlier run to compare with.
        plots: whether to draw; this needs matplotlib (the extra ``newsbot[eval]``).

    Returns:
        The files that were written, the report first.

    Raises:
        EvaluationError: a file cannot be written, matplotlib is missing, or the runs have nothing in common.
    """
    drawn: list[Path] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if plots:
            from newsbot.evaluation.plots import draw

            drawn = draw(run, path)
        path.write_text(markdown(run, before=before, drawn=drawn), encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationError(f"The report cannot be written to {path} ({error.strerror}).") from error
    return [path, *drawn]


def markdown(run: Evaluation, *, before: Evaluation | None = None, drawn: Sequence[Path] = ()) -> str:
    """Return a run as Markdown, with links to plots that lie beside it."""
    facts = {
        "questions": f"{len(run.results)} from {', '.join(run.files) or 'no file'}",
        "date": run.date,
        "embedding model": run.embedding_model,
        "chat model": run.chat_model or "none",
        "generation": run.generation,
    }
    parts = ["# Evaluation", "\n".join(f"- {name}: {value}" for name, value in facts.items() if value), _READING]
    parts += [grid.markdown() for grid in grids(run)]
    parts += [f"![{each.stem.rpartition('-')[2]}]({each.name})" for each in drawn]
    if before is not None:
        from newsbot.evaluation.comparison import compare

        parts.append(comparison_grid(found := compare(before, run)).markdown())
        parts.append(
            _list("Changed", [f"{c.before.verdict} → {c.after.verdict}: {c.after.question}" for c in found.changes])
        )
    failures = [each for each in run.results if each.failed]
    parts.append(_list("Where readers were let down", [_failure(each) for each in failures]))
    return "\n\n".join(parts) + "\n"


def _overall(scores: dict[str, Score]) -> Grid:
    rows = tuple((each.name, str(each.count), f"{each.value:.3f}", _interval(each)) for each in scores.values())
    return Grid("All questions", ("measure", "n", "value", "95 % interval"), rows)


def _grouped(attribute: str, groups: dict[str, tuple[Result, ...]]) -> Grid:
    scores = {name: score(results) for name, results in groups.items()}
    columns = [name for name in SHARES if name not in _NARROW and any(name in each for each in scores.values())]
    rows = tuple(
        (name, str(len(groups[name])), *(f"{each[c].value:.3f}" if c in each else "" for c in columns))
        for name, each in scores.items()
    )
    return Grid(f"By {attribute}", (attribute, "n", *columns), rows)


def _difference(each: Difference) -> tuple[str, ...]:
    changed = ("", "", "") if math.isnan(each.p) else (str(each.gained), str(each.lost), f"{each.p:.3f}")
    gap = f"{each.after - each.before:+.3f}{' *' if each.significant else ''}"
    bounds = f"{each.low:+.3f} … {each.high:+.3f}"
    return each.name, str(each.count), f"{each.before:.3f}", f"{each.after:.3f}", gap, bounds, *changed


def _interval(each: Score) -> str:
    return "" if math.isnan(each.low) else f"{each.low:.3f} … {each.high:.3f}"


def _failure(each: Result) -> str:
    quote = f" ({each.quotes[0]})" if each.quotes else ""
    return f"{each.kind or 'question'}, {each.verdict}, confidence {each.confidence:.2f}: {each.question}{quote}"


def _list(title: str, items: list[str]) -> str:
    shown = [f"- {_plain(item)}" for item in items[:_EXAMPLES]]
    rest = [f"- and {len(items) - _EXAMPLES} more"] if len(items) > _EXAMPLES else []
    return "\n".join([f"### {title} ({len(items)})", "", *shown, *rest])


def _plain(cell: str) -> str:
    """Keep text from the articles and the askers from acting as Markdown or HTML."""
    flat = " ".join(cell.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#!" else c for c in flat)
