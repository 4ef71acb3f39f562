"""What is taken from an item of Wikidata."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from starlike.web.entity import Entity
from starlike.web.politeness import Manners
from tests.web.stand_in import wikidata as stand_in

ACTOR = "Q33999"

Item = Callable[[str], Entity]


@pytest.fixture
def item(manners: Manners) -> Iterator[Item]:
    """A function that gives an item by its id."""
    with stand_in.asking(manners) as ask:
        yield lambda id_: ask(lambda wikidata: wikidata.entities([id_]))[id_]


def test_a_person(item: Item) -> None:
    hanks = item("Q2263")
    assert (hanks.id, hanks.label, hanks.human) == ("Q2263", "Tom Hanks", True)
    assert hanks.description == "American actor and film director"
    assert hanks.occupations == (ACTOR, "Q10800557", "Q2526255", "Q2405480")
    assert (hanks.gender, hanks.country, hanks.born) == ("Q6581097", "Q30", 1956)
    assert (hanks.portrait, hanks.category) == ("Tom Hanks TIFF 2019.jpg", "Tom Hanks")


def test_fame_counts_wikipedias_alone(item: Item) -> None:
    assert item("Q2263").fame == 120
    assert item("Q900000001").fame == 9


def test_the_category_may_be_known_by_the_page_alone(item: Item) -> None:
    assert item("Q190162").category == "Zoe Saldaña"
    assert item("Q9557").category is None


def test_labels_of_other_languages_where_there_is_no_english_one(item: Item) -> None:
    assert item("Q190162").label == "Zoe Saldaña"
    assert item("Q900000001").label == "மனோரமா"


@pytest.mark.parametrize(
    ("id_", "year"), [("Q635", -69), ("Q6691", None), ("Q900000002", None), ("Q9535", 1965)]
)
def test_years_of_birth(item: Item, id_: str, year: int | None) -> None:
    assert item(id_).born == year


def test_a_citizenship_that_holds_goes_before_one_that_ended(item: Item) -> None:
    assert item("Q9570").country == "Q668"
