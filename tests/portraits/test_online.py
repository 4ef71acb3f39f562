"""Portraits from Wikimedia Commons, of whom Wikidata or a table of names says who they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from starlike import portraits
from starlike.errors import CollectError
from starlike.files import portrait_folder
from starlike.files.people import Person
from starlike.portraits import Options, Summary, online, stage
from starlike.portraits.choose import Unfit
from starlike.records import Floats
from starlike.web.addresses import networks
from starlike.web.politeness import Manners
from tests.portraits.conftest import make_model
from tests.web.stand_in.commons import Commons
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.images import Images
from tests.web.stand_in.server import StandIn
from tests.web.stand_in.wikidata import Wikidata

HANKS, JACKSON, KHAN, NOBODY = "Tom Hanks", "Michael Jackson", "Aamir Khan", "Nobody At All"
CLOSED = {"LicenseShortName": "CC BY-NC 4.0", "License": "cc-by-nc-4.0", "LicenseUrl": None}


@pytest.fixture
def folder(means: Floats, tmp_path: Path) -> Path:
    """A model that knows four people; the first two look like Ada and Bea of the photos."""
    return make_model(tmp_path / "model", [HANKS, KHAN, JACKSON, NOBODY], means[:4])


@pytest.fixture
def server(
    images: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[StandIn]:
    """Both wikis with a few photos of these people."""
    shown = {"Ada.png": "Ada", "Closed.png": "Ada", "Bea.png": "Bea", "Wrong.png": "Ada"}
    commons = Commons(
        files=[
            File(title, 290, 290, mime="image/png", meta=CLOSED if title == "Closed.png" else {})
            for title in (*shown, "Gone.png")
        ],
        categories={HANKS: ["Closed.png", "Ada.png"], "Khan": ["Bea.png"]},
        depicts={"Q9557": ["Wrong.png"]},
    )
    files = Images({title: images[name].read_bytes() for title, name in shown.items()})
    routes = [*Wikidata().routes(), *commons.routes(), *files.routes()]
    with StandIn(routes) as server:
        monkeypatch.setenv("STARLIKE_URL_WIKIDATA", f"{server.url}/api")
        monkeypatch.setenv("STARLIKE_URL_COMMONS", f"{server.url}/w/api.php")
        monkeypatch.setenv("STARLIKE_CACHE", str(tmp_path / "cache"))
        yield server


@pytest.fixture
def manners() -> Manners:
    return Manners("tests@example.org", rate=0, allow_private=networks(["127.0.0.1"]))


def run(folder: Path, manners: Manners, people: Sequence[Person] | None = None) -> Summary:
    place = portraits.on_the_web(manners, people)
    return portraits.portraits(folder, place, options=Options(size=96))


def test_people_are_looked_up_by_name(folder: Path, server: StandIn, manners: Manners) -> None:
    summary = run(folder, manners)
    portrait = portrait_folder.opened(summary.folder).portrait(HANKS)
    assert portrait is not None
    assert portrait.page_url == "https://commons.wikimedia.org/wiki/File:Ada.png"
    assert (portrait.author, portrait.licence) == ("Ann", "CC BY-SA 4.0")
    assert summary.none == {
        Unfit.OTHER: 1,
        "several people of that name": 1,
        online.UNKNOWN: 1,
    }
    assert summary.ambiguous == [JACKSON]
    assert "/images/Closed.png" not in server.counts


def test_a_table_says_who_is_meant_and_nobody_else_is_looked_for(
    folder: Path, server: StandIn, manners: Manners
) -> None:
    summary = run(folder, manners, [Person(KHAN, category="Khan"), Person("Somebody Else")])
    portrait = portrait_folder.opened(summary.folder).portrait(KHAN)
    assert portrait is not None
    assert str(portrait.page_url).endswith("File:Bea.png")
    assert summary.none == {online.NOT_IN_TABLE: 3}
    assert "/api" not in server.counts


def test_names_alone_in_a_table_are_looked_up(
    folder: Path, server: StandIn, manners: Manners
) -> None:
    summary = run(folder, manners, [Person(HANKS)])
    assert server.counts["/api"] > 0
    assert (summary.found, summary.none) == (1, {online.NOT_IN_TABLE: 3})


def test_whoever_has_a_portrait_is_not_asked_for_again(
    folder: Path, server: StandIn, manners: Manners
) -> None:
    run(folder, manners, [Person(HANKS)])
    asked = server.counts
    assert run(folder, manners, [Person(HANKS)]).found == 0
    assert server.counts == asked


def test_an_image_that_is_not_to_be_had_costs_one_image(
    folder: Path, server: StandIn, manners: Manners
) -> None:
    summary = run(folder, manners, [Person(KHAN, portrait="Gone.png", category="Khan")])
    assert server.counts["/images/Gone.png"] == 1
    assert summary.found == 1


def test_addresses_of_private_networks_are_not_asked(folder: Path, server: StandIn) -> None:
    summary = run(folder, Manners("tests@example.org", rate=0))
    assert summary.none == {stage.NO_ANSWER: 4}
    assert not server.asked


def test_an_address_of_a_source_that_is_none_is_told(
    folder: Path, manners: Manners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARLIKE_URL_COMMONS", "ftp://example.org")
    with pytest.raises(CollectError, match="STARLIKE_URL_COMMONS"):
        run(folder, manners)
