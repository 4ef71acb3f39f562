"""Augmentations of a face: the same for the same seed, each another, and still the same face."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from starlike.faces import align
from starlike.faces.align import CHIP_SIDE
from starlike.faces.augment import AUGMENTATIONS, WIDE_PADDING, WIDE_SIDE, augmentations
from starlike.faces.onnx_encoder import OnnxEncoder
from starlike.records import Box, Face, Photo, Pixels

FACE = Face(box=Box(76, 265, 166, 175), detector="hog")


@pytest.fixture(scope="module")
def wide(astronaut_photo: Photo) -> Pixels:
    cut = align.cut(astronaut_photo, [FACE], "photo", side=WIDE_SIDE, padding=WIDE_PADDING)
    return np.asarray(cut[0], dtype=np.uint8)


@pytest.fixture(scope="module")
def plain(astronaut_photo: Photo) -> Pixels:
    return np.asarray(align.cut(astronaut_photo, [FACE], "photo")[0], dtype=np.uint8)


def difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_augmentations_are_chips(wide: Pixels) -> None:
    made = augmentations(wide, 1)
    assert made.shape == (AUGMENTATIONS, CHIP_SIDE, CHIP_SIDE, 3)
    assert made.dtype == np.uint8


def test_the_same_seed_gives_the_same_augmentations(wide: Pixels) -> None:
    np.testing.assert_array_equal(augmentations(wide, 5), augmentations(wide, 5))


def test_another_seed_gives_other_augmentations_after_the_first(wide: Pixels) -> None:
    one, other = augmentations(wide, 5), augmentations(wide, 6)
    np.testing.assert_array_equal(one[0], other[0])
    for first, second in zip(one[1:], other[1:], strict=True):
        assert difference(first, second) > 1


def test_fewer_augmentations_are_the_first_of_more(wide: Pixels) -> None:
    np.testing.assert_array_equal(augmentations(wide, 5, 2), augmentations(wide, 5)[:2])


def test_the_first_is_the_face_mirrored_and_turned_a_little(wide: Pixels) -> None:
    turned = Image.fromarray(wide).rotate(4, Image.Resampling.BILINEAR).crop((25, 25, 175, 175))
    assert difference(augmentations(wide, 5)[0], np.asarray(turned)[:, ::-1]) < 1.5


def test_no_two_augmentations_are_alike(wide: Pixels) -> None:
    for one, other in combinations(augmentations(wide, 1), 2):
        assert difference(one, other) > 1


def test_an_augmentation_is_not_the_chip_itself_but_near_it(wide: Pixels, plain: Pixels) -> None:
    for seed in range(5):
        for number, made in enumerate(augmentations(wide, seed)):
            upright = made if number % 2 else made[:, ::-1]
            assert 1 < difference(upright, plain) < 60


def test_every_other_augmentation_is_mirrored(wide: Pixels, plain: Pixels) -> None:
    for number, made in enumerate(augmentations(wide, 2)):
        likeness = [
            np.corrcoef(made.ravel(), shown.ravel())[0, 1] for shown in (plain, plain[:, ::-1])
        ]
        assert int(np.argmax(likeness)) == (number + 1) % 2


def test_the_chip_is_left_as_it_was(wide: Pixels) -> None:
    before = wide.copy()
    augmentations(wide, 1)
    np.testing.assert_array_equal(wide, before)


def test_an_encoder_takes_all_of_them_for_the_same_person(wide: Pixels, plain: Pixels) -> None:
    encoder = OnnxEncoder()
    (as_it_is,) = encoder.embed_chips(plain[None])
    apart = np.linalg.norm(encoder.embed_chips(augmentations(wide, 3)) - as_it_is, axis=1)
    assert apart.max() < 0.6
    assert apart.min() > 0
