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
_BESIDE = (
    ("half+", "half-"),
    ("full", "near"),
    ("article+", "article-"),
    ("article+", "article near"),
    ("article+", "article swap"),
    ("paragraph+", "paragraph-"),
    ("alone+", "alone-"),
    ("alone+", "alone near"),
    ("alone+", "alone untold"),
    ("seed+", "seed-"),
    ("seed+", "seed untold"),
    ("among+", "among-"),
    ("among+", "among near"),
)


@dataclass
class Case:
    """An example laid out for learning.

    ``right`` tells for each candidate sentence whether it holds the answer; ``cited`` for each quote; ``same`` whether
    the best sentence is in the language of the question.
    """

    example: Example
    pair: tuple[str, str]
    found: evidence.Evidence
    kind: expectation.Kind
    columns: np.ndarray
    right: np.ndarray
    measures: np.ndarray | None = None
    cited: tuple[bool, ...] = ()
    same: bool = True


def calibration_error(probability: np.ndarray, label: np.ndarray) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(probability[bins == b].mean() - label[bins == b].mean()) * (bins == b).sum() for b in set(bins)]
    return float(sum(gaps) / len(probability))


def figures(cases: Sequence[Case], probability: np.ndarray, cut: np.ndarray) -> list[str]:
    """Return the rows of the tables in ``docs/judgement.md``."""
    setting = np.array([each.example.setting for each in cases])
    pair = np.array(["→".join(each.pair) for each in cases])
    literal = np.array([each.example.literal for each in cases])
    label = np.array([any(each.cited) for each in cases])
    lines = ["| question→article | setting | first quote | one of two | one of three |", "|---|---|---|---|---|"]
    for there in ("full", "alone+", "seed+", "among+"):
        for name in dict.fromkeys(pair):
            rows = [cases[at].cited for at in np.flatnonzero((pair == name) & (setting == there) & literal)]
            if not rows:
                continue
            shares = [np.mean([any(each[:most]) for each in rows]) for most in (1, 2, 3)]
            lines.append(f"| {name} | {there} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    lines += [
        "",
        "| question→article | there / not there | AUROC | calibration error | refused: not there / there |",
        "|---|---|---|---|---|",
    ]
    for there, gone in _BESIDE:
        for name in dict.fromkeys(pair):
            both = (pair == name) & np.isin(setting, (there, gone))
            yes, no = both & (setting == there), both & (setting == gone)
            if not yes.any() or not no.any():
                continue
            auroc = roc_auc_score(setting[both] == there, probability[both])
            error = calibration_error(probability[both & literal], label[both & literal])
            refused = f"{(probability < cut)[no].mean():.3f} / {(probability < cut)[yes].mean():.3f}"
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
