"""dlib's two detectors as one: HOG from coarse to fine, and the CNN as the last look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import cv2
import numpy as np

from starlike.faces import landmarks, weights
from starlike.faces.crop import resize
from starlike.faces.per_thread import PerThread
from starlike.records import Box, Face, Photo, Pixels

_Kind = Literal["hog", "cnn"]

# dlib's HOG detector slides a window of 80 pixels over the photo, here enlarged once as
# `face_recognition` does: it finds faces from 40 pixels on. So a photo is looked at in a small
# size, where it costs little, and finer only while nothing, or something small, was found.
_VIEW_SIDES = (640, 1280, 2560)
_SMALL_FACE = 80

# Crops of a bare face, and faces that fill the photo, are found when they are given a border.
_CLOSE_SIDES = (256, 320)
_CLOSE_BORDER = 0.25
_BARE_SIDE = 160

# Beside a face that HOG is sure of, what scores next to nothing may be a fold of cloth, so the
# CNN detector is asked about it, enlarged to so many pixels (a fifth of a second).
_SURE_SCORE, _DOUBTFUL_SCORE = 1.0, 0.25
_CONFIRM_SIDE = 90

_MIN_SIDE = 16
_SAME_FACE = 0.3


def _make_hog() -> Any:
    import dlib  # noqa: PLC0415  heavy

    return dlib.get_frontal_face_detector()


def _make_cnn() -> Any:
    import dlib  # noqa: PLC0415  heavy

    return dlib.cnn_face_detection_model_v1(str(weights.path(weights.CNN_DETECTOR)))


_hog, _cnn = PerThread(_make_hog), PerThread(_make_cnn)


class DlibDetector:
    """HOG from coarse to fine, and the CNN detector as the last look.

    In a photo of 161 to 640 pixels HOG gives the very boxes of `face_recognition.face_locations`,
    less what the CNN detector denies. Where it finds nothing, it looks again with a border around
    the photo, and then the CNN detector looks at a small size (about a second). One object may
    serve several threads.
    """

    name = "dlib"

    def __init__(self, *, threads: int = 1) -> None:
        """Make one; `threads` changes nothing: dlib's detectors run on one."""

    def detect(self, photo: Photo) -> list[Face]:
        """The faces in a photo of any size, largest first; empty where there is none.

        Returns:
            Faces with boxes inside the photo, dlib's five landmarks, and the score of HOG or the
            confidence of the CNN detector.

        Raises:
            WeightsError: weights are missing or damaged.
        """
        height, width = photo.pixels.shape[:2]
        if min(height, width) < _MIN_SIDE:
            return []
        faces = [] if max(height, width) <= _BARE_SIDE else _look_closer_and_closer(photo.pixels)
        if not faces:
            faces = next(filter(None, _last_looks(photo.pixels)), [])
        faces.sort(key=lambda face: face.box.area, reverse=True)
        return [replace(face, landmarks=landmarks.find(photo.pixels, face.box)) for face in faces]


def _look_closer_and_closer(pixels: Pixels) -> list[Face]:
    longest = max(pixels.shape[:2])
    faces: list[Face] = []
    for side in _VIEW_SIDES:
        scale = min(1.0, side / longest)
        seen = _look(pixels, "hog", scale=scale, border=0, upsample=1)
        coarse = [f for f in faces if all(f.box.overlap(s.box) < _SAME_FACE for s in seen)]
        faces = seen + coarse
        smallest = min((face.box.side * scale for face in faces), default=0.0)
        if scale == 1.0 or smallest >= _SMALL_FACE:
            break
    return faces


def _last_looks(pixels: Pixels) -> Iterator[list[Face]]:
    longest = max(pixels.shape[:2])
    looks: tuple[tuple[_Kind, int], ...] = (
        *(("hog", side) for side in _CLOSE_SIDES),
        ("cnn", _CLOSE_SIDES[0]),
    )
    for kind, side in looks:
        border = round(side * _CLOSE_BORDER)
        yield _look(pixels, kind, scale=side / longest, border=border, upsample=0)


def _look(pixels: Pixels, kind: _Kind, *, scale: float, border: int, upsample: int) -> list[Face]:
    """Detect in a scaled view with its edge pixels repeated `border` times on every side."""
    view = resize(pixels, scale)
    if border:
        view = cv2.copyMakeBorder(view, *[border] * 4, cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    found = _detect(np.ascontiguousarray(view), kind, upsample)
    faces = (
        Face(box=_in_photo(rectangle, pixels.shape[:2], scale, border), detector=kind, score=score)
        for rectangle, score in found
    )
    return [face for face in faces if face.box.side >= 2]


def _detect(view: Pixels, kind: _Kind, upsample: int) -> list[tuple[Any, float]]:
    """Rectangles of the faces in a view and their scores, less what is none looked at closely."""
    if kind == "cnn":
        return [(item.rect, item.confidence) for item in _cnn()(view, upsample)]
    rectangles, scores, _ = _hog().run(view, upsample, 0.0)
    doubtful = _DOUBTFUL_SCORE if max(scores, default=0.0) >= _SURE_SCORE else 0.0
    return [
        (rectangle, score)
        for rectangle, score in zip(rectangles, scores, strict=True)
        if score >= doubtful or _is_face(view, _box(rectangle))
    ]


def _is_face(view: Pixels, box: Box) -> bool:
    """Whether the CNN detector sees the very same face when it looks at it closely."""
    margin = box.side // 2
    top, left = max(box.top - margin, 0), max(box.left - margin, 0)
    piece = view[top : box.bottom + margin, left : box.right + margin]
    scale = _CONFIRM_SIDE / box.side
    seen = _cnn()(np.ascontiguousarray(resize(piece, scale)), 0)
    wanted = Box(*(round(edge * scale) for edge in _shifted(box, top, left)))
    return any(_box(item.rect).overlap(wanted) >= _SAME_FACE for item in seen)


def _box(rectangle: Any) -> Box:
    return Box(rectangle.top(), rectangle.right(), rectangle.bottom(), rectangle.left())


def _shifted(box: Box, top: int, left: int) -> Box:
    return Box(box.top - top, box.right - left, box.bottom - top, box.left - left)


def _in_photo(rectangle: Any, size: tuple[int, ...], scale: float, border: int) -> Box:
    """A dlib rectangle of a view as a box of the photo, cut at its edges."""
    height, width = size
    top, right, bottom, left = (round((edge - border) / scale) for edge in _box(rectangle))
    return Box(max(top, 0), min(right, width), min(bottom, height), max(left, 0))
