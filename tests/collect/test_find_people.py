"""The table of whom to look for: by what people are, or by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from starlike.collect import find_people
from starlike.collect.find_people import Found, Options
from starlike.collect.search import Criteria
from starlike.errors import CollectError, NamesError
from starlike.files import people
from starlike.files.people import Person
from starlike.web.politeness import Manners
from tests.web.stand_in import wikidata
from tests.web.stand_in.server import StandIn

Name = Callable[..., Found]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(wikidata.Wikidata().routes()) as server:
        monkeypatch.setenv("STARLIKE_URL_SPARQL", f"{server.url}/sparql")
        monkeypatch.setenv("STARLIKE_URL_WIKIDATA", f"{server.url}/api")
        monkeypatch.setenv("STARLIKE_CACHE", str(tmp_path / "cache"))
        yield server


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "names.csv"


@pytest.fixture
def name(server: StandIn, manners: Manners, table: Path) -> Name:  # noqa: ARG001  it answers
    """A function that names people, given by name or as options."""

    def run(*given: str | Person, **options: Any) -> Found:
        wanted = tuple(one if isinstance(one, Person) else Person(one) for one in given)
        return find_people.find(table, Options(people=wanted, **options), manners)

    return run


def test_who_fits_becomes_a_table_that_collect_can_read(name: Name, table: Path) -> None:
    named = name(
        criteria=Criteria(occupations=("actor",), countries=("India",), born_after=1960), limit=2
    )
    assert (
        people.read(table)
        == list(named.people)
        == [
            Person(
                "Shah Rukh Khan",
                wikidata="Q9535",
                occupations=("film actor", "actor"),
                gender="male",
                born=1965,
                country="India",
                fame=115,
                portrait="Shah Rukh.jpg",
            ),
            Person(
                "Priyanka Chopra",
                wikidata="Q158957",
                occupations=("film actor", "singer"),
                gender="female",
                born=1982,
                country="India",
                fame=98,
                portrait="Priyanka Chopra.jpg",
            ),
        ]
    )
    assert [(one.word, one.id) for one in named.meanings] == [
        ("actor", "Q33999"),
        ("India", "Q668"),
    ]


def test_names_in_other_scripts_are_kept(name: Name, table: Path) -> None:
    name("மனோரமா")
    assert people.read(table)[0].name == "மனோரமா"
    assert "மனோரமா" in table.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "id_"),
    [
        ("Tom Hanks", "Q2263"),
        ("tom hanks", "Q2263"),
        ("Томас Хэнкс", "Q2263"),
        ("Zoe Saldana", "Q190162"),
        ("King of Pop", "Q2831"),
        ("Homer", "Q6691"),
        ("Q42", "Q42"),
        ("Q900000010", "Q2263"),
    ],
)
def test_a_name_of_one_person_is_taken(name: Name, given: str, id_: str) -> None:
    (person,) = name(given).people
    assert person.wikidata == id_


def test_a_name_of_several_people_is_told_and_left_out(name: Name, table: Path) -> None:
    named = name("Michael Jackson", "Tom Hanks")
    assert [person.name for person in people.read(table)] == ["Tom Hanks"]
    (ambiguous,) = named.ambiguous
    assert ambiguous.name == "Michael Jackson"
    assert [one.id for one in ambiguous.candidates] == ["Q2831", "Q167877"]


def test_the_most_famous_is_taken_where_that_is_asked_for(name: Name) -> None:
    named = name("Michael Jackson", most_famous=True)
    assert [person.wikidata for person in named.people] == ["Q2831"]
    assert not named.ambiguous


@pytest.mark.parametrize("given", ["Nobody At All", "Tom", "India", "Q668", "Q999999999"])
def test_who_is_no_person_is_told(name: Name, table: Path, given: str) -> None:
    named = name(given)
    assert named == Found(people=(), unknown=(given,))
    assert not table.exists()


def test_people_of_one_name_are_told_apart_by_their_year_of_birth(name: Name) -> None:
    named = name("Q2831", "Q167877", "Q42")
    assert [person.name for person in named.people] == [
        "Michael Jackson (born 1958)",
        "Michael Jackson (born 1942)",
        "Douglas Adams",
    ]


def test_people_of_one_name_without_years_are_told_apart_by_their_ids(name: Name) -> None:
    named = name(Person("Ann", wikidata="Q6691"), Person("ann", wikidata="Q42"))
    assert [person.name for person in named.people] == ["Ann (Q6691)", "ann (Q42)"]


def test_a_name_of_ones_own_beside_an_id_is_kept(name: Name) -> None:
    (person,) = name(Person("The writer", wikidata="Q42")).people
    assert (person.name, person.born) == ("The writer", 1952)


def test_a_person_given_twice_is_one_row(name: Name) -> None:
    named = name("Tom Hanks", "Q42", "Томас Хэнкс", "Q2263")
    assert [person.wikidata for person in named.people] == ["Q2263", "Q42"]


def test_the_second_time_nobody_is_asked(name: Name, server: StandIn) -> None:
    first = name("Tom Hanks")
    asked = len(server.asked)
    assert name("Tom Hanks") == first
    assert len(server.asked) == asked


def test_who_asks_is_told_to_every_server(name: Name, server: StandIn) -> None:
    name(criteria=Criteria(occupations=("actor",)), limit=1)
    assert set(server.counts) == {"/sparql", "/api"}
    assert all("tests@example.org" in one.headers["User-Agent"] for one in server.asked)


@pytest.mark.usefixtures("server")
def test_progress_is_told(manners: Manners, table: Path) -> None:
    told: list[tuple[int, int]] = []
    options = Options(people=(Person("Tom Hanks"), Person("Q42")))
    find_people.find(table, options, manners, progress=lambda *counts: told.append(counts))
    assert told == [(1, 2), (2, 2)]


def test_nobody_fits(name: Name, table: Path) -> None:
    with pytest.raises(NamesError, match="nobody on Wikidata fits"):
        name(criteria=Criteria(occupations=("poet",), countries=("India",)))
    assert not table.exists()


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ((), {}),
        (("Tom Hanks",), {"criteria": Criteria(occupations=("actor",))}),
        ((), {"criteria": Criteria(gender="female")}),
    ],
)
def test_what_cannot_be_asked_for_is_told(
    name: Name, server: StandIn, given: tuple[str, ...], options: dict[str, Any]
) -> None:
    with pytest.raises(CollectError, match="give "):
        name(*given, **options)
    assert not server.asked


def test_a_place_that_cannot_be_written_is_told_before_anybody_is_asked(
    server: StandIn, manners: Manners, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    options = Options(people=(Person("Tom Hanks"),))
    with pytest.raises(CollectError, match="cannot be written"):
        find_people.find(tmp_path / "file" / "names.csv", options, manners)
    assert not server.asked
