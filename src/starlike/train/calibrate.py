"""Probabilities that are right as often as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from starlike.records import Floats
from starlike.sample import Labels

# Temperatures that are tried: from eight times as sure of itself to eight times less.
_MOST = np.log(8.0)
_NEVER = 1e-12


def temperature(probabilities: Floats, labels: Labels) -> float:
    """The temperature at which probabilities fit the labels best, by negative log likelihood.

    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Args:
        probabilities: (N, K) float32, of images that were not trained on.
        labels: (N,) int64.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), _NEVER))

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        top = scaled.max(axis=1, keepdims=True)
        total = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        return float((total - scaled[np.arange(len(labels)), labels]).mean())

    found = minimize_scalar(loss, bounds=(-_MOST, _MOST), method="bounded")
    return float(np.exp(found.x))


def divide(network: Any, by: float) -> None:
    """Divide the logits of a network, which are linear in its last layer's weights."""
    last = network.layers[-1]
    last.set_weights([values / by for values in last.get_weights()])
