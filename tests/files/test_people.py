"""The table of names, written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from starlike.errors import CollectError, NamesError
from starlike.files import people
from starlike.files.people import Person

HANKS = Person(
    "Tom Hanks",
    wikidata="Q2263",
    occupations=("actor", "film director"),
    gender="male",
    born=1956,
    country="United States",
    fame=120,
    portrait='A "quoted", file.jpg',
    category="Tom Hanks",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "names.csv"


def _read(file: Path, text: str) -> list[Person]:
    file.write_bytes(text.encode())
    return people.read(file)


def test_what_is_written_is_read_back(file: Path) -> None:
    several = [HANKS, Person("மனோரமா"), Person("Cleopatra", born=-69)]
    people.write(file, several)
    assert people.read(file) == several
    header = file.read_text(encoding="utf-8").splitlines()[0]
    assert header == "name,wikidata,occupations,gender,born,country,fame,portrait,category"


def test_a_place_that_cannot_be_written_is_told(file: Path) -> None:
    file.touch()
    with pytest.raises(CollectError, match="cannot be written"):
        people.write(file / "names.csv", [HANKS])


@pytest.mark.parametrize(
    "text",
    [
        "Tom Hanks\nAnn Lee\n",
        "Tom Hanks\r\nAnn Lee",
        "\ufeffTom Hanks\n\n  \n# nobody\n  Ann   Lee \n",
        "name\nTom Hanks\nAnn Lee\n",
        "\ufeffname\r\nTom Hanks\r\n\r\nAnn Lee\r\n",
        "id, name \n1,Tom Hanks\n2,\n3, Ann  Lee\n",
        "name,odd\nTom Hanks,1,2,3\nAnn Lee\n",
    ],
    ids=["lines", "crlf", "bom and blanks", "table", "table with bom", "odd columns", "ragged"],
)
def test_plain_names_and_tables_of_others_are_read(file: Path, text: str) -> None:
    assert _read(file, text) == [Person("Tom Hanks"), Person("Ann Lee")]


def test_names_are_read_in_one_unicode_form(file: Path) -> None:
    assert _read(file, "Zoe Saldan\u0303a\n") == [Person("Zoe Salda\u00f1a")]


def test_empty_cells_are_what_is_not_known(file: Path) -> None:
    (person,) = _read(file, "name,occupations,born,fame,wikidata\nAnn Lee, ; ,, 7 , \n")
    assert person == Person("Ann Lee", fame=7)


@pytest.mark.parametrize("column", ["born", "fame"])
def test_a_number_that_is_none_is_told_with_its_line(file: Path, column: str) -> None:
    with pytest.raises(NamesError, match="line 3: 'many' is not a whole number"):
        _read(file, f"name,{column}\nAnn Lee,1\nTom Hanks,many\n")


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody\n", "name,born\n", "name\n\n \n"])
def test_a_file_of_nobody_is_told(file: Path, text: str) -> None:
    with pytest.raises(NamesError):
        _read(file, text)


def test_a_file_that_cannot_be_read_is_told(file: Path) -> None:
    with pytest.raises(NamesError, match="cannot be read"):
        people.read(file)
    file.write_bytes(b"Tom \xff Hanks\n")
    with pytest.raises(NamesError, match="not UTF-8 text"):
        people.read(file)


@pytest.mark.parametrize(
    ("one", "other"), [("Ann Lee", "Ann Lee"), ("Ann Lee", "ANN LEE"), ("A/B", "A:B"), ("A", "A.")]
)
def test_two_people_who_would_share_a_folder_are_told(file: Path, one: str, other: str) -> None:
    with pytest.raises(NamesError, match="would share a folder"):
        _read(file, f"name\n{one}\n{other}\n")


@pytest.mark.parametrize("name", ["...", ". ."])
def test_a_name_that_makes_no_folder_is_told(file: Path, name: str) -> None:
    with pytest.raises(NamesError, match="cannot be the name of a folder"):
        _read(file, f"name\n{name}\n")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Tom Hanks", "Tom Hanks"),
        ("AC/DC", "AC-DC"),
        ("../etc", "-etc"),
        ("Robert Downey Jr.", "Robert Downey Jr"),
        ("மனோரமா", "மனோரமா"),
    ],
)
def test_folders_have_names_that_file_systems_take(name: str, folder: str) -> None:
    assert Person(name).folder == folder
