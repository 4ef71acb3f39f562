"""`starlike names`, as its users run it, asking a Wikidata that is played here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from starlike.files import people
from tests.cli.conftest import Run, Starlike
from tests.web.stand_in.server import StandIn
from tests.web.stand_in.wikidata import Wikidata

Names = Callable[..., Run]


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn(Wikidata().routes()) as server:
        yield server


@pytest.fixture
def environment(server: StandIn) -> dict[str, str]:
    return {
        "STARLIKE_URL_SPARQL": f"{server.url}/sparql",
        "STARLIKE_URL_WIKIDATA": f"{server.url}/api",
        "STARLIKE_CONTACT": "me@example.org",
    }


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "names.csv"


@pytest.fixture
def names(starlike: Starlike, environment: dict[str, str], table: Path) -> Names:
    """The command with a table to write, allowed to ask this machine."""

    def run(*words: object) -> Run:
        common = ("--out", table, "--allow-private", "127.0.0.1")
        return starlike("names", *words, *common, env=environment)

    return run


def _listed(table: Path) -> list[str]:
    return [person.name for person in people.read(table)]


def test_people_by_what_they_are(names: Names, table: Path) -> None:
    run = names("--occupation", "actor", "--country", "India", "--born-after", 1960, "--limit", 2)
    assert run.status == 0, run.err
    assert _listed(table) == ["Shah Rukh Khan", "Priyanka Chopra"]
    assert "2 people" in run.out
    assert f"table: {table}" in run.out
    assert "actor: taken as actor (Q33999, person who acts)" in run.err
    assert "India: taken as India (Q668, country in South Asia)" in run.err


def test_further_criteria(names: Names, table: Path) -> None:
    words = ("--occupation", "actor", "--occupation", "singer", "--country", "India")
    run = names(*words, "--gender", "female", "--with-portrait", "--born-before", 1983)
    assert run.status == 0, run.err
    assert _listed(table) == ["Priyanka Chopra", "மனோரமா"]


def test_people_by_typed_names(names: Names, table: Path) -> None:
    run = names("Tom  Hanks", "Zoe Saldana", "Q42")
    assert run.status == 0, run.err
    assert _listed(table) == ["Tom Hanks", "Zoe Saldaña", "Douglas Adams"]


def test_people_from_a_file(names: Names, table: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("# mine\nTom Hanks\n\nமனோரமா\n", encoding="utf-8")
    run = names("--from", listed)
    assert run.status == 0, run.err
    assert _listed(table) == ["Tom Hanks", "மனோரமா"]


def test_a_table_may_tell_ids_and_be_made_again(names: Names, table: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,wikidata\nThe beer writer,Q167877\nTom Hanks,\n")
    assert names("--from", tmp_path / "mine.csv").status == 0
    assert _listed(table) == ["The beer writer", "Tom Hanks"]
    before = table.read_bytes()
    assert names("--from", table).status == 0
    assert table.read_bytes() == before


def test_names_that_are_left_out_are_shown_and_leave_with_1(names: Names, table: Path) -> None:
    run = names("Michael Jackson", "Nobody At All", "Tom Hanks")
    assert run.status == 1
    assert _listed(table) == ["Tom Hanks"]
    shown = [line.split() for line in run.out.splitlines()]
    assert [line[2] for line in shown if line[:2] == ["Michael", "Jackson"]] == ["Q2831"]
    (other,) = [line for line in shown if "Q167877" in line]
    assert other[-2:] == ["1942", "14"]
    assert "nobody on Wikidata has these names: Nobody At All" in run.err


def test_the_most_famous_is_taken_on_demand(names: Names, table: Path) -> None:
    assert names("Michael Jackson", "--take-most-famous").status == 0
    assert [person.wikidata for person in people.read(table)] == ["Q2831"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "give either names or what the people are"),
        (("Tom Hanks", "--country", "India"), "give either names or what the people are"),
        (("--gender", "female"), "give an occupation or a country"),
        (("--occupation", "director"), "director may be film director (Q2526255"),
        (("--occupation", "stargazing"), "Wikidata knows no occupation of this name"),
        (("--occupation", "poet", "--country", "India"), "nobody on Wikidata fits"),
        (("Tom Hanks", "--contact", " "), "give an e-mail address or a web page with --contact"),
        (("--from", "nowhere.txt"), "nowhere.txt: the names cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_leaves_with_2(
    names: Names, table: Path, words: tuple[str, ...], told: str
) -> None:
    run = names(*words)
    assert run.status == 2
    assert told in run.err.splitlines()[-1]
    assert not table.exists()


@pytest.mark.parametrize("words", [("--limit", 0), ("--gender", "x"), ("--born-after", "y")])
def test_wrong_usage_leaves_with_2(names: Names, words: tuple[object, ...]) -> None:
    assert names("--occupation", "actor", *words).status == 2


def test_this_machine_is_not_asked_unless_that_is_allowed(
    starlike: Starlike, environment: dict[str, str], table: Path, server: StandIn
) -> None:
    before = len(server.asked)
    run = starlike("names", "Aamir Khan", "--out", table, env=environment)
    assert run.status == 2
    assert "127.0.0.1" in run.err
    assert len(server.asked) == before


def test_nobody_is_asked_without_a_contact(
    starlike: Starlike, environment: dict[str, str], table: Path, server: StandIn
) -> None:
    before = len(server.asked)
    run = starlike("names", "Q9557", "--out", table, env=environment | {"STARLIKE_CONTACT": ""})
    assert run.status == 2
    assert "--contact" in run.err
    assert len(server.asked) == before
