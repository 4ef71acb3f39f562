"""Where training starts: as the nearest class mean."""

from __future__ import annotations

import numpy as np
import pytest

from starlike.classifiers import initialise
from starlike.classifiers.network import build
from starlike.embeddings import class_means, distances
from starlike.files.recipe import Recipe
from starlike.records import Floats
from tests.classifiers.conftest import DIMENSIONS

CLASSES, FOCUS = 40, 30.0


@pytest.fixture(scope="module")
def faces() -> tuple[Floats, Floats]:
    """Vectors (N, 128) around the means of 40 classes, and these means."""
    rng = np.random.default_rng(0)
    centres = rng.normal(0, 0.06, (CLASSES, 128))
    labels = np.repeat(np.arange(CLASSES), 20)
    vectors = centres[labels] + rng.normal(0, 0.03, (len(labels), 128))
    means, _ = class_means(vectors.astype(np.float32), labels, CLASSES)
    return vectors.astype(np.float32), means


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_an_untrained_network_answers_with_the_nearest_class_mean(
    faces: tuple[Floats, Floats], layers: int
) -> None:
    vectors, means = faces
    recipe = Recipe(layers=layers, width=512, dropout=0.2)
    network = build(recipe, dimensions=DIMENSIONS, classes=CLASSES, steps=1)
    initialise.at_class_means(network, vectors[::2], means, recipe, FOCUS)
    answered = network.predict(vectors[1::2], verbose=0).argmax(axis=1)
    nearest = distances(vectors[1::2], means).argmin(axis=1)
    assert (answered == nearest).mean() > 0.97


def test_without_hidden_layers_its_probabilities_fall_with_the_squared_distance(
    faces: tuple[Floats, Floats],
) -> None:
    vectors, means = faces
    recipe = Recipe(layers=0)
    network = build(recipe, dimensions=DIMENSIONS, classes=CLASSES, steps=1)
    initialise.at_class_means(network, vectors, means, recipe, FOCUS)
    logits = -FOCUS * distances(vectors, means) ** 2
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected /= expected.sum(axis=1, keepdims=True)
    assert np.abs(network.predict(vectors, verbose=0) - expected).max() < 0.02


def test_normalisations_are_set_to_what_they_will_see(faces: tuple[Floats, Floats]) -> None:
    vectors, means = faces
    recipe = Recipe(layers=1, width=64)
    network = build(recipe, dimensions=DIMENSIONS, classes=CLASSES, steps=1)
    initialise.at_class_means(network, vectors, means, recipe, FOCUS)
    dense, normalisation = network.layers[:2]
    seen = np.asarray(dense(vectors))
    np.testing.assert_allclose(normalisation.moving_mean, seen.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(normalisation.moving_variance, seen.var(axis=0), rtol=1e-3)
