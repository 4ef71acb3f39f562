"""A name as it is written into a search."""

from __future__ import annotations

import pytest

from starlike.files.people import Person
from starlike.web.sources import search_phrase


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
    assert search_phrase.quoted(full) == quoted
    assert search_phrase.phrase(Person(full)) == phrase


@pytest.mark.parametrize("apart", ["born 1958", "Q2831"])
def test_an_occupation_tells_apart_whom_the_table_of_names_does(apart: str) -> None:
    name = f"Michael Jackson ({apart})"
    assert (
        search_phrase.phrase(Person(name, occupations=("singer", "actor")))
        == '"Michael Jackson" singer'
    )
    assert search_phrase.phrase(Person(name)) == '"Michael Jackson"'
