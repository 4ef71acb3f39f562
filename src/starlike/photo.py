"""Anything a photo may come as → an upright RGB array, within limits."""

from __future__ import annotations

import io
import math
import struct
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from starlike.errors import (
    NotAPhotoError,
    PhotoBrokenError,
    PhotoEmptyError,
    PhotoIsDirectoryError,
    PhotoNotFoundError,
    PhotoTooLargeError,
    PhotoUnreadableError,
)
from starlike.image_kind import KINDS, kind_of
from starlike.records import Photo, Pixels

_File: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
Source: TypeAlias = _File | Image.Image | npt.NDArray[Any]
"""A path, the bytes of a file, a binary stream, a Pillow image or an array of pixels."""


# Bytes asked of a stream at a time: Python sets aside the memory for as many as are asked for.
_PIECE = 1024 * 1024

# As much of a file as tells its kind.
_BEGINNING = 64

# Large JPEGs are decoded smaller first, with at least so many pixels along the longer side: enough
# to look for faces and, of a portrait, to see what it is like.
_QUICK_SIDE, _LARGEST_SHRINK = 600, 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused: files over `max_bytes`, images over `max_pixels` (width × height)."""

    max_bytes: int = 64 * 1024 * 1024
    max_pixels: int = 110_000_000


DEFAULT_LIMITS = Limits()
# Of a file that was within the limits when it was opened.
_CHECKED = Limits(max_pixels=sys.maxsize)


def open(source: Source, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Photo:  # noqa: A001
    """Open a photo: first frame, upright by its EXIF orientation, transparency laid on white.

    Args:
        source: a path, bytes, binary stream, Pillow image, or an array (H, W), (H, W, 1),
            (H, W, 3) or (H, W, 4): uint8, uint16, or floating point from 0 to 1.
        name: what the photo is called in answers and errors; by default its path.
        limits: the size beyond which a photo is refused, before it is decoded.

    Returns:
        The photo, with pixels (H, W, 3) uint8 RGB. A large JPEG is decoded smaller first, and all
        of it when its pixels are asked for.

    Raises:
        PhotoNotFoundError, PhotoIsDirectoryError, PhotoUnreadableError: by what the path is.
        PhotoEmptyError: no bytes or no pixels.
        NotAPhotoError: an unknown format, or an array of another shape or type.
        PhotoBrokenError: damaged or cut off.
        PhotoTooLargeError: beyond the limits.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, name or "array", limits)
    if isinstance(source, Image.Image):
        name = name or "image"
        _check_pixels(source.size, name, limits)
        return Photo(_decode(source, name), name)
    data, name = _read(source, name, limits)
    if not data:
        raise PhotoEmptyError(f"{name}: the file is empty")
    return _from_bytes(data, name, limits)


def _read(source: _File, name: str | None, limits: Limits) -> tuple[bytes, str]:
    """The bytes of a file and the name it goes by; never more than one byte over the limit."""
    if isinstance(source, bytes | bytearray | memoryview):
        name, data = name or "bytes", bytes(source)
    elif isinstance(source, str | PathLike):
        name = name or fspath(source)
        data = _read_path(Path(source), name, limits)
    elif hasattr(source, "read"):
        name = name or str(getattr(source, "name", None) or "stream")
        data = _read_stream(source, name, limits)
    else:
        raise TypeError(f"a photo cannot be opened from {type(source).__name__}")
    if len(data) > limits.max_bytes:
        raise PhotoTooLargeError(
            f"{name}: the file is larger than {limits.max_bytes / 2**20:g} MiB; make it smaller"
        )
    return data, name


def _read_path(path: Path, name: str, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return _read_stream(stream, name, limits)
    except IsADirectoryError:
        raise PhotoIsDirectoryError(f"{name}: this is a folder, not a photo") from None
    except (FileNotFoundError, NotADirectoryError):
        raise PhotoNotFoundError(f"{name}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error


def _read_stream(stream: IO[bytes], name: str, limits: Limits) -> bytes:
    pieces, missing = [], limits.max_bytes + 1
    try:
        while missing > 0 and (piece := stream.read(min(missing, _PIECE))):
            if not isinstance(piece, bytes):
                raise TypeError("a photo is read from a binary stream, not a text stream")
            pieces.append(piece)
            missing -= len(piece)
    except OSError as error:
        raise _unreadable(name, error) from error
    return b"".join(pieces)


def _unreadable(name: str, error: Exception) -> PhotoUnreadableError:
    reason = getattr(error, "strerror", None) or _first_line(error)
    return PhotoUnreadableError(f"{name}: the file cannot be read ({reason})")


# Those of JPEG, PNG, GIF and BMP are loaded by Pillow itself, before it opens anything.
_PLUGINS = {
    "WEBP": "PIL.WebPImagePlugin",
    "TIFF": "PIL.TiffImagePlugin",
    "AVIF": "PIL.AvifImagePlugin",
}


@cache
def _register_heif() -> None:
    import pillow_heif  # noqa: PLC0415  a photo of another format needs none of it

    pillow_heif.register_heif_opener()


@contextmanager
def identified(
    data: bytes | IO[bytes], name: str, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Image.Image]:
    """An image whose kind and size are known and within limits, but which is not decoded yet.

    Args:
        data: the content of a file, or a stream at its beginning that can be sought.
        name: what it is called in errors.
        limits: the pixels beyond which it is refused.

    Raises:
        NotAPhotoError, PhotoBrokenError, PhotoTooLargeError, PhotoEmptyError: as for `open`.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    beginning = stream.read(_BEGINNING)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels from a size of its own; ours is checked just below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(stream, formats=_formats(beginning))
    except UnidentifiedImageError:
        seems = kind_of(beginning)
        if seems and seems.name != "BMP":  # two letters alone do not make an image of a text
            raise PhotoBrokenError(f"{name}: the image is broken or cut off") from None
        kinds = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
        raise NotAPhotoError(f"{name}: this is not an image that can be read ({kinds})") from None
    except Image.DecompressionBombError:
        raise _too_many_pixels(name, limits) from None
    except Exception as error:  # decoders raise nearly anything at a hostile header
        raise PhotoBrokenError(f"{name}: the image is broken ({_first_line(error)})") from error
    with image:
        _check_pixels(image.size, name, limits)
        yield image


def _from_bytes(data: bytes, name: str, limits: Limits) -> Photo:
    with identified(data, name, limits) as image:
        size = image.size
        _shrink(image, _QUICK_SIDE)
        pixels = _decode(image, name)
        return Photo(pixels, name) if image.size == size else _LargeJpeg(data, name, pixels, size)


def _shrink(image: Image.Image, side: float) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth of its size, which is quicker.

    Args:
        image: any, not decoded yet.
        side: so many pixels its longer side keeps at least.
    """
    width, height = image.size
    # Of nearly square ones it could not be told afterwards whether they were laid on their sides.
    if isinstance(image, JpegImageFile) and not 0 < abs(width - height) < _LARGEST_SHRINK:
        scale = side / max(width, height)
        image.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))


