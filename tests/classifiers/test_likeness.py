"""Strangers: whom they are told, so that their next photo is told the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from starlike.classifiers import likeness
from starlike.embeddings import class_means, distances
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled, Labels
from starlike.metrics.measures import false_agreement
from starlike.model.similarity import similarity
from starlike.records import Floats
from tests.classifiers.conftest import crowd

PEOPLE, IMAGES = 150, 4
RECIPE = Recipe(max_false_agreement=0.02, focus=10.8, seed=4)
FOCUS = RECIPE.focus_in(DLIB_RESNET)
"""Different people may get the same star a little more often than by nearness alone."""


@pytest.fixture(scope="module")
def known() -> Labelled:
    return crowd([IMAGES] * PEOPLE, seed=1)


@pytest.fixture(scope="module")
def others() -> Labelled:
    """As many people around other centres, drawn alike, whom nothing was learned from."""
    return crowd([IMAGES] * PEOPLE, seed=2)


@pytest.fixture(scope="module")
def learned(known: Labelled) -> Floats:
    return likeness.offsets(known, RECIPE)


def nearness(asked: Labelled, known: Labelled) -> Floats:
    means, _ = class_means(known.embeddings, known.labels, len(known.classes))
    return np.asarray(-FOCUS * distances(asked.embeddings, means) ** 2)


def of_strangers(known: Labelled) -> Floats:
    """Nearness of images to the means of all classes but their own."""
    near = nearness(known, known)
    near[np.arange(len(known)), known.labels] = -np.inf
    return near


def guard(scores: Floats, people: Labels) -> float:
    value = false_agreement(scores.argmax(axis=1), people)
    assert value is not None
    return value


def two_photos_agree(scores: Floats) -> float:
    """How often two photos of a person get the same first answer; of each person all pairs."""
    first = scores.argmax(axis=1).reshape(PEOPLE, IMAGES)
    same = (first[:, :, None] == first[:, None, :]).sum() - first.size
    return float(same) / (PEOPLE * IMAGES * (IMAGES - 1))


class TestOffsets:
    def test_two_photos_of_a_stranger_agree_more_often(
        self, known: Labelled, others: Labelled, learned: Floats
    ) -> None:
        near = nearness(others, known)
        assert two_photos_agree(near + learned) > 1.15 * two_photos_agree(near)

    def test_different_people_agree_about_as_often_as_they_may(
        self, known: Labelled, others: Labelled, learned: Floats
    ) -> None:
        assert guard(of_strangers(known), known.labels) < RECIPE.max_false_agreement
        in_training = guard(of_strangers(known) + learned, known.labels)
        assert in_training == pytest.approx(RECIPE.max_false_agreement, rel=0.15)
        of_others = guard(nearness(others, known) + learned, others.labels)
        assert of_others < 1.5 * RECIPE.max_false_agreement

    def test_the_higher_the_bound_the_more_often_they_agree(
        self, known: Labelled, learned: Floats
    ) -> None:
        looser = likeness.offsets(known, replace(RECIPE, max_false_agreement=0.04))
        near = of_strangers(known)
        assert guard(near + looser, known.labels) > 1.3 * guard(near + learned, known.labels)

    def test_they_are_one_a_class_and_zero_on_average(self, learned: Floats) -> None:
        assert learned.shape == (PEOPLE,)
        assert learned.dtype == np.float32
        assert np.isfinite(learned).all()
        assert float(learned.mean()) == pytest.approx(0, abs=1e-5)
        assert learned.std() > 0.5

    def test_the_seed_chooses(self) -> None:
        images = crowd([3] * 30, seed=3)
        recipe = replace(RECIPE, max_false_agreement=0.2)
        first, again, other = (
            likeness.offsets(images, replace(recipe, seed=seed)) for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_where_nearness_alone_gives_more_nothing_is_added(self, known: Labelled) -> None:
        alone = guard(of_strangers(known), known.labels)
        added = likeness.offsets(known, replace(RECIPE, max_false_agreement=0.9 * alone))
        np.testing.assert_array_equal(added, np.zeros(PEOPLE, dtype=np.float32))

    @pytest.mark.parametrize("counts", [[1] * 6, [5, 1, 1, 1, 1, 1]])
    def test_where_fewer_than_two_people_have_two_images_nothing_is_added(
        self, counts: list[int]
    ) -> None:
        added = likeness.offsets(crowd(counts, seed=1), replace(RECIPE, max_false_agreement=1.0))
        np.testing.assert_array_equal(added, np.zeros(6, dtype=np.float32))

    @pytest.mark.parametrize("counts", [[2, 2], [2, 2, 1], [3] * 12])
    def test_few_people_give_offsets_that_are_numbers(self, counts: list[int]) -> None:
        added = likeness.offsets(crowd(counts, seed=1), replace(RECIPE, max_false_agreement=1.0))
        assert added.shape == (len(counts),)
        assert np.isfinite(added).all()


class TestNobodyBelow:
    @pytest.mark.parametrize("offsets", [False, True])
    def test_a_tenth_of_strangers_lie_below(
        self, offsets: bool, known: Labelled, others: Labelled, learned: Floats
    ) -> None:
        line = likeness.nobody_below(known, learned if offsets else None, FOCUS, DLIB_RESNET)
        near = nearness(others, known)
        first = (near + learned if offsets else near).argmax(axis=1)
        apart = np.sqrt(-near[np.arange(len(others)), first] / FOCUS)
        assert 0.05 < (similarity(apart, DLIB_RESNET) < line).mean() < 0.2

    def test_those_who_hear_of_somebody_farther_off_lie_lower(
        self, known: Labelled, learned: Floats
    ) -> None:
        alone = likeness.nobody_below(known, None, FOCUS, DLIB_RESNET)
        assert likeness.nobody_below(known, learned, FOCUS, DLIB_RESNET) < alone

    def test_everybody_weighs_the_same_however_many_photos_there_are_of_them(self) -> None:
        images = crowd([3] * 30, seed=1)
        lonely = images.labels == 29
        images.embeddings[lonely] += 0.1
        many = images.take(np.concatenate([np.arange(len(images)), np.repeat(87, 100)]))
        few, more = (likeness.nobody_below(one, None, FOCUS, DLIB_RESNET) for one in (images, many))
        assert few == pytest.approx(more, rel=0.01)

    def test_a_focus_of_nothing_gives_a_number_too(self, known: Labelled) -> None:
        assert 0 <= likeness.nobody_below(known, None, 0.0, DLIB_RESNET) <= 100
