"""How frontal a face is, from where the corners of its eyes and the base of its nose are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from starlike.faces import landmarks
from starlike.records import Face, Landmarks, Photo

# Of a face that is seen from the front, in units of half the way between the outer corners of the
# eyes: how far the base of the nose stands out, and how far below the eyes it is; and how far the
# outer corners of the eyes lie behind the inner ones, in widths of an eye. `benchmarks/pose.py`
# measures them beside a pose from 68 landmarks.
_NOSE_OUT, _NOSE_DOWN, _CORNERS_BACK = 0.50, 1.07, 0.20

# Of two ways to read the yaw: how much the nose counts, and not the widths of the eyes.
_BY_NOSE = 0.6

# How low the nose is differs from one person to the next, so that so much of the pitch that it
# seems to show is the best guess. Measured there, too.
_PITCH_SHARE = 0.47


@dataclass(frozen=True, slots=True)
class Pose:
    """How a head is turned, in degrees; all 0 where it looks straight into the camera.

    Attributes:
        yaw: positive where the nose points to the right of the picture.
        pitch: positive where it points down.
        roll: positive where the head leans clockwise in the picture.
    """

    yaw: float
    pitch: float
    roll: float

    @property
    def frontal(self) -> float:
        """1 for a face seen straight from the front, towards 0 the more it is turned.

        A bell curve in each angle: 0.61 at 15° of yaw or pitch or 20° of roll, which disturbs
        less.
        """
        away = (self.yaw / 15) ** 2 + (self.pitch / 15) ** 2 + (self.roll / 20) ** 2
        return math.exp(-away / 2)


def pose(photo: Photo, face: Face) -> Pose:
    """How the head of a face in a photo is turned.

    Raises:
        WeightsError: the landmark predictor is missing or damaged.
    """
    return pose_of(landmarks.of(photo, face))


def pose_of(found: Landmarks) -> Pose:
    """How a head is turned, from landmarks of the scheme `eye-corners-nose`.

    Turned by a yaw, the base of the nose, which stands out, moves to one side by the sine of it,
    while the way between the eyes shrinks by its cosine: what the nose has moved, measured in that
    way, goes by the tangent. So does how much wider one eye seems than the other, because their
    outer corners lie farther back than their inner ones. The pitch, likewise, shows in how far
    below the eyes the nose is: at most at 25°, so a head that is bent down farther seems bent less.

    Source: after Gee and Cipolla, "Determining the gaze of faces in images", Image and Vision
    Computing 12(10), 1994, which takes the tip of the nose and the mouth.
    """
    seen = readings(found)
    yaw = math.atan(_BY_NOSE * seen.aside / _NOSE_OUT + (1 - _BY_NOSE) * seen.wider / _CORNERS_BACK)
    reach = math.hypot(_NOSE_DOWN, _NOSE_OUT)
    down = max(-1.0, min(1.0, seen.below * math.cos(yaw) / reach))
    pitch = _PITCH_SHARE * (math.asin(down) - math.atan2(_NOSE_DOWN, _NOSE_OUT))
    return Pose(*(math.degrees(angle) for angle in (yaw, pitch, seen.roll)))


@dataclass(frozen=True, slots=True)
class Readings:
    """What a pose is read off, in the face's own upright.

    Attributes:
        roll: slope of the line between the outer corners of the eyes, in radians.
        aside: how far right of the middle of the eyes' corners the base of the nose is, in half
            the way between the outer ones.
        below: how far below it is, in the same.
        wider: how much wider the eye that is left in the picture is, as a share of both together.
    """

    roll: float
    aside: float
    below: float
    wider: float


def readings(found: Landmarks) -> Readings:
    """What a pose is read off, from landmarks of the scheme `eye-corners-nose`."""
    points = np.array(found.points, dtype=np.float64)
    across = points[0] - points[2]
    roll = math.atan2(across[1], across[0])
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    upright = (points - points[:4].mean(axis=0)) @ turn.T
    right, right_inner, left, left_inner = upright[:4, 0]
    half = max((right - left) / 2, 1.0)
    widths = left_inner - left, right - right_inner
    wider = (widths[0] - widths[1]) / max(sum(widths), 1.0)
    return Readings(roll, upright[4, 0] / half, upright[4, 1] / half, wider)
