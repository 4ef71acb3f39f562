"""A face in a photo → the square picture around it that is shown."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from starlike.faces.framing import Frame
from starlike.records import Box, Photo, Pixels

QUALITY = 85
"""Of the JPEG files, in Pillow's scale."""

# Boxes begin at the brows: from the top of the hair to the shoulders.
FRAME = Frame(room=2.4, above=0.45)
"""The square of head and shoulders around a face."""


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
