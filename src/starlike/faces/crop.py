"""Pieces of a photo, and their size."""

from __future__ import annotations

import cv2
import numpy as np

from starlike.faces import landmarks
from starlike.records import Box, Face, Photo, Pixels

CROP_SIDE = 170
"""Side of a crop in pixels, as in the seed recipe."""


def resize(pixels: Pixels, scale: float) -> Pixels:
    """Scale an image (H, W, 3); smaller by area, larger by cubic interpolation."""
    if scale == 1.0:
        return pixels
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)


def with_border(pixels: Pixels, border: int) -> Pixels:
    """An image (H, W, 3) with its edge pixels repeated so many times on every side."""
    bordered = cv2.copyMakeBorder(pixels, *[border] * 4, cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(bordered, dtype=np.uint8)


def showing(photo: Photo, side: float, pixels: float) -> tuple[Pixels, float]:
    """A photo in the smallest size at hand that shows something well enough.

    Args:
        photo: any.
        side: of what is to be seen, in pixels of the photo.
        pixels: so many of them are enough for its side.

    Returns:
        (H, W, 3) uint8 RGB, and its size in that of the photo: 1, or less.
    """
    longer = max(photo.size)
    image = photo.at_least(longer * min(1.0, pixels / side))
    return image, max(image.shape[:2]) / longer


def cut(photo: Photo, box: Box) -> Pixels:
    """The pixels in a box, (H, W, 3) uint8 RGB: a view, not a copy.

    They may be fewer than in the photo, but not fewer than a crop's along the shorter side.
    """
    image, scale = showing(photo, box.side, CROP_SIDE)
    top, right, bottom, left = (round(edge * scale) for edge in box)
    return image[top:bottom, left:right]


def crop(photo: Photo, face: Face) -> Pixels:
    """Cut out everything but the face and resize it: (170, 170, 3) uint8 RGB.

    A face that lies on its side or stands on its head is turned upright by quarters.
    """
    piece = np.rot90(cut(photo, face.box), landmarks.quarters(face))
    return np.asarray(cv2.resize(piece, (CROP_SIDE, CROP_SIDE)), dtype=np.uint8)
