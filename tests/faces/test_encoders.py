"""Both encoders give the 128 numbers of `face_recognition`, in the photo and in the crop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from starlike import photo
from starlike.faces import ENCODERS, Encoder, make_detector, make_encoder
from starlike.faces.augment import AUGMENTATIONS
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.faces.onnx_encoder import OnnxEncoder
from starlike.faces.reference_encoder import ReferenceEncoder
from starlike.records import AVERAGED, Box, EmbedFrom, Face, Photo, Pixels

AGREEMENT = 1e-4
NAMES = tuple(ENCODERS.inside)
PLACES: tuple[EmbedFrom, ...] = get_args(EmbedFrom)

DETECTOR = make_detector()

Vectors = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def encoders() -> dict[str, Encoder]:
    return {name: make_encoder(name) for name in NAMES}


@pytest.fixture(scope="module")
def real_faces(real_photos: Callable[[int], list[Path]]) -> list[tuple[Photo, Face]]:
    """The largest face of real photos, from all sources in turn: a box, for points of their own."""
    opened = [photo.open(file) for file in real_photos(48)]
    found = [(item, faces[0]) for item in opened if (faces := DETECTOR.detect(item))]
    return [(item, replace(face, landmarks=None)) for item, face in found]


@pytest.fixture(scope="module")
def several() -> list[Face]:
    """Boxes on and around the astronaut's face, each with another embedding."""
    boxes = [Box(76, 265, 166, 175), Box(60, 280, 181, 160), Box(100, 250, 160, 190)]
    return [Face(box=box, detector="hog") for box in boxes]


def vectors(encoder: Encoder, opened: Photo, faces: list[Face], place: EmbedFrom) -> Vectors:
    return np.array([item.vector for item in encoder.embed(opened, faces, place)])


def farthest(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one - other).max())


def test_the_names_make_the_encoders(encoders: dict[str, Encoder]) -> None:
    assert isinstance(encoders["fast"], OnnxEncoder)
    assert isinstance(encoders["reference"], ReferenceEncoder)
    assert encoders["fast"].card.fits(encoders["reference"].card)
    assert set(encoders) == {"fast", "reference"}


# What is the same.


@pytest.mark.parametrize("place", PLACES)
def test_fast_and_reference_agree_on_real_faces(
    place: EmbedFrom,
    encoders: dict[str, Encoder],
    real_faces: list[tuple[Photo, Face]],
) -> None:
    assert len(real_faces) >= 40
    assert {Path(opened.name).name.split("_")[0] for opened, _ in real_faces} == {
        "vggface",
        "famousfaces",
        "glint360k",
        "bollywood",
    }
    for opened, found in real_faces:
        fast = vectors(encoders["fast"], opened, [found], place)
        reference = vectors(encoders["reference"], opened, [found], place)
        assert farthest(fast, reference) < AGREEMENT, opened.name


@pytest.mark.parametrize("place", PLACES)
def test_fast_and_reference_agree_on_the_astronaut(
    place: EmbedFrom,
    encoders: dict[str, Encoder],
    astronaut_photo: Photo,
    several: list[Face],
) -> None:
    fast = vectors(encoders["fast"], astronaut_photo, several, place)
    reference = vectors(encoders["reference"], astronaut_photo, several, place)
    assert farthest(fast, reference) < AGREEMENT


@pytest.mark.parametrize("name", NAMES)
def test_an_embedding_in_the_photo_is_that_of_face_recognition(
    name: str,
    encoders: dict[str, Encoder],
    astronaut: Path,
    face_recognition: Any,
) -> None:
    pixels = face_recognition.load_image_file(astronaut)
    boxes = face_recognition.face_locations(pixels)
    expected = face_recognition.face_encodings(pixels, boxes)
    faces = [Face(box=Box(*box), detector="hog") for box in boxes]
    got = vectors(encoders[name], photo.open(astronaut), faces, "photo")
    assert farthest(got, np.array(expected)) < AGREEMENT


@pytest.mark.parametrize("name", NAMES)
def test_an_embedding_in_the_crop_is_that_of_the_seed_recipe(
    name: str,
    encoders: dict[str, Encoder],
    astronaut_pixels: Pixels,
    astronaut_photo: Photo,
    face_recognition: Any,
) -> None:
    top, right, bottom, left = box = face_recognition.face_locations(astronaut_pixels)[0]
    crop = cv2.resize(astronaut_pixels[top:bottom, left:right], (170, 170))
    expected = face_recognition.face_encodings(crop, [(0, 170, 170, 0)])
    got = vectors(encoders[name], astronaut_photo, [Face(box=Box(*box), detector="hog")], "crop")
    assert farthest(got, np.array(expected)) < AGREEMENT


def test_the_places_give_different_embeddings(
    encoders: dict[str, Encoder], astronaut_photo: Photo, several: list[Face]
) -> None:
    encoded = [vectors(encoders["fast"], astronaut_photo, several[:1], place) for place in PLACES]
    for one, other in combinations(encoded, 2):
        assert farthest(one, other) > 100 * AGREEMENT


def test_augmented_is_the_average_over_the_face_as_it_is_and_its_mirrored_view(
    astronaut_photo: Photo, several: list[Face]
) -> None:
    encoder = OnnxEncoder()
    each = encoder.embed_augmented(astronaut_photo, several, [0] * len(several))
    assert each.shape == (len(several), 1 + AUGMENTATIONS, DLIB_RESNET.dimensions)
    assert farthest(each[:, 0], vectors(encoder, astronaut_photo, several, "photo")) < AGREEMENT
    averaged = vectors(encoder, astronaut_photo, several, "augmented")
    assert farthest(averaged, each[:, :AVERAGED].mean(axis=1)) < AGREEMENT


