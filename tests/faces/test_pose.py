"""How a head is turned is read off five points, and a face from the front is told from others."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from starlike import photo
from starlike.faces import make_detector, pose
from starlike.faces.landmarks import EYE_CORNERS_NOSE
from starlike.faces.pose import Pose
from starlike.records import Box, Face, Landmarks, Photo, Pixels

# Seen by eye: into the camera, and past it.
FROM_THE_FRONT = (
    "Jensen Ackles/vggface_003.jpg",
    "Josh Brolin/vggface_001.jpg",
    "Sam Trammell/vggface_001.jpg",
    "Wes Bentley/vggface_001.jpg",
    "Yvette Nicole Brown/vggface_001.jpg",
)
TURNED = (
    "Adam Copeland/vggface_001.jpg",
    "Eva Green/vggface_002.jpg",
    "Jessica De Gouw/vggface_001.jpg",
    "Michael Pitt/vggface_004.jpg",
    "Will Estes/vggface_004.jpg",
)


# How far the nose stands out and the outer corners of the eyes lie back, and how low the nose is.
OUT, BACK, DOWN = pose._NOSE_OUT, pose._CORNERS_BACK, pose._NOSE_DOWN
INNER = 0.4


def head(yaw: float = 0, pitch: float = 0, roll: float = 0) -> Landmarks:
    """The five points of a head that is turned by these angles, seen from far away."""
    y, p, r = (math.radians(angle) for angle in (yaw, pitch, roll))
    back = BACK * (1 - INNER)
    corners = [(1, -back / 2), (INNER, back / 2), (-1, -back / 2), (-INNER, back / 2)]
    points = np.array([*((x, 0, z) for x, z in corners), (0, DOWN, OUT)], dtype=float)
    sideways = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    down = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    clockwise = np.array([[math.cos(r), -math.sin(r)], [math.sin(r), math.cos(r)]])
    return landmarks_of((points @ sideways.T @ down.T)[:, :2] @ clockwise.T)


def landmarks_of(seen: npt.NDArray[np.float64], *, size: float = 100) -> Landmarks:
    points = tuple((200 + size * x, 200 + size * y) for x, y in seen.tolist())
    return Landmarks(points, EYE_CORNERS_NOSE)


def moved(found: Landmarks, size: float, by: float) -> Landmarks:
    return Landmarks(tuple((size * x + by, size * y + by) for x, y in found.points), found.scheme)


def largest(image: Photo) -> Face:
    return make_detector().detect(image)[0]


def pose_in(pixels: Pixels) -> Pose:
    image = Photo(np.ascontiguousarray(pixels), "changed")
    return pose.pose(image, largest(image))


class TestAngles:
    def test_straight_ahead_is_nothing_at_all(self) -> None:
        found = pose.pose_of(head())
        assert (found.yaw, found.pitch, found.roll) == pytest.approx((0, 0, 0), abs=1e-6)
        assert found.frontal == pytest.approx(1)

    @pytest.mark.parametrize("angle", [-40, -10, 5, 25])
    @pytest.mark.parametrize("axis", ["yaw", "pitch", "roll"])
    def test_each_angle_is_found_again(self, axis: str, angle: float) -> None:
        found = pose.pose_of(head(**{axis: angle}))
        share = pose._PITCH_SHARE if axis == "pitch" else 1
        assert getattr(found, axis) == pytest.approx(share * angle)
        others = {"yaw", "pitch", "roll"} - {axis}
        assert [getattr(found, other) for other in others] == pytest.approx([0, 0], abs=1e-6)

    def test_a_leaning_head_that_is_turned(self) -> None:
        found = pose.pose_of(head(yaw=20, roll=-15))
        assert (found.yaw, found.pitch, found.roll) == pytest.approx((20, 0, -15), abs=1e-6)

    def test_it_depends_neither_on_place_nor_on_size(self) -> None:
        found = pose.pose_of(moved(head(yaw=12, roll=4), 3, -77))
        assert (found.yaw, found.roll) == pytest.approx((12, 4))

    @pytest.mark.parametrize("axis", ["yaw", "pitch", "roll"])
    def test_the_more_it_is_turned_the_less_frontal_it_is(self, axis: str) -> None:
        scores = [pose.pose_of(head(**{axis: angle})).frontal for angle in (0, -5, -10, -20, -40)]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == len(scores)

    def test_bent_down_so_far_that_the_nose_rises_again_it_is_still_bent_down(self) -> None:
        assert pose.pose_of(head(pitch=40)).pitch > 0

    def test_points_all_in_one_place_have_some_pose(self) -> None:
        assert math.isfinite(pose.pose_of(landmarks_of(np.zeros((5, 2)))).frontal)


class TestPhotos:
    def test_a_portrait_is_frontal(self, astronaut_pixels: Pixels) -> None:
        assert pose_in(astronaut_pixels).frontal > 0.5

    def test_mirrored_it_is_turned_the_other_way_and_as_frontal(
        self, astronaut_pixels: Pixels
    ) -> None:
        plain, mirrored = pose_in(astronaut_pixels), pose_in(astronaut_pixels[:, ::-1])
        assert mirrored.yaw == pytest.approx(-plain.yaw, abs=3)
        assert mirrored.pitch == pytest.approx(plain.pitch, abs=3)
        assert mirrored.roll == pytest.approx(-plain.roll, abs=3)
        assert mirrored.frontal == pytest.approx(plain.frontal, abs=0.1)

    def test_larger_it_is_as_frontal(self, astronaut_pixels: Pixels) -> None:
        larger = np.asarray(Image.fromarray(astronaut_pixels).resize((900, 900)))
        assert pose_in(larger).frontal == pytest.approx(pose_in(astronaut_pixels).frontal, abs=0.1)

    @pytest.mark.parametrize("angle", [-20, 20])
    def test_a_picture_that_is_turned_shows_in_the_roll(
        self, astronaut_pixels: Pixels, angle: int
    ) -> None:
        turned = np.asarray(Image.fromarray(astronaut_pixels).rotate(-angle))
        plain = pose_in(astronaut_pixels)
        assert pose_in(turned).roll == pytest.approx(plain.roll + angle, abs=4)
        assert pose_in(turned).frontal < plain.frontal

    @pytest.mark.parametrize("side", [-1, 1])
    def test_one_half_squeezed_as_if_it_were_farther_away_is_less_frontal(
        self, astronaut_photo: Photo, side: int
    ) -> None:
        box = largest(astronaut_photo).box
        yaws, scores = [], []
        for strength in (0.0, 0.25, 0.5):
            found = pose_in(_squeezed(astronaut_photo.pixels, box, side * strength))
            yaws.append(side * found.yaw)
            scores.append(found.frontal)
        assert yaws == sorted(yaws)
        assert yaws[-1] > yaws[0] + 10
        assert scores[-1] < scores[0]

    def test_real_faces_from_the_front_are_told_from_turned_ones(self, data_folder: Path) -> None:
        def score(name: str) -> float:
            image = photo.open(data_folder / "celebrities" / name)
            return pose.pose(image, largest(image)).frontal

        front, turned = map(score, FROM_THE_FRONT), map(score, TURNED)
        assert min(front) > 0.6
        assert max(turned) < 0.35


def _squeezed(pixels: Pixels, box: Box, strength: float) -> Pixels:
    """The photo with what is right of the face's middle made narrower; left of it if negative."""
    height, width = pixels.shape[:2]
    middle = (box.left + box.right) / 2
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    away = x - middle
    farther = away * np.sign(strength) > 0
    source = np.where(farther, middle + away / (1 - abs(strength)), x).astype(np.float32)
    return np.asarray(cv2.remap(pixels, source, y, cv2.INTER_LINEAR), dtype=np.uint8)
