"""Is a file that came an image of use? By its bytes, whatever its name and headers say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from starlike import photo
from starlike.errors import NotAPhotoError, PhotoError, PhotoTooLargeError
from starlike.image_kind import KINDS
from starlike.web.status import NotFetchedError, Status

# Several frames of other kinds are pages, or the two eyes of a stereo photo.
_MOVING = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
_BEGINNING = 1024
_DRAWING = re.compile(rb"\s*(<\?xml.*?)?(<!--.*?-->\s*)*(<!doctype svg.*?)?<svg\b", re.S | re.I)
# A JPEG is decoded at this size at least: all of it is still read, in a fraction of the time.
_DECODED = (64, 64)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is of use: a shorter side of `min_side` pixels, and `max_pixels` in all."""

    min_side: int = 64
    max_pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """An image of use: its ending by its kind, and its size in pixels as it came."""

    extension: str
    width: int
    height: int


def check(file: Path, limits: Limits) -> Facts:
    """Look at a file, and decode it to its end.

    Raises:
        NotFetchedError: it is not an image, or of no use.
    """
    with file.open("rb") as stream:
        beginning = stream.read(_BEGINNING)
        if _DRAWING.match(beginning):
            raise NotFetchedError(Status.DRAWING, "an SVG drawing")
        stream.seek(0)
        try:
            with photo.identified(
                stream, "image", photo.Limits(max_pixels=limits.max_pixels)
            ) as image:
                return _facts(image, limits)
        except PhotoTooLargeError:
            reason = f"more than {limits.max_pixels / 1e6:g} million pixels"
            raise NotFetchedError(Status.TOO_LARGE, reason) from None
        except NotAPhotoError:
            raise NotFetchedError(Status.NOT_AN_IMAGE, _kind(beginning)) from None
        except PhotoError as error:
            raise NotFetchedError(Status.BROKEN, str(error).removeprefix("image: ")) from error


def _facts(image: Image.Image, limits: Limits) -> Facts:
    kind, (width, height) = image.format or "", image.size
    if kind in _MOVING and getattr(image, "is_animated", False):
        raise NotFetchedError(Status.ANIMATED, f"{getattr(image, 'n_frames', 2)} frames")
    if min(width, height) < limits.min_side:
        raise NotFetchedError(Status.TOO_SMALL, f"{width}×{height} pixels")
    image.draft("RGB", _DECODED)
    try:
        image.load()
    except Exception as error:  # decoders raise nearly anything at damaged data
        raise NotFetchedError(Status.BROKEN, f"broken or cut off ({error})") from error
    return Facts(KINDS[kind].extension, width, height)


def _kind(beginning: bytes) -> str:
    start = beginning.lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page"
    if start.startswith((b"{", b"[", b"<?xml")):
        return "data, not an image"
    return "not an image of a known kind"
