"""Sources by the names that the door knows, from this package and from others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest

from starlike.errors import CollectError, PluginError
from starlike.files.people import Person
from starlike.web import sources
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage, ImageSource, SourceContext
from starlike.web.politeness import Manners


class Museum:
    """A source as somebody else writes it."""

    name = "museum"
    help = "a museum's collection"
    argument = "HALL"

    def __init__(self, context: SourceContext) -> None:
        self.context = context

    @classmethod
    def make(cls, context: SourceContext) -> Self:
        return cls(context)

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        assert cursor is None
        return ImagePage((ImageCandidate(f"https://museum.example/{person.folder}.jpg"),))


HERE = f"{__name__}:Museum"


@pytest.fixture
def client(manners: Manners) -> Client:
    return Client(manners)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that declares the museum, installed where Python finds it."""
    folder = tmp_path / "museum-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: museum\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(f"[{sources.DOOR.group}]\nmuseum = {HERE}\n")
    monkeypatch.syspath_prepend(tmp_path)


def make(client: Client, *names: sources.SourceChoice) -> list[ImageSource]:
    return sources.make(names, client, Endpoints(), {"cc0"})


def called(made: Sequence[ImageSource]) -> list[str]:
    return [source.name for source in made]


def test_sources_come_in_the_order_in_which_they_are_named(client: Client, tmp_path: Path) -> None:
    made = make(client, "web", f"own:{tmp_path}", "commons", "openverse")
    assert called(made) == ["web", "own", "commons", "openverse"]


def test_what_is_named_twice_comes_once(client: Client) -> None:
    assert called(make(client, "openverse", "openverse")) == ["openverse"]


def test_all_places_of_ones_own_are_one_source(client: Client, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,url\n", encoding="utf-8")
    made = make(client, f"own:{tmp_path}", "openverse", f"own:{tmp_path / 'list.csv'}")
    assert called(made) == ["own", "openverse"]


def test_the_home_folder_may_be_shortened(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "images").mkdir()
    assert make(client, "own:~/images")


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ((), CollectError, "no source is named; known are commons, openverse, web, own"),
        (("google",), PluginError, "no image source google; known are commons, openverse, web"),
        (("Web",), PluginError, "no image source Web"),
        (("own",), CollectError, "say where your own images are: own:FOLDER or own:LIST.csv"),
        (("own: ",), CollectError, "say where your own images are"),
        (("own:/no/such/folder",), CollectError, "there is no such folder of images"),
        (("commons:x",), CollectError, "commons: nothing may follow the name"),
        (("no.such:Source",), PluginError, "no.such:Source cannot be imported"),
        (("starlike.doors:Door",), PluginError, "has not all of name, help, argument and make"),
    ],
)
def test_a_source_that_cannot_be_made_is_told_in_a_line(
    names: tuple[str, ...], error: type[Exception], message: str, client: Client
) -> None:
    with pytest.raises(error, match=message) as caught:
        make(client, *names)
    assert "\n" not in str(caught.value)


def test_a_source_from_outside_is_named_by_where_it_is(client: Client) -> None:
    (museum,) = make(client, HERE)
    assert isinstance(museum, Museum)
    assert museum.context.client is client
    assert museum.context.licences == {"cc0"}
    assert museum.context.arguments == ()


@pytest.mark.usefixtures("installed")
def test_a_source_that_an_installed_package_declares_has_a_name_like_any_other(
    client: Client,
) -> None:
    (museum, commons) = make(client, "museum:east wing", "commons", "museum:west wing")
    assert called([museum, commons]) == ["museum", "commons"]
    assert isinstance(museum, Museum)
    assert museum.context.arguments == ("east wing", "west wing")
    assert ("museum:HALL", "a museum's collection") in sources.usages()


def test_a_source_may_be_made_already(client: Client) -> None:
    museum = Museum(SourceContext(client=client, endpoints=Endpoints()))
    made = make(client, museum, "commons", museum)
    assert made[0] is museum
    assert called(made) == ["museum", "commons"]


def test_the_class_of_a_source_is_made_with_what_the_run_has(client: Client) -> None:
    made = make(client, "commons", Museum, Museum)
    assert called(made) == ["commons", "museum"]
    assert isinstance(made[1], Museum)
    assert made[1].context.client is client


def test_a_class_that_cannot_be_made_is_refused(client: Client) -> None:
    class Bare:
        name = "bare"

        async def page(self, _person: Person, _cursor: str | None) -> ImagePage:
            raise NotImplementedError

    with pytest.raises(PluginError, match="has not all of name, help, argument and make"):
        make(client, Bare)


def test_two_sources_of_one_name_are_refused(client: Client) -> None:
    museum = Museum(SourceContext(client=client, endpoints=Endpoints()))
    with pytest.raises(CollectError, match="two image sources have the name museum"):
        make(client, museum, HERE)


def test_the_help_has_a_line_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = dict(sources.usages())
    assert list(named) == ["commons", "openverse", "web", "own:PATH"]
    assert all(named.values())
    assert "STARLIKE_OPENVERSE_TOKEN" in named["openverse"]
    folder = tmp_path / "broken-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(f"[{sources.DOOR.group}]\nbroken = no.such:Thing\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert ("broken", "cannot be used here") in sources.usages()
