"""A face's five points, as dlib's predictor finds them, and the names of their schemes."""

from __future__ import annotations

import math
from typing import Any

from starlike.faces import weights
from starlike.records import Box, Face, Landmarks, Photo, Pixels
from starlike.threads import PerThread

EYE_CORNERS_NOSE = "eye-corners-nose"
"""dlib's: of the eye that is right in the picture the outer and the inner corner, the same of the
left one, and where the nose meets the upper lip. Whole pixels."""

EYES_NOSE_MOUTH = "eyes-nose-mouth"
"""Of most other detectors: the middles of the eyes, the tip of the nose and the corners of the
mouth; of each pair the left one in the picture first."""


def _make() -> Any:
    import dlib  # noqa: PLC0415  heavy

    return dlib.shape_predictor(str(weights.path(weights.LANDMARKS)))


_predictor = PerThread(_make)


def find(pixels: Pixels, box: Box) -> Landmarks:
    """The points of a face in a box, of the scheme `eye-corners-nose`.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        box: in it, as dlib's detectors draw boxes: from the brows to the chin.

    Raises:
        WeightsError: the predictor is missing or damaged.
    """
    import dlib  # noqa: PLC0415  heavy

    rectangle = dlib.rectangle(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
    shape = _predictor()(pixels, rectangle)
    points = tuple((float(point.x), float(point.y)) for point in shape.parts())
    return Landmarks(points, EYE_CORNERS_NOSE)


def quarters(face: Face) -> int:
    """How many quarter turns, counterclockwise, put a face upright, by its own points: 0 to 3."""
    own = face.landmarks
    if own is None or own.scheme != EYE_CORNERS_NOSE:
        return 0
    (right, _, left, _, _) = own.points
    angle = math.atan2(right[1] - left[1], right[0] - left[0])
    return round(angle / (math.pi / 2)) % 4


def of(photo: Photo, face: Face) -> Landmarks:
    """The face's own points where they are of dlib's scheme, else those found in its box."""
    own = face.landmarks
    return own if own and own.scheme == EYE_CORNERS_NOSE else find(photo.pixels, face.box)
