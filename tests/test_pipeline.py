"""The answering road, as the library gives it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import starlike
from starlike import (
    Embedding,
    FaceMatches,
    Model,
    NamesError,
    NoFaceError,
    Photo,
    PhotoError,
    Ranking,
)
from starlike.errors import TooFewPhotosError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.photo import open as open_photo
from starlike.pipeline import combine
from starlike.records import Floats, Pixels

LIMIT = DLIB_RESNET.same_person


@pytest.fixture(scope="module")
def model() -> Model:
    return starlike.load_model()


def test_importing_loads_nothing_heavy(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    heavy = "keras jax tensorflow torch dlib face_recognition matplotlib sklearn pyarrow"
    heavy += " onnx onnxruntime"
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
    (embedding,) = model.embed(astronaut)
    assert embedding.vector.shape == (128,)
    assert embedding.vector.dtype == np.float32
    assert embedding.face.detector == "cnn"


def test_a_photo_that_was_opened_before_is_not_opened_again(model: Model, astronaut: Path) -> None:
    again = model.embed(open_photo(astronaut))
    assert np.array_equal(again[0].vector, model.embed(astronaut)[0].vector)


def test_nothing_is_reported_to_the_makers_of_what_runs_the_network(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
    astronaut: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where ONNX Runtime means to report its use, it leaves a file for the session at once."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    code = "import sys, starlike; starlike.load_model().match(sys.argv[1])"
    done = run_python(code, str(astronaut))
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


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
        model.rank_together(model.embed(astronaut), top=0)


def test_one_embedding_together_is_ranked_as_it_is_alone(model: Model, astronaut: Path) -> None:
    embeddings = model.embed(astronaut)
    together, (alone,) = model.rank_together(embeddings), model.rank_faces(embeddings)
    assert together == Ranking(
        matches=alone.matches,
        known_probability=alone.known_probability,
        verdict=alone.verdict,
        photos=1,
    )


def test_several_photos_make_surer_that_a_stranger_is_one(model: Model, astronaut: Path) -> None:
    embeddings = model.embed(astronaut)
    one, three = model.rank_together(embeddings), model.rank_together(embeddings * 3)
    assert (one.photos, three.photos) == (1, 3)
    assert [match.name for match in three.matches] == [match.name for match in one.matches]
    assert three.known_probability != one.known_probability


def test_somebody_else_among_several_photos_does_not_count(
    model: Model, astronaut: Path, real_photos: Callable[[int], list[Path]]
) -> None:
    mine, theirs = model.embed(astronaut)[:1], model.embed(real_photos(1)[0])[:1]
    expected = model.rank_together(mine * 2)
    for photos in (mine + theirs + mine, theirs + mine * 2, mine * 2 + theirs):
        ranking = model.rank_together(photos)
        assert ranking.photos == 2
        assert ranking.matches == expected.matches


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


def test_known_people_are_recognised_in_person(
    model: Model, real_photos: Callable[[int], list[Path]]
) -> None:
    faces = [_largest(model, photo) for photo in real_photos(40)]
    found = [face for face in faces if face is not None]
    assert sum(face.verdict == "in_person" for face in found) >= 0.8 * len(found)


def test_a_stranger_is_not_taken_for_a_star(model: Model, astronaut: Path) -> None:
    (face,) = model.match(astronaut)
    assert face.verdict != "in_person"
    assert face.known_probability is not None
    assert face.known_probability < 0.5


def test_an_embedding_far_from_everybody_resembles_nobody(model: Model, astronaut: Path) -> None:
    (embedding,) = model.embed(astronaut)
    far = Embedding(embedding.face, np.zeros_like(embedding.vector))
    (face,) = model.rank_faces([far])
    assert face.verdict == "nobody"


def test_photos_are_compared_as_the_pipeline_embeds_them(model: Model, astronaut: Path) -> None:
    with Image.open(astronaut) as image:
        turned = Photo(np.asarray(image.convert("RGB"))[:, ::-1].copy(), "mirrored")
    compared = model.compare([astronaut, turned])
    assert [photo.name for photo in compared.photos] == [str(astronaut), "mirrored"]
    found = [("a", model.embed(astronaut)), ("b", model.embed(turned))]
    np.testing.assert_array_equal(model.compare_faces(found).similarities, compared.similarities)
    assert compared.pairs[0].verdict == "one_person"


def test_who_is_compared_is_seen(model: Model, astronaut: Path) -> None:
    with pytest.raises(TooFewPhotosError, match="two photos or more"):
        model.compare([astronaut])
    with pytest.raises(NoFaceError, match="plain"):
        model.compare([astronaut, Photo(np.zeros((64, 64, 3), dtype=np.uint8), "plain")])


class TestAmong:
    FEW = ("Halle Berry", "SALMA HAYEK", "renée zellweger")

    def test_only_these_are_named(self, model: Model, astronaut: Path) -> None:
        (everybody,) = model.match(astronaut, top=10_000)
        (few,) = model.match(astronaut, among=self.FEW)
        before = {match.name: match for match in everybody.matches}
        assert {match.name for match in few.matches} == {
            "Halle Berry",
            "Salma Hayek",
            "Renée Zellweger",
        }
        assert sum(match.probability for match in few.matches) == pytest.approx(1)
        for match in few.matches:
            assert match.similarity == before[match.name].similarity
            assert match.probability > before[match.name].probability
        assert few.known_probability == everybody.known_probability

    def test_whom_was_found_once_answers_many(self, model: Model, astronaut: Path) -> None:
        found = model.among(self.FEW)
        embeddings = model.embed(astronaut)
        for among in (found, self.FEW):
            (face,) = model.rank_faces(embeddings, among=among)
            together = model.rank_together(embeddings, among=among)
            assert face.matches == together.matches
            assert face.matches == model.match(astronaut, among=found)[0].matches

    def test_groups_of_the_model_that_ships(self, model: Model, astronaut: Path) -> None:
        groups = model.classes.groups
        assert set(groups) == {"film-and-television", "indian-cinema", "well-known"}
        assert len(groups["well-known"]) > 200
        (face,) = model.match(astronaut, among=["well-known", "indian-cinema"], top=10_000)
        named = {match.name for match in face.matches}
        assert named == set(groups["well-known"]) | set(groups["indian-cinema"])

    def test_the_star_in_the_photo_may_be_somebody_who_was_not_asked_about(
        self, model: Model, real_photos: Callable[[int], list[Path]]
    ) -> None:
        photo = next(
            photo
            for photo in real_photos(40)
            if (face := _largest(model, photo)) and face.verdict == "in_person"
        )
        others = [name for name in model.classes.names if name != photo.parent.name]
        face = _largest(model, photo, among=others)
        assert face is not None
        assert face.verdict != "in_person"
        assert face.known_probability is not None
        assert face.known_probability > 0.5

    def test_unknown_names_are_an_error_before_the_photo_is_looked_at(self, model: Model) -> None:
        with pytest.raises(NamesError, match="nobodies: there is no such group"):
            model.match("nowhere.jpg", among=["nobodies"])
        with pytest.raises(NamesError, match="nobody to choose from"):
            model.rank_faces([], among=[])


class TestCombining:
    @pytest.fixture
    def own(self) -> Floats:
        """Five photos of one person: about 0.3 apart."""
        rng = np.random.default_rng(0)
        return np.asarray(0.1 + rng.normal(0, 0.02, (5, 128)), dtype=np.float32)

    @pytest.mark.parametrize("count", [1, 2, 3, 5])
    def test_photos_that_agree_are_averaged(self, count: int, own: Floats) -> None:
        vector, photos = combine(own[:count], LIMIT)
        assert photos == count
        assert vector.shape == (128,)
        assert vector.dtype == np.float32
        np.testing.assert_allclose(vector, own[:count].mean(0), atol=1e-6)

    @pytest.mark.parametrize("right", [2, 3, 4, 5])
    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_photo_of_somebody_else_is_left_out(
        self, right: int, place: int, own: Floats
    ) -> None:
        asked = np.insert(own[:right], place, own[0] + 0.07, axis=0)
        vector, photos = combine(asked, LIMIT)
        assert photos == right
        np.testing.assert_allclose(vector, own[:right].mean(0), atol=1e-6)

    def test_where_most_disagree_all_count(self, own: Floats) -> None:
        for apart in ([0.0, 0.07], [0.0, 0.0, 0.07, 0.07], [0.0, 0.07, -0.07]):
            asked = own[: len(apart)] + np.array(apart, dtype=np.float32)[:, None]
            vector, photos = combine(asked, LIMIT)
            assert photos == len(apart)
            np.testing.assert_allclose(vector, asked.mean(0), atol=1e-6)

    def test_the_order_of_photos_does_not_matter(self, own: Floats) -> None:
        asked = np.concatenate([own, own[:2] + np.float32(0.05)])
        expected, photos = combine(asked, LIMIT)
        rng = np.random.default_rng(1)
        for _ in range(20):
            vector, count = combine(rng.permutation(asked), LIMIT)
            assert count == photos
            np.testing.assert_allclose(vector, expected, atol=1e-6)

    def test_the_limit_is_that_between_two_people(self, own: Floats) -> None:
        step = np.zeros(128, dtype=np.float32)
        step[0] = 1
        for apart, photos in ((0.59, 3), (0.61, 2)):
            assert combine(np.stack([own[0], own[0], own[0] + apart * step]), LIMIT)[1] == photos


def _largest(model: Model, photo: Path, **options: Any) -> FaceMatches | None:
    try:
        return model.match(photo, **options)[0]
    except NoFaceError:
        return None
