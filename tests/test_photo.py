"""Anything a photo may come as: opened upright and in RGB, or refused in one line."""

from __future__ import annotations

import io
import os
import random
import signal
import struct
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import pillow_heif
import pytest
from PIL import Image

from starlike import photo
from starlike.errors import (
    NotAPhotoError,
    PhotoBrokenError,
    PhotoEmptyError,
    PhotoError,
    PhotoIsDirectoryError,
    PhotoNotFoundError,
    PhotoTooLargeError,
    PhotoUnreadableError,
)
from starlike.photo import Limits
from starlike.records import Pixels

pillow_heif.register_heif_opener()

# Pillow warns of much that it meets in damaged files before it gives them up.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

Transpose = Image.Transpose


class Format(NamedTuple):
    """How a picture is written, and how far (mean difference) it may come back from itself."""

    kind: str
    options: dict[str, Any]
    tolerance: float = 0.0
    frames: int = 1


FORMATS = {
    "jpeg": Format("JPEG", {"quality": 100, "subsampling": 0}, 1),
    "jpeg-progressive": Format("JPEG", {"quality": 95, "progressive": True}, 6),
    "mpo": Format("MPO", {"quality": 100, "subsampling": 0}, 1, frames=2),
    "png": Format("PNG", {}),
    "apng": Format("PNG", {}, frames=2),
    "webp": Format("WEBP", {"quality": 95}, 6),
    "webp-lossless": Format("WEBP", {"lossless": True}),
    "webp-animated": Format("WEBP", {"lossless": True}, frames=2),
    "gif": Format("GIF", {}, 8),
    "gif-animated": Format("GIF", {}, 8, frames=2),
    "bmp": Format("BMP", {}),
    "tiff": Format("TIFF", {}),
    "tiff-lzw": Format("TIFF", {"compression": "tiff_lzw"}),
    "tiff-deflate": Format("TIFF", {"compression": "tiff_adobe_deflate"}),
    "tiff-jpeg": Format("TIFF", {"compression": "jpeg", "quality": 95}, 6),
    "tiff-pages": Format("TIFF", {}, frames=2),
    "avif": Format("AVIF", {"quality": 100, "subsampling": "4:4:4"}, 2),
    "avif-animated": Format("AVIF", {"quality": 100, "subsampling": "4:4:4"}, 2, frames=2),
    "heic": Format("HEIF", {"quality": -1, "chroma": 444}, 2),
}


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def written_as(name: str, image: Image.Image, **options: Any) -> bytes:
    """The image in a format of the table; later frames are the image upside down."""
    known = FORMATS[name]
    options = known.options | options
    if known.frames > 1:
        later = [image.transpose(Transpose.FLIP_TOP_BOTTOM)] * (known.frames - 1)
        options |= {"save_all": True, "append_images": later}
    return written(image, known.kind, **options)


def difference(one: Pixels, other: Pixels) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.fixture(scope="module")
def picture(astronaut_pixels: Pixels) -> Image.Image:
    """A small picture that is like itself neither turned nor mirrored."""
    return Image.fromarray(astronaut_pixels).crop((100, 40, 340, 200)).resize((48, 32))


@pytest.fixture(scope="module")
def pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture)


# What is opened.


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_its_first_frame(
    name: str, picture: Image.Image, pixels: Pixels
) -> None:
    opened = photo.open(written_as(name, picture)).pixels
    assert opened.dtype == np.uint8
    assert opened.flags.c_contiguous
    assert difference(opened, pixels) <= FORMATS[name].tolerance


