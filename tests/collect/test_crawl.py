"""A whole run over a list of addresses: what is kept, what is told, and what is asked for again."""

from __future__ import annotations

import asyncio
import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from starlike.collect import Manners, Options, Person, Summary, collect, ledger
from starlike.errors import CollectError, PluginError
from starlike.files import digest, manifest
from starlike.web import licences
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.status import Status
from tests.web.stand_in.images import Images, jpeg
from tests.web.stand_in.server import StandIn

ADA, BEN = Person("Ada Lovelace"), Person("Ben Jonson")


class World:
    """A server, a list of what is on it, and a folder to collect into."""

    def __init__(self, server: StandIn, images: Images, manners: Manners, folder: Path) -> None:
        self.server, self.images, self.manners = server, images, manners
        self.folder, self.out = folder, folder / "out"
        self.list = folder / "list.csv"

    def url(self, name: str) -> str:
        return f"{self.server.url}/{name}"

    def lists(self, *rows: Sequence[str]) -> None:
        """Each row: a name, a path on the server, and perhaps a licence."""
        with self.list.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["name", "url", "licence"])
            writer.writerows([name, self.url(path), *rest] for name, path, *rest in rows)

    def offers(self, person: Person, count: int, first: int = 0) -> list[tuple[str, str]]:
        """So many different images of a person."""
        names = [f"{person.name}-{number}.jpg" for number in range(first, first + count)]
        for number, name in enumerate(names, start=first):
            self.images.files[name] = jpeg(hash(person.name) % 60_000 * 200 + number)
        return [(person.name, f"images/{name}") for name in names]

    def collect(self, *people: Person, **changes: Any) -> Summary:
        options = Options(sources=(f"own:{self.list}",), per_class=100)
        wanted = people or (ADA,)
        return collect(wanted, self.out, self.manners, replace(options, **changes))

    def rows(self) -> list[dict[str, Any]]:
        return manifest.read(self.out)

    def statuses(self, person: Person = ADA) -> dict[str, str]:
        """Status by path on the server."""
        start = len(self.server.url) + 1
        of_person = [row for row in self.rows() if row["class"] == person.name]
        return {row["image_url"][start:]: row["status"] for row in of_person}

    def asked(self) -> Counter[str]:
        return self.server.counts

    def agrees(self) -> bool:
        """Whether the manifest and the files say the same, and nothing else lies about."""
        said = {row["image"]: row["sha256"] for row in self.rows() if row["image"]}
        found = {
            file.relative_to(self.out).as_posix(): digest.sha256(file.read_bytes())
            for file in self.out.glob("*/*")
        }
        loose = {path.name for path in self.out.iterdir() if path.is_file()}
        known = {manifest.FILE_NAME, "ATTRIBUTION.md", ledger.FILE_NAME}
        return said == found and loose <= known


@pytest.fixture
def world(manners: Manners, tmp_path: Path) -> Iterator[World]:
    images = Images()
    with StandIn(images.routes()) as server:
        yield World(server, images, manners, tmp_path)


def test_images_come_with_where_they_are_from(world: World) -> None:
    world.lists((ADA.name, "bad/here", "CC BY-SA 4.0"))
    summary = world.collect()
    (row,) = world.rows()
    assert row["class"] == ADA.name
    assert (out_file := world.out / row["image"]).read_bytes() == jpeg(301)
    assert out_file.parent.name == ADA.folder
    assert row["sha256"] == digest.sha256(jpeg(301))
    assert (row["source"], row["licence"], row["status"]) == ("own", "cc-by-sa", "kept")
    assert (row["width"], row["height"], row["bytes"]) == (96, 96, len(jpeg(301)))
    assert row["fetched_at"] is not None
    assert "CC BY-SA 4.0" in summary.attribution.read_text()
    assert world.agrees()


