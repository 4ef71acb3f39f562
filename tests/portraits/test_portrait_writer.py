"""The folder of portraits is whole at all times, nobody's picture goes by another's name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from starlike.errors import PortraitsError
from starlike.files import portrait_folder
from starlike.portraits.portrait_writer import PortraitWriter
from starlike.web.image_source import ImageCandidate
from starlike.web.licences import Licence

NAMES = ("Ada", "Bea", "Çelik")
BY = Licence("cc-by", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
CANDIDATE = ImageCandidate(
    "file:///ada.jpg",
    page_url="https://example.org/ada",
    licence=BY,
    author="Ann Lee",
    title="Ada in May",
)


def written(folder: Path, *pictures: bytes, names: tuple[str, ...] = NAMES) -> None:
    writer = PortraitWriter(folder, names)
    for name, picture in zip(names, pictures, strict=False):
        writer.add(name, picture, CANDIDATE)
    writer.close()


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_portrait_is_found_again_with_all_that_must_be_said(tmp_path: Path) -> None:
    written(tmp_path / "portraits", b"ada")
    opened = portrait_folder.opened(tmp_path / "portraits")
    portrait = opened.portrait("Ada")
    assert portrait is not None
    assert opened.file(portrait).read_bytes() == b"ada"
    assert (portrait.licence, portrait.licence_url) == (BY.label, BY.url)
    assert (portrait.author, portrait.page_url) == ("Ann Lee", "https://example.org/ada")
    for said in ("Ada in May", "Ann Lee", "CC BY 4.0", str(BY.url), "example.org", "cropped"):
        assert said in portrait.attribution
    assert len(opened) == 1


def test_what_is_there_stays(tmp_path: Path) -> None:
    written(tmp_path, b"ada", b"bea")
    writer = PortraitWriter(tmp_path, NAMES)
    assert [name in writer for name in NAMES] == [True, True, False]
    writer.add("Çelik", b"celik", CANDIDATE)
    writer.close()
    assert len(portrait_folder.opened(tmp_path)) == 3


def test_another_picture_never_takes_the_file_of_the_one_before(tmp_path: Path) -> None:
    written(tmp_path, b"by Ann")
    writer = PortraitWriter(tmp_path, NAMES)
    writer.add("Ada", b"by somebody else", CANDIDATE)
    opened = portrait_folder.opened(tmp_path)
    portrait = opened.portrait("Ada")
    assert portrait is not None
    assert opened.file(portrait).read_bytes() == b"by Ann"
    writer.close()
    opened = portrait_folder.opened(tmp_path)
    portrait = opened.portrait("Ada")
    assert portrait is not None
    assert opened.file(portrait).read_bytes() == b"by somebody else"
    assert files(tmp_path) == {portrait_folder.INDEX, portrait.image}


def test_the_list_is_written_every_few_portraits(tmp_path: Path) -> None:
    names = tuple(f"Person {number}" for number in range(20))
    writer = PortraitWriter(tmp_path, names)
    listed = []
    for name in names:
        writer.add(name, name.encode(), CANDIDATE)
        listed.append(len(portrait_folder.opened(tmp_path)))
    assert listed[-1] >= 10
    assert all(number - place < 10 for place, number in enumerate(listed, start=1))


def test_leftovers_go_and_files_of_others_stay(tmp_path: Path) -> None:
    written(tmp_path, b"ada")
    before = files(tmp_path)
    for name in ("0123456789abcdef.jpg", ".ab_cd123.jpg", ".abcd1234.json"):
        (tmp_path / name).touch()
    (tmp_path / "my own.jpg").touch()
    PortraitWriter(tmp_path, NAMES).close()
    assert files(tmp_path) == before | {"my own.jpg"}


@pytest.mark.parametrize("damage", ["{", json.dumps({"format": 99, "portraits": []})])
def test_a_list_that_cannot_be_read_is_begun_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / portrait_folder.INDEX).write_text(damage)
    written(tmp_path, b"ada")
    assert len(portrait_folder.opened(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "model").touch()
    with pytest.raises(PortraitsError) as caught:
        PortraitWriter(tmp_path / "model" / "portraits", NAMES)
    (line,) = str(caught.value).splitlines()
    assert "--out" in line
    assert "STARLIKE_PORTRAITS" in line
