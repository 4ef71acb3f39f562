"""Faces are found in any size and any quarter turn, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from sklearn import datasets

from starlike import photo
from starlike.faces import landmarks, make_detector, make_encoder
from starlike.faces.crop import resize
from starlike.faces.score_maps import ScoreMaps
from starlike.records import Box, Face, Photo, Pixels
from tests.faces import without_faces

HEAD_SIDE = 256
DETECTOR = make_detector("cnn")


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
def looks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Height and width of everything that the network is shown, in order."""
    taken: list[tuple[int, int]] = []
    scores = ScoreMaps.scores

    def counting(maps: ScoreMaps, image: Pixels) -> Any:
        taken.append((image.shape[0], image.shape[1]))
        return scores(maps, image)

    monkeypatch.setattr(ScoreMaps, "scores", counting)
    return taken


def turned_box(box: Box, turns: int, size: tuple[int, int]) -> Box:
    """Where a box of an image of this height and width is after `np.rot90(image, turns)`."""
    height, width = size
    for _ in range(turns):
        box = Box(width - box.right, box.bottom, width - box.left, box.top)
        height, width = width, height
    return box


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
    (face,) = DETECTOR.detect(astronaut_photo)
    located = face_recognition.face_locations(astronaut_photo.pixels)
    assert max(face.box.overlap(Box(*box)) for box in located) > 0.6
    assert face.detector == "cnn"


def test_a_fold_of_cloth_beside_a_face_is_no_face(
    astronaut_photo: Photo, face_recognition: Any
) -> None:
    assert len(face_recognition.face_locations(astronaut_photo.pixels)) == 2
    assert len(DETECTOR.detect(astronaut_photo)) == 1


def _is_small(file: Path) -> bool:
    with Image.open(file) as image:
        return 160 < max(image.size) <= 640


def test_where_face_recognition_finds_one_face_in_a_real_photo_so_does_this(
    real_photos: Callable[[int], list[Path]], face_recognition: Any
) -> None:
    agreed = []
    for file in filter(_is_small, real_photos(80)):
        opened = photo.open(file)
        located = face_recognition.face_locations(opened.pixels)
        if len(located) == 1:
            overlaps = [item.box.overlap(Box(*located[0])) for item in DETECTOR.detect(opened)]
            agreed.append(max(overlaps, default=0) > 0.4)
    assert len(agreed) >= 20
    assert sum(agreed) >= 0.95 * len(agreed)  # face_recognition takes some cloth for a face


def test_real_photos_have_a_face_upright_and_turned(
    real_photos: Callable[[int], list[Path]],
) -> None:
    opened = [photo.open(file) for file in real_photos(120)]
    for turns in range(4):
        turned = [Photo(np.ascontiguousarray(np.rot90(p.pixels, turns)), "turned") for p in opened]
        assert sum(bool(DETECTOR.detect(item)) for item in turned) / len(opened) >= 0.97


def test_the_largest_face_comes_first(head: Pixels, head_box: Box) -> None:
    places = [(10, 10, 192), (10, 220, 384), (10, 620, 256)]
    pixels, boxes = collage(head, head_box, (400, 900), places)
    faces = found(pixels)
    assert_each_is_found(boxes, faces)
    areas = [item.box.area for item in faces]
    assert areas == sorted(areas, reverse=True)
    assert faces[0].box.overlap(boxes[1]) > 0.5


def test_faces_of_many_sizes_are_all_found(head: Pixels, head_box: Box) -> None:
    places = [(20, 0, 512), (20, 530, 341), (20, 890, 240), (300, 890, 170)]
    pixels, boxes = collage(head, head_box, (560, 1280), places)
    assert_each_is_found(boxes, found(pixels))


def test_people_behind_somebody_close_are_found(head: Pixels, head_box: Box) -> None:
    places = [(0, 0, 800), (0, 820, 440), (450, 820, 440)]
    pixels, boxes = collage(head, head_box, (900, 1300), places)
    faces = found(pixels)
    assert_each_is_found(boxes, faces)
    assert len(faces) == 3


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


@pytest.mark.parametrize("degrees", [-60, -20, -10, 10, 20, 60])
def test_a_leaning_face_is_found(degrees: int, head: Pixels, head_box: Box) -> None:
    leaning = Image.fromarray(head).rotate(degrees, fillcolor=(128, 128, 128))
    (only,) = found(np.asarray(leaning))
    assert only.box.overlap(head_box) > 0.4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_in_a_turned_photo_the_box_is_told_where_the_face_is_in_it(
    turns: int, astronaut_pixels: Pixels, astronaut_photo: Photo
) -> None:
    (upright,) = DETECTOR.detect(astronaut_photo)
    (face,) = found(np.rot90(astronaut_pixels, turns))
    expected = turned_box(upright.box, turns, astronaut_photo.pixels.shape[:2])
    assert face.box.overlap(expected) > 0.8
    assert landmarks.quarters(face) == (4 - turns) % 4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_face_has_the_chip_and_the_crop_of_the_upright_one(
    turns: int, astronaut_pixels: Pixels, astronaut_photo: Photo
) -> None:
    encoder = make_encoder("fast")
    turned = Photo(np.ascontiguousarray(np.rot90(astronaut_pixels, turns)), "turned")
    for place in ("photo", "crop"):
        one, other = (
            encoder.embed(item, DETECTOR.detect(item), place)[0].vector
            for item in (astronaut_photo, turned)
        )
        assert np.linalg.norm(one - other) < 0.2


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
    size: tuple[int, int], astronaut_pixels: Pixels, looks: list[tuple[int, int]]
) -> None:
    assert found(astronaut_pixels[: size[0], : size[1]]) == []
    assert looks == []


