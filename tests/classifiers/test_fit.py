"""Training learns, stops when it should, repeats itself, and spares small classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from starlike.classifiers import batches
from starlike.classifiers.fit import Fitted, History, fit, go_on, validation_split
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.progress import silent
from tests.classifiers.conftest import PEOPLE, STILL, TINY

VALIDATED = replace(TINY, validation=0.2)
FORGETFUL = replace(
    STILL, validation=0.2, epochs=60, patience=2, learning_rate=0.02, focus=0.36, start="random"
)


def accuracy(fitted: Fitted, images: Labelled) -> float:
    answers = fitted.network.predict(images.embeddings, verbose=0)
    return float((answers.argmax(axis=1) == images.labels).mean())


def loss(fitted: Fitted, images: Labelled, *, undo: bool = False) -> float:
    """Negative log likelihood, with or without what calibration did to the probabilities."""
    answers = fitted.network.predict(images.embeddings, verbose=0)
    if undo:
        answers = answers**fitted.temperature
        answers /= answers.sum(axis=1, keepdims=True)
    return float(-np.log(answers[np.arange(len(images)), images.labels]).mean())


def counted(images: Labelled, counts: list[int]) -> Labelled:
    """So many images of the first class, of the second, and so on."""
    rows = [np.flatnonzero(images.labels == label)[:count] for label, count in enumerate(counts)]
    return images.take(np.concatenate(rows))


@pytest.fixture(scope="module")
def mislabelled(images: Labelled) -> Labelled:
    """The same faces under names drawn at random: what is learnt of them holds for no other."""
    drawn = np.random.default_rng(1).permutation(images.labels)
    return replace(images, labels=drawn)


@pytest.fixture(scope="module")
def stopped(mislabelled: Labelled) -> Fitted:
    """A network that gets worse and worse on the validation images."""
    return fit(mislabelled, FORGETFUL, silent)


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_people_who_lie_apart_are_learnt(layers: int, images: Labelled, held_out: Labelled) -> None:
    fitted = fit(images, replace(VALIDATED, layers=layers, epochs=20), silent)
    assert accuracy(fitted, held_out) > 0.95


def test_the_loss_falls(images: Labelled) -> None:
    losses = fit(images, replace(STILL, start="random"), silent).history["loss"]
    assert losses[-1] < 0.7 * losses[0]


class TestEarlyStopping:
    def test_training_stops_when_validation_gets_no_better(self, stopped: Fitted) -> None:
        losses = stopped.history["val_loss"]
        assert len(losses) == stopped.best_epoch + 2
        assert len(losses) < FORGETFUL.epochs
        assert stopped.best_epoch == int(np.argmin(losses)) + 1

    def test_the_best_weights_are_given_back(self, stopped: Fitted, mislabelled: Labelled) -> None:
        _, checking = validation_split(mislabelled, FORGETFUL)
        losses = stopped.history["val_loss"]
        assert loss(stopped, checking, undo=True) == pytest.approx(min(losses), rel=1e-3)
        assert losses[-1] > 1.01 * min(losses)

    def test_probabilities_are_calibrated_on_the_validation_images(
        self, stopped: Fitted, mislabelled: Labelled
    ) -> None:
        _, checking = validation_split(mislabelled, FORGETFUL)
        assert stopped.temperature > 1.05
        assert loss(stopped, checking) < loss(stopped, checking, undo=True)

    def test_without_validation_every_epoch_is_trained(self, images: Labelled) -> None:
        fitted = fit(images, replace(TINY, validation=0.0, epochs=3), silent)
        assert len(fitted.history["loss"]) == fitted.best_epoch == 3
        assert "val_loss" not in fitted.history

    def test_a_refit_trains_on_all_images_for_as_long(self, mislabelled: Labelled) -> None:
        refitted = fit(mislabelled, replace(FORGETFUL, refit=True), silent)
        assert refitted.best_epoch < FORGETFUL.epochs
        steps = refitted.best_epoch * batches.steps(len(mislabelled), FORGETFUL)
        assert int(refitted.network.optimizer.iterations) == steps


class TestSeed:
    def test_the_same_seed_gives_the_same_weights(self, images: Labelled) -> None:
        first, again = (fit(images, replace(VALIDATED, epochs=3), silent) for _ in range(2))
        for one, other in zip(
            first.network.get_weights(), again.network.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(one, other)
        assert first.history == again.history

    def test_another_seed_gives_others(self, images: Labelled) -> None:
        first, other = (fit(images, replace(TINY, epochs=2, seed=seed), silent) for seed in (1, 2))
        weights = (fitted.network.get_weights()[0] for fitted in (first, other))
        assert not np.allclose(*weights)


class TestGoingOn:
    def test_the_optimizer_goes_on_where_it_stood(self, images: Labelled) -> None:
        recipe = replace(TINY, validation=0.0, epochs=8)
        fitted = fit(images, recipe, silent)
        before = int(fitted.network.optimizer.iterations)
        further = go_on(fitted.network, images, replace(recipe, epochs=3), silent)
        assert int(further.network.optimizer.iterations) == before + before // 8 * 3
        assert len(further.history["loss"]) == further.best_epoch == 3


class TestProgress:
    @pytest.mark.parametrize("refit", [False, True])
    def test_every_epoch_is_told(self, refit: bool, images: Labelled) -> None:
        told: list[tuple[int, int]] = []
        recipe = replace(VALIDATED, epochs=3, patience=3, refit=refit)
        fitted = fit(images, recipe, lambda *counts: told.append(counts))
        first = [(epoch, 3) for epoch in (1, 2, 3)]
        best = fitted.best_epoch
        assert told == first + ([(epoch + 1, best) for epoch in range(best)] if refit else [])

    @pytest.mark.parametrize("refit", [False, True])
    def test_the_figures_so_far_are_told_after_each_epoch(
        self, refit: bool, images: Labelled
    ) -> None:
        heard: list[History] = []
        recipe = replace(VALIDATED, epochs=3, patience=3, refit=refit)
        history = fit(images, recipe, silent, on_epoch=heard.append).history
        assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= history.keys()
        assert heard == [
            {name: values[:epoch] for name, values in history.items()} for epoch in (1, 2, 3)
        ]

    def test_they_are_told_of_a_training_that_goes_on(self, images: Labelled) -> None:
        heard: list[History] = []
        recipe = replace(TINY, validation=0.0, epochs=2)
        network = fit(images, recipe, silent).network
        further = go_on(network, images, recipe, silent, on_epoch=heard.append)
        assert [len(history["loss"]) for history in heard] == [1, 2]
        assert heard[-1] == further.history


class TestValidationSplit:
    def test_every_image_is_on_one_side(self, images: Labelled) -> None:
        learning, checking = validation_split(images, VALIDATED)
        assert sorted(learning.images + checking.images) == sorted(images.images)
        assert len(checking) == round(0.2 * len(images))
        assert learning.classes == checking.classes == images.classes

    def test_no_class_gives_more_than_one(self, images: Labelled) -> None:
        _, checking = validation_split(images, replace(TINY, validation=0.9))
        assert set(Counter(checking.labels.tolist()).values()) == {1}
        assert len(checking) == len(PEOPLE)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_class_of_one_or_two_gives_none(self, seed: int, images: Labelled) -> None:
        some = counted(images, [1, 2, 3, 4, 2, 1])
        _, checking = validation_split(some, replace(TINY, validation=0.5, seed=seed))
        assert set(checking.labels.tolist()) == {2, 3}

    def test_only_small_classes_leave_nothing_to_validate_on(self, images: Labelled) -> None:
        some = counted(images, [2] * len(PEOPLE))
        learning, checking = validation_split(some, replace(TINY, validation=0.5))
        assert len(learning) == len(some)
        assert len(checking) == 0

    def test_the_seed_chooses(self, images: Labelled) -> None:
        def chosen(recipe: Recipe) -> tuple[str, ...]:
            return validation_split(images, recipe)[1].images

        assert chosen(VALIDATED) == chosen(VALIDATED)
        assert chosen(VALIDATED) != chosen(replace(VALIDATED, seed=1))
