"""Openverse: who is found, under which licences, page by page, and what is said when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from starlike.errors import CollectError, SourceError
from starlike.files.people import Person
from starlike.web import licences
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.politeness import Manners
from starlike.web.sources.openverse import TOKEN, Openverse
from tests.web.stand_in.openverse import Openverse as Service
from tests.web.stand_in.openverse import Record, busy, no_entrance, record
from tests.web.stand_in.server import StandIn

ADA = Person("Ada Lovelace")


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)


def ask(
    server: StandIn,
    manners: Manners,
    person: Person = ADA,
    cursor: str | None = None,
    wanted: Collection[str] | None = None,
) -> ImagePage:
    async def once() -> ImagePage:
        async with Client(manners) as client:
            endpoints = Endpoints(openverse=f"{server.url}/v1/images/")
            return await Openverse(client, endpoints, wanted).page(person, cursor)

    return asyncio.run(once())


def found(results: Sequence[Record], manners: Manners, **asked: Any) -> tuple[ImageCandidate, ...]:
    with StandIn(Service(results).routes()) as server:
        return ask(server, manners, **asked).candidates


def test_an_image_comes_with_its_page_licence_author_and_title(manners: Manners) -> None:
    one = record("https://live.example/1.jpg", "Ada  Lovelace,\n1840", creator="A. Chalon")
    assert found([one], manners) == (
        ImageCandidate(
            "https://live.example/1.jpg",
            page_url=one["foreign_landing_url"],
            licence=licences.parse("by-sa 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
            author="A. Chalon",
            title="Ada Lovelace, 1840",
        ),
    )


@pytest.mark.parametrize(
    ("code", "version", "ours"),
    [
        ("by", "2.0", "cc-by"),
        ("by-nc-nd", "3.0", "cc-by-nc-nd"),
        ("cc0", "1.0", "cc0"),
        ("pdm", "1.0", "pd"),
        ("by-sa", None, "cc-by-sa"),
        ("sampling+", "1.0", "other"),
    ],
)
def test_each_licence_is_known(code: str, version: str | None, ours: str, manners: Manners) -> None:
    one = record("https://a.example/1.jpg", "Ada Lovelace", license=code, license_version=version)
    assert [candidate.licence.code for candidate in found([one], manners)] == [ours]


def test_missing_fields_are_left_empty(manners: Manners) -> None:
    fields = ("creator", "foreign_landing_url", "category", "filetype", "attribution", "width")
    bare = record("https://a.example/1.jpg", None, "ada lovelace", **dict.fromkeys(fields))
    (candidate,) = found([bare], manners)
    assert (candidate.page_url, candidate.author, candidate.title) == (None, None, None)
    assert candidate.licence.code == "cc-by-sa"


def test_only_images_that_mention_the_person_are_taken(manners: Manners) -> None:
    results = [
        record("https://a.example/1.jpg", "Ada Lovelace"),
        record("https://a.example/2.jpg", "A house", description="Here lived Ada Lovelace."),
        record("https://a.example/3.jpg", "A medal", "Ada Lovelace"),
        record("https://a.example/4.jpg", "A town", tags=None, description="Ada Lovelace Street"),
    ]
    urls = [candidate.image_url for candidate in found(results, manners)]
    assert urls == ["https://a.example/1.jpg", "https://a.example/3.jpg"]


def test_what_is_no_photo_for_us_is_passed_over(manners: Manners) -> None:
    results = [
        record("https://a.example/1.svg", "Ada Lovelace", filetype="svg"),
        record("https://a.example/2.jpg", "Ada Lovelace", mature=True),
        record("", "Ada Lovelace"),
        record("https://a.example/4.jpg", "Ada Lovelace"),
    ]
    assert [one.image_url for one in found(results, manners)] == ["https://a.example/4.jpg"]


def test_a_name_in_another_script_is_found(manners: Manners) -> None:
    results = [record("https://a.example/周.jpg", "周杰倫 演唱會"), record("https://a/2.jpg", "周")]
    assert len(found(results, manners, person=Person("周杰倫"))) == 1


def test_the_name_is_asked_for_as_a_phrase_of_strangers_size(manners: Manners) -> None:
    with StandIn(Service().routes()) as server:
        ask(server, manners, Person("Ann Lee (actor)"))
    assert server.asked[0].query == {"q": '"Ann Lee"', "page": "1", "page_size": "20"}
    assert "Authorization" not in server.asked[0].headers


def test_pages_follow_each_other_to_the_end(manners: Manners) -> None:
    results = [record(f"https://a.example/{n}.jpg", f"Ada Lovelace {n}") for n in range(60)]
    with StandIn(Service(results).routes()) as server:
        urls, cursor = [], None
        for _ in range(3):
            page = ask(server, manners, cursor=cursor)
            urls += [candidate.image_url for candidate in page.candidates]
            cursor = page.cursor
    assert urls == [one["url"] for one in results]
    assert cursor is None


def test_nobody_there_and_an_empty_last_page_end_it(manners: Manners) -> None:
    with StandIn(Service().routes()) as server:
        assert ask(server, manners) == ImagePage(())
        assert ask(server, manners, cursor="2") == ImagePage(())


def test_a_page_without_a_mention_is_no_end(manners: Manners) -> None:
    houses = range(21)
    results = [record(f"https://a/{n}.jpg", "A house", description="Ada Lovelace") for n in houses]
    with StandIn(Service(results).routes()) as server:
        assert ask(server, manners) == ImagePage((), "2")


def test_nobody_goes_deeper_than_is_allowed(manners: Manners) -> None:
    results = [record(f"https://a.example/{n}.jpg", "Ada Lovelace") for n in range(300)]
    with StandIn(Service(results).routes()) as server:
        assert ask(server, manners, cursor="11").cursor == "12"
        last = ask(server, manners, cursor="12")
    assert len(last.candidates) == 20
    assert last.cursor is None


class TestWantedLicences:
    def test_others_are_not_listed(self, manners: Manners) -> None:
        codes = ("by", "by-sa", "by-nc", "cc0", "pdm")
        results = [
            record(f"https://a.example/{code}.jpg", "Ada Lovelace", license=code) for code in codes
        ]
        got = found(results, manners, wanted={"cc0", "pd", "cc-by"})
        assert {candidate.licence.code for candidate in got} == {"cc0", "pd", "cc-by"}

    def test_all_of_them_need_no_filter(self, manners: Manners) -> None:
        with StandIn(Service().routes()) as server:
            ask(server, manners, wanted=licences.wanted_codes("any"))
        assert "license" not in server.asked[0].query

    def test_pages_are_counted_anew_where_others_are_wanted(self, manners: Manners) -> None:
        results = [record(f"https://a.example/{n}.jpg", "Ada Lovelace") for n in range(60)]
        with StandIn(Service(results).routes()) as server:
            cursor = ask(server, manners, wanted={"cc-by-sa"}).cursor
            ask(server, manners, cursor=cursor, wanted={"cc-by-sa"})
            ask(server, manners, cursor=cursor, wanted={"cc-by-sa", "cc0"})
            ask(server, manners, cursor=cursor)
        assert [asked.query["page"] for asked in server.asked] == ["1", "2", "1", "1"]

    def test_those_that_openverse_lacks_are_not_asked_for(self, manners: Manners) -> None:
        with StandIn(Service().routes()) as server:
            assert ask(server, manners, wanted={"gfdl", "unknown"}) == ImagePage(())
        assert not server.asked


class TestFailing:
    def test_who_asks_too_often_waits_and_goes_on(self, manners: Manners) -> None:
        service = Service([record("https://a.example/1.jpg", "Ada Lovelace")])
        service.troubles.append(busy(0))
        with StandIn(service.routes()) as server:
            assert ask(server, manners).candidates
        assert len(server.asked) == 2

    def test_a_long_wait_is_told_with_what_to_do(self, manners: Manners) -> None:
        service = Service()
        service.troubles.append(busy(3600))
        with (
            StandIn(service.routes()) as server,
            pytest.raises(SourceError, match=f"wait for 3600 seconds; go on later, or set {TOKEN}"),
        ):
            ask(server, manners)

    def test_a_token_that_ran_out_is_told(
        self, manners: Manners, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(TOKEN, "old")
        service = Service()
        service.troubles.append(no_entrance())
        with (
            StandIn(service.routes()) as server,
            pytest.raises(SourceError, match=f"answered 401; the access token in {TOKEN} may have"),
        ):
            ask(server, manners)

    @pytest.mark.parametrize(
        "body", [b"[]", b"{}", b'{"results": 3, "page_count": 1}', b'{"results": [1]}', b"null"]
    )
    def test_another_answer_is_no_answer(self, body: bytes, manners: Manners) -> None:
        service = Service()
        service.troubles.append(web.Response(body=body, content_type="application/json"))
        with (
            StandIn(service.routes()) as server,
            pytest.raises(SourceError, match="is not one to a search"),
        ):
            ask(server, manners)

    def test_a_private_address_is_refused_unless_allowed(self, manners: Manners) -> None:
        with (
            StandIn(Service().routes()) as server,
            pytest.raises(SourceError, match="a private address"),
        ):
            ask(server, replace(manners, allow_private=()))
        assert not server.asked


class TestToken:
    def test_it_is_shown(self, manners: Manners, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(TOKEN, " DLBYIcfnKfolaXKcmMC8RIDCavc2hW\n")
        with StandIn(Service().routes()) as server:
            ask(server, manners)
        assert server.asked[0].headers["Authorization"] == "Bearer DLBYIcfnKfolaXKcmMC8RIDCavc2hW"

    @pytest.mark.parametrize("token", ["a\nb", "tokén"])
    def test_what_is_none_is_refused(
        self, token: str, manners: Manners, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(TOKEN, token)
        with StandIn(Service().routes()) as server, pytest.raises(CollectError, match=TOKEN):
            ask(server, manners)
        assert not server.asked
