"""The reference road finds the very boxes of `face_recognition`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from starlike import photo
from starlike.faces import landmarks, make_detector
from starlike.records import Photo

DETECTOR = make_detector("hog")


def test_boxes_of_a_portrait_are_those_of_face_recognition(
    astronaut_photo: Photo, face_recognition: Any
) -> None:
    faces = DETECTOR.detect(astronaut_photo)
    located = face_recognition.face_locations(astronaut_photo.pixels)
    assert {tuple(face.box) for face in faces} == set(located)
    assert {face.detector for face in faces} == {"hog"}


def _is_small(file: Path) -> bool:
    with Image.open(file) as image:
        return 160 < max(image.size) <= 640


def test_boxes_of_real_photos_are_those_of_face_recognition(
    real_photos: Callable[[int], list[Path]], face_recognition: Any
) -> None:
    files = [file for file in real_photos(60) if _is_small(file)][:15]
    for file in files:
        opened = photo.open(file)
        located = face_recognition.face_locations(opened.pixels)
        assert {tuple(face.box) for face in DETECTOR.detect(opened)} == set(located), file
    assert len(files) >= 10


def test_the_largest_face_comes_first_with_its_score_and_points(astronaut_photo: Photo) -> None:
    first, second = DETECTOR.detect(astronaut_photo)
    assert first.box.area >= second.box.area
    assert first.score is not None
    assert first.score > 1
    assert first.landmarks == landmarks.find(astronaut_photo.pixels, first.box)


def test_where_there_is_no_face_none_is_found() -> None:
    assert DETECTOR.detect(Photo(np.full((200, 200, 3), 128, dtype=np.uint8), "grey")) == []
