"""What the quality benchmark found, as tables and a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pages

from newsbot.evaluation import metrics

DEPTH = 10
"""How many places are looked at."""


@dataclass
class Row:
    """What one system reached in one direction; places count from 1, and 0 is not found."""

    system: str
    direction: str
    places: list[int] = field(default_factory=list)

    def within(self, k: int) -> list[float]:
        """Return 1 for each question that was answered within ``k`` places, otherwise 0."""
        return [float(0 < place <= k) for place in self.places]

    def share(self, k: int) -> float:
        """Return the share of questions answered within ``k`` places."""
        return metrics.mean(self.within(k))

    def reciprocal(self) -> float:
        """Return the mean reciprocal rank within :data:`DEPTH` places."""
        return metrics.mean([1 / place if place else 0.0 for place in self.places])


def content(
    retrieval: Sequence[Row], sentences: Sequence[Row], refusals: Sequence[tuple[str, str, float]], plot: str
) -> str:
    """Return the part of the page that the benchmark writes."""
    first = {row.direction: row for row in retrieval if row.system == "newsbot"}
    found = []
    for row in retrieval:
        pairs = list(zip(first[row.direction].within(1), row.within(1), strict=True))
        p = metrics.mcnemar(sum(a < b for a, b in pairs), sum(a > b for a, b in pairs))
        numbers = [f"{row.share(k):.3f}" for k in (1, 3, 5)]
        found.append((row.direction, row.system, *numbers, f"{row.reciprocal():.3f}", _p(row, p)))
    best = [
        (row.direction, row.system, str(len(row.places)), f"{row.share(1):.3f}", f"{row.share(3):.3f}")
        for row in sentences
    ]
    kept = [(direction, name, f"{value:.3f}") for name, direction, value in refusals]
    return "\n\n".join(
        [
            "## Quality",
            pages.origin(),
            "### Finding the paragraph\n\nEvery system ranks the same passages, except the tutorial pipeline, which "
            "cuts its own chunks. *p*: McNemar's exact test against newsbot, at 1.",
            pages.table(("direction", "system", "recall@1", "@3", "@5", "MRR@10", "p"), found),
            f"![Recall at 1 of each system]({plot})",
            "### Finding the sentence\n\nThe share of questions for which the first sentence, or one of the first "
            "three, holds the answer. newsbot may refuse, and then has none.",
            pages.table(("direction", "system", "n", "@1", "@3"), best),
            "### Knowing what is not there\n\nHalf of the paragraphs are left out. AUROC of what each system could "
            "refuse by.",
            pages.table(("direction", "measure", "AUROC"), kept),
        ]
    )


def _p(row: Row, p: float) -> str:
    return "" if row.system == "newsbot" else "< 0.001" if p < 0.001 else f"{p:.3f}"


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draw recall at 1 of each system in each direction."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(row.system for row in rows))
    directions = list(dict.fromkeys(row.direction for row in rows))
    with mpl.rc_context({"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(8, 4), layout="constrained")
        axes, width = figure.subplots(), 0.8 / len(names)
        for i, name in enumerate(names):
            own = [row for row in rows if row.system == name]
            places = [directions.index(row.direction) + (i - (len(names) - 1) / 2) * width for row in own]
            bounds = [metrics.interval(row.within(1)) for row in own]
            errors = [[row.share(1) - low for row, (low, _) in zip(own, bounds, strict=True)]]
            errors.append([high - row.share(1) for row, (_, high) in zip(own, bounds, strict=True)])
            axes.bar(
                places, [row.share(1) for row in own], width, label=name, yerr=errors, error_kw={"elinewidth": 0.7}
            )
        axes.set(ylim=(0, 1), ylabel="recall@1, with 95 % intervals")
        axes.set_xticks(range(len(directions)), directions)
        axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.08))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})