# How much of a photo is looked at.


def shown(looks: list[tuple[int, int]]) -> int:
    """Pixels that the network was shown."""
    return sum(height * width for height, width in looks)


def test_a_face_that_is_seen_ends_the_search(head: Pixels, looks: list[tuple[int, int]]) -> None:
    assert len(found(head)) == 1
    with_face = shown(looks)
    looks.clear()
    found(_gradient())
    assert shown(looks) > 5 * with_face


def test_a_portrait_that_fills_the_photo_is_looked_at_once(
    head: Pixels, head_box: Box, looks: list[tuple[int, int]]
) -> None:
    around = round(0.52 * head_box.side)
    close = head[head_box.top - around : head_box.bottom + around]
    assert len(found(close[:, head_box.left - around : head_box.right + around])) == 1
    assert len(looks) == 1


def test_beside_a_portrait_that_leaves_room_another_face_is_found(
    head: Pixels, head_box: Box
) -> None:
    places = [(0, 0, 768), (100, 560, 569)]
    pixels, boxes = collage(head, head_box, (768, 1129), places)
    faces = found(pixels[:, :1040])
    assert max(item.box.side for item in faces) > 0.25 * 1040
    assert_each_is_found(boxes, faces)


def test_a_bare_face_is_shown_small(
    head: Pixels, head_box: Box, looks: list[tuple[int, int]]
) -> None:
    assert found(head[head_box.top : head_box.bottom, head_box.left : head_box.right])
    assert max(map(max, looks)) < 240


def test_the_same_is_shown_of_24_megapixels_as_of_a_small_photo(
    head: Pixels, head_box: Box, looks: list[tuple[int, int]]
) -> None:
    found(head)
    small = looks.copy()
    looks.clear()
    scale = 4900 / HEAD_SIDE
    (only,) = found(resize(head, scale))
    assert only.box.overlap(Box(*(round(edge * scale) for edge in head_box))) > 0.7
    assert looks == small


@pytest.mark.parametrize("upright", [True, False])
def test_a_face_in_an_image_thirty_times_longer_than_wide_is_found(
    upright: bool, head: Pixels, head_box: Box
) -> None:
    size = (30 * HEAD_SIDE, HEAD_SIDE) if upright else (HEAD_SIDE, 30 * HEAD_SIDE)
    place = (20 * HEAD_SIDE, 0) if upright else (0, 20 * HEAD_SIDE)
    pixels, (box,) = collage(head, head_box, size, [(*place, HEAD_SIDE)])
    (face,) = found(pixels)
    assert face.box.overlap(box) > 0.7


def test_small_faces_beside_a_large_one_are_what_the_wide_one_is_for(
    head: Pixels, head_box: Box
) -> None:
    places = [(20, 20, 800), (50, 900, 150), (400, 1000, 120)]
    pixels, boxes = collage(head, head_box, (900, 1280), places)
    faces = make_detector("cnn-wide").detect(Photo(pixels, "test"))
    assert_each_is_found(boxes, faces)
    assert len(faces) == 3


def test_a_group_in_24_megapixels_is_found(head: Pixels, head_box: Box) -> None:
    places = [(200, 0, 1100), (1500, 2500, 900), (2500, 4800, 1000), (300, 5000, 800)]
    pixels, boxes = collage(head, head_box, (4000, 6000), places)
    assert_each_is_found(boxes, found(pixels))


def test_people_far_off_in_24_megapixels_are_what_the_wide_one_is_for(
    head: Pixels, head_box: Box
) -> None:
    places = [(0, 0, 341), (1500, 2500, 341), (3600, 5600, 341), (300, 5000, 341)]
    pixels, boxes = collage(head, head_box, (4000, 6000), places)
    assert_each_is_found(boxes, make_detector("cnn-wide").detect(Photo(pixels, "test")))


def test_several_threads_find_the_same(head: Pixels, head_box: Box) -> None:
    with ThreadPoolExecutor(4) as pool:
        everything = list(pool.map(found, [head] * 12))
    assert all([item.box for item in faces] == [head_box] for faces in everything)


def test_each_face_has_its_score_and_the_points_of_its_eyes_and_nose(
    head: Pixels, head_box: Box
) -> None:
    (face,) = found(head)
    assert face.score == pytest.approx(1.0, abs=0.3)
    assert face.landmarks
    assert face.landmarks.scheme == landmarks.EYE_CORNERS_NOSE
    points = np.array(face.landmarks.points)
    assert points.shape == (5, 2)
    assert np.abs(points - landmarks.find(head, head_box).points).max() <= 2
    assert (points > (head_box.left, head_box.top)).all()
    assert (points < (head_box.right, head_box.bottom)).all()
    right_outer, right_inner, left_outer, left_inner, nose = points
    assert left_outer[0] < left_inner[0] < nose[0] < right_inner[0] < right_outer[0]
    assert nose[1] > points[:4, 1].max()


# Nothing else is a face.


def test_in_pictures_without_a_face_no_more_is_found_than_by_face_recognition(
    face_recognition: Any,
) -> None:
    drawn = list(without_faces.pictures(48))
    theirs = sum(len(face_recognition.face_locations(pixels)) for pixels in drawn)
    assert sum(len(found(pixels)) for pixels in drawn) <= theirs


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
def test_in_photos_of_a_temple_and_a_flower_there_is_no_face(name: str) -> None:
    assert found(np.asarray(datasets.load_sample_image(name))) == []