def test_the_content_counts_and_not_the_ending(
    tmp_path: Path, picture: Image.Image, pixels: Pixels
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(written(picture, "PNG"))
    assert np.array_equal(photo.open(file).pixels, pixels)


def test_heic_needs_no_registering_by_the_caller(
    tmp_path: Path, picture: Image.Image, run_python: Callable[..., Any]
) -> None:
    file = tmp_path / "photo.heic"
    file.write_bytes(written_as("heic", picture))
    code = "import sys; from starlike import photo; print(photo.open(sys.argv[1]).pixels.shape)"
    assert run_python(code, str(file)).stdout == "(32, 48, 3)\n"


# How a camera held each way stores the scene: the transposition that takes it to the file.
STORED = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("name", ["jpeg", "png", "webp-lossless", "tiff", "avif", "heic", "mpo"])
def test_every_orientation_ends_upright(
    name: str, orientation: int, picture: Image.Image, pixels: Pixels
) -> None:
    turn = STORED[orientation]
    stored = picture if turn is None else picture.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = photo.open(written_as(name, stored, exif=exif.tobytes())).pixels
    assert difference(opened, pixels) <= FORMATS[name].tolerance


@pytest.mark.parametrize("orientation", STORED)
def test_a_pillow_image_is_turned_by_its_orientation(
    orientation: int, picture: Image.Image, pixels: Pixels
) -> None:
    turn = STORED[orientation]
    stored = picture.copy() if turn is None else picture.transpose(turn)
    stored.getexif()[0x0112] = orientation
    assert np.array_equal(photo.open(stored).pixels, pixels)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_turns_nothing(
    orientation: int, picture: Image.Image, pixels: Pixels
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(photo.open(written(picture, "PNG", exif=exif)).pixels, pixels)


def test_exif_that_is_rubbish_does_not_hinder(picture: Image.Image, pixels: Pixels) -> None:
    data = written(picture, "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff rubbish")
    assert np.array_equal(photo.open(data).pixels, pixels)


# Modes of colour.

RAMP = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16)
GREYS = (RAMP // 257).astype(np.uint8)


def grey(values: Pixels) -> Pixels:
    return np.repeat(values[:, :, None], 3, axis=2)


WIDE_GREYS: dict[str, Callable[[], bytes]] = {
    "16-bit PNG": lambda: written(Image.fromarray(RAMP), "PNG"),
    "16-bit TIFF": lambda: written(Image.fromarray(RAMP), "TIFF"),
    "16-bit TIFF, big-endian": lambda: written(Image.fromarray(RAMP.astype(">u2")), "TIFF"),
    "32-bit TIFF": lambda: written(Image.fromarray(RAMP.astype(np.int32)), "TIFF"),
    "float TIFF to 1": lambda: written(Image.fromarray((RAMP / 65535).astype("<f4")), "TIFF"),
    "float TIFF to 255": lambda: written(Image.fromarray((RAMP / 257).astype("<f4")), "TIFF"),
    "8-bit PNG": lambda: written(Image.fromarray(GREYS), "PNG"),
}


@pytest.mark.parametrize("name", WIDE_GREYS)
def test_wide_greys_are_scaled_and_not_clipped(name: str) -> None:
    assert np.array_equal(photo.open(WIDE_GREYS[name]()).pixels, grey(GREYS))


def test_floats_that_are_no_numbers_are_black() -> None:
    values = np.array([[0.0, 1.0], [np.nan, -np.inf]], dtype=np.float32)
    opened = photo.open(written(Image.fromarray(values), "TIFF")).pixels
    assert opened[:, :, 0].tolist() == [[0, 255], [0, 0]]


@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_sixteen_bit_colours_keep_their_eight_high_bits(ending: str) -> None:
    colours = np.stack([RAMP, RAMP[::-1], RAMP.T], axis=2)
    written_well, data = cv2.imencode(ending, colours)
    assert written_well
    expected = (colours[:, :, ::-1] >> 8).astype(np.uint8)
    assert np.array_equal(photo.open(data.tobytes()).pixels, expected)


@pytest.mark.parametrize("name", ["png", "jpeg", "webp-lossless", "tiff", "bmp", "gif", "heic"])
def test_grey_photos_have_three_equal_channels(name: str, picture: Image.Image) -> None:
    opened = photo.open(written_as(name, picture.convert("L"))).pixels
    assert difference(opened, grey(np.asarray(picture.convert("L")))) <= 2
    assert difference(opened, grey(opened[:, :, 0])) <= 0.5


@pytest.mark.parametrize(("kind", "tolerance"), [("JPEG", 2), ("TIFF", 0)])
def test_print_colours_become_screen_colours(
    kind: str, tolerance: float, picture: Image.Image, pixels: Pixels
) -> None:
    data = written(picture.convert("CMYK"), kind, quality=100)
    assert difference(photo.open(data).pixels, pixels) <= tolerance


def test_one_bit_is_black_and_white() -> None:
    bits = np.eye(9, dtype=bool)
    opened = photo.open(written(Image.fromarray(bits), "PNG")).pixels
    assert np.array_equal(opened, grey(bits.astype(np.uint8) * 255))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_is_looked_up(kind: str, picture: Image.Image) -> None:
    painted = picture.quantize(16)
    assert np.array_equal(
        photo.open(written(painted, kind)).pixels, np.asarray(painted.convert("RGB"))
    )


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_the_transparent_colour_of_a_palette_is_white(kind: str, picture: Image.Image) -> None:
    painted = picture.quantize(16)
    opened = photo.open(written(painted, kind, transparency=3)).pixels
    clear = np.asarray(painted) == 3
    assert clear.any()
    assert (opened[clear] == 255).all()
    assert np.array_equal(opened[~clear], np.asarray(painted.convert("RGB"))[~clear])


def test_a_palette_may_be_half_transparent() -> None:
    painted = Image.new("P", (2, 1))
    painted.putpalette([0, 0, 0, 200, 0, 0])
    painted.putdata([0, 1])
    opened = photo.open(written(painted, "PNG", transparency=bytes([51, 255]))).pixels
    assert opened.tolist() == [[[204, 204, 204], [200, 0, 0]]]


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (255, 0, 0, 255), (255, 0, 0)),
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (255, 0, 0, 51), (255, 204, 204)),
        ("LA", (0, 255), (0, 0, 0)),
        ("LA", (0, 0), (255, 255, 255)),
        ("LA", (0, 51), (204, 204, 204)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", None])
def test_transparency_is_laid_on_white(
    mode: str, colour: tuple[int, ...], expected: tuple[int, ...], kind: str | None
) -> None:
    image = Image.new(mode, (8, 8), colour)
    source = written(image, kind, lossless=True) if kind else image
    assert (photo.open(source).pixels == expected).all()


def test_a_single_transparent_colour_is_white() -> None:
    image = Image.new("RGB", (2, 1), (9, 9, 9))
    image.putpixel((0, 0), (1, 2, 3))
    opened = photo.open(written(image, "PNG", transparency=(1, 2, 3))).pixels
    assert opened.tolist() == [[[255, 255, 255], [9, 9, 9]]]


# Ways to hand a photo over.


def _reopened(file: Path) -> Image.Image:
    return Image.open(file)


WAYS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "str": (str, "{file}"),
    "Path": (Path, "{file}"),
    "bytes": (Path.read_bytes, "bytes"),
    "bytearray": (lambda file: bytearray(file.read_bytes()), "bytes"),
    "memoryview": (lambda file: memoryview(file.read_bytes()), "bytes"),
    "BytesIO": (lambda file: io.BytesIO(file.read_bytes()), "stream"),
    "open file": (lambda file: file.open("rb"), "{file}"),
    "unbuffered file": (lambda file: file.open("rb", buffering=0), "{file}"),
    "Pillow image": (_reopened, "image"),
    "array": (lambda file: np.asarray(_reopened(file)), "array"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given", [None, "my photo"])
def test_every_way_gives_the_same_pixels_and_a_name(
    way: str, given: str | None, tmp_path: Path, picture: Image.Image, pixels: Pixels
) -> None:
    file = tmp_path / "Penélope Cruz.png"
    picture.save(file)
    make, name = WAYS[way]
    source = make(file)
    opened = photo.open(source, name=given)
    assert np.array_equal(opened.pixels, pixels)
    assert opened.name == (given or name.format(file=file))
    if hasattr(source, "close"):
        source.close()


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end(
    picture: Image.Image, pixels: Pixels
) -> None:
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(7, size or 0))

    assert np.array_equal(photo.open(Drops(written(picture, "PNG"))).pixels, pixels)


Array = npt.NDArray[Any]

ARRAYS: dict[str, Callable[[Pixels], Array]] = {
    "RGB": lambda rgb: rgb,
    "RGBA": lambda rgb: np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)]),
    "uint16": lambda rgb: rgb.astype(np.uint16) * 257,
    "big-endian uint16": lambda rgb: (rgb.astype(np.uint16) * 257).astype(">u2"),
    "float16 to 255": lambda rgb: rgb.astype(np.float16),
    "float32 to 1": lambda rgb: rgb.astype(np.float32) / 255,
    "float64 to 1": lambda rgb: rgb / 255,
    "float64 to 255": lambda rgb: rgb.astype(np.float64),
    "column by column": np.asfortranarray,
    "view": lambda rgb: np.repeat(rgb, 2, axis=1)[:, ::2],
    "read-only": lambda rgb: np.frombuffer(rgb.tobytes(), np.uint8).reshape(rgb.shape),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_colours_give_the_same_pixels(name: str, pixels: Pixels) -> None:
    opened = photo.open(ARRAYS[name](pixels)).pixels
    assert opened.dtype == np.uint8
    assert opened.flags.c_contiguous
    assert np.array_equal(opened, pixels)


