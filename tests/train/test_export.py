"""The exported classifier answers as the network does, and measures as NumPy does."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from starlike.errors import TrainError
from starlike.model import DISTANCES, INPUT, PROBABILITIES
from starlike.recipe import Recipe
from starlike.records import DIMENSIONS, Floats
from starlike.sample import Labelled
from starlike.train import export
from starlike.train.network import build, load_keras

CLASSES = 9


def used(layers: int, classes: int = CLASSES) -> Any:
    """A network whose every weight and moving figure is as if it had been trained."""
    network = build(Recipe(layers=layers, width=24), classes, steps=1)
    rng = np.random.default_rng(layers)
    for layer in network.layers:
        figures = [value + rng.normal(0, 0.3, value.shape) for value in layer.get_weights()]
        if type(layer).__name__ == "BatchNormalization":
            figures[-1] = rng.uniform(0.01, 3, figures[-1].shape)
        layer.set_weights(figures)
    return network


@pytest.fixture
def asked() -> Floats:
    return np.random.default_rng(5).normal(0, 0.12, (300, DIMENSIONS)).astype(np.float32)


@pytest.fixture
def means() -> Floats:
    return np.random.default_rng(6).normal(0, 0.12, (CLASSES, DIMENSIONS)).astype(np.float32)


def run(exported: bytes, asked: Floats, output: str) -> Floats:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    return np.asarray(session.run([output], {INPUT: asked})[0])


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_probabilities_are_those_of_the_network(layers: int, asked: Floats, means: Floats) -> None:
    network = used(layers)
    exported = export.to_onnx(network, means)
    expected = network.predict(asked, verbose=0)
    assert len(np.unique(expected.argmax(axis=1))) > 1
    answered = run(exported, asked, PROBABILITIES)
    np.testing.assert_allclose(answered, expected, atol=1e-5)
    np.testing.assert_allclose(answered.sum(axis=1), 1, atol=1e-5)
    difference = export.check(network, exported, asked)
    assert difference == pytest.approx(float(np.abs(answered - expected).max()), abs=1e-6)


def test_a_trained_network_is_exported_alike(trained: Any, images: Labelled) -> None:
    network = load_keras().saving.load_model(trained.folder / "model.keras")
    exported = (trained.folder / "classifier.onnx").read_bytes()
    assert export.check(network, exported, images.encodings) <= 1e-5
    assert trained.summary.export_difference <= 1e-5


def test_distances_are_those_of_numpy(asked: Floats, means: Floats) -> None:
    exported = export.to_onnx(used(1), means)
    apart = asked[:, None].astype(np.float64) - means[None].astype(np.float64)
    expected = np.linalg.norm(apart, axis=2)
    np.testing.assert_allclose(run(exported, asked, DISTANCES), expected, atol=1e-5)


def test_the_distance_of_a_mean_to_itself_is_nothing_but_rounding(means: Floats) -> None:
    own = np.diag(run(export.to_onnx(used(0), means), means, DISTANCES))
    assert np.isfinite(own).all()
    assert (own < 2e-3).all()


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_so_many_answers_are_given_as_are_asked_for(count: int, means: Floats) -> None:
    asked = np.zeros((count, DIMENSIONS), dtype=np.float32)
    exported = export.to_onnx(used(1), means)
    for output in (PROBABILITIES, DISTANCES):
        assert run(exported, asked, output).shape == (count, CLASSES)


def test_the_same_network_gives_the_same_bytes(means: Floats) -> None:
    assert export.to_onnx(used(2), means) == export.to_onnx(used(2), means)


def test_nothing_is_left_of_dropout_and_normalisation(means: Floats) -> None:
    graph = onnx.load_from_string(export.to_onnx(used(2), means)).graph
    kinds = {node.op_type for node in graph.node}
    assert {"Gemm", "Elu", "Softmax"} <= kinds
    assert not {"Dropout", "BatchNormalization"} & kinds


def test_another_network_is_told_from_the_exported_one(asked: Floats, means: Floats) -> None:
    with pytest.raises(TrainError, match="the exported classifier differs from the network by"):
        export.check(used(1), export.to_onnx(used(2), means), asked)


def test_a_network_that_answers_no_numbers_is_refused(asked: Floats, means: Floats) -> None:
    network = used(0)
    network.layers[-1].set_weights([np.full_like(v, np.nan) for v in network.get_weights()])
    with pytest.raises(TrainError, match="differs from the network by nan"):
        export.check(network, export.to_onnx(network, means), asked)


def test_a_layer_that_cannot_be_exported_is_named(means: Floats) -> None:
    keras = load_keras()
    network = keras.Sequential(
        [
            keras.Input((DIMENSIONS,)),
            keras.layers.Dense(8),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    with pytest.raises(TrainError, match="a layer of kind LayerNormalization cannot be exported"):
        export.to_onnx(network, means)