def test_the_seed_of_a_face_changes_what_is_learned_from_and_no_other_face(
    astronaut_photo: Photo, several: list[Face]
) -> None:
    encoder = OnnxEncoder()
    one, other = (
        encoder.embed_augmented(astronaut_photo, several[:2], seeds) for seeds in ([1, 2], [1, 3])
    )
    assert farthest(one[0], other[0]) < 1e-5
    assert farthest(one[1, :AVERAGED], other[1, :AVERAGED]) < 1e-5
    assert farthest(one[1, AVERAGED:], other[1, AVERAGED:]) > 100 * AGREEMENT


# Several faces.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_several_faces_keep_their_order(
    name: str,
    place: EmbedFrom,
    encoders: dict[str, Encoder],
    astronaut_photo: Photo,
    several: list[Face],
) -> None:
    encoder = encoders[name]
    encoded = encoder.embed(astronaut_photo, several, place)
    assert [item.face for item in encoded] == several
    for item in encoded:
        alone = vectors(encoder, astronaut_photo, [item.face], place)
        assert item.vector.shape == (DLIB_RESNET.dimensions,)
        assert item.vector.dtype == np.float32
        assert farthest(item.vector[None], alone) < 1e-5
    assert farthest(encoded[0].vector, encoded[1].vector) > AGREEMENT
    assert farthest(encoded[1].vector, encoded[2].vector) > AGREEMENT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_no_faces_have_no_embeddings(
    name: str,
    place: EmbedFrom,
    encoders: dict[str, Encoder],
    astronaut_photo: Photo,
) -> None:
    assert encoders[name].embed(astronaut_photo, [], place) == []


@pytest.mark.parametrize("count", [1, 31, 32, 33, 70])
def test_chips_are_encoded_alike_in_any_number(count: int) -> None:
    chips = np.random.default_rng(3).integers(0, 256, (3, 150, 150, 3), dtype=np.uint8)
    encoder = OnnxEncoder(threads=1)
    each = encoder.embed_chips(chips)
    order = np.arange(count) % 3
    assert farthest(encoder.embed_chips(chips[order]), each[order]) < 1e-5


def test_more_threads_give_the_same(astronaut_photo: Photo, several: list[Face]) -> None:
    one, two = (
        vectors(make_encoder("fast", threads=threads), astronaut_photo, several, "photo")
        for threads in (1, 2)
    )
    assert farthest(one, two) < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_one_encoder_may_serve_several_threads(
    name: str,
    encoders: dict[str, Encoder],
    astronaut_photo: Photo,
    several: list[Face],
) -> None:
    def encode(_: int) -> Vectors:
        return vectors(encoders[name], astronaut_photo, several, "photo")

    expected = encode(0)
    with ThreadPoolExecutor(4) as pool:
        assert max(farthest(got, expected) for got in pool.map(encode, range(6))) < 1e-5


# How the reference is imported. Each in an interpreter of its own.


def test_the_reference_needs_no_pkg_resources(run_python: Callable[..., Any]) -> None:
    ended = run_python(
        "import sys\n"
        "sys.modules['pkg_resources'] = None\n"
        "from starlike import faces\n"
        "faces.make_encoder('reference')\n"
        "import face_recognition\n"
        "print('alive')\n"
    )
    assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr


def test_the_networks_are_found_after_the_reference_was_made(
    run_python: Callable[..., Any],
) -> None:
    ended = run_python(
        "from starlike import faces\n"
        "from starlike.faces import dlib_files\n"
        "faces.make_encoder('reference')\n"
        "print(dlib_files.path(dlib_files.LANDMARKS_5).name)\n"
    )
    assert ended.stdout == "shape_predictor_5_face_landmarks.dat\n", ended.stderr


def test_making_the_reference_leaves_pillow_as_strict_as_it_was(
    astronaut: Path, run_python: Callable[..., Any]
) -> None:
    ended = run_python(
        "from starlike import errors, faces, photo\n"
        "faces.make_encoder('reference')\n"
        f"data = open({str(astronaut)!r}, 'rb').read()\n"
        "try:\n"
        "    photo.open(data[:40000])\n"
        "except errors.PhotoBrokenError as error:\n"
        "    print(error.code)\n"
    )
    assert ended.stdout == "broken\n", ended.stderr


MAKE_THE_REFERENCE = (
    "from starlike import errors, faces\n"
    "try:\n"
    "    faces.make_encoder('reference')\n"
    "except errors.EncoderError as error:\n"
    "    print(error)\n"
)


@pytest.mark.parametrize(
    "content",
    ["quit()", "raise SystemExit(1)", "import sys; sys.exit()", "import no_such_module"],
)
def test_an_import_that_fails_is_an_encoder_error(
    content: str, tmp_path: Path, run_python: Callable[..., Any]
) -> None:
    (tmp_path / "face_recognition.py").write_text(content)
    ended = run_python(MAKE_THE_REFERENCE, before=[tmp_path])
    assert ended.returncode == 0, ended.stderr
    assert "face_recognition" in ended.stdout
    assert "install" in ended.stdout
    assert ended.stdout.count("\n") == 1


def test_a_library_that_is_not_installed_is_an_encoder_error_that_says_how_to(
    run_python: Callable[..., Any],
) -> None:
    ended = run_python(f"import sys\nsys.modules['face_recognition'] = None\n{MAKE_THE_REFERENCE}")
    assert ended.returncode == 0, ended.stderr
    assert "pip install" in ended.stdout


def test_importing_the_encoders_takes_no_heavy_library_along(
    run_python: Callable[..., Any],
) -> None:
    ended = run_python(
        "import sys\n"
        "from starlike import faces\n"
        "heavy = {'dlib', 'face_recognition', 'onnxruntime'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert ended.stdout == "[]\n", ended.stderr
