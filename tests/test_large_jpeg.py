"""Large JPEGs: decoded no larger than is needed, and answered as the whole photo is."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from starlike import photo
from starlike.errors import PhotoBrokenError
from starlike.faces import align, make_detector, make_encoder, quality
from starlike.faces.crop import crop
from starlike.records import Embedding, Photo, Pixels

HEAD_SIDE = 256
ORIENTATION = 0x0112


def jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    stream, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = orientation
    image.save(stream, "JPEG", quality=92, exif=exif)
    return stream.getvalue()


@pytest.fixture(scope="module")
def large(astronaut_pixels: Pixels) -> Image.Image:
    """The astronaut's head, 2600x3000, with a face of about 900 pixels."""
    head = Image.fromarray(astronaut_pixels[:HEAD_SIDE, 100 : 100 + 222])
    return head.resize((2600, 3000), Image.Resampling.BICUBIC)


def whole(data: bytes) -> Photo:
    """The photo with all of its pixels at hand and no other size."""
    return Photo(photo.open(data).pixels, "whole")


def embedded(opened: Photo) -> Embedding:
    (face,) = make_detector().detect(opened)
    return make_encoder().embed(opened, [face], "augmented")[0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_its_size_and_its_pixels_are_those_of_the_whole_photo(
    orientation: int, large: Image.Image
) -> None:
    opened = photo.open(jpeg(large, orientation))
    assert opened.size == ((3000, 2600) if orientation > 4 else (2600, 3000))
    small = opened.at_least(500)
    assert 600 <= max(small.shape[:2]) < 1300
    assert (small.shape[0] > small.shape[1]) == (orientation <= 4)
    assert opened.pixels.shape[:2] == opened.size[::-1]
    shrunk = Image.fromarray(opened.pixels).resize(small.shape[1::-1], Image.Resampling.BOX)
    assert np.abs(np.asarray(shrunk).astype(int) - small.astype(int)).mean() < 3


@pytest.mark.parametrize("side", [1, 600, 751, 1000, 1500, 1501, 3000, 99_999])
def test_as_many_pixels_as_are_asked_for_are_given(side: int, large: Image.Image) -> None:
    opened = photo.open(jpeg(large))
    got = opened.at_least(side)
    assert max(got.shape[:2]) >= min(side, 3000)
    assert max(opened.at_least(1).shape[:2]) == max(got.shape[:2]), "it is decoded no second time"


@pytest.mark.parametrize("size", [(3000, 2999), (2993, 3000), (3000, 3000)])
@pytest.mark.parametrize("orientation", [1, 6])
def test_which_way_up_a_nearly_square_photo_is_is_told_rightly(
    size: tuple[int, int], orientation: int
) -> None:
    opened = photo.open(jpeg(Image.new("RGB", size), orientation))
    assert opened.size == (size if orientation == 1 else size[::-1])
    assert opened.pixels.shape[:2] == opened.size[::-1]


def test_a_long_strip_is_opened(large: Image.Image) -> None:
    opened = photo.open(jpeg(large.resize((9000, 20))))
    assert opened.size == (9000, 20)
    assert opened.at_least(5000).shape[1] >= 5000


def test_a_grey_one_has_three_channels(large: Image.Image) -> None:
    assert photo.open(jpeg(large.convert("L"))).at_least(1).shape[2] == 3


def test_one_that_is_cut_off_is_broken_when_it_is_opened(large: Image.Image) -> None:
    data = jpeg(large)
    with pytest.raises(PhotoBrokenError):
        photo.open(data[: len(data) // 2])


def test_its_face_is_the_one_of_the_whole_photo(large: Image.Image) -> None:
    data = jpeg(large)
    opened = photo.open(data)
    one, other = embedded(opened), embedded(whole(data))
    assert max(opened.at_least(1).shape[:2]) < 1600, "a large face does not need all of it"
    assert one.face.box.overlap(other.face.box) > 0.95
    assert np.linalg.norm(one.vector - other.vector) < 0.1
    crops = [crop(item, one.face).astype(int) for item in (opened, whole(data))]
    assert np.abs(crops[0] - crops[1]).mean() < 6
    sharpness = [quality.sharpness(item, one.face.box) for item in (opened, whole(data))]
    assert sharpness[0] == pytest.approx(sharpness[1], rel=0.3)


def test_a_small_face_is_seen_in_all_of_its_pixels(large: Image.Image) -> None:
    canvas = Image.new("RGB", (3000, 2600), (120, 120, 120))
    canvas.paste(large.resize((400, 460)), (1200, 900))
    data = jpeg(canvas)
    opened = photo.open(data)
    (face,) = make_detector().detect(opened)
    chips = [align.cut(item, [face], "photo").astype(int) for item in (opened, whole(data))]
    assert np.abs(chips[0] - chips[1]).mean() < 2
    assert max(opened.at_least(1).shape[:2]) == 3000