@pytest.mark.parametrize("name", ["RGB", "uint16", "float32 to 1", "float64 to 255", "view"])
@pytest.mark.parametrize("axes", [2, 3])
def test_arrays_of_greys_give_three_equal_channels(name: str, axes: int, pixels: Pixels) -> None:
    values = ARRAYS[name](pixels)[:, :, 0]
    opened = photo.open(values if axes == 2 else values[:, :, None]).pixels
    assert np.array_equal(opened, grey(pixels[:, :, 0]))


def test_an_array_with_transparency_is_laid_on_white() -> None:
    array = np.array([[[255, 0, 0, 0], [255, 0, 0, 51], [255, 0, 0, 255]]], dtype=np.uint8)
    assert photo.open(array).pixels.tolist() == [[[255, 255, 255], [255, 204, 204], [255, 0, 0]]]


def test_a_photo_does_not_change_with_the_array_it_was_made_of(pixels: Pixels) -> None:
    array = pixels.copy()
    opened = photo.open(array)
    array[:] = 0
    assert np.array_equal(opened.pixels, pixels)


# Limits.


class Counting(io.BytesIO):
    """A stream without an end that counts what was taken of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        self.taken += size
        return bytes(size)


def test_a_stream_is_read_no_further_than_a_byte_beyond_the_limit() -> None:
    stream = Counting()
    with pytest.raises(PhotoTooLargeError):
        photo.open(stream, limits=Limits(max_bytes=5000))
    assert stream.taken == 5001


def test_a_file_is_not_read_into_memory_beyond_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "huge.jpg"
    with file.open("wb") as stream:
        stream.truncate(32 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(PhotoTooLargeError):
            photo.open(file, limits=Limits(max_bytes=5000))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", ["Path", "bytes", "bytearray", "BytesIO", "open file"])
def test_bytes_are_limited_to_the_byte(way: str, tmp_path: Path, picture: Image.Image) -> None:
    file = tmp_path / "photo.png"
    picture.save(file)
    size = file.stat().st_size
    make, _ = WAYS[way]
    assert photo.open(make(file), limits=Limits(max_bytes=size)).pixels.shape == (32, 48, 3)
    with pytest.raises(PhotoTooLargeError) as raised:
        photo.open(make(file), name="mine", limits=Limits(max_bytes=size - 1))
    assert_says_it_in_one_line(raised.value, "mine", "too_large")


@pytest.mark.parametrize("way", ["Path", "bytes", "Pillow image", "array"])
def test_pixels_are_limited_to_the_pixel(way: str, tmp_path: Path, picture: Image.Image) -> None:
    file = tmp_path / "photo.png"
    picture.save(file)
    make, _ = WAYS[way]
    area = picture.width * picture.height
    assert photo.open(make(file), limits=Limits(max_pixels=area)).pixels.shape == (32, 48, 3)
    with pytest.raises(PhotoTooLargeError) as raised:
        photo.open(make(file), name="mine", limits=Limits(max_pixels=area - 1))
    assert_says_it_in_one_line(raised.value, "mine", "too_large")


def _patched(data: bytes, at: int, layout: str, *values: int) -> bytes:
    field = struct.pack(layout, *values)
    return data[:at] + field + data[at + len(field) :]


def _claiming_png(side: int) -> bytes:
    data = _patched(written(Image.new("RGB", (1, 1)), "PNG"), 16, ">II", side, side)
    return _patched(data, 29, ">I", zlib.crc32(data[12:29]))


def _claiming_gif(side: int) -> bytes:
    return _patched(written(Image.new("L", (1, 1)), "GIF"), 6, "<HH", side, side)


def _claiming_bmp(side: int) -> bytes:
    return _patched(written(Image.new("RGB", (1, 1)), "BMP"), 18, "<ii", side, side)


def _claiming_jpeg(side: int) -> bytes:
    data = written(Image.new("RGB", (1, 1)), "JPEG")
    return _patched(data, data.index(b"\xff\xc0") + 5, ">HH", side, side)


CLAIMS = {
    "PNG": _claiming_png,
    "GIF": _claiming_gif,
    "BMP": _claiming_bmp,
    "JPEG": _claiming_jpeg,
}

OPEN_IN_LITTLE_MEMORY = """
import resource, sys
from starlike import errors, photo
with open("/proc/self/statm") as stream:
    used = int(stream.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 64 * 2**20,) * 2)
