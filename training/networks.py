"""Learns :class:`newsbot.answering.judging.network.Network`: a sum by convex optimisation, then units to correct it.

What ranks sentences is learnt by a listwise loss: the negative logarithm of the share that a softmax over a question's
sentences gives to those that hold the answer (ListNet's top one, Cao et al. 2007, with several right sentences added
up). Confidence is learnt by the logistic loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize

from newsbot.answering.judging import confidence, features
from newsbot.answering.judging.network import Network

L2 = 8.0
RISING = frozenset(
    (
        "cover", "cover_local", "cover_sharp", "all_covered", "rarest", "passage_cover", "before", "name", "name_near",
        "fact", "fact_near", "told", "fact_told", "about", "about_fact", "adjacent", "density", "answer_density",
        "meaning", "passage_meaning",
    )
)  # fmt: skip
"""Features that never count against a sentence in the sum: it must not lose by covering more of the question."""
SURER = frozenset(
    (
        "article_cover", "sentence_cover", "name_cover", "fact_cover", "fact_sentence", "decided", "decided_among",
        "score", "told_share", "most_told", "meaning", "passage_meaning", "lead", "adjacent", "about", "name_near",
    )
)  # fmt: skip
"""Measures of confidence that never make the sum less sure. Near misses are written in an article's own words: without
this, what is learnt from them is to distrust a question of which everything was found."""
YIELDING = 0.03
"""Inverse strength of what keeps the weights of confidence small (tried: 0.01 to 1)."""
UNITS, ROUNDS, DROPPED, DECAY, RATE, TOGETHER = 32, 10, 0.1, 0.3, 2e-3, 64
"""Units, rounds through all questions, share of units dropped, decay of weights (AdamW), rate, questions a step.

16 to 48 units and 6 to 20 rounds gave the same within .008.
"""
_STILL = 1e-3
"""An input that varies less than this in training tells nothing, and gets no weight in the units."""
Loss = Callable[[torch.Tensor, np.ndarray, np.ndarray], torch.Tensor]
"""Of each question, given the scores of its rows end to end, what is right of them, and the rows of each question."""


@dataclass(frozen=True)
class Asked:
    """One question: its sentences' features, which compete, which hold the answer, and how much it counts."""

    columns: np.ndarray
    rows: np.ndarray
    right: np.ndarray
    counts: float


@dataclass(frozen=True)
class _Laid:
    """What is learnt from: the rows of all questions end to end, which are right, rows and weight of each question."""

    inputs: np.ndarray
    right: np.ndarray
    lengths: np.ndarray
    counts: np.ndarray


def ranking(asked: Sequence[Asked]) -> Network:
    """Return what ranks the sentences that hold the answer first."""
    laid = _Laid(
        np.concatenate([features.competing(each.columns)[each.rows] for each in asked]).astype(np.float64),
        np.concatenate([each.right[each.rows] for each in asked]),
        np.array([len(each.rows) for each in asked]),
        np.array([each.counts for each in asked]),
    )
    weights = np.zeros(len(features.COMPETING))
    weights[: len(features.NAMES)] = _ranking_sum(laid, len(features.NAMES))
    return _corrected(laid, weights, 0.0, _listwise, units=True)


def sureness(inputs: np.ndarray, right: np.ndarray, counts: np.ndarray, *, units: bool) -> Network:
    """Return a calibrated model of what is right, given inputs of shape (questions, inputs) and what each counts."""
    laid = _Laid(inputs.astype(np.float64), right, np.ones(len(inputs), np.int64), counts)
    weights, constant = _sureness_sum(laid)
    return _corrected(laid, weights, constant, _logistic, units=units)


def _ranking_sum(laid: _Laid, wide: int) -> np.ndarray:
    own = laid.inputs[:, :wide]
    starts = np.cumsum(laid.lengths) - laid.lengths
    segment = np.repeat(np.arange(len(laid.lengths)), laid.lengths)
    scale = own.std(axis=0) + 1e-6
    scaled = own / scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = scaled @ weights
        share = np.exp(scores - np.maximum.reduceat(scores, starts)[segment])
        share /= np.add.reduceat(share, starts)[segment]
        good = np.where(laid.right, share, 0.0)
        mass = np.add.reduceat(good, starts)
        slope = scaled.T @ (laid.counts[segment] * (share - good / mass[segment])) + L2 * weights
        return float(-laid.counts @ np.log(mass) + L2 * weights @ weights / 2), slope

    bounds = [(0, None) if name in RISING else (None, None) for name in features.NAMES]
    found: np.ndarray = minimize(loss, np.zeros(wide), jac=True, method="L-BFGS-B", bounds=bounds).x
    return found / scale


