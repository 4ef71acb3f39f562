"""A face's five points: its own where they are dlib's, else found in its box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from starlike.faces import align, landmarks
from starlike.faces.crop import resize
from starlike.records import Box, Face, Landmarks, Photo

BOX = Box(76, 265, 166, 175)
PLAIN = Face(box=BOX, detector="test")


@pytest.fixture(scope="module")
def found(astronaut_photo: Photo) -> Landmarks:
    return landmarks.find(astronaut_photo.pixels, BOX)


def moved(points: Landmarks, scheme: str) -> Face:
    """The face with its points 10 pixels farther right."""
    return replace(PLAIN, landmarks=Landmarks(tuple((x + 10, y) for x, y in points.points), scheme))


def test_points_are_whole_pixels_in_the_box(found: Landmarks) -> None:
    points = np.array(found.points)
    assert points.shape == (5, 2)
    assert (points == points.round()).all()
    assert (points > (BOX.left, BOX.top)).all()
    assert (points < (BOX.right, BOX.bottom)).all()


def test_a_chip_by_its_own_points_is_that_by_those_found(
    astronaut_photo: Photo, found: Landmarks
) -> None:
    own = replace(PLAIN, landmarks=found)
    one, other = (align.cut(astronaut_photo, [face], "photo") for face in (PLAIN, own))
    np.testing.assert_array_equal(one, other)


def test_its_own_points_decide_where_they_are_of_dlibs_scheme(
    astronaut_photo: Photo, found: Landmarks
) -> None:
    face = moved(found, landmarks.EYE_CORNERS_NOSE)
    plain = align.cut(astronaut_photo, [PLAIN], "photo")
    assert landmarks.of(astronaut_photo, face) == face.landmarks
    assert not np.array_equal(align.cut(astronaut_photo, [face], "photo"), plain)


def test_points_of_another_scheme_change_nothing(astronaut_photo: Photo, found: Landmarks) -> None:
    face = moved(found, landmarks.EYES_NOSE_MOUTH)
    plain = align.cut(astronaut_photo, [PLAIN], "photo")
    assert landmarks.of(astronaut_photo, face) == found
    np.testing.assert_array_equal(align.cut(astronaut_photo, [face], "photo"), plain)


def test_in_a_crop_points_are_found_anew(astronaut_photo: Photo, found: Landmarks) -> None:
    face = moved(found, landmarks.EYE_CORNERS_NOSE)
    one, other = (align.cut(astronaut_photo, [item], "crop") for item in (PLAIN, face))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("scale", [4, 12])
def test_the_chip_of_a_large_face_is_that_of_a_smaller_one(
    scale: int, astronaut_photo: Photo
) -> None:
    image, box = astronaut_photo.pixels[:300, 100:350], Box(76, 165, 166, 75)
    chips = []
    for larger in (2, scale):
        face = Face(box=Box(*(edge * larger for edge in box)), detector="test")
        chips.append(align.cut(Photo(resize(image, larger), "test"), [face], "photo").astype(int))
    assert np.abs(chips[0] - chips[1]).mean() < 4