for file in sys.argv[1:]:
    try:
        photo.open(file)
    except errors.PhotoError as error:
        print(error.code)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by what Linux offers")
@pytest.mark.parametrize("side", [60_000, 11_000])
def test_a_claim_of_huge_size_is_refused_without_memory_for_it(
    side: int, tmp_path: Path, run_python: Callable[..., Any]
) -> None:
    for name, claiming in CLAIMS.items():
        (tmp_path / name).write_bytes(claiming(side))
    ended = run_python(OPEN_IN_LITTLE_MEMORY, *(str(tmp_path / name) for name in CLAIMS))
    assert ended.stdout.split() == ["too_large"] * len(CLAIMS), ended.stderr


# What is refused.


def assert_says_it_in_one_line(error: PhotoError, name: str, code: str) -> None:
    assert error.code == code
    assert str(error).startswith(f"{name}: ")
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) > len(name) + 10


def _folder(folder: Path) -> Path:
    return folder


def _missing(folder: Path) -> Path:
    return folder / "missing.jpg"


def _in_missing_folder(folder: Path) -> Path:
    return folder / "missing" / "photo.jpg"


def _below_a_file(folder: Path) -> Path:
    return _file(b"x", folder) / "photo.jpg"


def _file(content: bytes, folder: Path) -> Path:
    file = folder / "photo.jpg"
    file.write_bytes(content)
    return file