def _sureness_sum(laid: _Laid) -> tuple[np.ndarray, float]:
    scale = laid.inputs.std(axis=0) + 1e-6
    scaled = laid.inputs / scale

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights, logits = values[:-1], scaled @ values[:-1] + values[-1]
        lost = laid.counts @ (np.logaddexp(0, logits) - laid.right * logits)
        wrong = laid.counts * (1 / (1 + np.exp(-logits)) - laid.right)
        return float(lost + weights @ weights / 2 / YIELDING), np.append(
            scaled.T @ wrong + weights / YIELDING, wrong.sum()
        )

    bounds = [(0, None) if name in SURER else (None, None) for name in confidence.NAMES]
    found = minimize(loss, np.zeros(len(scale) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    return found[:-1] / scale, float(found[-1])


def _corrected(laid: _Laid, weights: np.ndarray, constant: float, loss: Loss, *, units: bool) -> Network:
    """Return the sum with units that correct it, or without."""
    given = laid.inputs @ weights + constant
    nothing = np.zeros((len(weights), 0))
    layers = _learnt(laid, given, loss) if units else (nothing, nothing[0], nothing[0])
    hidden, bias, output = (each.astype(np.float32) for each in layers)
    return Network(weights.astype(np.float32), constant, hidden, bias, output)


def _learnt(laid: _Laid, given: np.ndarray, loss: Loss, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the weights, the bias and the output of the units that correct the scores ``given``."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the same sums in the same order: the same weights
    rng = np.random.default_rng(seed)
    centre, scale = laid.inputs.mean(axis=0), laid.inputs.std(axis=0)
    scale[scale < _STILL] = np.inf
    inputs = (laid.inputs - centre) / scale
    first, second = torch.nn.Linear(len(scale), UNITS), torch.nn.Linear(UNITS, 1, bias=False)
    torch.nn.init.zeros_(second.weight)
    model = torch.nn.Sequential(first, torch.nn.ReLU(), torch.nn.Dropout(DROPPED), second)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    starts = np.cumsum(laid.lengths) - laid.lengths
    steps = ROUNDS * -(-len(starts) // TOGETHER)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(ROUNDS):
        order = rng.permutation(len(starts))
        for batch in np.split(order, range(TOGETHER, len(order), TOGETHER)):
            rows = np.concatenate([np.arange(starts[at], starts[at] + laid.lengths[at]) for at in batch])
            scores = model(_tensor(inputs[rows]))[:, 0] + _tensor(given[rows])
            lost = loss(scores, laid.right[rows], laid.lengths[batch])
            optimizer.zero_grad()
            ((_tensor(laid.counts[batch]) * lost).sum() / TOGETHER).backward()
            optimizer.step()
            schedule.step()
    hidden = first.weight.detach().numpy().astype(np.float64).T / scale[:, None]
    return hidden, first.bias.detach().numpy() - centre @ hidden, second.weight.detach().numpy()[0]


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _listwise(scores: torch.Tensor, right: np.ndarray, lengths: np.ndarray) -> torch.Tensor:
    question = torch.from_numpy(np.repeat(np.arange(len(lengths)), lengths))
    place = torch.from_numpy(np.concatenate([np.arange(length) for length in lengths]))
    good = torch.from_numpy(right)
    empty = torch.full((len(lengths), int(lengths.max())), -torch.inf)
    every = empty.index_put((question, place), scores)
    told = empty.index_put((question[good], place[good]), scores[good])
    return torch.logsumexp(every, 1) - torch.logsumexp(told, 1)


def _logistic(scores: torch.Tensor, right: np.ndarray, _: np.ndarray) -> torch.Tensor:
    return torch.nn.functional.binary_cross_entropy_with_logits(scores, _tensor(right), reduction="none")
