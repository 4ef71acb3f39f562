"""RGB array → face boxes, largest first; face → 170×170 crop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Literal

import cv2
import numpy as np

from starlike.faces import dlib_files
from starlike.records import Box, Face, Photo, Pixels

CROP_SIDE = 170
"""Side of a crop in pixels, as in the seed recipe."""

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

_per_thread = threading.local()


def _detector(kind: Literal["hog", "cnn"]) -> Any:
    """A detector of this thread's own: dlib's keep scratch space, so they cannot be shared."""
    if not hasattr(_per_thread, kind):
        import dlib  # noqa: PLC0415  heavy

        if kind == "hog":
            made = dlib.get_frontal_face_detector()
        else:
            made = dlib.cnn_face_detection_model_v1(str(dlib_files.path(dlib_files.CNN_DETECTOR)))
        setattr(_per_thread, kind, made)
    return getattr(_per_thread, kind)


def find(photo: Photo) -> list[Face]:
    """The faces in a photo, largest first; empty where there is none.

    HOG first, in a photo of 161 to 640 pixels with the very boxes of
    `face_recognition.face_locations`, less what the CNN detector denies. Where it finds nothing,
    the same with a border around the photo, and then the CNN detector in a small size (about a
    second).

    Args:
        photo: the upright photo, of any size.

    Returns:
        Faces with boxes in pixels of the photo, inside its bounds.

    Raises:
        WeightsError: the CNN detector's weights are missing.
    """
    height, width = photo.pixels.shape[:2]
    if min(height, width) < _MIN_SIDE:
        return []
    faces = [] if max(height, width) <= _BARE_SIDE else _look_closer_and_closer(photo.pixels)
    if not faces:
        faces = next(filter(None, _last_looks(photo.pixels)), [])
    return sorted(faces, key=lambda face: face.box.area, reverse=True)


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
    for kind, side in (*(("hog", side) for side in _CLOSE_SIDES), ("cnn", _CLOSE_SIDES[0])):
        border = round(side * _CLOSE_BORDER)
        yield _look(pixels, kind, scale=side / longest, border=border, upsample=0)  # type: ignore[arg-type]


def _look(
    pixels: Pixels, kind: Literal["hog", "cnn"], *, scale: float, border: int, upsample: int
) -> list[Face]:
    """Detect in a scaled view with its edge pixels repeated `border` times on every side."""
    view = resize(pixels, scale)
    if border:
        view = cv2.copyMakeBorder(view, *[border] * 4, cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    found = _detect(np.ascontiguousarray(view), kind, upsample)
    boxes = [_in_photo(rectangle, pixels.shape[:2], scale, border) for rectangle in found]
    return [Face(box, kind) for box in boxes if box.side >= 2]


def _detect(view: Pixels, kind: Literal["hog", "cnn"], upsample: int) -> list[Any]:
    """Rectangles of the faces in a view, less what is none when looked at closely."""
    detector = _detector(kind)
    if kind == "cnn":
        return [item.rect for item in detector(view, upsample)]
    rectangles, scores, _ = detector.run(view, upsample, 0.0)
    doubtful = _DOUBTFUL_SCORE if max(scores, default=0.0) >= _SURE_SCORE else 0.0
    return [
        rectangle
        for rectangle, score in zip(rectangles, scores, strict=True)
        if score >= doubtful or _is_face(view, _box(rectangle))
    ]


def _is_face(view: Pixels, box: Box) -> bool:
    """Whether the CNN detector sees the very same face when it looks at it closely."""
    margin = box.side // 2
    top, left = max(box.top - margin, 0), max(box.left - margin, 0)
    piece = view[top : box.bottom + margin, left : box.right + margin]
    scale = _CONFIRM_SIDE / box.side
    seen = _detector("cnn")(np.ascontiguousarray(resize(piece, scale)), 0)
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


def resize(pixels: Pixels, scale: float) -> Pixels:
    """Scale an image (H, W, 3); smaller by area, larger by cubic interpolation."""
    if scale == 1.0:
        return pixels
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)


def crop(photo: Photo, box: Box) -> Pixels:
    """Cut out everything but the face and resize it: (170, 170, 3) uint8 RGB."""
    piece = photo.pixels[box.top : box.bottom, box.left : box.right]
    return np.asarray(cv2.resize(piece, (CROP_SIDE, CROP_SIDE)), dtype=np.uint8)


def sharpness(photo: Photo, box: Box) -> float:
    """Variance of the Laplacian of a face's grey values, at most 170 pixels a side.

    Larger faces are made smaller, but small ones are not enlarged: that would smooth them.

    Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    """
    piece = photo.pixels[box.top : box.bottom, box.left : box.right]
    grey = cv2.cvtColor(resize(piece, min(1.0, CROP_SIDE / box.side)), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())