def _circle(folder: Path) -> Path:
    link = folder / "circle.jpg"
    link.symlink_to(link)
    return link


BAD_PATHS: dict[str, tuple[Callable[[Path], str | Path], type[PhotoError], str]] = {
    "missing": (_missing, PhotoNotFoundError, "not_found"),
    "in a missing folder": (_in_missing_folder, PhotoNotFoundError, "not_found"),
    "below a file": (_below_a_file, PhotoNotFoundError, "not_found"),
    "folder": (_folder, PhotoIsDirectoryError, "is_directory"),
    "NUL byte": (lambda _: "pho\0to.jpg", PhotoUnreadableError, "unreadable"),
    "name too long": (lambda _: "x" * 5000, PhotoUnreadableError, "unreadable"),
    "link to itself": (_circle, PhotoUnreadableError, "unreadable"),
    "empty": (partial(_file, b""), PhotoEmptyError, "empty"),
    "text": (partial(_file, b"This is not a photo.\n" * 9), NotAPhotoError, "not_a_photo"),
    "HTML": (partial(_file, b"<!DOCTYPE html><html></html>"), NotAPhotoError, "not_a_photo"),
    "SVG": (
        partial(_file, b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
        NotAPhotoError,
        "not_a_photo",
    ),
    "video": (partial(_file, b"\0\0\0\x18ftypisom" + bytes(99)), NotAPhotoError, "not_a_photo"),
    "one byte": (partial(_file, b"\xff"), NotAPhotoError, "not_a_photo"),
    "zeros": (partial(_file, bytes(999)), NotAPhotoError, "not_a_photo"),
}


@pytest.mark.parametrize("case", BAD_PATHS)
@pytest.mark.parametrize("given", [None, "upload"])
def test_a_bad_path_is_refused(case: str, given: str | None, tmp_path: Path) -> None:
    make, expected, code = BAD_PATHS[case]
    path = make(tmp_path)
    with pytest.raises(PhotoError) as raised:
        photo.open(path, name=given)
    assert type(raised.value) is expected
    assert_says_it_in_one_line(raised.value, given or str(path), code)


def test_a_given_name_keeps_the_path_out_of_the_message(tmp_path: Path) -> None:
    with pytest.raises(PhotoNotFoundError) as raised:
        photo.open(tmp_path / "secret.jpg", name="upload")
    assert "secret" not in str(raised.value)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read every file"
)
def test_a_file_without_permission_is_unreadable(tmp_path: Path, picture: Image.Image) -> None:
    file = _file(written(picture, "PNG"), tmp_path)
    file.chmod(0)
    with pytest.raises(PhotoUnreadableError) as raised:
        photo.open(file)
    assert_says_it_in_one_line(raised.value, str(file), "unreadable")


class Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, f"Input/output error after {size}")


BAD_CONTENTS: dict[str, tuple[Callable[[], Any], str, type[PhotoError], str]] = {
    "no bytes": (lambda: b"", "bytes", PhotoEmptyError, "empty"),
    "empty bytearray": (bytearray, "bytes", PhotoEmptyError, "empty"),
    "empty stream": (io.BytesIO, "stream", PhotoEmptyError, "empty"),
    "failing stream": (Failing, "stream", PhotoUnreadableError, "unreadable"),
    "image without pixels": (
        lambda: Image.new("RGB", (0, 9)),
        "image",
        PhotoEmptyError,
        "empty",
    ),
    "rubbish bytes": (lambda: bytes(range(256)), "bytes", NotAPhotoError, "not_a_photo"),
}


@pytest.mark.parametrize("case", BAD_CONTENTS)
@pytest.mark.parametrize("given", [None, "upload"])
def test_bad_content_is_refused(case: str, given: str | None) -> None:
    make, name, expected, code = BAD_CONTENTS[case]
    with pytest.raises(PhotoError) as raised:
        photo.open(make(), name=given)
    assert type(raised.value) is expected
    assert_says_it_in_one_line(raised.value, given or name, code)


@pytest.mark.parametrize("kind", ["PPM", "ICO", "TGA", "PCX", "JPEG2000", "PDF", "EPS"])
def test_a_format_that_is_not_listed_reaches_no_decoder(kind: str, picture: Image.Image) -> None:
    with pytest.raises(NotAPhotoError) as raised:
        photo.open(written(picture, kind))
    assert_says_it_in_one_line(raised.value, "bytes", "not_a_photo")


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("name", [name for name, known in FORMATS.items() if known.frames == 1])
def test_a_photo_that_is_cut_off_is_broken(name: str, share: float, picture: Image.Image) -> None:
    data = written_as(name, picture)
    with pytest.raises(PhotoBrokenError) as raised:
        photo.open(data[: int(len(data) * share)])
    assert_says_it_in_one_line(raised.value, "bytes", "broken")


