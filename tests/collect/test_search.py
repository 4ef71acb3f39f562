"""Who fits: queries to the query service, page by page and from the most famous down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from rdflib.plugins import sparql

from starlike.collect import search
from starlike.collect.search import Criteria
from starlike.collect.vocabulary import Kind
from starlike.errors import SourceError
from starlike.web.politeness import Manners
from tests.web.stand_in import wikidata as stand_in
from tests.web.stand_in.wikidata import Asking
from tests.web.stand_in.wikidata_items import CAST

INDIA, ACTOR, SINGER = "Q668", "Q33999", "Q177220"

Who = Callable[..., list[str]]


@pytest.fixture
def ask(manners: Manners) -> Iterator[Asking]:
    with stand_in.asking(manners) as ask:
        yield ask


@pytest.fixture
def who(ask: Asking) -> Who:
    def fits(limit: int = 100, **criteria: Any) -> list[str]:
        found: list[str] = ask(lambda it: search.search(it, Criteria(**criteria), limit))
        return found

    return fits


def test_the_most_famous_come_first(who: Who) -> None:
    found = who(occupations=(ACTOR,), countries=(INDIA,))
    famous = ["Q9535", "Q158957", "Q9570", "Q9557", "Q159178"]
    assert found == [*famous, "Q900000001", "Q900000002"]


@pytest.mark.parametrize("limit", range(1, 7))
def test_a_limit_keeps_the_most_famous(who: Who, limit: int) -> None:
    wanted = {"occupations": (ACTOR,), "countries": (INDIA,)}
    assert who(limit, **wanted) == who(**wanted)[:limit]


@pytest.mark.parametrize("page", [1, 2, 3])
def test_many_are_asked_for_page_by_page(
    who: Who, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    every = who(occupations=(ACTOR,))
    assert len(every) == 9 + len(CAST)
    monkeypatch.setattr(search, "_PAGE", page)
    assert who(occupations=(ACTOR,)) == every
    assert who(4, occupations=(ACTOR,)) == every[:4]


def test_kinds_of_an_occupation_count_and_a_kind_does_not_count_for_the_whole(who: Who) -> None:
    assert "Q9557" in who(occupations=(ACTOR,))
    assert who(occupations=("Q2405480",)) == ["Q2263"]


def test_one_of_several_occupations_or_countries_is_enough_and_nobody_comes_twice(who: Who) -> None:
    found = who(occupations=(ACTOR, SINGER), countries=(INDIA, "Q30"))
    assert {"Q2831", "Q158957", "Q2263", "Q900000001"} < set(found)
    assert len(found) == len(set(found)) == 10 + len(CAST)


def test_a_country_alone_or_an_occupation_alone_is_enough(who: Who) -> None:
    assert who(countries=("Q145",)) == ["Q42", "Q167877"]
    assert who(occupations=("Q36180",)) == ["Q6691", "Q42", "Q167877"]
    assert who(countries=("Q145", "Q30"))[-1] == "Q167877"


def test_years_of_birth_are_bounds_that_do_not_belong(who: Who) -> None:
    indian = {"countries": (INDIA,)}
    assert who(**indian, born_after=1981) == ["Q158957", "Q159178"]
    assert who(**indian, born_after=1982) == ["Q159178"]
    assert who(**indian, born_before=1942) == ["Q900000001"]
    assert who(**indian, born_before=1943) == ["Q9570", "Q900000001"]
    assert who(**indian, born_after=1964, born_before=1966) == ["Q9535", "Q9557"]


def test_who_has_no_known_birth_is_in_no_range_of_years(who: Who) -> None:
    assert "Q900000002" in who(countries=(INDIA,))
    assert "Q900000002" not in who(countries=(INDIA,), born_before=9999)
    assert who(occupations=("Q116",), born_before=1) == ["Q635"]


def test_gender_and_portrait(who: Who) -> None:
    indian = {"countries": (INDIA,)}
    assert who(**indian, gender="female") == ["Q158957", "Q159178", "Q900000001"]
    assert who(**indian, gender="female", portrait=True) == ["Q158957", "Q900000001"]
    assert who(**indian, gender="nonbinary") == []


def test_a_query_that_takes_too_long_tells_what_to_do(who: Who, ask: Asking) -> None:
    ask.played.troubles.extend([stand_in.timed_out] * 3)
    with pytest.raises(SourceError, match=r"500.*ask for fewer"):
        who(occupations=(ACTOR,))


@pytest.mark.parametrize(
    ("band", "occupations", "countries", "first"),
    [
        ((100, None), (ACTOR,), (INDIA,), "?person wikibase:sitelinks ?sitelinks"),
        ((0, 25), (ACTOR,), (INDIA,), "VALUES ?country { wd:Q668 }"),
        ((0, 25), (ACTOR,), (), "?occupation wdt:P279* wd:Q33999"),
    ],
)
def test_a_query_begins_with_what_leaves_fewest(
    band: tuple[int, int | None],
    occupations: tuple[str, ...],
    countries: tuple[str, ...],
    first: str,
) -> None:
    text = search.query(Criteria(occupations=occupations, countries=countries), band, 10, 0)
    assert text.partition('"None" .')[2].strip().startswith(first)


def test_the_texts_are_valid_sparql() -> None:
    some: list[tuple[str, ...]] = [(), ("Q1",), ("Q1", "Q2")]
    for occupations, countries, band in product(some, some, search._BANDS):
        if occupations or countries:
            wanted = Criteria(
                occupations=occupations,
                countries=countries,
                born_after=1960,
                born_before=1990,
                gender="female",
                portrait=True,
            )
            sparql.prepareQuery(search.query(wanted, band, 10, 20))
    for kind in Kind:
        sparql.prepareQuery(kind.query(["Q1", "Q2"]))
