"""Sources by the names that the command line knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from starlike.errors import CollectError
from starlike.web import sources
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.politeness import Manners
from starlike.web.source import Source


@pytest.fixture
def client(manners: Manners) -> Client:
    return Client(manners)


def make(client: Client, *names: str) -> list[Source]:
    return sources.make(names, client, Endpoints())


def test_sources_come_in_the_order_in_which_they_are_named(client: Client, tmp_path: Path) -> None:
    made = make(client, "web", f"own:{tmp_path}", "commons", "openverse")
    assert [source.name for source in made] == ["web", "own", "commons", "openverse"]


def test_what_is_named_twice_comes_once(client: Client) -> None:
    assert [source.name for source in make(client, "openverse", "openverse")] == ["openverse"]


def test_all_places_of_ones_own_are_one_source(client: Client, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,url\n", encoding="utf-8")
    made = make(client, f"own:{tmp_path}", "openverse", f"own:{tmp_path / 'list.csv'}")
    assert [source.name for source in made] == ["own", "openverse"]


def test_the_home_folder_may_be_shortened(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "images").mkdir()
    assert make(client, "own:~/images")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), "no source is named; known are commons, openverse, web and own:PATH"),
        (("commons", "google"), "'google' is no source; known are commons, openverse, web"),
        (("Web",), "'Web' is no source"),
        (("own",), "say where one's own images are: own:FOLDER or own:LIST.csv"),
        (("own: ",), "say where one's own images are"),
        (("own:/no/such/folder",), "there is no such folder of images"),
    ],
)
def test_a_wrong_name_is_told(names: tuple[str, ...], told: str, client: Client) -> None:
    with pytest.raises(CollectError, match=told):
        make(client, *names)
