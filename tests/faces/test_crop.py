"""Faces are cut out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from starlike.faces import crop
from starlike.records import Box, Face, Photo


def test_a_crop_has_the_face_and_nothing_else(astronaut_photo: Photo) -> None:
    box = Box(76, 265, 166, 175)
    cut = crop.crop(astronaut_photo, Face(box=box, detector="test"))
    assert cut.shape == (170, 170, 3)
    assert cut.dtype == np.uint8
    piece = Image.fromarray(astronaut_photo.pixels).crop((box.left, box.top, box.right, box.bottom))
    expected = np.asarray(piece.resize((170, 170), Image.Resampling.BILINEAR))
    assert np.abs(cut.astype(int) - expected.astype(int)).mean() < 1


@pytest.mark.parametrize("box", [Box(0, 512, 512, 0), Box(0, 2, 2, 0), Box(500, 512, 503, 3)])
def test_a_crop_has_its_size_whatever_the_box(box: Box, astronaut_photo: Photo) -> None:
    assert crop.crop(astronaut_photo, Face(box=box, detector="test")).shape == (170, 170, 3)
