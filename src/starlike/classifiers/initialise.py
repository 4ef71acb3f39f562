"""First weights: hidden layers at random, and a last layer that names the nearest class mean.

A network that starts at random and sees four images of a person ends below the nearest class
mean. One that starts as the nearest class mean has only to learn what is better than that.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from starlike.classifiers.lda_space import Wide
from starlike.files.recipe import Recipe
from starlike.records import Floats

_RIDGE = 1e-4


def at_class_means(
    network: Any, vectors: Floats, means: Floats, recipe: Recipe, focus: float
) -> None:
    """Set the last layer to logits of `-focus * distance²` to each class mean, but a constant.

    That is linear in the embedding, which is read back from the last hidden layer by least squares,
    with the ridge that Dropout amounts to there (Wager et al., "Dropout Training as Adaptive
    Regularization", NeurIPS 2013).

    Args:
        network: what `network.build` made; its normalisations are set to what they will see.
        vectors: (N, D) float32, embeddings to read back.
        means: (K, D) float32.
        recipe: its layers and dropout.
        focus: an inverse squared distance; see `Recipe.focus_in`.
    """
    hidden = _hidden(network, vectors)
    centre, target = hidden.mean(axis=0), vectors.mean(axis=0)
    spread = hidden - centre
    gram = spread.T @ spread / len(spread)
    dropped = recipe.dropout / (1 - recipe.dropout) if recipe.layers else 0.0
    squares = (hidden**2).mean(axis=0)
    gram[np.diag_indices_from(gram)] += dropped * squares + _RIDGE * squares.mean()
    reading = np.linalg.solve(gram, spread.T @ (vectors - target) / len(spread))
    weights = 2 * focus * reading @ means.T
    offset = 2 * focus * (target - centre @ reading) @ means.T
    biases = offset - focus * (means.astype(np.float64) ** 2).sum(axis=1)
    # What all classes have in common changes no probability, and costs digits.
    weights -= weights.mean(axis=1, keepdims=True)
    network.layers[-1].set_weights([weights, biases - biases.mean()])


def _hidden(network: Any, vectors: Floats) -> Wide:
    """What the last hidden layer says, each normalisation set to these vectors' own figures."""
    values = vectors.astype(np.float64)
    for layer in network.layers[:-1]:
        if type(layer).__name__ == "BatchNormalization":
            layer.moving_mean.assign(values.mean(axis=0))
            layer.moving_variance.assign(values.var(axis=0))
        if type(layer).__name__ != "Dropout":
            values = np.asarray(layer(values.astype(np.float32)), dtype=np.float64)
    return values
