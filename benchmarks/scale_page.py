"""The table and the plot of ``benchmarks/scale.py``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pages

from newsbot.evaluation import metrics

Row = dict[str, Any]
"""What was measured of one system at one size; seconds, bytes and shares."""

MEASURES: dict[str, tuple[Callable[[Row], float], str]] = {
    "build, s": (lambda row: row["build"], ",.1f"),
    "passages/s": (lambda row: row["passages"] / row["build"], ",.0f"),
    "build memory, MB": (lambda row: row["memory"] / 1e6, ",.0f"),
    "serving memory, MB": (lambda row: row["serving"] / 1e6, ",.0f"),
    "disk, MB": (lambda row: row["disk"] / 1e6, ",.0f"),
    "query p50, ms": (lambda row: 1000 * metrics.quantile(row["queries"], 0.5), ",.1f"),
    "query p99, ms": (lambda row: 1000 * metrics.quantile(row["queries"], 0.99), ",.1f"),
    "cold start, s": (lambda row: row["cold"], ",.2f"),
    "recall at 1": (lambda row: row["recall"], ".3f"),
}
"""What a column shows of a row, and how it is written."""
PLOTTED = [each for each in MEASURES if each != "build, s"]
NOTE = (
    "*Query* of newsbot is a whole answer with its citations, that of the others a search of five passages. *Cold "
    "start* is a whole process until its first answer, the median of three; what a system does not keep on disk it "
    "makes anew: rank_bm25 keeps nothing. The others build and serve in one process, newsbot in two; the ensemble "
    "opens the vectors that MiniLM and Chroma made, and its build counts theirs. *Recall at 1*: the first passage is "
    "the one that the question was made of. Words are real, sentences are not (`benchmarks/corpora.py`): this "
    "says how cost grows and whether a passage is found by its words, and nothing of what a model of meaning is good "
    "for; for that see [benchmarks.md](benchmarks.md)."
)


def write(page: Path, found: Sequence[Row], limit: float) -> None:
    """Write the figures into their part of ``page``, and the plot beside it."""
    plot = page.with_name("scaling.svg")
    _plot(found, plot)
    rows = [
        (f"{row['passages']:,}", row["system"], *(format(number(row), how) for number, how in MEASURES.values()))
        for row in found
    ]
    parts = ["## Measured", pages.origin(), NOTE, pages.table(["passages", "system", *MEASURES], rows)]
    parts += [_left_out(found, limit), _own(found), f"![How each cost grows]({plot.name})"]
    pages.write(page, "scale", "\n\n".join(each for each in parts if each))


def _left_out(found: Sequence[Row], limit: float) -> str:
    """Say which systems were left out at which size."""
    sizes = sorted({row["passages"] for row in found})
    names = list(dict.fromkeys(row["system"] for row in found))
    told = {(row["system"], row["passages"]) for row in found}
    missing = [f"{name} at {size:,}" for size in sizes for name in names if (name, size) not in told]
    if not missing:
        return ""
    return f"Left out, since by its rate the build would take more than {limit / 60:.0f} minutes: {', '.join(missing)}."


def _own(found: Sequence[Row]) -> str:
    """Return the table of what is measured of newsbot alone."""
    rows = [
        (
            f"{row['passages']:,}",
            row["system"],
            f"{row['passages'] / row['worked']:,.0f}",
            *(f"{1000 * metrics.quantile(row['spent'], share):.1f}" for share in (0.5, 0.99)),
            f"{row['started']:.2f}",
            f"{row['edit']:.2f}",
            f"{row['same']:.3f}",
            f"{row['relative']:.3f}",
        )
        for row in found
        if "edit" in row
    ]
    head = ["passages", "system", "passages/s", "query p50, ms", "p99, ms", "cold start, s"]
    head += ["one edit, s", "same first passage", "recall at 1"]
    note = (
        "newsbot alone. The first four figures are seconds of the processor, which depend little on what else the "
        "machine does. *One edit* lasts from a changed article until a running bot answers from it. *Same first "
        "passage* and *recall at 1* are relative to exact search, which adds the same signals for every passage, with "
        "no cut of candidates and no approximate neighbours."
    )
    return f"{note}\n\n{pages.table(head, rows)}"


def _plot(found: Sequence[Row], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(12, 6), layout="constrained")
        panels = figure.subplots(2, 4).flat
        for axes, title in zip(panels, PLOTTED, strict=True):
            number = MEASURES[title][0]
            for name in dict.fromkeys(row["system"] for row in found):
                own = [row for row in found if row["system"] == name and number(row) > 0]
                axes.plot([row["passages"] for row in own], [number(row) for row in own], marker="o", label=name)
            axes.set(xscale="log", yscale="linear" if title.startswith("recall") else "log", title=title)
            axes.set_xlabel("passages")
        panels[-1].legend(frameon=False, fontsize=7, loc="center right")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})
