"""Face boxes → aligned chips, which the face ResNet takes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from starlike.faces import detect, dlib_files
from starlike.records import Box, EmbedFrom, Face, Photo, Pixels

CHIP_SIDE = 150
"""Side of the chips that the ResNet takes, in pixels."""

CHIP_PADDING = 0.25
"""Border of a chip as a share of the face, as dlib's `compute_face_descriptor` cuts it."""

_per_thread = threading.local()


def _landmarks() -> Any:
    """The predictor of a face's five points: the corners of both eyes and the nose."""
    if not hasattr(_per_thread, "predictor"):
        import dlib  # noqa: PLC0415  heavy

        weights = str(dlib_files.path(dlib_files.LANDMARKS_5))
        _per_thread.predictor = dlib.shape_predictor(weights)
    return _per_thread.predictor


def view(photo: Photo, box: Box, embed_from: EmbedFrom) -> tuple[Pixels, Box]:
    """What the encoder is shown and where the face is in it: the photo, or all of its crop."""
    if embed_from == "crop":
        return detect.crop(photo, box), Box(0, detect.CROP_SIDE, detect.CROP_SIDE, 0)
    return photo.pixels, box


def cut(
    photo: Photo,
    faces: Sequence[Face],
    embed_from: EmbedFrom,
    *,
    side: int = CHIP_SIDE,
    padding: float = CHIP_PADDING,
) -> Pixels:
    """Turn, scale and cut out faces so that their eyes and noses stand in the same places.

    Returns:
        Chips (N, side, side, 3) uint8 RGB.
    """
    import dlib  # noqa: PLC0415  heavy

    chips = np.empty((len(faces), side, side, 3), dtype=np.uint8)
    for index, found in enumerate(faces):
        pixels, box = view(photo, found.box, embed_from)
        rectangle = dlib.rectangle(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
        points = _landmarks()(pixels, rectangle)
        chips[index] = dlib.get_face_chip(pixels, points, size=side, padding=padding)
    return chips
