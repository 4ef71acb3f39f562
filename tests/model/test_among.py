"""Whom an answer may name: groups, and how they meet a model's classes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from starlike.errors import NamesError
from starlike.model import among
from starlike.names import read_names

ROOT = Path(__file__).parents[2]
CLASSES = ("Ada", "Beyoncé", "Çelik", "Zoe")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two groups, of which one names people who are no class, and a file that is no group."""
    (tmp_path / "singers.txt").write_text("Zoe\nBeyoncé\n", encoding="utf-8")
    (tmp_path / "others.txt").write_text("ada\nNobody\nNo One\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("# Groups\n", encoding="utf-8")
    return tmp_path


class TestFolders:
    def test_each_list_is_a_group_of_the_classes_it_names(self, folder: Path) -> None:
        told: dict[str, Sequence[str]] = {}
        found = among.read(folder, CLASSES, told.__setitem__)
        assert found == {"singers": ("Beyoncé", "Zoe"), "others": ("Ada",)}
        assert told == {"others": ("Nobody", "No One")}

    def test_a_group_of_nobody_known_is_left_out(self, folder: Path) -> None:
        assert among.read(folder, ("Beyoncé", "Çelik")) == {"singers": ("Beyoncé",)}

    @pytest.mark.parametrize("name", ["", "nowhere"])
    def test_a_folder_without_a_group_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(NamesError, match=r"holds no group; write names into group\.txt"):
            among.read(tmp_path / name, CLASSES)


class TestAmong:
    GROUPS = {"singers": ("Beyoncé", "Zoe"), "others": ("Ada", "Zoe")}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("asked", "labels"),
        [
            (["singers"], [1, 3]),
            (["Singers", "OTHERS"], [0, 1, 3]),
            (["zoe"], [3]),
            (["others", "çelik"], [0, 2, 3]),
            ("singers", [1, 3]),
        ],
    )
    def test_groups_and_people_are_joined(self, asked: Sequence[str], labels: list[int]) -> None:
        assert among.among(asked, CLASSES, self.GROUPS).labels.tolist() == labels

    def test_classes_that_differ_in_case_alone_are_both_meant(self) -> None:
        assert among.among(["ada"], ("Ada", "ADA", "Bo"), {}).labels.tolist() == [0, 1]

    def test_what_is_unknown_is_told_with_the_groups_there_are(self) -> None:
        told = r"dancers: there is no such .* groups are others \(2 people\), singers \(2 people\)"
        with pytest.raises(NamesError, match=told):
            among.among(["singers", "dancers"], CLASSES, self.GROUPS)
        with pytest.raises(NamesError, match="the model has no groups"):
            among.among(["singers"], CLASSES, {})

    def test_nothing_asked_for_is_refused(self) -> None:
        with pytest.raises(NamesError, match="nobody to choose from was named"):
            among.among([], CLASSES, self.GROUPS)


class TestTheGroupsHere:
    FILES = sorted((ROOT / "groups").glob("*.txt"))

    def test_they_are_these(self) -> None:
        names = [file.stem for file in self.FILES]
        assert names == ["film-and-television", "indian-cinema", "well-known"]

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_each_is_sorted_without_repeats_in_one_form(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        names = text.splitlines()
        assert names == sorted(set(names))
        assert text == unicodedata.normalize("NFC", "".join(f"{name}\n" for name in names))

    def test_they_are_the_people_of_the_data(self, data_folder: Path) -> None:
        def having(source: str) -> set[str]:
            photos = data_folder.glob(f"celebrities/*/{source}_*")
            return {unicodedata.normalize("NFC", photo.parent.name) for photo in photos}

        here = {file.stem: set(read_names(file)) for file in self.FILES}
        assert here["well-known"] == set(read_names(data_folder / "reference_233.txt"))
        assert here["film-and-television"] == having("vggface")
        assert here["indian-cinema"] >= having("bollywood")
        people = {
            unicodedata.normalize("NFC", path.name) for path in data_folder.glob("celebrities/*")
        }
        assert here["indian-cinema"] <= people
