from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from starlike.choose import curve
from starlike.choose.folds import Fold, folds
from starlike.files.leaderboard import Point, Result
from starlike.files.sample import Labelled


@pytest.fixture(scope="module")
def fold(images: Labelled) -> Fold:
    return folds(images, 2, 0)[0]


def counts(images: Labelled) -> list[int]:
    return [int((images.labels == label).sum()) for label in range(len(images.classes))]


def test_only_sizes_that_leave_images_out_are_measured(fold: Fold) -> None:
    assert max(counts(fold.learning)) == 4
    assert curve.sizes(fold.learning) == (1, 2, None)
    assert curve.sizes(fold.learning, quick=True) == (1, None)


def test_sizes_reach_up_to_sixteen(fold: Fold) -> None:
    many = fold.learning.take(np.tile(np.arange(len(fold.learning)), 5))
    assert curve.sizes(many) == (1, 2, 4, 8, 16, None)
    assert curve.sizes(many, quick=True) == (1, 4, None)


@pytest.mark.parametrize("at_most", [1, 2, 3])
def test_every_class_keeps_so_many_images_or_all_it_has(fold: Fold, at_most: int) -> None:
    part = curve.part(fold, at_most, 0)
    assert part.learning.classes == fold.learning.classes
    assert counts(part.learning) == [min(at_most, count) for count in counts(fold.learning)]


def test_all_images_are_those_of_the_fold_in_their_order(fold: Fold) -> None:
    assert curve.part(fold, None, 0).learning.images == fold.learning.images


def test_smaller_parts_lie_within_larger_ones(fold: Fold) -> None:
    parts = [set(curve.part(fold, at_most, 0).learning.images) for at_most in (1, 2, 3, None)]
    assert parts[0] < parts[1] < parts[2] < parts[3]


def test_what_is_asked_about_stays_the_same(fold: Fold) -> None:
    part = curve.part(fold, 1, 0)
    assert part.known is fold.known
    assert part.unknown is fold.unknown


def test_draws_depend_on_the_seed_and_not_on_the_order_of_the_images(
    fold: Fold, images: Labelled
) -> None:
    turned = folds(images.take(np.arange(len(images))[::-1]), 2, 0)[0]
    drawn = set(curve.part(fold, 2, 0).learning.images)
    assert set(curve.part(turned, 2, 0).learning.images) == drawn
    assert set(curve.part(fold, 2, 1).learning.images) != drawn


def test_a_point_tells_what_was_learned_from_and_what_came_out(
    fold: Fold, make_result: Callable[..., Result]
) -> None:
    part = curve.part(fold, 1, 0)
    result = make_result(top_1=0.7)
    assert curve.point("some", 1, part, result) == Point(
        name="some",
        at_most=1,
        learned=len(fold.learning.classes),
        images=100,
        figures=result.figures,
    )
