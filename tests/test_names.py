"""People's names: written, compared, looked for in texts, and read from lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from starlike.errors import NamesError
from starlike.names import (
    compare_key,
    display,
    folder_name,
    listed,
    mentions,
    read_names,
    search_key,
    split_names,
    split_qualifier,
)

CLASSES = ("Ada", "Beyoncé", "Çelik", "Zoe")


class TestWriting:
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_a_name_is_shown_in_one_line_and_one_unicode_form(
        self, form: Literal["NFC", "NFD"]
    ) -> None:
        assert display(unicodedata.normalize(form, " Penélope\n\tCruz ")) == "Penélope Cruz"

    @pytest.mark.parametrize(
        ("name", "folder"),
        [
            ("Ada Lovelace", "Ada Lovelace"),
            ("AC/DC: live?", "AC-DC- live-"),
            ("C:\\Ada", "C--Ada"),
            ("..", ""),
            (".hidden. ", "hidden"),
            ("Robert Downey Jr.", "Robert Downey Jr"),
            ("周杰倫", "周杰倫"),
        ],
    )
    def test_a_folder_is_named_without_what_file_systems_refuse(
        self, name: str, folder: str
    ) -> None:
        assert folder_name(name) == folder

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("Ann Lee", ("Ann Lee", None)),
            ("Ann Lee (actor)", ("Ann Lee", "actor")),
            ("(someone)", ("(someone)", "someone")),
            ("(G)I-dle", ("(G)I-dle", None)),
        ],
    )
    def test_a_qualifier_stands_in_brackets_at_the_end(
        self, name: str, parts: tuple[str, str | None]
    ) -> None:
        assert split_qualifier(name) == parts

    def test_a_message_shows_the_first_few(self) -> None:
        assert listed(CLASSES) == "Ada, Beyoncé, Çelik, Zoe"
        assert listed(list("ABCDEFG")) == "A, B, C, D, E …"


class TestComparing:
    @pytest.mark.parametrize("other", ["BEYONCÉ", " beyoncé", "Beyonce\u0301", "bEYONCE\u0301\n"])
    def test_case_spacing_and_unicode_form_do_not_matter(self, other: str) -> None:
        assert compare_key(other) == compare_key("Beyoncé")

    @pytest.mark.parametrize("other", ["Beyonce", "Beyoncé!", "Beyonc é"])
    def test_accents_and_punctuation_tell_classes_apart(self, other: str) -> None:
        assert compare_key(other) != compare_key("Beyoncé")


class TestLookingFor:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Zoe Saldana", "Zoë  SALDAÑA"),
            ("Robert Downey Jr", "Robert Downey, Jr."),
            ("J.K. Rowling", "J. K. Rowling"),
            ("Shaquille O'Neal", "Shaquille O\u2019Neal"),
            ("STRASSE", "straße"),
            ("Земфира", "ЗЕМФИРА"),
            ("शाहरुख़ ख़ान", "शाहरुख खान"),  # without the dots that many leave out
            ("مُحَمَّد", "محمد"),
        ],
    )
    def test_the_same_name_written_in_another_way(self, one: str, other: str) -> None:
        assert search_key(one) == search_key(other)

    @pytest.mark.parametrize(
        ("one", "other"), [("Tom Hanks", "Tim Hanks"), ("शाहरुख़", "शहरख"), ("மனோ", "மன"), ("", "a")]
    )
    def test_other_names(self, one: str, other: str) -> None:
        assert search_key(one) != search_key(other)


class TestMentions:
    @pytest.mark.parametrize(
        ("name", "texts"),
        [
            ("Ada Lovelace", ["Portrait of Ada Lovelace, 1840"]),
            ("Ada Lovelace", ["LOVELACE, Ada"]),
            ("Ada Lovelace", ["A portrait", "ada", "lovelace"]),
            ("Ada Lovelace", ["A portrait", "adalovelace"]),
            ("Beyoncé", ["Beyonce in 2016"]),
            ("Penelope Cruz", ["Penélope Cruz, Cannes"]),
            ("Ann Lee (actor)", ["Ann Lee at a première"]),
            ("Robert Downey Jr.", ["robert downey jr at Comic-Con"]),
            ("周杰倫", ["周杰倫演唱會"]),
            ("Земфира", ["Земфира на концерте"]),
            ("शाहरुख़ ख़ान", ["अभिनेता शाहरुख़ ख़ान"]),
            ("शाहरुख़ ख़ान", ["अभिनेता शाहरुख खान"]),
            ("Ada Lovelace", ["File:Ada_Lovelace_1840.jpg"]),
        ],
    )
    def test_a_mention_is_all_words_of_a_name_in_any_order(
        self, name: str, texts: list[str]
    ) -> None:
        assert mentions(name, texts)

    @pytest.mark.parametrize(
        ("name", "texts"),
        [
            ("Ada Lovelace", ["Ada Yonath"]),
            ("Ada Lovelace", []),
            ("Cher", ["Cherry blossom"]),
            ("Bo Li", ["La Paz, Bolivia"]),
            ("周杰倫", ["周杰"]),
            ("...", ["..."]),
        ],
    )
    def test_parts_of_names_and_of_words_are_no_mention(self, name: str, texts: list[str]) -> None:
        assert not mentions(name, texts)


class TestLists:
    def test_a_list_has_one_name_a_line(self, tmp_path: Path) -> None:
        file = tmp_path / "names"
        file.write_bytes("\ufeff# some\nAda\r\n\n  Beyoncé \nZoe".encode())
        assert read_names(file) == ("Ada", "Beyoncé", "Zoe")

    def test_a_comment_may_be_indented(self, tmp_path: Path) -> None:
        file = tmp_path / "names"
        file.write_text("# singers\n  # on stage\n\t#\nAda #1\n", encoding="utf-8")
        assert read_names(file) == ("Ada #1",)

    @pytest.mark.parametrize("content", [b"", b"\n \n", b"# nobody\n", b"  # nobody\n"])
    def test_a_list_without_a_name_is_refused(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "names").write_bytes(content)
        with pytest.raises(NamesError, match="holds no name; write one a line"):
            read_names(tmp_path / "names")

    def test_what_is_no_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "names").write_bytes(b"\xff\xfe\x00")
        for file in (tmp_path / "names", tmp_path, tmp_path / "nowhere"):
            with pytest.raises(NamesError, match="cannot be read as UTF-8 text"):
                read_names(file)


class TestSplitting:
    def test_names_come_as_the_classes_have_them(self) -> None:
        known, unknown = split_names(["zoe", "Nobody", "ADA", "No One"], CLASSES)
        assert known == ("Ada", "Zoe")
        assert unknown == ("Nobody", "No One")

    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    @pytest.mark.parametrize("change", [str, str.upper, str.lower, lambda name: f" {name} "])
    def test_case_and_unicode_form_do_not_matter(
        self, form: Literal["NFC", "NFD"], change: Callable[[str], str]
    ) -> None:
        asked = [unicodedata.normalize(form, change(name)) for name in CLASSES]
        assert split_names(asked, CLASSES) == (CLASSES, ())
        decomposed = [unicodedata.normalize("NFD", name) for name in CLASSES]
        assert split_names(asked, decomposed) == (tuple(decomposed), ())

    def test_a_name_given_twice_counts_once(self) -> None:
        assert split_names(["Ada", "ada", "X", "x"], CLASSES) == (("Ada",), ("x",))