class _LargeJpeg(Photo):
    """A JPEG decoded no larger than it was asked for."""

    def __init__(self, data: bytes, name: str, pixels: Pixels, size: tuple[int, int]) -> None:
        super().__init__(pixels, name)
        width, height = self.size
        self.size = size if (width > height) == (size[0] > size[1]) else size[::-1]
        self._data = data

    @property
    def pixels(self) -> Pixels:
        """All of them, (H, W, 3) uint8 RGB."""
        return self.at_least(max(self.size))

    def at_least(self, side: float) -> Pixels:
        """As for any photo; it is decoded again where all so far were smaller."""
        if max(self._pixels.shape[:2]) < min(side, max(self.size)):
            with identified(self._data, self.name, _CHECKED) as image:
                _shrink(image, side)
                self._pixels = _decode(image, self.name)
        return self._pixels


def _formats(beginning: bytes) -> list[str]:
    """The formats that a file may be of by its beginning, with what decodes them loaded.

    Loading all of them takes longer than decoding a photo.
    """
    if beginning[4:8] == b"ftyp":
        _register_heif()
        likely = ["AVIF", "HEIF"]  # the same brands may stand before either
    elif seems := kind_of(beginning):
        likely = [seems.name]
    else:
        Image.init()
        likely = [name for name in KINDS if name in Image.OPEN]
    for name in set(likely) & set(_PLUGINS):
        import_module(_PLUGINS[name])
    return likely


def _too_many_pixels(name: str, limits: Limits) -> PhotoTooLargeError:
    return PhotoTooLargeError(
        f"{name}: more than {limits.max_pixels / 1e6:g} million pixels; make the photo smaller"
    )


def _check_pixels(size: tuple[int, int], name: str, limits: Limits) -> None:
    if size[0] * size[1] > limits.max_pixels:
        raise _too_many_pixels(name, limits)
    if not all(size):
        raise PhotoEmptyError(f"{name}: the image has no pixels")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _decode(image: Image.Image, name: str) -> Pixels:
    try:
        image.load()
        return np.ascontiguousarray(np.asarray(_rgb(_upright(image))))
    except Exception as error:  # decoders raise nearly anything at damaged data
        raise PhotoBrokenError(
            f"{name}: the image is broken or cut off ({_first_line(error)})"
        ) from error


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except (ValueError, TypeError, KeyError, OSError, SyntaxError, struct.error):
        return image  # EXIF that cannot be read says nothing about the orientation


def _rgb(image: Image.Image) -> Image.Image:
    """RGB of any mode: wide greys are scaled to 8 bits, transparency is laid on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: npt.NDArray[Any]) -> Pixels:
    """Greys as uint8: floats from 0 to 1, or 0 to 255; wide integers from 0 to 65535."""
    with np.errstate(invalid="ignore"):
        finite = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    largest = float(finite.max(initial=0.0))
    if np.issubdtype(values.dtype, np.floating):
        top = 1.0 if largest <= 1.0 else 255.0
    else:
        top = 255.0 if values.dtype.itemsize == 1 or largest <= 255 else 65535.0
    return (np.clip(finite / top, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def _from_array(array: npt.NDArray[Any], name: str, limits: Limits) -> Photo:
    kind, given = array.dtype, array.shape
    if array.ndim == 2:
        array = array[:, :, None]
    known = kind.kind == "f" or (kind.kind == "u" and kind.itemsize <= 2)
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4) or not known:
        raise NotAPhotoError(
            f"{name}: pixels must be (H, W), (H, W, 3) or (H, W, 4) of uint8, uint16 or float, "
            f"not {given} of {kind}"
        )
    height, width, channels = array.shape
    _check_pixels((width, height), name, limits)
    pixels = array if array.dtype == np.uint8 else _eight_bits(array)
    if channels == 1:
        return Photo(np.ascontiguousarray(np.repeat(pixels, 3, axis=2)), name)
    image = Image.fromarray(np.ascontiguousarray(pixels), "RGB" if channels == 3 else "RGBA")
    return Photo(np.ascontiguousarray(np.asarray(_rgb(image))), name)
