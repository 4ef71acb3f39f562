"""A face in a photo → the square picture around it that is shown."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from starlike.records import Box, Photo, Pixels

QUALITY = 85
"""Of the JPEG files, in Pillow's scale."""

# Sides of a face box from the top of the hair to the shoulders, and what share of that which is
# not face lies above it: boxes begin at the brows.
_WIDE = 2.4
_ABOVE = 0.45


def around(box: Box, height: int, width: int) -> Box:
    """The square of head and shoulders around a face, inside a photo of this size.

    Where the photo is too small for it the square is smaller, and where it would leave the photo
    it is moved.
    """
    side = min(wanted(box), height, width)
    top = box.top - round(_ABOVE * (side - (box.bottom - box.top)))
    left = (box.left + box.right - side) // 2
    top = min(max(top, 0), height - side)
    left = min(max(left, 0), width - side)
    return Box(top, left + side, top + side, left)


def wanted(box: Box) -> int:
    """The side that such a square has where the photo is large enough, in pixels."""
    return round(_WIDE * max(box.bottom - box.top, box.right - box.left))


def cut(photo: Photo, square: Box, side: int) -> Pixels:
    """Cut out a square and scale it to (side, side, 3)."""
    piece = photo.pixels[square.top : square.bottom, square.left : square.right]
    scaled = Image.fromarray(np.ascontiguousarray(piece)).resize(
        (side, side), Image.Resampling.LANCZOS
    )
    return np.asarray(scaled)


def jpeg(pixels: Pixels) -> bytes:
    """Pixels as a JPEG file that says nothing but what is seen: no EXIF, no place, no camera."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return stream.getvalue()
