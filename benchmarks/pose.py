"""Measure the pose from five landmarks beside one from dlib's 68, on real photos.

    python benchmarks/pose.py ../shared/data/celebrities [--photos 480]

Takes a folder of class folders. What the five points need to know of faces is fitted on every other
photo, and all that is reported is of the others. The 68 landmarks come with the package
`face_recognition_models`; whoever made the data behind them excludes commercial use.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import cv2
import dlib
import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from starlike import photo
from starlike.faces import dlib_files, landmarks, make_detector
from starlike.faces.pose import Pose, Readings, pose, readings
from starlike.image_kind import EXTENSIONS
from starlike.portraits.choose import MOST_TURNED
from starlike.records import Box, Photo

Wide = npt.NDArray[np.float64]

# Of the 68: the outer corners of the eyes, the tip of the nose, the corners of the mouth.
CHOSEN = (36, 45, 30, 48, 54)
# As Gee and Cipolla give it, and medians of faces from the front; in units of the way from between
# the eyes down to the mouth.
NOSE_OUT, NOSE_DOWN, WIDTHS = 0.6, 0.56, 1.14
TURNED = 30.0
LIMITS = (22, 24, 26, 28, 30, 32)


def pose_by_68(opened: Photo, box: Box, predictor: Any) -> Pose:
    """The pose by the tip of the nose between the eyes and the mouth.

    Source: Gee and Cipolla, "Determining the gaze of faces in images", Image and Vision Computing
    12(10), 1994.
    """
    rectangle = dlib.rectangle(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
    shape = predictor(opened.pixels, rectangle)
    points = np.array([(shape.part(n).x, shape.part(n).y) for n in CHOSEN], dtype=np.float64)
    across = points[1] - points[0]
    roll = math.atan2(across[1], across[0])
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    eyes, nose, mouth = np.split(points @ turn.T, [2, 3])
    left = 2 * nose[0, 0] - eyes[0, 0] - mouth[0, 0]
    right = eyes[1, 0] + mouth[1, 0] - 2 * nose[0, 0]
    yaw = math.atan2((left - right) * WIDTHS, (left + right) * 2 * NOSE_OUT)
    down = mouth[:, 1].mean() - eyes[:, 1].mean()
    share = (nose[0, 1] - eyes[:, 1].mean()) / max(down, 1.0)
    pitch = math.atan2(share - NOSE_DOWN, NOSE_OUT)
    return Pose(*(math.degrees(angle) for angle in (yaw, pitch, roll)))


def look(folder: Path, photos: int) -> tuple[list[Readings], Wide, Wide]:
    """Of so many photos the readings, and both poses: (N, 4) yaw, pitch, roll and frontal each."""
    files = sorted(file for file in folder.glob("*/*") if file.suffix.lower() in EXTENSIONS)
    predictor = dlib.shape_predictor(str(dlib_files.path(dlib_files.LANDMARKS_68)))
    detector = make_detector()
    seen, poses = [], []
    for place in range(photos):
        opened = photo.open(files[place * len(files) // photos])
        for face in detector.detect(opened)[:1]:
            seen.append(readings(landmarks.of(opened, face)))
            poses.append([pose(opened, face), pose_by_68(opened, face.box, predictor)])
    figures = np.array([[_figures(one) for one in pair] for pair in poses])
    return seen, figures[:, 0], figures[:, 1]


def _figures(found: Pose) -> tuple[float, float, float, float]:
    return found.yaw, found.pitch, found.roll, found.frontal


def fit(seen: list[Readings], by_68: Wide) -> dict[str, float]:
    """What `starlike.faces.pose` needs to know of faces, by least squares."""
    aside, below, wider = (
        np.array([getattr(one, name) for one in seen]) for name in ("aside", "below", "wider")
    )
    tangent, cosine = np.tan(np.radians(by_68[:, 0])), np.cos(np.radians(by_68[:, 0]))
    nose_out = aside @ tangent / (tangent @ tangent)
    corners_back = wider @ tangent / (tangent @ tangent)
    down = float(np.median(below * cosine))
    reach = math.hypot(down, nose_out)
    pitch = np.arcsin(np.clip(below * cosine / reach, -1, 1)) - math.atan2(down, nose_out)
    share = pitch @ np.radians(by_68[:, 1]) / (pitch @ pitch)
    return {
        "nose out": float(nose_out),
        "nose down": down,
        "corners back": float(corners_back),
        "share of the pitch": float(share),
    }


def away(angles: Wide) -> Wide:
    """(N,) the largest of yaw, pitch and roll, of figures (N, 4)."""
    return np.asarray(np.abs(angles[:, :3]).max(axis=1))


def mistakes(by_five: Wide, by_68: Wide, limit: float) -> tuple[int, int]:
    """How many turned faces a limit in degrees lets through, and how many others it refuses."""
    turned, refused = away(by_68) > TURNED, away(by_five) > limit
    return int((turned & ~refused).sum()), int((~turned & refused).sum())


def main() -> None:
    """Print what is fitted on every other photo, and how far the two agree on the others."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of class folders")
    parser.add_argument("--photos", type=int, default=480, help="photos to look at")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    seen, by_five, by_68 = look(asked.folder, asked.photos)
    for name, value in fit(seen[::2], by_68[::2]).items():
        print(f"{name:<20} {value:.2f}")
    for limit in LIMITS:
        missed, wrong = mistakes(by_five[::2], by_68[::2], limit)
        print(f"refused at {limit:g}°: {missed} turned faces missed, {wrong} others refused")
    by_five, by_68 = by_five[1::2], by_68[1::2]
    print(f"\non the other {len(by_68)} photos")
    for column, name in enumerate(("yaw", "pitch", "roll", "frontal")):
        both = by_five[:, column], by_68[:, column]
        apart = np.abs(both[0] - both[1]).mean()
        print(f"{name:<10} apart {apart:5.2f}   rank correlation {spearmanr(*both).statistic:.2f}")
    missed, wrong = mistakes(by_five, by_68, MOST_TURNED)
    turned = int((away(by_68) > TURNED).sum())
    print(f"of {turned} that 68 landmarks see turned by more than {TURNED:g}°,")
    print(f"at {MOST_TURNED:g}° {turned - missed} are refused, and {wrong} others")
    best, worst = np.quantile(by_68[:, 3], [0.75, 0.25])
    pairs = by_five[by_68[:, 3] >= best, None, 3] > by_five[None, by_68[:, 3] <= worst, 3]
    print(f"the most frontal quarter scores above the least in {100 * pairs.mean():.1f} % of pairs")


if __name__ == "__main__":
    main()