@pytest.mark.parametrize(
    "beginning",
    [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x24\0\0\0WEBP",
        b"II*\0",
        b"MM\0*",
        b"\0\0\0\x1cftypavif",
        b"\0\0\0\x1cftypheic",
    ],
)
def test_what_only_begins_as_a_photo_is_broken(beginning: bytes) -> None:
    with pytest.raises(PhotoBrokenError) as raised:
        photo.open(beginning + b"\x01\x02\x03\x04" * 16)
    assert_says_it_in_one_line(raised.value, "bytes", "broken")


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(9, np.uint8),
        np.zeros((9, 9, 2), np.uint8),
        np.zeros((9, 9, 5), np.uint8),
        np.zeros((3, 9, 9), np.uint8),
        np.zeros((1, 9, 9, 3), np.uint8),
        np.zeros((), np.uint8),
        np.zeros((9, 9, 3), np.bool_),
        np.zeros((9, 9, 3), np.int64),
        np.zeros((9, 9, 3), np.int8),
        np.zeros((9, 9, 3), np.complex64),
        np.zeros((9, 9, 3), object),
        np.zeros((9, 9), "U3"),
    ],
    ids=lambda array: f"{array.shape} {array.dtype}",
)
def test_an_array_of_another_shape_or_type_is_no_photo(array: Array) -> None:
    with pytest.raises(NotAPhotoError) as raised:
        photo.open(array)
    assert_says_it_in_one_line(raised.value, "array", "not_a_photo")
    assert str(array.shape) in str(raised.value)
    assert str(array.dtype) in str(raised.value)


@pytest.mark.parametrize("shape", [(0, 9), (9, 0, 3), (0, 0, 4)])
def test_an_array_without_pixels_is_empty(shape: tuple[int, ...]) -> None:
    with pytest.raises(PhotoEmptyError) as raised:
        photo.open(np.zeros(shape, np.uint8), name="mine")
    assert_says_it_in_one_line(raised.value, "mine", "empty")


@pytest.mark.parametrize("source", [None, 7, ["photo.jpg"], io.StringIO("text")])
def test_what_can_be_no_source_is_the_callers_mistake(source: Any) -> None:
    with pytest.raises(TypeError):
        photo.open(source)


# Damage of every kind.


def _small_files(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    """A small file of every format, and of the modes and metadata that take other paths."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    for name in FORMATS:
        yield name, written_as(name, image)
    for name in ("jpeg", "png", "webp", "tiff", "avif", "heic"):
        yield f"{name} with EXIF", written_as(name, image, exif=exif.tobytes())
    yield "palette PNG", written(image.quantize(16), "PNG", transparency=3)
    yield "16-bit PNG", WIDE_GREYS["16-bit PNG"]()
    yield "float TIFF", WIDE_GREYS["float TIFF to 1"]()
    yield "CMYK JPEG", written(image.convert("CMYK"), "JPEG")


def _damaged(data: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(data)
    at, length = dice.randrange(len(data)), dice.randint(1, 64)
    match dice.randrange(5):
        case 0:
            for _ in range(8):
                damaged[dice.randrange(len(data))] = dice.randrange(256)
        case 1:
            for _ in range(4):
                header = min(len(data), 200)
                damaged[dice.randrange(header)] = dice.choice((0, 127, 128, 255))
        case 2:
            del damaged[at : at + length]
        case 3:
            damaged[at:at] = dice.randbytes(length)
        case _:
            other = dice.randrange(len(data))
            damaged[at : at + length] = data[other : other + length]
    return bytes(damaged)


@contextmanager
def ending_within(seconds: int) -> Iterator[None]:
    """Fail when the block takes longer, where the system has an alarm for it."""

    def fail(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"no end after {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _outcome(data: bytes) -> str:
    try:
        photo.open(data, name="damaged", limits=Limits(max_pixels=1_000_000))
    except PhotoError as error:
        assert_says_it_in_one_line(error, "damaged", type(error).code)
        return error.code
    return "opened"


def test_damage_ends_in_a_photo_or_in_a_photo_error(picture: Image.Image) -> None:
    dice = random.Random(20)
    seen: set[str] = set()
    for _, data in _small_files(picture.resize((24, 16))):
        with ending_within(30):
            seen |= {_outcome(_damaged(data, dice)) for _ in range(300)}
    assert seen == {"opened", "broken", "not_a_photo", "too_large"}
