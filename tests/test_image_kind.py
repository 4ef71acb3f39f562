"""What kind of image is this: told by its first bytes, as its decoder tells it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from starlike import photo
from starlike.image_kind import EXTENSIONS, KINDS, kind_of
from tests.test_photo import FORMATS, written_as


@pytest.fixture
def picture() -> Image.Image:
    return Image.fromarray(np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3))


@pytest.mark.parametrize("name", FORMATS)
def test_the_kind_is_that_of_its_decoder(name: str, picture: Image.Image) -> None:
    data = written_as(name, picture)
    kind = kind_of(data[:16])
    assert kind is not None
    with photo.identified(data, name) as image:
        assert image.format is not None
        decoded = KINDS[image.format]
    assert kind == decoded or (kind.name, decoded.name) == ("JPEG", "MPO")
    assert (kind.media_type, kind.extension) == (decoded.media_type, decoded.extension)


@pytest.mark.parametrize(
    ("kind", "media_type", "extension", "in_browsers"),
    [
        ("JPEG", "image/jpeg", ".jpg", True),
        ("MPO", "image/jpeg", ".jpg", True),
        ("TIFF", "image/tiff", ".tif", False),
        ("AVIF", "image/avif", ".avif", True),
        ("HEIF", "image/heic", ".heic", False),
    ],
)
def test_a_kind_says_how_it_is_sent_and_stored(
    kind: str, media_type: str, extension: str, in_browsers: bool
) -> None:
    told = KINDS[kind]
    assert (told.media_type, told.extension) == (media_type, extension)
    assert told.in_browsers is in_browsers


@pytest.mark.parametrize("data", [b"", b"GIF", b"<svg>", b"%PDF-1.7", b"RIFF____WAVE", b"\0" * 16])
def test_what_is_none_of_them_has_no_kind(data: bytes) -> None:
    assert kind_of(data) is None


def test_every_ending_that_is_taken_for_a_photo_is_lower_case_and_has_a_dot() -> None:
    assert {".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".avif"} <= EXTENSIONS
    assert all(ending == "." + ending[1:].lower() for ending in EXTENSIONS)


def test_every_kind_can_be_opened_here(picture: Image.Image) -> None:
    stream = io.BytesIO()
    assert {"JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "MPO"} == set(KINDS)
    picture.save(stream, "TIFF", big_tiff=True)
    told = kind_of(stream.getvalue())
    assert told == KINDS["TIFF"]
