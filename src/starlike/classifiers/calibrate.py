"""Probabilities that are right as often as they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import softmax

from starlike.files.sample import Labels
from starlike.records import Floats

# Temperatures that are tried: from eight times as sure of itself to eight times less.
_MOST = np.log(8.0)
_NEVER = 1e-12


def temperature(
    probabilities: Floats, labels: Labels, join: Callable[[Floats], Floats] = np.asarray
) -> float:
    """The temperature at which probabilities fit the labels best, by negative log likelihood.

    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Args:
        probabilities: (N, K) float32, of images that were not trained on.
        labels: (N,) int64.
        join: what becomes of probabilities of that temperature before they are answered.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), _NEVER))

    def loss(log_temperature: float) -> float:
        answered = join(softmax(logits / np.exp(log_temperature), axis=1))
        return float(-np.log(np.maximum(answered[np.arange(len(labels)), labels], _NEVER)).mean())

    found = minimize_scalar(loss, bounds=(-_MOST, _MOST), method="bounded")
    return float(np.exp(found.x))


def divide(network: Any, by: float) -> None:
    """Divide the logits of a network, which are linear in its last layer's weights."""
    last = network.layers[-1]
    last.set_weights([values / by for values in last.get_weights()])
