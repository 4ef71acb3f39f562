"""Faces are found with the boxes of `face_recognition`, in any size."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from starlike import photo
from starlike.faces import dlib_detector, landmarks, make_detector
from starlike.faces.crop import resize
from starlike.records import Box, Face, Photo, Pixels

HEAD_SIDE = 256
DETECTOR = make_detector("dlib")


def found(pixels: Pixels) -> list[Face]:
    return DETECTOR.detect(Photo(np.ascontiguousarray(pixels), "test"))


@pytest.fixture(scope="module")
def head(astronaut_pixels: Pixels) -> Pixels:
    """The astronaut's head, 256x256, with a face of about 90 pixels."""
    return astronaut_pixels[:HEAD_SIDE, 100 : 100 + HEAD_SIDE]


@pytest.fixture(scope="module")
def head_box(head: Pixels) -> Box:
    (only,) = found(head)
    return only.box


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The detector of every look that is taken at a photo, in order."""
    taken: list[str] = []
    look = dlib_detector._look

    def counting(pixels: Pixels, kind: Any, **how: Any) -> list[Face]:
        taken.append(kind)
        return look(pixels, kind, **how)

    monkeypatch.setattr(dlib_detector, "_look", counting)
    return taken


def collage(
    head: Pixels, head_box: Box, size: tuple[int, int], places: list[tuple[int, int, int]]
) -> tuple[Pixels, list[Box]]:
    """Heads pasted on grey, each at (top, left) with a side, and where their faces are."""
    canvas = np.full((*size, 3), 120, dtype=np.uint8)
    boxes = []
    for top, left, side in places:
        scale = side / HEAD_SIDE
        canvas[top : top + side, left : left + side] = resize(head, scale)
        edges = [round(edge * scale) for edge in head_box]
        boxes.append(Box(top + edges[0], left + edges[1], top + edges[2], left + edges[3]))
    return canvas, boxes


def assert_each_is_found(boxes: list[Box], faces: list[Face]) -> None:
    for box in boxes:
        assert max(item.box.overlap(box) for item in faces) > 0.5, box


# The boxes.


def test_the_astronaut_is_found_where_face_recognition_finds_her(
    astronaut_photo: Photo, face_recognition: Any
) -> None:
    faces = DETECTOR.detect(astronaut_photo)
    assert faces[0].box.overlap(Box(76, 265, 166, 175)) > 0.9
    assert faces[0].detector == "hog"
    assert tuple(faces[0].box) in face_recognition.face_locations(astronaut_photo.pixels)


def test_a_fold_of_cloth_beside_a_face_is_no_face(
    astronaut_photo: Photo, face_recognition: Any
) -> None:
    assert len(face_recognition.face_locations(astronaut_photo.pixels)) == 2
    assert len(DETECTOR.detect(astronaut_photo)) == 1


def _is_of_common_size(file: Path) -> bool:
    with Image.open(file) as image:
        return 160 < max(image.size) <= 640


def test_boxes_of_real_photos_are_those_of_face_recognition(
    real_photos: Callable[[int], list[Path]], face_recognition: Any
) -> None:
    files = [file for file in real_photos(100) if _is_of_common_size(file)][:25]
    compared = 0
    for file in files:
        opened = photo.open(file)
        expected = face_recognition.face_locations(opened.pixels)
        if expected:
            compared += 1
            boxes = {tuple(item.box) for item in DETECTOR.detect(opened)}
            assert boxes, file
            assert boxes <= set(expected), file
    assert compared >= 20


def test_real_photos_have_a_face(real_photos: Callable[[int], list[Path]]) -> None:
    files = real_photos(200)
    faces = [DETECTOR.detect(photo.open(file)) for file in files]
    assert sum(map(bool, faces)) / len(files) >= 0.97
    assert {item.detector for items in faces for item in items} == {"hog", "cnn"}


def test_the_largest_face_comes_first(head: Pixels, head_box: Box) -> None:
    places = [(10, 10, 192), (10, 220, 384), (10, 620, 256)]
    pixels, boxes = collage(head, head_box, (400, 900), places)
    faces = found(pixels)
    assert_each_is_found(boxes, faces)
    areas = [item.box.area for item in faces]
    assert areas == sorted(areas, reverse=True)
    assert faces[0].box.overlap(boxes[1]) > 0.5


def test_faces_of_many_sizes_are_all_found(head: Pixels, head_box: Box) -> None:
    places = [(20, 0, 512), (20, 530, 341), (20, 890, 200), (20, 1110, 120)]
    pixels, boxes = collage(head, head_box, (560, 1280), places)
    assert_each_is_found(boxes, found(pixels))


def test_no_face_is_told_of_twice(head: Pixels, head_box: Box) -> None:
    places = [(20, 0, 512), (20, 530, 341), (20, 890, 200), (20, 1110, 120)]
    faces = found(collage(head, head_box, (560, 1280), places)[0])
    pairs = [(a, b) for a in faces for b in faces if a is not b]
    assert all(one.box.overlap(other.box) < 0.3 for one, other in pairs)


@pytest.mark.parametrize("side", ["top", "right", "bottom", "left"])
def test_the_box_of_a_face_at_the_edge_ends_there(
    side: str, astronaut_pixels: Pixels, astronaut_photo: Photo
) -> None:
    whole = DETECTOR.detect(astronaut_photo)[0].box
    pieces = {
        "top": astronaut_pixels[whole.top + 10 :],
        "right": astronaut_pixels[:, : whole.right - 10],
        "bottom": astronaut_pixels[: whole.bottom - 10],
        "left": astronaut_pixels[:, whole.left + 10 :],
    }
    height, width = pieces[side].shape[:2]
    ends = {"top": 0, "right": width, "bottom": height, "left": 0}
    boxes = [item.box for item in found(pieces[side])]
    assert ends[side] in [getattr(box, side) for box in boxes]
    for box in boxes:
        assert 0 <= box.top < box.bottom <= height
        assert 0 <= box.left < box.right <= width


# Faces that are hard to see.


@pytest.mark.parametrize("degrees", [-20, -10, 10, 20])
def test_a_turned_face_is_found(degrees: int, head: Pixels, head_box: Box) -> None:
    turned = Image.fromarray(head).rotate(degrees, fillcolor=(128, 128, 128))
    (only,) = found(np.asarray(turned))
    assert only.detector == "hog"
    assert only.box.overlap(head_box) > 0.4


def test_a_face_that_hog_does_not_see_is_found_by_the_network(head: Pixels, head_box: Box) -> None:
    turned = Image.fromarray(head).rotate(60, fillcolor=(128, 128, 128))
    (only,) = found(np.asarray(turned))
    assert only.detector == "cnn"
    assert only.box.overlap(head_box) > 0.4


@pytest.mark.parametrize("side", [48, 64, 80, 112, 150, 200])
def test_a_crop_of_a_bare_face_is_a_face(side: int, head: Pixels, head_box: Box) -> None:
    bare = head[head_box.top : head_box.bottom, head_box.left : head_box.right]
    crop = cv2.resize(bare, (side, side), interpolation=cv2.INTER_AREA)
    (only,) = found(np.asarray(crop, dtype=np.uint8))
    assert only.box.overlap(Box(0, side, side, 0)) > 0.7


def test_a_grey_photo_has_the_same_face(head: Pixels, head_box: Box) -> None:
    grey = photo.open(Image.fromarray(head).convert("L"))
    (only,) = DETECTOR.detect(grey)
    assert only.box.overlap(head_box) > 0.7


def _noise() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)


def _gradient() -> Pixels:
    return np.tile(np.linspace(0, 255, 400).astype(np.uint8)[None, :, None], (300, 1, 3))


WITHOUT_FACE: dict[str, Callable[[], Pixels]] = {
    "noise": _noise,
    "gradient": _gradient,
    "blank": lambda: np.full((100, 100, 3), 200, np.uint8),
    "16x5000": lambda: np.full((16, 5000, 3), 90, np.uint8),
}


@pytest.mark.parametrize("name", WITHOUT_FACE)
def test_where_there_is_no_face_none_is_found(name: str) -> None:
    assert found(WITHOUT_FACE[name]()) == []


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (8, 500), (15, 200)])
def test_a_tiny_photo_has_no_face_and_is_not_looked_at(
    size: tuple[int, int], astronaut_pixels: Pixels, looks: list[str]
) -> None:
    assert found(astronaut_pixels[: size[0], : size[1]]) == []
    assert looks == []


# How often a photo is looked at.


def test_a_face_that_is_seen_needs_one_look(head: Pixels, looks: list[str]) -> None:
    assert len(found(head)) == 1
    assert looks == ["hog"]


def test_the_network_is_asked_last_and_only_where_nothing_was_seen(looks: list[str]) -> None:
    found(_gradient())
    assert looks == ["hog", "hog", "hog", "cnn"]


def test_a_bare_face_needs_one_look(head: Pixels, head_box: Box, looks: list[str]) -> None:
    assert found(head[head_box.top : head_box.bottom, head_box.left : head_box.right])
    assert looks == ["hog"]


def test_a_face_that_fills_24_megapixels_needs_one_look(
    head: Pixels, head_box: Box, looks: list[str]
) -> None:
    scale = 4900 / HEAD_SIDE
    (only,) = found(resize(head, scale))
    assert only.box.overlap(Box(*(round(edge * scale) for edge in head_box))) > 0.7
    assert looks == ["hog"]


def test_small_faces_in_24_megapixels_are_all_found(head: Pixels, head_box: Box) -> None:
    places = [(0, 0, 341), (1500, 2500, 341), (3600, 5600, 341), (300, 5000, 341)]
    pixels, boxes = collage(head, head_box, (4000, 6000), places)
    assert_each_is_found(boxes, found(pixels))


def test_several_threads_find_the_same(head: Pixels, head_box: Box) -> None:
    with ThreadPoolExecutor(4) as pool:
        everything = list(pool.map(found, [head] * 12))
    assert all([item.box for item in faces] == [head_box] for faces in everything)


def test_each_face_has_its_score_and_the_points_of_its_eyes_and_nose(
    head: Pixels, head_box: Box
) -> None:
    (face,) = found(head)
    assert face.score is not None
    assert face.score > 1
    assert face.landmarks == landmarks.find(head, head_box)
    assert face.landmarks.scheme == landmarks.EYE_CORNERS_NOSE
    points = np.array(face.landmarks.points)
    assert points.shape == (5, 2)
    assert (points > (head_box.left, head_box.top)).all()
    assert (points < (head_box.right, head_box.bottom)).all()
    right_outer, right_inner, left_outer, left_inner, nose = points
    assert left_outer[0] < left_inner[0] < nose[0] < right_inner[0] < right_outer[0]
    assert nose[1] > points[:4, 1].max()


def test_faces_that_the_network_finds_have_a_score_too(head: Pixels) -> None:
    turned = Image.fromarray(head).rotate(60, fillcolor=(128, 128, 128))
    (only,) = found(np.asarray(turned))
    assert only.score is not None
    assert only.score > 0
