"""How frontal a face is, from where its eyes, nose and mouth are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from starlike.faces import dlib_files
from starlike.faces.per_thread import PerThread
from starlike.records import Box, Photo

Points = npt.NDArray[np.float64]

# Of dlib's 68 points: the outer corners of the eyes, the tip of the nose, the corners of the mouth.
_CHOSEN = (36, 45, 30, 48, 54)

# In units of the way from between the eyes down to the mouth: how far the tip of the nose stands
# out, from Gee and Cipolla; and, the medians over 83 photos of a face from the front, how far down
# dlib sees it, and half the width of the eyes and half that of the mouth, added up.
_NOSE_OUT = 0.6
_NOSE_DOWN, _WIDTHS = 0.56, 1.14


def _make() -> Any:
    import dlib  # noqa: PLC0415  heavy

    return dlib.shape_predictor(str(dlib_files.path(dlib_files.LANDMARKS_68)))


_predictor = PerThread(_make)


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


def pose(photo: Photo, box: Box) -> Pose:
    """How the head of a face in a photo is turned.

    Raises:
        WeightsError: the landmark predictor is missing.
    """
    return pose_of(landmarks(photo, box))


def landmarks(photo: Photo, box: Box) -> Points:
    """The outer corners of both eyes, the tip of the nose and the corners of the mouth of a face.

    Returns:
        (5, 2) float64, x and y in pixels of the photo; of each pair the left one in the picture
        first.
    """
    import dlib  # noqa: PLC0415  heavy

    rectangle = dlib.rectangle(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
    shape = _predictor()(photo.pixels, rectangle)
    return np.array([(shape.part(n).x, shape.part(n).y) for n in _CHOSEN], dtype=np.float64)


def pose_of(points: Points) -> Pose:
    """How a head is turned, from landmarks as `landmarks` gives them.

    The roll is the slope of the line between the eyes. Upright, a face seen from the front has
    its nose midway between the corners of the eyes, and of the mouth. Turned by an angle, the tip
    of the nose, which stands out by `h`, moves by `h sin yaw` to one side, while the distances `w`
    of the corners from the middle shrink to `w cos yaw`. So of the distances left and right of
    the nose, added up over both pairs, (right - left) / (right + left) is `2 h tan yaw / w`, `w`
    being half the widths of both pairs added up; the pitch, likewise, shows in how far down
    between eyes and mouth the tip of the nose is.

    Source: Gee and Cipolla, "Determining the gaze of faces in images", Image and Vision Computing
    12(10), 1994, for the points and for how far a nose stands out.
    """
    left_eye, right_eye = points[0], points[1]
    across = right_eye - left_eye
    roll = math.atan2(across[1], across[0])
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    eyes, nose, mouth = np.split(points @ turn.T, [2, 3])
    left = 2 * nose[0, 0] - eyes[0, 0] - mouth[0, 0]
    right = eyes[1, 0] + mouth[1, 0] - 2 * nose[0, 0]
    yaw = math.atan2((left - right) * _WIDTHS, (left + right) * 2 * _NOSE_OUT)
    down = mouth[:, 1].mean() - eyes[:, 1].mean()
    share = (nose[0, 1] - eyes[:, 1].mean()) / max(down, 1.0)
    pitch = math.atan2(share - _NOSE_DOWN, _NOSE_OUT)
    return Pose(*(math.degrees(angle) for angle in (yaw, pitch, roll)))
