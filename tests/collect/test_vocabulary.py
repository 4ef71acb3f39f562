"""What words for occupations and countries mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from starlike.collect import vocabulary
from starlike.collect.vocabulary import Kind
from starlike.errors import NamesError
from starlike.web.politeness import Manners
from tests.web.stand_in import wikidata as stand_in
from tests.web.stand_in.wikidata import Asking

INDIA, ACTOR = "Q668", "Q33999"

Mean = Callable[[Kind, str], str]


@pytest.fixture
def ask(manners: Manners) -> Iterator[Asking]:
    with stand_in.asking(manners) as ask:
        yield ask


@pytest.fixture
def mean(ask: Asking) -> Mean:
    def look_up(kind: Kind, word: str) -> str:
        (meaning,) = ask(lambda wikidata: vocabulary.look_up(wikidata, kind, [word]))
        return str(meaning.id)

    return look_up


@pytest.mark.parametrize("word", ["actor", "Actor", "actress", " actor ", ACTOR])
def test_an_occupation_by_label_alias_or_id(mean: Mean, word: str) -> None:
    assert mean(Kind.OCCUPATION, word) == ACTOR


@pytest.mark.parametrize(("word", "id_"), [("USA", "Q30"), ("Georgia", "Q230")])
def test_a_country_is_no_part_of_one(mean: Mean, word: str, id_: str) -> None:
    assert mean(Kind.COUNTRY, word) == id_


def test_a_label_goes_before_an_alias(mean: Mean) -> None:
    assert mean(Kind.COUNTRY, "India") == INDIA


@pytest.mark.parametrize("word", ["india", "acto", "Actor (programming)", "Q999999999"])
def test_what_is_no_occupation_is_told(mean: Mean, word: str) -> None:
    with pytest.raises(NamesError, match=f"{word[:4]}.*knows no occupation of this name"):
        mean(Kind.OCCUPATION, word)


def test_a_word_of_several_meanings_is_told_with_all_of_them(mean: Mean) -> None:
    told = r"director may be film director \(Q2526255, .*\) or theatre director \(Q3387717, "
    with pytest.raises(NamesError, match=told):
        mean(Kind.OCCUPATION, "director")
