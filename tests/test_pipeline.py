"""The answering road, as the library gives it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import starlike
from starlike import Model, NoFaceError, PhotoError
from starlike.records import Pixels


@pytest.fixture(scope="module")
def model() -> Model:
    return starlike.load_model()


def test_importing_loads_nothing_heavy(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    heavy = (
        "keras jax tensorflow torch dlib face_recognition matplotlib sklearn onnxruntime pyarrow"
    )
    loaded = f"set('{heavy}'.split()) & set(sys.modules)"
    code = f"import sys, starlike; sys.exit(' '.join({loaded}) or None)"
    done = run_python(code)
    assert done.returncode == 0, done.stderr


def test_the_model_that_ships_knows_more_people_than_the_reference(model: Model) -> None:
    assert len(model.classes.names) > 1300
    assert len(set(model.classes.names)) == len(model.classes.names)
    assert "Angelina Jolie" in model.classes.names


def test_probabilities_of_all_classes_add_up_to_one(model: Model, astronaut: Path) -> None:
    (face,) = model.match(astronaut, top=10_000)
    assert len(face.matches) == len(model.classes.names)
    assert sum(match.probability for match in face.matches) == pytest.approx(1, abs=1e-4)


def test_a_photo_may_come_in_any_form(
    model: Model, astronaut: Path, astronaut_pixels: Pixels
) -> None:
    expected = model.match(astronaut)
    with Image.open(astronaut) as image:
        for source in (str(astronaut), astronaut.read_bytes(), image, astronaut_pixels):
            assert model.match(source) == expected


def test_a_face_is_encoded_as_128_numbers(model: Model, astronaut: Path) -> None:
    (encoding,) = model.encode(astronaut)
    assert encoding.vector.shape == (128,)
    assert encoding.vector.dtype == np.float32
    assert encoding.face.detector == "hog"


def test_a_photo_without_a_face_is_an_error(model: Model) -> None:
    with pytest.raises(NoFaceError, match="no face was found"):
        model.match(np.zeros((100, 100, 3), np.uint8), name="dark")


def test_limits_are_the_callers_to_set(astronaut: Path) -> None:
    model = starlike.load_model(limits=starlike.Limits(max_pixels=1000))
    with pytest.raises(PhotoError, match="million pixels"):
        model.match(astronaut)


def test_top_must_be_at_least_one(model: Model, astronaut: Path) -> None:
    with pytest.raises(ValueError, match="top"):
        model.match(astronaut, top=0)
    with pytest.raises(ValueError, match="top"):
        model.rank_together(model.encode(astronaut), top=0)


def test_one_encoding_together_is_ranked_as_it_is_alone(model: Model, astronaut: Path) -> None:
    encodings = model.encode(astronaut)
    assert model.rank_together(encodings) == model.rank_faces(encodings)[0].matches


def test_nothing_together_is_refused(model: Model) -> None:
    assert model.rank_faces([]) == []
    with pytest.raises(ValueError, match="at least one"):
        model.rank_together([])


def test_known_people_are_recognised(
    model: Model, real_photos: Callable[[int], list[Path]]
) -> None:
    photos = real_photos(60)
    right = found = 0
    for photo in photos:
        try:
            faces = model.match(photo, top=1)
        except NoFaceError:
            continue
        found += 1
        right += faces[0].matches[0].name == photo.parent.name
    assert found >= 58
    assert right >= 0.9 * found
