"""Plots of a run, for its report; matplotlib is loaded here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newsbot.errors import EvaluationError
from newsbot.evaluation import metrics
from newsbot.evaluation.results import Evaluation
from newsbot.evaluation.scores import answerable, cited_rightly, score

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS = ("recall@5", "cited@1", "cited@3", "absent refused", "small talk met")
_WIDTH = 0.2
_LOOK = {"svg.hashsalt": "newsbot", "axes.spines.top": False, "axes.spines.right": False, "font.size": 9.0}


def draw(run: Evaluation, path: Path) -> list[Path]:
    """Draw a run beside its report: ``<report>-reliability.svg``, ``-confidence.svg`` and ``-kinds.svg``.

    Raises:
        EvaluationError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EvaluationError("Plots need matplotlib; install it with: pip install 'newsbot[eval]'.") from error
    drawn = []
    with mpl.rc_context(_LOOK):  # type: ignore[arg-type]
        for name, plot in (("reliability", _reliability), ("confidence", _confidence), ("kinds", _kinds)):
            figure = Figure(figsize=(6.0, 3.6), layout="constrained")
            plot(figure.subplots(), run)
            drawn.append(path.with_name(f"{path.stem}-{name}.svg"))
            figure.savefig(drawn[-1], metadata={"Date": None})
    return drawn


def _reliability(axes: Axes, run: Evaluation) -> None:
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, linestyle="--")
    for (confidences, right), label in (
        (cited_rightly(run.results), "a cited sentence holds the answer"),
        (answerable(run.results), "the articles answer the question"),
    ):
        bins = metrics.reliability(confidences, right)
        error = metrics.calibration_error(confidences, right)
        axes.plot(
            [each.confidence for each in bins],
            [each.accuracy for each in bins],
            marker="o",
            markersize=4,
            label=f"{label} (error {error:.3f})",
        )
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.02), title="Reliability")
    axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _confidence(axes: Axes, run: Evaluation) -> None:
    bins: list[float] = [i / 20 for i in range(21)]
    groups = {"the articles answer it": "answer", "they do not": "refusal"}
    values = [[each.confidence for each in run.where(wanted=wanted)] for wanted in groups.values()]
    axes.hist(values, bins=bins, label=list(groups), histtype="bar")
    axes.set(xlabel="confidence", ylabel="questions", xlim=(0, 1), title="Confidence")
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _kinds(axes: Axes, run: Evaluation) -> None:
    kinds = run.values("kind")
    scores = [score(run.where(kind=kind), totals=False) for kind in kinds]
    shown = [[name for name in _BARS if name in each] for each in scores]
    for name in _BARS:
        found = [(n, each[name]) for n, each in enumerate(scores) if name in each]
        places = [n + (shown[n].index(name) - (len(shown[n]) - 1) / 2) * _WIDTH for n, _ in found]
        errors = [[each.value - each.low for _, each in found], [each.high - each.value for _, each in found]]
        heights = [each.value for _, each in found]
        axes.bar(places, heights, _WIDTH, label=name, yerr=errors, error_kw={"elinewidth": 0.7})
    axes.set(ylim=(0, 1.05), title="By kind of question")
    axes.set_xticks(range(len(kinds)), [kind or "-" for kind in kinds])
    axes.tick_params(axis="x", labelsize=8)
    axes.legend(frameon=False, fontsize=7, ncols=len(_BARS), loc="upper center", bbox_to_anchor=(0.5, -0.1))
