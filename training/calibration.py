"""How right newsbot is when it is so sure: the figures and the plot of ``docs/``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from examples import Example
from sklearn.metrics import roc_auc_score

from newsbot.answering.judging import evidence, expectation

PAIRS = (("en", "en"), ("nl", "nl"), ("en", "nl"), ("nl", "en"))
"""Languages of question and article."""


@dataclass
class Case:
    """An example laid out for learning; ``right`` tells for each candidate sentence whether it holds the answer."""

    example: Example
    pair: tuple[str, str]
    found: evidence.Evidence
    kind: expectation.Kind
    columns: np.ndarray
    right: np.ndarray
    measures: np.ndarray | None = None
    cited: tuple[bool, ...] = ()


def calibration_error(probability: np.ndarray, label: np.ndarray) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(probability[bins == b].mean() - label[bins == b].mean()) * (bins == b).sum() for b in set(bins)]
    return float(sum(gaps) / len(probability))


def figures(cases: Sequence[Case], probability: np.ndarray, threshold: dict[bool, float]) -> list[str]:
    """Return the rows of the tables in ``docs/judgement.md``."""
    setting = np.array([each.example.setting for each in cases])
    pair = np.array(["→".join(each.pair) for each in cases])
    label = np.array([any(each.cited) for each in cases])
    literal = np.array([each.example.literal for each in cases])
    lines = ["| question→article | first quote | one of two | one of three |", "|---|---|---|---|"]
    for name in dict.fromkeys(pair):
        rows = [cases[at].cited for at in np.flatnonzero((pair == name) & (setting == "full") & literal)]
        shares = [np.mean([any(each[:most]) for each in rows]) for most in (1, 2, 3)]
        lines.append(f"| {name} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    lines += [
        "",
        "| question→article | there / not there | AUROC | calibration error | refused: not there / there |",
        "|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(pair):
        cut = threshold[name[:2] == name[-2:]]
        for there, gone in (
            ("half+", "half-"),
            ("article+", "article-"),
            ("full", "near"),
            ("article+", "article near"),
            ("article+", "article swap"),
        ):
            both = (pair == name) & np.isin(setting, (there, gone))
            yes, no = probability[both & (setting == there)], probability[both & (setting == gone)]
            auroc = roc_auc_score(setting[both] == there, probability[both])
            error = calibration_error(probability[both & literal], label[both & literal])
            refused = f"{(no < cut).mean():.3f} / {(yes < cut).mean():.3f}"
            lines.append(f"| {name} | {there} / {gone} | {auroc:.3f} | {error:.3f} | {refused} |")
    return lines


def draw(cases: Sequence[Case], probability: np.ndarray, target: Path) -> None:
    """Draw how often the cited sentences were right, by how sure newsbot was."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(PAIRS), figsize=(14, 3.8), sharey=True)
    for axis, pair in zip(axes, PAIRS, strict=True):
        own = [
            at
            for at, each in enumerate(cases)
            if each.pair == pair and each.example.setting in ("half+", "half-") and each.example.literal
        ]
        sure, right = probability[own], np.array([any(cases[at].cited) for at in own])
        bins = np.minimum((sure * 10).astype(int), 9)
        points = [(sure[bins == b].mean(), right[bins == b].mean(), (bins == b).sum()) for b in sorted(set(bins))]
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axis.plot([p[0] for p in points], [p[1] for p in points], color="C0")
        axis.scatter([p[0] for p in points], [p[1] for p in points], s=[8 + p[2] / 3 for p in points], color="C0")
        axis.set_title(f"{pair[0]} → {pair[1]}: calibration error {calibration_error(sure, right):.3f}", fontsize=10)
        axis.set_xlabel("confidence")
    axes[0].set_ylabel("share of answers that hold the answer")
    figure.tight_layout()
    target.parent.mkdir(exist_ok=True)
    figure.savefig(target, dpi=110, metadata={"Software": None})
