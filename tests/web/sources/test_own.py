"""Images of one's own: what is taken from a folder and from a list, and which lists are wrong."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import pytest

from starlike.errors import CollectError, SourceError
from starlike.files.people import Person
from starlike.web import licences
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.sources.own import Own

ADA = Person("Ada Lovelace")


def found(place: Path, person: Person = ADA) -> ImagePage:
    return asyncio.run(Own([place]).page(person, None))


def urls(page: ImagePage) -> list[str]:
    return [candidate.image_url for candidate in page.candidates]


def put(file: Path, content: bytes = b"bytes") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


class TestFolder:
    def test_the_files_of_a_person_come_by_name(self, tmp_path: Path) -> None:
        second = put(tmp_path / "Ada Lovelace" / "b.png")
        first = put(tmp_path / "Ada Lovelace" / "a photo.jpg")
        put(tmp_path / "Ada Lovelace" / ".hidden")
        put(tmp_path / "Ada Lovelace" / "below" / "c.jpg")
        put(tmp_path / "Grace Hopper" / "d.jpg")
        assert found(tmp_path) == ImagePage(
            (
                ImageCandidate(first.as_uri(), title="a photo"),
                ImageCandidate(second.as_uri(), title="b"),
            )
        )

    @pytest.mark.parametrize("folder", ["BEYONCÉ", unicodedata.normalize("NFD", "Beyoncé")])
    def test_case_and_unicode_form_do_not_matter(self, folder: str, tmp_path: Path) -> None:
        file = put(tmp_path / folder / "a.jpg")
        assert urls(found(tmp_path, Person("Beyoncé"))) == [file.as_uri()]

    def test_a_name_that_is_no_folder_is_sought_as_one(self, tmp_path: Path) -> None:
        file = put(tmp_path / "AC-DC" / "a.jpg")
        assert urls(found(tmp_path, Person("AC/DC"))) == [file.as_uri()]

    def test_of_who_is_not_there_nothing_comes(self, tmp_path: Path) -> None:
        assert found(tmp_path) == ImagePage(())

    def test_a_folder_that_is_missing_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CollectError, match=r"nowhere: there is no such folder of images"):
            Own([tmp_path / "nowhere"])

    def test_a_folder_that_went_away_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "images").mkdir()
        own = Own([tmp_path / "images"])
        (tmp_path / "images").rmdir()
        with pytest.raises(SourceError, match="it cannot be read"):
            asyncio.run(own.page(ADA, None))


class TestList:
    def test_a_row_is_an_image_with_what_is_known(self, tmp_path: Path) -> None:
        file = put(
            tmp_path / "list.csv",
            (
                "\ufeffname, url ,page_url,licence,author,title,rating\r\n"
                "Ada Lovelace,https://a.example/1.jpg,https://a.example/1,CC BY 4.0,"
                '"A.  Chalon","Ada, at 20",5\r\n'
                "\r\n"
                " ada  lovelace ,https://a.example/2.jpg\r\n"
                "Grace Hopper,https://a.example/3.jpg,,,,,,too,many\r\n"
            ).encode(),
        )
        first, second = found(file).candidates
        assert first == ImageCandidate(
            "https://a.example/1.jpg",
            page_url="https://a.example/1",
            licence=licences.parse("CC BY 4.0"),
            author="A. Chalon",
            title="Ada, at 20",
        )
        assert first.licence.code == "cc-by"
        assert second == ImageCandidate("https://a.example/2.jpg")

    def test_paths_are_sought_beside_the_list(self, tmp_path: Path) -> None:
        relative, absolute = put(tmp_path / "in" / "a b.jpg"), put(tmp_path / "c.jpg")
        file = put(
            tmp_path / "in" / "list.csv",
            f"name,url\nAda Lovelace,a b.jpg\nAda Lovelace,{absolute}\n"
            f"Ada Lovelace,{absolute.as_uri()}\n".encode(),
        )
        assert urls(found(file)) == [relative.as_uri(), absolute.as_uri(), absolute.as_uri()]

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "the column name is missing; a list has the columns name and url"),
            (b"name,link\nAda,https://a.example\n", "the column url is missing"),
            (b"name,url\nAda,https://a.example\nGrace\n", "line 3: the url is missing"),
            (b"name,url\n,https://a.example\n", "line 2: the name is missing"),
            (b"name,url\nAda,http://[::1/a.jpg\n", "line 2: 'http://.*' is not an address"),
            (b"name,url\n\xff\xfe,x\n", "the list cannot be read .it is not a CSV table in UTF-8"),
            (b'name,url\nAda,"' + b"x" * 200_000 + b'"\n', "it is not a CSV table in UTF-8"),
        ],
    )
    def test_a_wrong_list_is_told(self, content: bytes, told: str, tmp_path: Path) -> None:
        with pytest.raises(CollectError, match=told):
            Own([put(tmp_path / "list.csv", content)])


def test_several_places_are_looked_through_in_order(tmp_path: Path) -> None:
    file = put(tmp_path / "images" / "Ada Lovelace" / "a.jpg")
    listed = put(tmp_path / "list.csv", b"name,url\nAda Lovelace,https://a.example/1.jpg\n")
    page = asyncio.run(Own([listed, tmp_path / "images"]).page(ADA, None))
    assert urls(page) == ["https://a.example/1.jpg", file.as_uri()]
