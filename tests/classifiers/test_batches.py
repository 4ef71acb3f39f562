"""What the network is shown: every image once an epoch, changed as the recipe says, and weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from starlike.classifiers import batches
from starlike.embeddings import class_means, distances
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.records import Floats
from tests.classifiers.conftest import PEOPLE, STILL, TRAINED, VIEWS

WHOLE = replace(STILL, batch=len(PEOPLE) * TRAINED)
"""All images in a single batch, as they are."""


class Epoch(NamedTuple):
    vectors: Floats
    answers: Floats
    weights: Floats


def epochs(images: Labelled, recipe: Recipe) -> Iterator[Epoch]:
    """One epoch after the other, the batches of each joined."""
    made = batches.epochs(images, recipe)
    while True:
        parts = zip(*(made[number] for number in range(len(made))), strict=True)
        yield Epoch(*(np.concatenate(part) for part in parts))
        made.on_epoch_end()


def shown(images: Labelled, recipe: Recipe) -> Epoch:
    return next(epochs(images, recipe))


def in_order(vectors: Floats) -> Floats:
    return vectors[np.lexsort(vectors.T)]


def counted(images: Labelled, counts: list[int]) -> Labelled:
    """So many images of the first class, of the second, and so on."""
    rows = [np.flatnonzero(images.labels == label)[:count] for label, count in enumerate(counts)]
    return images.take(np.concatenate(rows))


def test_every_image_is_shown_once_an_epoch_with_its_label(images: Labelled) -> None:
    for epoch in [next(epochs(images, replace(WHOLE, batch=size))) for size in (60, 20, 12)]:
        np.testing.assert_array_equal(in_order(epoch.vectors), in_order(images.embeddings))
        nearest = distances(epoch.vectors, images.embeddings).argmin(axis=1)
        np.testing.assert_array_equal(epoch.answers.argmax(axis=1), images.labels[nearest])
        np.testing.assert_array_equal(np.unique(epoch.answers), [0, 1])
        np.testing.assert_array_equal(epoch.answers.sum(axis=1), 1)


def test_epochs_differ_but_are_the_same_for_the_same_seed(images: Labelled) -> None:
    recipe = replace(WHOLE, noise=0.01, augment=0.5, seed=3)
    one, again, other = (
        epochs(images, chosen) for chosen in (recipe, recipe, replace(recipe, seed=4))
    )
    first, second = next(one), next(one)
    np.testing.assert_array_equal(first.vectors, next(again).vectors)
    np.testing.assert_array_equal(second.vectors, next(again).vectors)
    assert not np.array_equal(first.vectors, second.vectors)
    assert not np.array_equal(first.vectors, next(other).vectors)


def test_the_images_themselves_are_never_changed(images: Labelled) -> None:
    before = images.embeddings.copy()
    recipe = replace(WHOLE, noise=0.1, augment=0.5, borrow=0.5, mix=0.5, resemblance=0.5)
    made = epochs(images, recipe)
    next(made), next(made)
    np.testing.assert_array_equal(images.embeddings, before)


@pytest.mark.parametrize(("batch", "steps"), [(16, 3), (60, 1), (61, 1), (1000, 1), (1, 60)])
def test_a_last_smaller_batch_is_dropped_but_never_the_only_one(
    batch: int, steps: int, images: Labelled
) -> None:
    recipe = replace(STILL, batch=batch)
    assert batches.steps(len(images), recipe) == len(batches.epochs(images, recipe)) == steps
    assert len(shown(images, recipe).vectors) == steps * min(batch, 60)


class TestChanged:
    def test_views_stand_for_their_image(self, images: Labelled) -> None:
        epoch = shown(images, replace(WHOLE, augment=1.0))
        views = images.augmented.reshape(-1, images.augmented.shape[-1])
        apart = distances(epoch.vectors, views)
        assert apart.min(axis=1).max() < 1e-2
        of = apart.argmin(axis=1) // VIEWS
        assert sorted(of) == list(range(len(images)))
        np.testing.assert_array_equal(epoch.answers.argmax(axis=1), images.labels[of])

    def test_images_without_views_stay_as_they_are(self, images: Labelled) -> None:
        without = replace(images, augmented=images.augmented[:, :0])
        epoch = shown(without, replace(WHOLE, augment=1.0))
        np.testing.assert_array_equal(in_order(epoch.vectors), in_order(images.embeddings))

    def test_noise_has_the_recipes_deviation(self, images: Labelled) -> None:
        noisy, plain = (shown(images, replace(WHOLE, noise=noise)) for noise in (0.02, 0.0))
        np.testing.assert_array_equal(noisy.answers, plain.answers)
        added = noisy.vectors - plain.vectors
        assert added.std() == pytest.approx(0.02, rel=0.1)
        assert abs(added.mean()) < 0.002

    def test_what_is_borrowed_lies_around_its_own_class(self, images: Labelled) -> None:
        epoch = shown(images, replace(WHOLE, borrow=1.0))
        means, _ = class_means(images.embeddings, images.labels, len(PEOPLE))
        apart = distances(epoch.vectors, means)
        np.testing.assert_array_equal(apart.argmin(axis=1), epoch.answers.argmax(axis=1))
        own = np.linalg.norm(images.embeddings - means[images.labels], axis=1)
        assert apart.min(axis=1).mean() == pytest.approx(own.mean(), rel=0.4)
        assert distances(epoch.vectors, images.embeddings).min() > 0.01

    def test_classes_of_one_image_lend_nothing(self, images: Labelled) -> None:
        singles = counted(images, [1] * len(PEOPLE))
        epoch = shown(singles, replace(WHOLE, borrow=1.0, batch=len(singles)))
        np.testing.assert_array_equal(in_order(epoch.vectors), in_order(singles.embeddings))

    def test_a_class_of_one_image_borrows(self, images: Labelled) -> None:
        few = counted(images, [1, *[TRAINED] * (len(PEOPLE) - 1)])
        epoch = shown(few, replace(WHOLE, borrow=1.0, batch=len(few)))
        (alone,) = epoch.vectors[epoch.answers[:, 0] == 1]
        assert 0.01 < np.linalg.norm(alone - few.embeddings[few.labels == 0][0]) < 1


class TestAnswers:
    def test_with_resemblance_the_label_keeps_its_share_and_the_near_get_the_rest(
        self, images: Labelled
    ) -> None:
        epoch = shown(images, replace(WHOLE, resemblance=0.4, focus=0.36))
        plain = shown(images, WHOLE)
        label = plain.answers.argmax(axis=1)
        rows = np.arange(len(label))
        np.testing.assert_allclose(epoch.answers.sum(axis=1), 1, atol=1e-5)
        assert (epoch.answers[rows, label] >= 0.6).all()
        means, _ = class_means(images.embeddings, images.labels, len(PEOPLE))
        apart = distances(epoch.vectors, means)
        for answer, to_means, own in zip(epoch.answers, apart, label, strict=True):
            others = np.arange(len(PEOPLE)) != own
            np.testing.assert_array_equal(np.argsort(-answer[others]), np.argsort(to_means[others]))

    def test_mixed_images_still_have_answers_that_add_up(self, images: Labelled) -> None:
        epoch = shown(images, replace(WHOLE, mix=1.0))
        np.testing.assert_allclose(epoch.answers.sum(axis=1), 1, atol=1e-5)


class TestWeights:
    def test_without_balance_all_weigh_the_same(self, images: Labelled) -> None:
        some = counted(images, [1, 5, 2])
        np.testing.assert_allclose(batches.weights(some, 0.0), 1)

    def test_with_full_balance_all_classes_weigh_the_same(self, images: Labelled) -> None:
        some = counted(images, [1, 5, 2])
        weights = batches.weights(some, 1.0)
        totals = np.bincount(some.labels, weights)[:3]
        np.testing.assert_allclose(totals, totals[0], rtol=1e-5)

    @pytest.mark.parametrize("balance", [0.0, 0.3, 1.0])
    def test_weights_are_1_on_average(self, balance: float, images: Labelled) -> None:
        assert batches.weights(counted(images, [1, 5, 2]), balance).mean() == pytest.approx(1)

    def test_weights_go_with_their_images(self, images: Labelled) -> None:
        some = counted(images, [1, *[TRAINED] * (len(PEOPLE) - 1)])
        epoch = shown(some, replace(WHOLE, balance=1.0, batch=len(some)))
        assert (epoch.weights > 2).nonzero()[0].tolist() == (
            epoch.answers[:, 0].nonzero()[0].tolist()
        )
