from __future__ import annotations

import numpy as np
import pytest

from starlike.choose.folds import Fold, folds
from starlike.errors import SampleError
from starlike.files.sample import Labelled
from tests.choose.conftest import PEOPLE


@pytest.fixture(scope="module")
def split(images: Labelled) -> tuple[Fold, ...]:
    return folds(images, 3, 0)


def test_one_image_of_every_class_with_three_is_tested(split: tuple[Fold, ...]) -> None:
    for fold in split:
        tested = [fold.known.classes[label] for label in fold.known.labels]
        assert sorted(tested) == sorted(set(PEOPLE) - set(fold.unknown.classes))


def test_no_class_is_left_without_images(split: tuple[Fold, ...]) -> None:
    for fold in split:
        assert fold.known.classes == fold.learning.classes
        assert np.bincount(fold.learning.labels, minlength=len(fold.learning.classes)).min() >= 1
        assert "Single" in fold.learning.classes


def test_nothing_is_both_learned_from_and_tested_on(split: tuple[Fold, ...]) -> None:
    for fold in split:
        parts = [set(part.images) for part in (fold.learning, fold.known, fold.unknown)]
        assert sum(map(len, parts)) == len(set.union(*parts))
        assert not set(fold.unknown.classes) & set(fold.learning.classes)


def test_every_image_is_used(split: tuple[Fold, ...], images: Labelled) -> None:
    for fold in split:
        parts = (*fold.learning.images, *fold.known.images, *fold.unknown.images)
        assert sorted(parts) == sorted(images.images)


def test_labels_name_the_person_in_the_image(split: tuple[Fold, ...]) -> None:
    for fold in split:
        for part in (fold.learning, fold.known, fold.unknown):
            named = [part.classes[label] for label in part.labels]
            assert named == [image.split("/")[0] for image in part.images]


def test_folds_test_on_different_images_and_hold_out_different_people(
    split: tuple[Fold, ...],
) -> None:
    tested = [image for fold in split for image in fold.known.images]
    assert len(tested) == len(set(tested))
    people = [person for fold in split for person in fold.unknown.classes]
    assert len(people) == len(set(people)) == 6
    assert "Single" not in people


def test_folds_do_not_depend_on_the_order_of_the_images(
    split: tuple[Fold, ...], images: Labelled
) -> None:
    turned = folds(images.take(np.arange(len(images))[::-1]), 3, 0)
    for fold, other in zip(split, turned, strict=True):
        assert sorted(fold.known.images) == sorted(other.known.images)
        assert fold.unknown.classes == other.unknown.classes


def test_the_first_folds_are_the_same_however_many_there_are(
    split: tuple[Fold, ...], images: Labelled
) -> None:
    for fold, other in zip(folds(images, 2, 0), split, strict=False):
        assert fold.known.images == other.known.images
        assert fold.unknown.images == other.unknown.images


def test_another_seed_draws_others(split: tuple[Fold, ...], images: Labelled) -> None:
    assert folds(images, 3, 1)[0].known.images != split[0].known.images


def test_too_few_people_are_told(images: Labelled) -> None:
    with pytest.raises(SampleError, match="fewer --folds"):
        folds(images, 9, 0)


def test_people_with_too_few_images_are_told(images: Labelled) -> None:
    _, firsts = np.unique(images.labels, return_index=True)
    seconds = firsts[
        images.labels[np.minimum(firsts + 1, len(images) - 1)] == images.labels[firsts]
    ]
    few = images.take(np.sort(np.concatenate([firsts, seconds + 1])))
    with pytest.raises(SampleError, match="more images of each person"):
        folds(few, 2, 0)
