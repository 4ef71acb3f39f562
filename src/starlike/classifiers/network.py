"""The network: Dense, Batch Normalization, ELU and Dropout, repeated; then Softmax."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

from starlike import extras
from starlike.errors import MissingPartError
from starlike.files.recipe import Recipe

LAYERS = ("dense_", "normalization_", "elu_", "dropout_", "probabilities")
"""How the names of the network's layers begin."""

LOSS, METRICS = "categorical_crossentropy", ["accuracy"]

# The share of the learning rate that is left at the end, with which a resumed training goes on.
_LAST_RATE = 0.02


def load_keras() -> Any:
    """Keras, with JAX under it unless `KERAS_BACKEND` says otherwise.

    Raises:
        MissingPartError: it is not installed.
    """
    if "KERAS_BACKEND" not in os.environ and importlib.util.find_spec("jax"):
        os.environ["KERAS_BACKEND"] = "jax"
    try:
        import keras  # noqa: PLC0415  heavy
    except ImportError:
        raise MissingPartError(
            f"training needs Keras; install it with: {extras.command('train')}"
        ) from None
    return keras


def build(recipe: Recipe, *, dimensions: int, classes: int, steps: int) -> Any:
    """The compiled network of a recipe.

    Args:
        recipe: its depth, width and the rest.
        dimensions: D, numbers in an embedding.
        classes: K.
        steps: batches in the whole training, over which the learning rate falls.

    Returns:
        A `keras.Model` from embeddings (N, D) float32 to probabilities (N, K).
    """
    keras = load_keras()
    keras.utils.set_random_seed(recipe.seed)
    layers = keras.layers
    stack = [keras.Input((dimensions,), name="embeddings")]
    for number in range(1, recipe.layers + 1):
        stack += [
            layers.Dense(recipe.width, name=f"dense_{number}"),
            layers.BatchNormalization(name=f"normalization_{number}"),
            layers.ELU(name=f"elu_{number}"),
            layers.Dropout(recipe.dropout, seed=recipe.seed + number, name=f"dropout_{number}"),
        ]
    stack.append(layers.Dense(classes, activation="softmax", name="probabilities"))
    network = keras.Sequential(stack, name="starlike")
    compile_network(network, recipe, steps)
    return network


def compile_network(network: Any, recipe: Recipe, steps: int) -> None:
    """Give the network its optimizer, its loss and its measures."""
    keras = load_keras()
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate, max(1, steps), alpha=_LAST_RATE
    )
    network.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=LOSS,
        metrics=METRICS,
        jit_compile="auto",
    )
