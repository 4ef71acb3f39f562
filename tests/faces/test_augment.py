"""Views of a face: the same for the same seed, each another, and still the same face."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from starlike.faces import FastEncoder, align, detect
from starlike.faces.align import CHIP_SIDE
from starlike.faces.augment import VIEWS, WIDE_PADDING, WIDE_SIDE, views
from starlike.records import Photo, Pixels


@pytest.fixture(scope="module")
def wide(astronaut_photo: Photo) -> Pixels:
    faces = detect.find(astronaut_photo)
    cut = align.cut(astronaut_photo, faces, "photo", side=WIDE_SIDE, padding=WIDE_PADDING)
    return np.asarray(cut[0], dtype=np.uint8)


@pytest.fixture(scope="module")
def plain(astronaut_photo: Photo) -> Pixels:
    return np.asarray(
        align.cut(astronaut_photo, detect.find(astronaut_photo), "photo")[0], dtype=np.uint8
    )


def difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_views_are_chips(wide: Pixels) -> None:
    made = views(wide, 1)
    assert made.shape == (VIEWS, CHIP_SIDE, CHIP_SIDE, 3)
    assert made.dtype == np.uint8


def test_the_same_seed_gives_the_same_views(wide: Pixels) -> None:
    np.testing.assert_array_equal(views(wide, 5), views(wide, 5))


def test_another_seed_gives_other_views(wide: Pixels) -> None:
    for one, other in zip(views(wide, 5), views(wide, 6), strict=True):
        assert difference(one, other) > 1


def test_no_two_views_are_alike(wide: Pixels) -> None:
    for one, other in combinations(views(wide, 1), 2):
        assert difference(one, other) > 1


def test_a_view_is_not_the_chip_itself_but_near_it(wide: Pixels, plain: Pixels) -> None:
    for seed in range(5):
        for number, view in enumerate(views(wide, seed)):
            upright = view[:, ::-1] if number % 2 else view
            assert 1 < difference(upright, plain) < 60


def test_every_other_view_is_mirrored(wide: Pixels, plain: Pixels) -> None:
    for number, view in enumerate(views(wide, 2)):
        likeness = [
            np.corrcoef(view.ravel(), shown.ravel())[0, 1] for shown in (plain, plain[:, ::-1])
        ]
        assert int(np.argmax(likeness)) == number % 2


def test_the_chip_is_left_as_it_was(wide: Pixels) -> None:
    before = wide.copy()
    views(wide, 1)
    np.testing.assert_array_equal(wide, before)


def test_an_encoder_takes_all_views_for_the_same_person(wide: Pixels, plain: Pixels) -> None:
    encoder = FastEncoder()
    (as_it_is,) = encoder.encode_chips(plain[None])
    apart = np.linalg.norm(encoder.encode_chips(views(wide, 3)) - as_it_is, axis=1)
    assert apart.max() < 0.6
    assert apart.min() > 0
