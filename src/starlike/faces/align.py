"""Faces → aligned chips, which the face ResNet takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from starlike.faces import landmarks
from starlike.faces.crop import CROP_SIDE, crop
from starlike.records import Box, EmbedFrom, Face, Photo, Pixels

CHIP_SIDE = 150
"""Side of the chips that the ResNet takes, in pixels."""

CHIP_PADDING = 0.25
"""Border of a chip as a share of the face, as dlib's `compute_face_descriptor` cuts it."""


def view(photo: Photo, face: Face, embed_from: EmbedFrom) -> tuple[Pixels, Box]:
    """What the encoder is shown and where the face is in it: the photo, or all of its crop."""
    if embed_from == "crop":
        return crop(photo, face), Box(0, CROP_SIDE, CROP_SIDE, 0)
    return photo.pixels, face.box


def cut(
    photo: Photo,
    faces: Sequence[Face],
    embed_from: EmbedFrom,
    *,
    side: int = CHIP_SIDE,
    padding: float = CHIP_PADDING,
) -> Pixels:
    """Turn, scale and cut out faces so that their eyes and noses stand in the same places.

    A face's own landmarks are used where they are dlib's; others, and those in a crop, are found
    from its box.

    Returns:
        Chips (N, side, side, 3) uint8 RGB.

    Raises:
        WeightsError: the landmark predictor is missing.
    """
    import dlib  # noqa: PLC0415  heavy

    chips = np.empty((len(faces), side, side, 3), dtype=np.uint8)
    for index, face in enumerate(faces):
        pixels, box = view(photo, face, embed_from)
        in_crop = embed_from == "crop"
        found = landmarks.find(pixels, box) if in_crop else landmarks.of(pixels, face)
        points = [dlib.point(round(x), round(y)) for x, y in found.points]
        shape = dlib.full_object_detection(dlib.rectangle(*_edges(box)), points)
        chips[index] = dlib.get_face_chip(pixels, shape, size=side, padding=padding)
    return chips


def _edges(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom
