"""The picture around a face: a square inside the photo, and a file that tells nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from starlike.portraits import picture
from starlike.records import Box, Photo, Pixels

HEIGHT, WIDTH = 400, 600


@pytest.mark.parametrize(
    "box",
    [
        Box(150, 350, 250, 250),
        Box(0, 100, 100, 0),
        Box(300, 600, 400, 500),
        Box(50, 450, 350, 150),
        Box(0, 500, 400, 100),
        Box(200, 241, 240, 201),
    ],
    ids=["middle", "top left", "bottom right", "large", "as high as the photo", "small"],
)
def test_the_square_lies_in_the_photo_and_holds_the_face(box: Box) -> None:
    square = picture.around(box, HEIGHT, WIDTH)
    assert square.right - square.left == square.bottom - square.top
    assert 0 <= square.top <= box.top
    assert box.bottom <= square.bottom <= HEIGHT
    assert 0 <= square.left <= box.left
    assert box.right <= square.right <= WIDTH


def test_where_there_is_room_it_has_hair_and_shoulders() -> None:
    box = Box(150, 350, 250, 250)
    square = picture.around(box, HEIGHT, WIDTH)
    assert square.right - square.left == picture.wanted(box) == 240
    assert (square.left + square.right) / 2 == 300
    assert 50 < box.top - square.top < square.bottom - box.bottom


def test_a_face_taller_than_the_photo_is_wide_gets_all_of_its_width() -> None:
    assert picture.around(Box(0, 100, 180, 0), 200, 100) == Box(36, 100, 136, 0)


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
