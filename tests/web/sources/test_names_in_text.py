"""A name as it is searched for, and whether a title or tags mention it."""

from __future__ import annotations

import pytest

from starlike.web.people import Person
from starlike.web.sources import names_in_text


@pytest.mark.parametrize(
    ("full", "quoted", "phrase"),
    [
        ("Ada Lovelace", '"Ada Lovelace"', '"Ada Lovelace"'),
        ("Ann Lee (actor)", '"Ann Lee"', '"Ann Lee" actor'),
        ('Dwayne "The Rock" Johnson', '"Dwayne The Rock Johnson"', '"Dwayne The Rock Johnson"'),
        ("(G)I-dle", '"(G)I-dle"', '"(G)I-dle"'),
        ("(someone)", '"(someone)"', '"(someone)" someone'),
        ("周杰倫", '"周杰倫"', '"周杰倫"'),
    ],
)
def test_a_name_is_searched_as_words_that_belong_together(
    full: str, quoted: str, phrase: str
) -> None:
    assert names_in_text.quoted(full) == quoted
    assert names_in_text.phrase(Person(full)) == phrase


@pytest.mark.parametrize("apart", ["born 1958", "Q2831"])
def test_an_occupation_tells_apart_whom_the_table_of_names_does(apart: str) -> None:
    name = f"Michael Jackson ({apart})"
    assert (
        names_in_text.phrase(Person(name, occupations=("singer", "actor")))
        == '"Michael Jackson" singer'
    )
    assert names_in_text.phrase(Person(name)) == '"Michael Jackson"'


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
    ],
)
def test_a_mention_is_all_words_of_a_name_in_any_order(name: str, texts: list[str]) -> None:
    assert names_in_text.mentions(name, texts)


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
def test_parts_of_names_and_of_words_are_no_mention(name: str, texts: list[str]) -> None:
    assert not names_in_text.mentions(name, texts)
