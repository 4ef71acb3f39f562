"""`starlike compare`, as its users run it, with the model that ships."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps

import starlike as library
from starlike.model import wording
from tests.cli.conftest import Starlike


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, astronaut: Path) -> Path:
    """Three photos of the astronaut, one of them beside a smaller face, and one of nobody."""
    folder = tmp_path_factory.mktemp("photos")
    shutil.copy(astronaut, folder / "a.jpg")
    with Image.open(astronaut) as portrait:
        ImageOps.mirror(portrait).save(folder / "b.png")
        group = Image.new("RGB", (900, 512), "grey")
        group.paste(portrait.resize((300, 300)), (0, 100))
        group.paste(portrait, (388, 0))
        group.save(folder / "group.png")
    Image.new("RGB", (64, 64)).save(folder / "nobody.png")
    return folder


def test_two_photos_are_compared_in_a_sentence(starlike: Starlike, folder: Path) -> None:
    run = starlike("compare", folder / "a.jpg", folder / "b.png")
    assert run.status == 0
    (pair,) = library.load_model().compare([folder / "a.jpg", folder / "b.png"]).pairs
    assert pair.verdict == "one_person"
    assert run.out == wording.pair_with_number(pair.verdict, pair.similarity) + "\n"


def test_json_has_the_documented_shape(starlike: Starlike, folder: Path) -> None:
    names = [str(folder / name) for name in ("a.jpg", "b.png", "group.png")]
    run = starlike("compare", "--json", "--child", *names)
    assert run.status == 0
    (answer,) = run.lines
    assert list(answer) == ["photos", "pairs", "child", "error"]
    assert [photo["photo"] for photo in answer["photos"]] == names
    assert [photo["faces"] for photo in answer["photos"]] == [1, 1, 2]
    for photo in answer["photos"]:
        assert list(photo) == ["photo", "box", "faces", "error"]
    assert answer["photos"][2]["box"][3] > 388, "the larger face is on the right"
    expected = [[names[0], names[1]], [names[0], names[2]], [names[1], names[2]]]
    assert [pair["photos"] for pair in answer["pairs"]] == expected
    for pair in answer["pairs"]:
        assert list(pair) == ["photos", "similarity", "verdict"]
        assert 50 < pair["similarity"] <= 100
        assert pair["verdict"] == "one_person"
    child = answer["child"]
    assert list(child) == ["photo", "clear", "level", "nearest"]
    assert child["photo"] == names[0]
    assert {one["photo"] for one in child["nearest"]} == set(names[1:])
    similarities = [one["similarity"] for one in child["nearest"]]
    assert similarities == sorted(similarities, reverse=True)
    assert child["clear"] == (len(child["level"]) == 1)


def test_several_photos_are_numbered_and_paired(starlike: Starlike, folder: Path) -> None:
    photos = [folder / name for name in ("a.jpg", "b.png", "group.png")]
    for columns in ("80", "44"):
        run = starlike("compare", *photos, env={"COLUMNS": columns})
        lines = run.out.splitlines()
        assert "group.png shows 2 faces; the largest is compared." in lines
        assert "   2  b.png" in lines
        assert sum(" and " in line for line in lines) == 3
        assert max(map(len, lines[1:])) <= int(columns)


def test_a_child_is_told_whom_it_looks_like_or_that_it_is_too_close_to_call(
    starlike: Starlike, folder: Path, real_photos: Callable[[int], list[Path]]
) -> None:
    child, stranger = folder / "a.jpg", real_photos(1)[0]
    clear = starlike("compare", "--child", child, stranger, folder / "b.png")
    assert "a.jpg looks most like b.png." in clear.out
    close = starlike("compare", "--child", stranger, child, folder / "group.png")
    assert "Too close to call. It may be " in close.out


def test_folders_are_walked_and_what_cannot_be_used_is_left_out(
    starlike: Starlike, folder: Path
) -> None:
    run = starlike("compare", "--json", folder)
    assert run.status == 1
    (answer,) = run.lines
    codes = [photo["error"] and photo["error"]["code"] for photo in answer["photos"]]
    assert codes == [None, None, None, "no_face"]
    assert len(answer["pairs"]) == 3
    assert answer["error"] is None
    run = starlike("compare", folder)
    assert run.status == 1
    assert len(run.err.splitlines()) == 1
    assert "nobody.png: no face was found" in run.err
    assert "1 and 3" in run.out


def test_standard_input_is_a_photo(starlike: Starlike, folder: Path) -> None:
    stdin = (folder / "b.png").read_bytes()
    (answer,) = starlike("compare", "--json", folder / "a.jpg", "-", stdin=stdin).lines
    assert answer["photos"][1]["photo"] == "-"
    assert len(answer["pairs"]) == 1


@pytest.mark.parametrize("bad", ["nobody.png", "nowhere.jpg"])
def test_where_too_few_photos_are_left_there_is_no_answer(
    starlike: Starlike, folder: Path, bad: str
) -> None:
    run = starlike("compare", folder / "a.jpg", folder / bad)
    assert (run.status, run.out, len(run.err.splitlines())) == (1, "", 1)
    assert bad in run.err
    (answer,) = starlike("compare", "--json", folder / "a.jpg", folder / bad).lines
    assert answer["pairs"] == []
    assert answer["error"] == answer["photos"][1]["error"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["x.jpg"], "comparing takes two photos or more"),
        (["--child", "x.jpg", "y.jpg"], "takes three photos or more"),
        (["x.jpg"] * 101, "at most 100 photos"),
    ],
)
def test_too_few_or_too_many_photos_are_wrong_usage(
    starlike: Starlike, words: list[str], told: str
) -> None:
    run = starlike("compare", *words)
    assert (run.status, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert told in run.err
