"""A sharp face is told from a blurred one, whatever its size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from starlike.faces.crop import resize
from starlike.faces.quality import sharpness
from starlike.records import Box, Photo, Pixels


def _sharpness(pixels: Pixels, radius: float, scale: float) -> float:
    """Of the astronaut's face, in her portrait blurred and scaled."""
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), radius or 1e-3), dtype=np.uint8)
    box = Box(*(round(edge * scale) for edge in (76, 265, 166, 175)))
    return sharpness(Photo(resize(blurred, scale), "test"), box)


def test_a_face_is_the_less_sharp_the_more_it_is_blurred(astronaut_photo: Photo) -> None:
    figures = [_sharpness(astronaut_photo.pixels, radius, 1.0) for radius in (0, 1, 2, 4)]
    assert figures == sorted(set(figures), reverse=True)
    assert figures[0] > 10 * figures[-1]


def test_the_sharpness_of_a_large_photo_is_that_of_its_crop(astronaut_photo: Photo) -> None:
    once = _sharpness(astronaut_photo.pixels, 0, 2.0)
    twice = _sharpness(astronaut_photo.pixels, 0, 4.0)
    assert twice == pytest.approx(once, rel=0.2)


def test_a_blank_face_has_no_sharpness() -> None:
    blank = Photo(np.full((300, 300, 3), 77, np.uint8), "blank")
    assert sharpness(blank, Box(10, 250, 280, 20)) == 0