def test_each_bad_day_gets_its_status_and_the_rest_goes_on(world: World) -> None:
    bad = {
        "bad/gone": Status.NOT_FOUND,
        "bad/forbidden": Status.FORBIDDEN,
        "bad/teapot": Status.REFUSED,
        "bad/fails": Status.SERVER_ERROR,
        "bad/always-busy": Status.RATE_LIMITED,
        "bad/silent": Status.TIMEOUT,
        "bad/slow": Status.TIMEOUT,
        "bad/cut": Status.CUT_OFF,
        "bad/truncated": Status.BROKEN,
        "bad/circle": Status.REDIRECTS,
        "bad/to?url=http://10.0.0.1/": Status.PRIVATE_ADDRESS,
        "bad/to?url=http://127.0.0.9/": Status.PRIVATE_ADDRESS,
        "bad/page": Status.NOT_AN_IMAGE,
        "bad/huge": Status.TOO_LARGE,
        "bad/bomb": Status.TOO_LARGE,
        "bad/drawing": Status.DRAWING,
        "bad/animated": Status.ANIMATED,
        "bad/noai": Status.OPTED_OUT,
        "bad/empty": Status.EMPTY,
        "bad/tiny": Status.TOO_SMALL,
    }
    good = world.offers(ADA, 5)
    world.lists(*good[:2], *((ADA.name, path) for path in bad), *good[2:])
    world.collect()
    kept = dict.fromkeys((path for _, path in good), Status.KEPT)
    assert world.statuses() == bad | kept
    assert all(row["reason"] for row in world.rows() if row["status"] != Status.KEPT)
    assert world.agrees()


def test_no_more_is_fetched_than_is_wanted(world: World) -> None:
    world.lists(*world.offers(ADA, 20))
    world.collect(per_class=7)
    assert len(world.server.asked) == 7
    assert set(world.statuses()) == {f"images/{ADA.name}-{number}.jpg" for number in range(7)}


def test_what_fails_is_made_up_for_by_the_next(world: World) -> None:
    first, second, third, fourth = world.offers(ADA, 4)
    world.lists(first, (ADA.name, "bad/gone"), second, (ADA.name, "bad/page"), third, fourth)
    world.collect(per_class=3)
    kept = [path for path, status in world.statuses().items() if status == Status.KEPT]
    assert kept == [path for _, path in (first, second, third)]


