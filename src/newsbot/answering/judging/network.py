"""A learnt score: a weighted sum of what was measured, and a small neural network that corrects it.

The sum is easy to read. The network, one layer of rectified linear units, learns what no sum can say: that a list of
names matters where people are asked for, or that one near sentence means little where another is nearer still.
``training/train_judge.py`` learns both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from newsbot.answering.judging.tokens import Floats


@dataclass(frozen=True, slots=True)
class Network:
    """Turns inputs into a score.

    Attributes:
        weights: of the sum, shape (inputs,).
        constant: what the sum begins with.
        hidden: weights of the units, shape (inputs, units).
        bias: of the units, shape (units,).
        output: what each unit counts, shape (units,).
    """

    weights: Floats
    constant: float
    hidden: Floats
    bias: Floats
    output: Floats

    def __call__(self, inputs: Floats) -> Floats:
        """Return the scores of inputs of shape (..., inputs)."""
        units = np.maximum(inputs @ self.hidden + self.bias, 0.0)
        return np.asarray(inputs @ self.weights + units @ self.output + self.constant, dtype=np.float32)
