"""The picture of a face: scaled, in a file that tells nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from starlike.portraits import picture
from starlike.records import Box, Photo, Pixels


@pytest.mark.parametrize("side", [64, 512])
def test_it_is_scaled_to_the_side_asked_for(astronaut_photo: Photo, side: int) -> None:
    pixels = picture.cut(astronaut_photo, Box(10, 300, 210, 100), side)
    assert pixels.shape == (side, side, 3)
    assert pixels.dtype == np.uint8


def test_the_file_is_a_jpeg_without_anything_but_the_picture(astronaut_pixels: Pixels) -> None:
    data = picture.jpeg(astronaut_pixels)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & image.info.keys()
        difference = np.abs(np.asarray(image, dtype=int) - astronaut_pixels).mean()
    assert difference < 5
    assert len(data) < astronaut_pixels.nbytes / 8
