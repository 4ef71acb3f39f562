"""Pieces of a photo, and their size."""

from __future__ import annotations

import cv2
import numpy as np

from starlike.records import Box, Photo, Pixels

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


def cut(photo: Photo, box: Box) -> Pixels:
    """The pixels in a box, (H, W, 3) uint8 RGB: a view, not a copy."""
    return photo.pixels[box.top : box.bottom, box.left : box.right]


def crop(photo: Photo, box: Box) -> Pixels:
    """Cut out everything but the face and resize it: (170, 170, 3) uint8 RGB."""
    return np.asarray(cv2.resize(cut(photo, box), (CROP_SIDE, CROP_SIDE)), dtype=np.uint8)
