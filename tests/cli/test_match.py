"""`starlike match`, as its users run it, with the model that ships."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import starlike as library
from tests.cli.conftest import Starlike


def test_a_photo_is_answered_for_people(starlike: Starlike, astronaut: Path) -> None:
    run = starlike("match", astronaut)
    assert run.status == 0
    assert "similarity" in run.out
    assert "probability" in run.out
    best = library.load_model().match(astronaut)[0].matches[0]
    assert best.name in run.out


def test_json_has_the_documented_shape(starlike: Starlike, astronaut: Path) -> None:
    run = starlike("match", "--json", "--top", 3, astronaut)
    assert run.status == 0
    (line,) = run.lines
    assert list(line) == ["photo", "faces", "error"]
    assert line["photo"] == str(astronaut)
    assert line["error"] is None
    (face,) = line["faces"]
    top, right, bottom, left = face["box"]
    assert 0 <= top < bottom <= 512
    assert 0 <= left < right <= 512
    assert list(face) == ["box", "verdict", "known_probability", "matches"]
    assert face["verdict"] in {"resembles", "nobody"}
    assert 0 <= face["known_probability"] < 0.5
    assert len(face["matches"]) == 3
    for match in face["matches"]:
        assert list(match) == ["name", "probability", "similarity"]
        assert 0 <= match["probability"] <= 1
        assert 0 <= match["similarity"] <= 100
    probabilities = [match["probability"] for match in face["matches"]]
    assert probabilities == sorted(probabilities, reverse=True)


def test_the_library_and_the_command_answer_the_same(starlike: Starlike, astronaut: Path) -> None:
    (line,) = starlike("match", "--json", astronaut).lines
    (face,) = library.load_model().match(astronaut)
    assert line["faces"][0]["box"] == list(face.box)
    assert [match["name"] for match in line["faces"][0]["matches"]] == [
        match.name for match in face.matches
    ]


def test_the_same_photo_gets_the_same_answer_twice(starlike: Starlike, astronaut: Path) -> None:
    assert starlike("match", "--json", astronaut).out == starlike("match", "--json", astronaut).out


def test_the_reference_encoder_answers_nearly_the_same(starlike: Starlike, astronaut: Path) -> None:
    """It finds landmarks of its own in the box, which may lie a pixel away."""
    answers = []
    for encoder in ("fast", "reference"):
        (line,) = starlike("match", "--json", "--encoder", encoder, astronaut).lines
        matches = line["faces"][0]["matches"]
        answers.append({one["name"]: one["probability"] for one in matches})
    fast, reference = answers
    assert next(iter(fast)) == next(iter(reference))
    both = fast.keys() & reference.keys()
    assert len(both) >= 4
    for name in both:
        assert fast[name] == pytest.approx(reference[name], abs=1e-2)


def test_standard_input_is_a_photo(starlike: Starlike, astronaut: Path) -> None:
    (line,) = starlike("match", "--json", "-", stdin=astronaut.read_bytes()).lines
    assert line["photo"] == "-"
    assert len(line["faces"]) == 1


def test_empty_standard_input_is_told_apart(starlike: Starlike) -> None:
    run = starlike("match", "--json", "-")
    assert run.status == 1
    assert run.lines[0]["error"]["code"] == "empty"


def _bad(folder: Path) -> dict[str, Path]:
    """A file of each kind that has no answer, by the code that it should get."""
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    files = {code: folder / f"{code}.jpg" for code in ("no_face", "empty", "not_a_photo", "broken")}
    Image.fromarray(noise).save(files["no_face"])
    files["empty"].touch()
    files["not_a_photo"].write_text("not a photo at all")
    files["broken"].write_bytes(files["no_face"].read_bytes()[:4000])
    return {**files, "not_found": folder / "nowhere.jpg"}


def test_bad_photos_are_told_and_the_others_answered(
    starlike: Starlike, astronaut: Path, tmp_path: Path
) -> None:
    bad = _bad(tmp_path)
    run = starlike("match", "--json", *bad.values(), astronaut)
    assert run.status == 1
    assert [line["photo"] for line in run.lines] == [*map(str, bad.values()), str(astronaut)]
    assert [line["error"]["code"] for line in run.lines[:-1]] == list(bad)
    assert all(line["faces"] == [] for line in run.lines[:-1])
    assert run.lines[-1]["error"] is None


def test_a_bad_photo_is_one_line_for_people(starlike: Starlike, tmp_path: Path) -> None:
    run = starlike("match", tmp_path / "nowhere.jpg")
    assert run.status == 1
    assert run.out == ""
    assert len(run.err.splitlines()) == 1
    assert "nowhere.jpg: there is no such file" in run.err


def test_folders_are_walked(starlike: Starlike, astronaut: Path, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for place in ("b.jpg", "a.JPG", "deep/er/c.jpeg"):
        shutil.copy(astronaut, tmp_path / place)
    (tmp_path / "notes.txt").write_text("no photo")
    run = starlike("match", "--json", tmp_path)
    assert run.status == 0
    photos = [Path(line["photo"]).relative_to(tmp_path).as_posix() for line in run.lines]
    assert photos == ["a.JPG", "b.jpg", "deep/er/c.jpeg"]


def test_a_folder_without_photos_is_told(starlike: Starlike, tmp_path: Path) -> None:
    run = starlike("match", "--json", tmp_path)
    assert run.status == 1
    assert run.lines[0]["error"]["code"] == "empty"


def test_several_faces_are_answered_largest_first(
    starlike: Starlike, astronaut: Path, tmp_path: Path
) -> None:
    with Image.open(astronaut) as portrait:
        group = Image.new("RGB", (900, 512), "grey")
        group.paste(portrait.resize((300, 300)), (0, 100))
        group.paste(portrait, (388, 0))
        group.save(tmp_path / "group.png")
    (line,) = starlike("match", "--json", tmp_path / "group.png").lines
    boxes = [face["box"] for face in line["faces"]]
    assert len(boxes) == 2
    assert boxes[0][3] > 388 > boxes[1][3]
    assert "face 2 of 2" in starlike("match", tmp_path / "group.png").out


def test_photos_together_add_one_answer(
    starlike: Starlike, astronaut: Path, tmp_path: Path
) -> None:
    with Image.open(astronaut) as portrait:
        portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "mirrored.png")
    photos = [astronaut, tmp_path / "mirrored.png", tmp_path / "nowhere.png"]
    run = starlike("match", "--json", "--together", *photos)
    assert run.status == 1
    assert [line.get("photo") for line in run.lines] == [*map(str, photos), None]
    last = run.lines[-1]
    assert last["together"] == list(map(str, photos[:2]))
    assert last["agreeing"] == 2
    assert last["faces"][0]["box"] is None
    assert len(last["faces"][0]["matches"]) == 5
    assert "2 photos together" in starlike("match", "--together", *photos[:2]).out


def test_a_photo_of_somebody_else_is_left_out_and_told(
    starlike: Starlike, astronaut: Path, real_photos: Callable[[int], list[Path]], tmp_path: Path
) -> None:
    with Image.open(astronaut) as portrait:
        portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "mirrored.png")
    photos = [astronaut, real_photos(1)[0], tmp_path / "mirrored.png"]
    assert starlike("match", "--json", "--together", *photos).lines[-1]["agreeing"] == 2
    run = starlike("match", "--together", *photos)
    assert "1 left out: it seems to show somebody else" in run.out


def test_a_star_in_person_is_told_for_people(
    starlike: Starlike, real_photos: Callable[[int], list[Path]]
) -> None:
    (photo,) = real_photos(1)
    assert f"This seems to be {photo.parent.name} in person." in starlike("match", photo).out


class TestAmong:
    @pytest.fixture
    def people(self, tmp_path: Path) -> Path:
        file = tmp_path / "people.txt"
        file.write_text("# mine\nsamuel l. jackson\nNobody At All\nMorgan Freeman\n")
        return file

    def test_a_file_of_names(self, starlike: Starlike, astronaut: Path, people: Path) -> None:
        run = starlike("match", "--json", "--among", people, astronaut, astronaut)
        assert run.status == 0
        for line in run.lines:
            matches = line["faces"][0]["matches"]
            assert {m["name"] for m in matches} == {"Samuel L. Jackson", "Morgan Freeman"}
            assert sum(m["probability"] for m in matches) == pytest.approx(1, abs=1e-5)
        (told,) = run.err.splitlines()
        assert "the model does not know them: 1 (Nobody At All)" in told

    def test_people_are_told_kindly_that_nobody_resembles(
        self, starlike: Starlike, astronaut: Path, people: Path
    ) -> None:
        run = starlike("match", "--among", people, astronaut)
        assert "Nobody we know resembles this face much" in run.out
        (line,) = starlike("match", "--json", "--among", people, astronaut).lines
        assert line["faces"][0]["verdict"] == "nobody"

    def test_groups_and_files_are_joined(
        self, starlike: Starlike, astronaut: Path, people: Path
    ) -> None:
        words = ("--among", "Indian-Cinema", "--among", people, "--top", 10_000)
        run = starlike("match", "--json", *words, astronaut)
        named = {match["name"] for match in run.lines[0]["faces"][0]["matches"]}
        indian = library.load_model().classes.groups["indian-cinema"]
        assert named == {*indian, "Samuel L. Jackson", "Morgan Freeman"}

    def test_photos_together_are_answered_among_these(
        self, starlike: Starlike, astronaut: Path, people: Path
    ) -> None:
        last = starlike("match", "--json", "--together", "--among", people, astronaut).lines[-1]
        assert len(last["faces"][0]["matches"]) == 2

    def test_an_unknown_group_is_wrong_usage_and_tells_those_there_are(
        self, starlike: Starlike, astronaut: Path
    ) -> None:
        run = starlike("match", "--among", "nobodies", astronaut)
        assert (run.status, run.out) == (2, "")
        (told,) = run.err.splitlines()
        assert "nobodies: there is no such group, person or list of names" in told
        assert "well-known (2" in told

    @pytest.mark.parametrize(
        ("content", "told"), [("Nobody\n", "the model knows nobody in this list"), ("", "no name")]
    )
    def test_a_file_of_nobody_known_is_wrong_usage(
        self, content: str, told: str, starlike: Starlike, astronaut: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "few.txt").write_text(content)
        run = starlike("match", "--among", tmp_path / "few.txt", astronaut)
        assert (run.status, run.out) == (2, "")
        assert len(run.err.splitlines()) == 1
        assert told in run.err


def test_together_without_any_face_is_told(starlike: Starlike, tmp_path: Path) -> None:
    run = starlike("match", "--json", "--together", tmp_path / "nowhere.png")
    assert run.status == 1
    assert run.lines[-1]["error"]["code"] == "no_face"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--top", "0", "x.jpg"),
        ("--top", "many", "x.jpg"),
        ("--encoder", "other", "x.jpg"),
        ("--unknown", "x.jpg"),
    ],
)
def test_wrong_usage_leaves_with_2(starlike: Starlike, words: tuple[str, ...]) -> None:
    assert starlike("match", *words).status == 2


def test_a_missing_model_is_wrong_usage(
    starlike: Starlike, astronaut: Path, tmp_path: Path
) -> None:
    run = starlike("match", "--model", tmp_path / "nowhere", astronaut)
    assert run.status == 2
    assert len(run.err.splitlines()) == 1
    assert "there is no such model folder" in run.err


def test_a_name_that_is_no_text_is_carried_unharmed(starlike: Starlike, tmp_path: Path) -> None:
    name = str(tmp_path).encode() + b"/\xff\xfe.jpg"
    run = starlike("match", "--json", name.decode("utf-8", "surrogateescape"))
    assert run.status == 1
    photo = json.loads(run.out)["photo"]
    assert photo.encode("utf-8", "surrogateescape") == name


@pytest.mark.slow
def test_two_hundred_real_photos_give_two_hundred_lines(
    starlike: Starlike, real_photos: Callable[[int], list[Path]]
) -> None:
    photos = real_photos(200)
    run = starlike("match", "--json", *photos)
    assert run.status in {0, 1}
    assert [line["photo"] for line in run.lines] == list(map(str, photos))
    answered = [line for line in run.lines if line["error"] is None]
    assert len(answered) >= 194
    assert {line["error"]["code"] for line in run.lines if line["error"]} <= {"no_face"}