def test_what_is_kept_does_not_depend_on_what_is_fast(
    manners: Manners, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two servers answer the same, one in the order of the list and one in reverse."""
    found = []
    for slowest in (0, 1):
        images = Images()

        async def late(request: web.Request, slowest: int = slowest) -> web.Response:
            number = int(request.match_info["number"])
            await asyncio.sleep(0.01 * ((40 - number) if slowest else number % 3))
            if number % 4 == 1:
                raise web.HTTPNotFound
            return web.Response(body=jpeg(number // 2))  # each twice, by another name

        routes = [*images.routes(), web.get("/late/{number}", late)]
        with StandIn(routes) as server:
            world = World(server, images, manners, tmp_path_factory.mktemp("world"))
            world.lists(*((ADA.name, f"late/{number}") for number in range(40)))
            world.collect(per_class=12)
            assert world.agrees()
            found.append(world.statuses())
    assert found[0] == found[1]
    assert Counter(found[0].values())["kept"] == 12


def test_of_the_same_bytes_at_two_places_the_first_is_kept(world: World) -> None:
    world.images.files |= {"a.jpg": jpeg(1), "b.jpg": jpeg(1), "c.jpg": jpeg(2)}
    world.lists(*((ADA.name, f"images/{name}.jpg") for name in "abc"))
    world.collect(per_class=2)
    assert world.statuses() == {
        "images/a.jpg": "kept",
        "images/b.jpg": "duplicate",
        "images/c.jpg": "kept",
    }
    assert world.agrees()


def test_what_two_people_share_is_fetched_once(world: World) -> None:
    world.images.files["both.jpg"] = jpeg(1)
    world.lists(
        (ADA.name, "images/both.jpg"),
        (BEN.name, "images/both.jpg"),
        (ADA.name, "bad/gone"),
        (BEN.name, "bad/gone"),
    )
    world.collect(ADA, BEN)
    for person in (ADA, BEN):
        assert world.statuses(person) == {"images/both.jpg": "kept", "bad/gone": "not_found"}
    assert world.asked() == {"/images/both.jpg": 1, "/bad/gone": 1}
    assert world.agrees()


def test_running_again_fetches_nothing_twice(world: World) -> None:
    world.lists(*world.offers(ADA, 6), (ADA.name, "bad/gone"), (ADA.name, "bad/page"))
    world.collect()
    before = world.rows()
    world.collect()
    assert len(world.server.asked) == 8
    assert world.rows() == before


def test_running_later_brings_what_is_new(world: World) -> None:
    world.lists(*world.offers(ADA, 3))
    world.collect()
    world.lists(*world.offers(ADA, 5))
    world.collect()
    assert len(world.server.asked) == 5
    assert len(list(world.out.glob("*/*"))) == 5


def test_what_failed_for_a_time_is_tried_again_later_and_what_failed_for_good_is_not(
    world: World,
) -> None:
    world.lists((ADA.name, "bad/fails-twice"), (ADA.name, "bad/gone"))
    world.manners = replace(world.manners, tries=1)
    for expected in ("server_error", "server_error", "kept"):
        world.collect()
        assert world.statuses() == {"bad/fails-twice": expected, "bad/gone": "not_found"}
    assert world.asked() == {"/bad/fails-twice": 3, "/bad/gone": 1}


def test_wanting_more_later_goes_on_where_it_was(world: World) -> None:
    world.lists(*world.offers(ADA, 9))
    world.collect(per_class=4)
    world.collect(per_class=7)
    assert len(world.server.asked) == 7
    assert Counter(world.statuses().values()) == {"kept": 7}


def test_only_the_licences_that_are_asked_for_are_fetched(world: World) -> None:
    (_, free), (_, named), (_, paid), (_, silent) = world.offers(ADA, 4)
    world.lists(
        (ADA.name, free, "CC0"),
        (ADA.name, named, "CC BY 2.0"),
        (ADA.name, paid, "CC BY-NC 4.0"),
        (ADA.name, silent),
    )
    world.collect(licences="cc0,cc-by")
    assert world.statuses() == {free: "kept", named: "kept", paid: "licence", silent: "licence"}
    assert len(world.server.asked) == 2
    world.collect(licences="any")
    assert set(world.statuses().values()) == {"kept"}


def test_an_image_that_its_owner_took_away_is_not_fetched_again(world: World) -> None:
    world.lists(*world.offers(ADA, 3))
    world.collect(per_class=2)
    first, _ = world.rows()
    (world.out / first["image"]).unlink()
    world.collect(per_class=2)
    assert list(world.statuses().values()) == ["removed", "kept", "kept"]
    assert world.asked()["/" + first["image_url"].removeprefix(world.server.url + "/")] <= 1
    assert world.agrees()


def test_names_in_other_scripts_and_with_slashes_get_folders(world: World) -> None:
    people = [Person("黒澤 明"), Person("AC/DC"), Person("山田 太郎")]
    world.lists(*(offer for person in people for offer in world.offers(person, 1)))
    summary = world.collect(*people)
    assert [one.kept for one in summary.classes] == [1, 1, 1]
    assert (world.out / "AC-DC").is_dir()
    assert world.agrees()


def test_files_of_this_machine_are_copied_only_from_ones_own_list(world: World) -> None:
    mine = world.folder / "mine"
    (mine / ADA.name).mkdir(parents=True)
    (mine / ADA.name / "a b.jpg").write_bytes(jpeg(5))
    (mine / ADA.name / "empty.jpg").write_bytes(b"")
    summary = world.collect(sources=(f"own:{mine}",))
    assert summary.statuses == {"kept": 1, "empty": 1}
    assert world.agrees()


def test_two_at_once_do_not_share_a_folder(world: World) -> None:
    world.lists(*world.offers(ADA, 1))
    world.out.mkdir()
    with ledger.opened(world.out), pytest.raises(CollectError, match="another collect"):
        world.collect()
    world.collect()


def test_a_folder_that_cannot_be_made_is_an_error_and_nothing_is_lost(world: World) -> None:
    world.lists(*world.offers(ADA, 2))
    world.out.mkdir()
    (world.out / ADA.folder).write_text("a file where the class folder should be")
    with pytest.raises(CollectError, match="cannot be written"):
        world.collect()
    (world.out / ADA.folder).unlink()
    summary = world.collect()
    assert summary.statuses["kept"] == 2
    assert world.agrees()


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b""])
def test_a_damaged_ledger_is_told_in_a_line(world: World, damage: bytes) -> None:
    world.lists(*world.offers(ADA, 1))
    world.out.mkdir()
    (world.out / ledger.FILE_NAME).write_bytes(damage)
    if damage:
        with pytest.raises(CollectError, match="damaged"):
            world.collect()
    else:
        assert world.collect().statuses["kept"] == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sources": ("flickr",)}, "no image source flickr"),
        ({"licences": "cc-zero"}, "'cc-zero' is not a licence"),
        ({"sources": ("own:nowhere.csv",)}, "no such"),
    ],
)
def test_wrong_wishes_are_told(world: World, changes: dict[str, Any], message: str) -> None:
    with pytest.raises((CollectError, PluginError), match=message):
        world.collect(**changes)


def test_a_source_from_outside_fills_classes_beside_ones_own(world: World) -> None:
    class Museum:
        """Names images that lie on the server; made by whoever calls the library."""

        name = "museum"

        async def page(self, person: Person, cursor: str | None) -> ImagePage:
            number = int(cursor or 0)
            (_, path), *_ = world.offers(person, 1, first=100 + number)
            found = ImageCandidate(world.url(path), licence=licences.parse("CC0"), author="Ann")
            return ImagePage((found,), str(number + 1) if number < 2 else None)

    world.lists(*world.offers(ADA, 1))
    chosen = (f"own:{world.list}", Museum())
    assert world.collect(ADA, BEN, sources=chosen).statuses["kept"] == 1 + 3 + 3
    sources = Counter((row["class"], row["source"]) for row in world.rows())
    assert sources == {(ADA.name, "own"): 1, (ADA.name, "museum"): 3, (BEN.name, "museum"): 3}
    assert {row["author"] for row in world.rows() if row["source"] == "museum"} == {"Ann"}
    assert world.agrees()


def test_only_ones_own_source_may_name_files_of_this_machine(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(jpeg(1))

    class Sly:
        name = "sly"

        async def page(self, _person: Person, _cursor: str | None) -> ImagePage:
            return ImagePage((ImageCandidate(secret.as_uri()),))

    assert world.collect(sources=(Sly(),)).statuses == {"bad_address": 1}


Told = Callable[[int, int], None]


def test_progress_ends_where_it_says_it_would(world: World) -> None:
    seen: list[tuple[int, int]] = []
    world.lists(*world.offers(ADA, 3), (ADA.name, "bad/gone"), *world.offers(BEN, 8))
    options = Options(sources=(f"own:{world.list}",), per_class=5)
    collect(
        [ADA, BEN],
        world.out,
        world.manners,
        options,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (8, 8)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_each_class_is_told_how_far_it_is(world: World) -> None:
    seen: list[tuple[str, int]] = []
    world.lists(*world.offers(ADA, 3), *world.offers(BEN, 1))
    collect(
        [ADA, BEN],
        world.out,
        world.manners,
        Options(sources=(f"own:{world.list}",), per_class=5),
        by_class=lambda name, kept: seen.append((name, kept)),
    )
    assert [kept for name, kept in seen if name == ADA.name][-1] == 3
    assert [kept for name, kept in seen if name == BEN.name][-1] == 1
