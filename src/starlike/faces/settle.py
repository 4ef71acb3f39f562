"""A face's exact place and its upright, from where its landmarks settle.

dlib's predictor moves five points to a face from wherever it is told to begin. From boxes that are
a little off it comes to the same points where there is a face the right way up, and to others
where it is turned or is none. So one look of a detector need not be exact, and what is no face
betrays itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from starlike.faces import landmarks
from starlike.faces.crop import resize
from starlike.faces.score_maps import Spot
from starlike.records import Box, Pixels

Points = npt.NDArray[np.float64]

CLOSE_SIDE = 160
"""Side in pixels that a face is given in a close-up, which is twice as wide."""

# Where the points are in a face's box, in units of its side: the medians over 150 faces of real
# photos that were found at exact scales, made symmetric around the nose.
_MIDDLE = np.array([0.5, 0.5])
_SHAPE = np.array(
    [[0.7991, 0.3784], [0.6302, 0.3861], [0.2009, 0.3784], [0.3698, 0.3861], [0.5, 0.7122]]
)

# The predictor begins where the detector saw the face, and once more a little off from where that
# came to: to the right and down in sides of the box, and in another size of it.
_MOVED, _RESIZED = 0.08, 0.87


@dataclass(frozen=True, slots=True)
class Settled:
    """Where landmarks settled.

    Attributes:
        x, y, side: the face's middle and side in pixels of the photo.
        points: (5, 2) float64, as `landmarks.find` orders them, in pixels of the photo.
        unrest: root mean square distance of the points of two beginnings from their mean, in
            sides of the face: about 0.002 for a face the right way up, 0.03 for others.
    """

    x: float
    y: float
    side: float
    points: Points
    unrest: float


def settle(image: Pixels, scale: float, spot: Spot, turns: int) -> Settled:
    """Settle landmarks on a face, taken to be so many quarter turns from upright.

    Args:
        image: (H, W, 3) uint8 RGB, the photo or a smaller version of it.
        scale: its size in that of the photo.
        spot: where in the photo a detector sees the face.
        turns: quarter turns, counterclockwise, that would put it upright.

    Raises:
        WeightsError: the landmark predictor is missing or damaged.
    """
    close, to_image = close_up(image, spot.scaled(scale), turns)
    to_photo = to_image / scale
    first = _points(close, CLOSE_SIDE, CLOSE_SIDE, CLOSE_SIDE)
    x, y, side = _fit(first)
    again = _points(close, x + _MOVED * side, y + _MOVED * side, side * _RESIZED)
    ends = np.stack([first, again])
    points = ends.mean(axis=0)
    unrest = math.sqrt(float(((ends - points) ** 2).sum(axis=2).mean())) / CLOSE_SIDE
    x, y, side = _fit(points)
    ((x, y),) = _mapped(np.array([[x, y]]), to_photo)
    larger = math.sqrt(float(np.linalg.det(to_photo[:, :2])))
    return Settled(float(x), float(y), side * larger, _mapped(points, to_photo), unrest)


def close_up(image: Pixels, spot: Spot, turns: int) -> tuple[Pixels, Points]:
    """A square around a face, turned upright, in which the face has a side of 160 pixels.

    Returns:
        (320, 320, 3) uint8, the edge of the image repeated where it ends; and the (2, 3) float64
        matrix that takes its points to the image's.
    """
    scale = spot.side / CLOSE_SIDE
    shrink = max(1.0, scale)
    small = resize(image, 1 / shrink) if shrink > 1.5 else image
    shrink = image.shape[1] / small.shape[1]
    angle = turns * math.pi / 2
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    middle = np.array([spot.x, spot.y])
    to_image = np.column_stack([turn, middle - turn @ [CLOSE_SIDE, CLOSE_SIDE]])
    close = cv2.warpAffine(
        small,
        to_image / shrink,
        (2 * CLOSE_SIDE, 2 * CLOSE_SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(close, dtype=np.uint8), to_image


def _points(close: Pixels, x: float, y: float, side: float) -> Points:
    half = side / 2
    box = Box(round(y - half), round(x + half), round(y + half), round(x - half))
    return np.array(landmarks.find(close, box).points, dtype=np.float64)


def _fit(points: Points) -> tuple[float, float, float]:
    """Middle and side of the box in which points lie as in `_SHAPE`, by least squares."""
    shape = _SHAPE - _SHAPE.mean(axis=0)
    centred = points - points.mean(axis=0)
    across = (shape * centred).sum() / (shape**2).sum()
    along = (shape[:, 0] * centred[:, 1] - shape[:, 1] * centred[:, 0]).sum() / (shape**2).sum()
    turn = np.array([[across, -along], [along, across]])
    x, y = points.mean(axis=0) + turn @ (_MIDDLE - _SHAPE.mean(axis=0))
    return float(x), float(y), math.hypot(across, along)


def _mapped(points: Points, matrix: Points) -> Points:
    mapped: Points = points @ matrix[:, :2].T + matrix[:, 2]
    return mapped
