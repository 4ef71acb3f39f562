"""Every file of every class folder is listed, whatever it is called."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from starlike.errors import SampleError
from starlike.files import manifest
from starlike.prepare.listing import listing
from tests.prepare.conftest import DECOMPOSED, PEOPLE

Filled = Callable[..., Path]


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    """A function that makes a folder with files of the given paths."""

    def fill(*paths: str) -> Path:
        for path in paths:
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        return tmp_path

    return fill


def test_files_come_by_class_and_then_by_name(filled: Filled) -> None:
    listed = listing(filled("Zoe/2.jpg", "Zoe/1.jpg", "Ada/9.jpg", "Ada/10.jpg"))
    assert [(item.name, item.image) for item in listed] == [
        ("Ada", "Ada/10.jpg"),
        ("Ada", "Ada/9.jpg"),
        ("Zoe", "Zoe/1.jpg"),
        ("Zoe", "Zoe/2.jpg"),
    ]


def test_a_listed_file_can_be_opened_by_its_path(filled: Filled) -> None:
    folder = filled("Ada/1.jpg")
    (folder / "Ada/1.jpg").write_bytes(b"content")
    (item,) = listing(folder)
    assert Path(item.file).read_bytes() == b"content"


def test_every_ending_counts(filled: Filled) -> None:
    names = ["a.txt", "b", "c.JPG", "d.jpg.part", "e f.gif"]
    listed = listing(filled(*(f"Ada/{name}" for name in names)))
    assert [item.image for item in listed] == [f"Ada/{name}" for name in names]


def test_hidden_files_and_folders_are_passed_over(filled: Filled) -> None:
    folder = filled("Ada/1.jpg", "Ada/.DS_Store", ".cache/1.jpg")
    assert [item.image for item in listing(folder)] == ["Ada/1.jpg"]


def test_only_files_one_level_below_a_class_folder_count(filled: Filled) -> None:
    folder = filled("Ada/1.jpg", "ATTRIBUTION.md", "Ada/more/2.jpg", "Ada/folder.jpg/3.jpg")
    assert [item.image for item in listing(folder)] == ["Ada/1.jpg"]


def test_a_link_that_leads_nowhere_is_listed(filled: Filled) -> None:
    folder = filled("Ada/1.jpg")
    (folder / "Ada/2.jpg").symlink_to("nowhere.jpg")
    assert [item.image for item in listing(folder)] == ["Ada/1.jpg", "Ada/2.jpg"]


def test_dots_apostrophes_and_spaces_stay_in_a_name(filled: Filled) -> None:
    names = ["A.J. O'Neil", "Dr. Dre", "Jr."]
    listed = listing(filled(*(f"{name}/1.jpg" for name in names)))
    assert [item.name for item in listed] == names


def test_a_decomposed_name_is_taken_in_its_composed_form(filled: Filled) -> None:
    decomposed = unicodedata.normalize("NFD", "Jürgen Vogel")
    (item,) = listing(filled(f"{decomposed}/1.jpg"))
    assert item.name == "Jürgen Vogel"
    assert Path(item.file).is_file()


def test_both_forms_of_a_name_are_one_class_and_keep_their_own_images(filled: Filled) -> None:
    forms = [unicodedata.normalize(form, "Jürgen") for form in ("NFC", "NFD")]
    listed = listing(filled(*(f"{form}/1.jpg" for form in forms)))
    assert {item.name for item in listed} == {"Jürgen"}
    assert {item.image for item in listed} == {f"{form}/1.jpg" for form in forms}


def test_a_name_that_is_no_text_is_spelled_out(filled: Filled) -> None:
    folder = filled("Ada/1.jpg")
    try:
        os.close(os.open(os.fsencode(folder) + b"/Ada/\xff_1.jpg", os.O_CREAT))
    except OSError:
        pytest.skip("this file system takes names of text only")
    first, second = listing(folder)
    assert (first.image, second.image) == ("Ada/1.jpg", "Ada/\\xff_1.jpg")
    assert Path(second.file).is_file()
    for text in (second.name, second.image, second.source):
        assert text.encode()


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("vggface_003.jpg", "vggface"),
        ("famousfaces_12.png", "famousfaces"),
        ("IMG_0001.JPG", "IMG"),
        ("0f3a9c.jpg", "folder"),
        ("me.jpg", "folder"),
        ("me_and_you.jpg", "folder"),
        ("2024_001.jpg", "folder"),
    ],
)
def test_the_source_is_read_from_a_name_with_a_running_number(
    file: str, source: str, filled: Filled
) -> None:
    (item,) = listing(filled(f"Ada/{file}"))
    assert item.source == source


class TestManifest:
    def test_it_tells_the_source_and_the_portrait(self, filled: Filled) -> None:
        folder = filled("Ada/0f3a.jpg", "Ada/web_001.jpg", "Ada/web_002.jpg")
        manifest.write(
            folder,
            [
                _row(image="Ada/0f3a.jpg", source="commons", portrait=True),
                _row(image="Ada/web_001.jpg", source="openverse", portrait=False),
            ],
        )
        assert [(item.source, item.portrait) for item in listing(folder)] == [
            ("commons", True),
            ("openverse", False),
            ("web", False),
        ]

    def test_rows_without_a_file_and_rows_that_were_not_kept_count_for_nothing(
        self, filled: Filled
    ) -> None:
        folder = filled("Ada/me.jpg")
        manifest.write(
            folder,
            [
                _row(image="Ada/gone.jpg", source="commons"),
                _row(image=None, source="commons", status="not_found"),
                _row(image="Ada/me.jpg", source="commons", status="refused", portrait=True),
            ],
        )
        (item,) = listing(folder)
        assert (item.image, item.source, item.portrait) == ("Ada/me.jpg", "folder", False)

    def test_names_are_met_in_any_of_unicodes_forms(self, filled: Filled) -> None:
        folder = filled(f"{unicodedata.normalize('NFD', 'Jürgen')}/0f3a.jpg")
        manifest.write(folder, [_row(image="Jürgen/0f3a.jpg", source="commons")])
        (item,) = listing(folder)
        assert item.source == "commons"

    def test_a_damaged_one_is_refused_in_a_line(self, filled: Filled) -> None:
        folder = filled("Ada/1.jpg")
        (folder / manifest.FILE_NAME).write_bytes(b"PAR1 but no more")
        with pytest.raises(SampleError, match=r"manifest\.parquet: the manifest is damaged"):
            listing(folder)


def _row(**facts: object) -> dict[str, object]:
    return {"class": "Ada", "status": manifest.KEPT, **facts}


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="nowhere: there is no such folder"):
        listing(tmp_path / "nowhere")


def test_a_file_is_refused(filled: Filled) -> None:
    with pytest.raises(SampleError, match="there is no such folder"):
        listing(filled("Ada/1.jpg") / "Ada/1.jpg")


@pytest.mark.parametrize("paths", [(), ("1.jpg", "2.jpg"), ("Ada/more/1.jpg",), ("Ada/.hidden",)])
def test_a_folder_without_a_filled_class_folder_is_refused(
    paths: tuple[str, ...], filled: Filled
) -> None:
    with pytest.raises(SampleError, match="expected folders named for people"):
        listing(filled(*paths))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_class_folder_that_cannot_be_looked_into_is_told(filled: Filled) -> None:
    folder = filled("Ada/1.jpg", "Bob/1.jpg")
    (folder / "Bob").chmod(0)
    try:
        with pytest.raises(SampleError, match="Bob: cannot be read"):
            listing(folder)
    finally:
        (folder / "Bob").chmod(0o700)


def test_real_folders_give_their_classes_in_composed_form(planted: Path) -> None:
    listed = listing(planted)
    assert {item.name for item in listed} == {*PEOPLE, "Nobody"}
    assert any(item.image.startswith(f"{DECOMPOSED}/") for item in listed)
    assert {item.source for item in listed} == {"vggface", "famousfaces", "folder"}
