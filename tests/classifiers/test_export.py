"""The exported classifier answers as Keras and NumPy do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from starlike.classifiers import assemble, export
from starlike.classifiers.assemble import UnknownPeople
from starlike.classifiers.network import load_keras
from starlike.errors import TrainError
from starlike.files.sample import Labelled
from starlike.model.classifier import DISTANCES, INPUT, KNOWN, PHOTOS, PROBABILITIES
from starlike.records import Floats
from tests.classifiers.conftest import CLASSES, DIMENSIONS, used


def run(exported: bytes, asked: Floats, output: str, photos: int = 1) -> Floats:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    counts = np.full((len(asked), 1), photos, dtype=np.float32)
    return np.asarray(session.run([output], {INPUT: asked, PHOTOS: counts})[0])


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_where_unknown_people_are_left_to_it_probabilities_are_those_of_the_network(
    layers: int, asked: Floats, unknown: UnknownPeople
) -> None:
    network = used(layers)
    alone = replace(unknown, offsets=None)
    exported = export.to_onnx(network, alone)
    expected = network.predict(asked, verbose=0)
    assert len(np.unique(expected.argmax(axis=1))) > 1
    answered = run(exported, asked, PROBABILITIES)
    np.testing.assert_allclose(answered, expected, atol=1e-5)
    np.testing.assert_allclose(answered.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_the_network_is_joined_with_what_unknown_people_are_told(
    layers: int, asked: Floats, unknown: UnknownPeople
) -> None:
    network = used(layers)
    exported = export.to_onnx(network, unknown)
    expected = unknown.join(network.predict(asked, verbose=0), asked)
    answered = run(exported, asked, PROBABILITIES)
    np.testing.assert_allclose(answered, expected, atol=1e-5)
    assert np.abs(answered - network.predict(asked, verbose=0)).max() > 0.1
    difference = export.check(assemble.assemble(network, unknown), exported, asked)
    assert difference <= 1e-5


@pytest.mark.parametrize("photos", [1, 2, 5])
def test_the_chance_of_being_known_is_that_of_numpy(
    photos: int, asked: Floats, unknown: UnknownPeople
) -> None:
    expected = unknown.open_set.of(asked, photos)
    assert expected.min() < 0.1
    assert expected.max() > 0.9
    for joined in (unknown, replace(unknown, offsets=None)):
        answered = run(export.to_onnx(used(1), joined), asked, KNOWN, photos)
        np.testing.assert_allclose(answered[:, 0], expected, atol=1e-5)


def test_a_trained_network_is_exported_alike(trained: Any, images: Labelled) -> None:
    loaded = load_keras().saving.load_model(trained.folder / "model.keras")
    exported = (trained.folder / "classifier.onnx").read_bytes()
    assert export.check(loaded, exported, images.embeddings) <= 1e-5
    assert trained.summary.export_difference <= 1e-5


def test_distances_are_those_of_numpy(asked: Floats, unknown: UnknownPeople) -> None:
    exported = export.to_onnx(used(1), unknown)
    apart = asked[:, None].astype(np.float64) - unknown.means[None].astype(np.float64)
    expected = np.linalg.norm(apart, axis=2)
    np.testing.assert_allclose(run(exported, asked, DISTANCES), expected, atol=1e-5)


def test_the_distance_of_a_mean_to_itself_is_nothing_but_rounding(unknown: UnknownPeople) -> None:
    own = np.diag(run(export.to_onnx(used(0), unknown), unknown.means, DISTANCES))
    assert np.isfinite(own).all()
    assert (own < 2e-3).all()


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_so_many_answers_are_given_as_are_asked_for(count: int, unknown: UnknownPeople) -> None:
    asked = np.zeros((count, DIMENSIONS), dtype=np.float32)
    exported = export.to_onnx(used(1), unknown)
    for output, width in ((PROBABILITIES, CLASSES), (DISTANCES, CLASSES), (KNOWN, 1)):
        assert run(exported, asked, output).shape == (count, width)


def test_the_same_network_gives_the_same_bytes(unknown: UnknownPeople) -> None:
    assert export.to_onnx(used(2), unknown) == export.to_onnx(used(2), unknown)


def test_nothing_is_left_of_dropout_and_normalisation(unknown: UnknownPeople) -> None:
    graph = onnx.load_from_string(export.to_onnx(used(2), unknown)).graph
    kinds = {node.op_type for node in graph.node}
    assert {"Gemm", "Elu", "Softmax"} <= kinds
    assert not {"Dropout", "BatchNormalization"} & kinds


def test_another_network_is_told_from_the_exported_one(
    asked: Floats, unknown: UnknownPeople
) -> None:
    exported = export.to_onnx(used(2), unknown)
    with pytest.raises(TrainError, match="the exported classifier differs from the network by"):
        export.check(assemble.assemble(used(1), unknown), exported, asked)


def test_other_figures_for_unknown_people_are_told_from_the_exported_ones(
    asked: Floats, unknown: UnknownPeople
) -> None:
    other = replace(unknown, open_set=replace(unknown.open_set, offset=0.0))
    alone = [replace(one, offsets=None) for one in (unknown, other)]
    with pytest.raises(TrainError, match="the exported classifier differs from the network by"):
        export.check(assemble.assemble(used(1), alone[0]), export.to_onnx(used(1), alone[1]), asked)


def test_a_network_that_answers_no_numbers_is_refused(
    asked: Floats, unknown: UnknownPeople
) -> None:
    network = used(0)
    network.layers[-1].set_weights([np.full_like(v, np.nan) for v in network.get_weights()])
    with pytest.raises(TrainError, match="differs from the network by nan"):
        export.check(assemble.assemble(network, unknown), export.to_onnx(network, unknown), asked)


def test_a_layer_that_cannot_be_exported_is_named(unknown: UnknownPeople) -> None:
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
        export.to_onnx(network, unknown)
