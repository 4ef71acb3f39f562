"""The whole model: a network and what it is joined with, in Keras, in NumPy and in ONNX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import onnxruntime
import pytest

from starlike.classifiers import assemble, export
from starlike.classifiers.assemble import UnknownPeople
from starlike.classifiers.network import LAYERS, load_keras
from starlike.files.sample import Labelled
from starlike.model.classifier import INPUT, KNOWN, PHOTOS, PROBABILITIES
from starlike.records import Floats
from tests.classifiers.conftest import CLASSES, TINY, crowd, used

ANSWERS = (PROBABILITIES, KNOWN)


def of(photos: int, unknown: UnknownPeople) -> UnknownPeople:
    """The same, for embeddings that are all the mean of so many photos."""
    found = unknown.open_set
    offset = found.offset + found.few * (1 / photos - 1)
    return replace(unknown, open_set=replace(found, offset=offset))


def counted(asked: Floats, photos: int) -> Floats:
    return np.full((len(asked), 1), photos, dtype=np.float32)


def answers(model: Any, asked: Floats, photos: int = 1) -> dict[str, Floats]:
    said = model.predict([asked, counted(asked, photos)], verbose=0)
    return {name: np.asarray(said[name]) for name in ANSWERS}


def step(network: Any, asked: Floats) -> None:
    labels = np.eye(CLASSES, dtype=np.float32)[np.arange(len(asked)) % CLASSES]
    network.fit(asked, labels, shuffle=False, verbose=0)


def after_a_step(layers: int, asked: Floats) -> Any:
    """A network whose optimizer has something to remember."""
    network = used(layers)
    step(network, asked)
    return network


class TestAnswers:
    @pytest.mark.parametrize("layers", [0, 2])
    @pytest.mark.parametrize("photos", [1, 3])
    def test_they_are_those_of_numpy_and_of_onnx(
        self, photos: int, layers: int, asked: Floats, unknown: UnknownPeople
    ) -> None:
        network = used(layers)
        said = answers(assemble.assemble(network, unknown), asked, photos)
        joined = of(photos, unknown).join(network.predict(asked, verbose=0), asked)
        np.testing.assert_allclose(said[PROBABILITIES], joined, atol=1e-5)
        known = unknown.open_set.of(asked, photos)
        np.testing.assert_allclose(said[KNOWN][:, 0], known, atol=1e-5)
        exported = export.to_onnx(network, unknown)
        session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
        inputs = {INPUT: asked, PHOTOS: counted(asked, photos)}
        for name, values in zip(ANSWERS, session.run(ANSWERS, inputs), strict=True):
            np.testing.assert_allclose(values, said[name], atol=1e-5)

    def test_every_answer_adds_up_to_1(self, asked: Floats, unknown: UnknownPeople) -> None:
        for joined in (unknown, replace(unknown, offsets=None)):
            said = answers(assemble.assemble(used(1), joined), asked)[PROBABILITIES]
            assert (said >= 0).all()
            np.testing.assert_allclose(said.sum(axis=1), 1, atol=1e-5)

    def test_several_photos_change_the_chance(self, asked: Floats, unknown: UnknownPeople) -> None:
        model = assemble.assemble(used(1), unknown)
        one, three = (answers(model, asked, photos)[KNOWN] for photos in (1, 3))
        assert np.abs(one - three).max() > 0.1

    def test_a_face_that_is_surely_known_hears_nothing_of_likeness(
        self, asked: Floats, unknown: UnknownPeople
    ) -> None:
        certain = replace(unknown.open_set, offset=1e3)
        network, others = used(1), np.linspace(-9, 9, CLASSES, dtype=np.float32)
        one, other = (
            answers(assemble.assemble(network, joined), asked)[PROBABILITIES]
            for joined in (
                replace(unknown, open_set=certain),
                replace(unknown, open_set=certain, offsets=others),
            )
        )
        np.testing.assert_array_equal(one, other)

    def test_a_face_that_is_surely_unknown_hears_nothing_of_the_network(
        self, asked: Floats, unknown: UnknownPeople
    ) -> None:
        nobody = replace(unknown, open_set=replace(unknown.open_set, offset=-1e3))
        one, other = (
            answers(assemble.assemble(used(layers), nobody), asked)[PROBABILITIES]
            for layers in (0, 2)
        )
        np.testing.assert_array_equal(one, other)

    @pytest.mark.parametrize("layers", [0, 2])
    def test_without_offsets_the_network_answers_everybody(
        self, layers: int, asked: Floats, unknown: UnknownPeople
    ) -> None:
        network, alone = used(layers), replace(unknown, offsets=None)
        expected = network.predict(asked, verbose=0)
        said = answers(assemble.assemble(network, alone), asked)
        np.testing.assert_array_equal(said[PROBABILITIES], expected)
        np.testing.assert_array_equal(alone.join(expected, asked), expected)
        np.testing.assert_allclose(said[KNOWN][:, 0], alone.open_set.of(asked), atol=1e-5)


class TestLearning:
    def test_a_recipe_without_false_agreement_leaves_unknown_people_to_the_network(
        self, images: Labelled
    ) -> None:
        assert assemble.learn(images, replace(TINY, max_false_agreement=0.0)).offsets is None

    def test_a_recipe_with_it_tells_them_by_likeness(self, images: Labelled) -> None:
        learnt = assemble.learn(images, replace(TINY, max_false_agreement=0.01))
        assert learnt.offsets is not None
        assert learnt.offsets.shape == (len(images.classes),)
        means = [images.embeddings[images.labels == k].mean(0) for k in range(len(images.classes))]
        np.testing.assert_allclose(learnt.means, means, atol=1e-6)

    def test_unknown_people_hear_whom_they_are_nearest_to(self) -> None:
        """And not whom a network, which never saw them, is sure of."""
        learnt = assemble.learn(crowd([5] * 40, seed=1), replace(TINY, max_false_agreement=0.001))
        others = crowd([5] * 40, seed=2).embeddings
        apart = np.linalg.norm(others[:, None] - learnt.means[None], axis=2)
        sure_of_the_first = np.tile(np.eye(40, dtype=np.float32)[0], (len(others), 1))
        said = learnt.join(sure_of_the_first, others).argmax(axis=1)
        assert (said == apart.argmin(axis=1)).mean() > 0.95


class TestKeras:
    @pytest.fixture
    def saved(self, asked: Floats, unknown: UnknownPeople, tmp_path: Path) -> Path:
        file = tmp_path / "model.keras"
        assemble.assemble(after_a_step(2, asked), unknown).save(file)
        return file

    def test_it_loads_where_starlike_is_not(
        self,
        saved: Path,
        asked: Floats,
        tmp_path: Path,
        run_python: Callable[..., CompletedProcess[str]],
    ) -> None:
        expected = answers(load_keras().saving.load_model(saved), asked, photos=3)
        np.savez(tmp_path / "asked.npz", asked=asked, photos=counted(asked, 3))
        done = run_python(
            "import os, sys\n"
            "os.environ['KERAS_BACKEND'] = 'jax'\n"
            "sys.modules['starlike'] = None\n"
            "import keras, numpy as np\n"
            "model, asked, told = sys.argv[1:]\n"
            "asked = np.load(asked)\n"
            "loaded = keras.saving.load_model(model, safe_mode=True)\n"
            "np.savez(told, **loaded.predict([asked['asked'], asked['photos']], verbose=0))\n",
            *(str(tmp_path / name) for name in ("model.keras", "asked.npz", "told.npz")),
        )
        assert done.returncode == 0, done.stderr
        with np.load(tmp_path / "told.npz") as told:
            for name in ANSWERS:
                np.testing.assert_allclose(told[name], expected[name], atol=1e-6)

    def test_all_its_layers_are_kerass_own(self, unknown: UnknownPeople) -> None:
        kinds = {type(layer) for layer in assemble.assemble(used(2), unknown).layers}
        assert all(kind.__module__.startswith("keras.") for kind in kinds)

    def test_only_the_layers_of_the_network_are_trained(self, saved: Path) -> None:
        loaded = load_keras().saving.load_model(saved)
        for layer in loaded.layers:
            if layer.weights:
                assert layer.trainable == layer.name.startswith(LAYERS)
        network = used(2)
        shapes = [tuple(v.shape) for v in network.trainable_variables]
        assert [tuple(v.shape) for v in loaded.trainable_variables] == shapes
        assert len(loaded.weights) > len(network.weights)

    def test_the_network_comes_back_with_its_optimizer(self, saved: Path, asked: Floats) -> None:
        before = after_a_step(2, asked)
        again = assemble.network_of(load_keras().saving.load_model(saved))
        np.testing.assert_array_equal(
            again.predict(asked, verbose=0), before.predict(asked, verbose=0)
        )
        remembered = [np.asarray(v) for v in before.optimizer.variables]
        assert max(np.abs(values).max() for values in remembered[2:]) > 0
        for one, other in zip(remembered, again.optimizer.variables, strict=True):
            np.testing.assert_array_equal(one, np.asarray(other))

    def test_the_network_that_came_back_learns_on_as_if_it_had_never_left(
        self, asked: Floats, unknown: UnknownPeople, tmp_path: Path
    ) -> None:
        # Without hidden layers, for Dropout draws something else.
        stayed, left = (after_a_step(0, asked) for _ in range(2))
        assemble.assemble(left, unknown).save(tmp_path / "model.keras")
        back = assemble.network_of(load_keras().saving.load_model(tmp_path / "model.keras"))
        for network in (stayed, back):
            step(network, asked)
        assert int(back.optimizer.iterations) == 2 * int(left.optimizer.iterations)
        for one, other in zip(stayed.get_weights(), back.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-7)
        assert np.abs(back.get_weights()[0] - left.get_weights()[0]).max() > 1e-5
