"""The network is the one that the recipe names, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

from starlike import extras
from starlike.classifiers.network import build, load_keras
from starlike.files.recipe import Recipe
from tests.classifiers.conftest import DIMENSIONS

HIDDEN = ["Dense", "BatchNormalization", "ELU", "Dropout"]
RECIPE = Recipe(width=16, dropout=0.25, learning_rate=0.004)


def kinds(network: Any) -> list[str]:
    return [type(layer).__name__ for layer in network.layers]


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_hidden_layers_are_repeated_and_a_softmax_ends_them(layers: int) -> None:
    network = build(replace(RECIPE, layers=layers), dimensions=DIMENSIONS, classes=7, steps=10)
    assert kinds(network) == HIDDEN * layers + ["Dense"]
    assert network.input_shape == (None, DIMENSIONS)
    assert network.output_shape == (None, 7)
    assert network.layers[-1].get_config()["activation"] == "softmax"


def test_width_and_dropout_are_the_recipes() -> None:
    network = build(replace(RECIPE, layers=2), dimensions=DIMENSIONS, classes=7, steps=10)
    assert [layer.units for layer in network.layers if hasattr(layer, "units")] == [16, 16, 7]
    assert [layer.rate for layer in network.layers if hasattr(layer, "rate")] == [0.25, 0.25]


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_every_answer_adds_up_to_1(layers: int) -> None:
    network = build(replace(RECIPE, layers=layers), dimensions=DIMENSIONS, classes=7, steps=10)
    asked = np.random.default_rng(1).normal(size=(5, DIMENSIONS)).astype(np.float32)
    answers = network.predict(asked, verbose=0)
    assert answers.shape == (5, 7)
    assert (answers > 0).all()
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_adam_starts_at_the_recipes_rate_and_ends_at_a_small_part_of_it() -> None:
    optimizer = build(RECIPE, dimensions=DIMENSIONS, classes=7, steps=50).optimizer
    assert type(optimizer).__name__ == "Adam"
    rates = []
    for step in (0, 25, 50, 100):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    assert rates[0] == pytest.approx(RECIPE.learning_rate)
    assert rates[1] == pytest.approx(RECIPE.learning_rate * 0.51)
    assert rates[2] == rates[3] == pytest.approx(RECIPE.learning_rate * 0.02)


def test_the_seed_chooses_the_first_weights() -> None:
    first, again, other = (
        build(replace(RECIPE, seed=seed), dimensions=DIMENSIONS, classes=7, steps=10).get_weights()[
            0
        ]
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_keras_stands_on_jax_here() -> None:
    assert load_keras().backend.backend() == "jax"


def test_without_keras_it_is_said_what_to_install(
    run_python: Callable[..., CompletedProcess[str]],
) -> None:
    done = run_python(
        "import sys\n"
        "sys.modules['keras'] = None\n"
        "from starlike.errors import MissingPartError\n"
        "from starlike.classifiers.network import load_keras\n"
        "try:\n"
        "    load_keras()\n"
        "except MissingPartError as error:\n"
        "    print(error)\n"
    )
    assert done.stdout.strip() == (
        f"training needs Keras; install it with: {extras.command('train')}"
    )
