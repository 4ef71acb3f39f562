"""Faces → aligned chips, which the face ResNet takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from starlike.faces import landmarks
from starlike.faces.crop import CROP_SIDE, crop, resize, showing
from starlike.records import Box, EmbedFrom, Face, Photo, Pixels

Points = npt.NDArray[np.float64]

CHIP_SIDE = 150
"""Side of the chips that the ResNet takes, in pixels."""

CHIP_PADDING = 0.25
"""Border of a chip as a share of the face, as dlib's `compute_face_descriptor` cuts it."""

# A face has about 110 pixels in a chip. Those of more than this are made smaller first, with as
# many sides of it around them as a chip may show: dlib is slow with large ones.
_LARGE = 320
_AROUND = 1.0


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
    chips = np.empty((len(faces), side, side, 3), dtype=np.uint8)
    for index, face in enumerate(faces):
        if embed_from == "crop":
            image, box = view(photo, face, embed_from)
            points = np.array(landmarks.find(image, box).points)
        else:
            image, points = _close(photo, face)
        chips[index] = _chip(image, points, side, padding)
    return chips


def _close(photo: Photo, face: Face) -> tuple[Pixels, Points]:
    """What shows a face well enough, and its landmarks there."""
    points = np.array(landmarks.of(photo, face).points)
    image, scale = showing(photo, face.box.side, CROP_SIDE)
    points = _scaled(points, scale)
    side = face.box.side * scale
    if side <= _LARGE:
        return image, points
    top, right, bottom, left = (round(edge * scale) for edge in face.box)
    more = round(_AROUND * side)
    top, left = max(0, top - more), max(0, left - more)
    piece = resize(image[top : bottom + more, left : right + more], _LARGE / side)
    return piece, _scaled(points - [left, top], _LARGE / side)


def _scaled(points: Points, scale: float) -> Points:
    """Points of an image in it when it was scaled; whole numbers are the middles of pixels."""
    return (points + 0.5) * scale - 0.5


def _chip(image: Pixels, points: Points, side: int, padding: float) -> Pixels:
    import dlib  # noqa: PLC0415  heavy

    height, width = image.shape[:2]
    shape = dlib.full_object_detection(
        dlib.rectangle(0, 0, width, height), [dlib.point(round(x), round(y)) for x, y in points]
    )
    chip: Pixels = dlib.get_face_chip(image, shape, size=side, padding=padding)
    return chip
