"""Web image search: what is asked of Bing, what is read from its results, and its bad days."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from aiohttp import web

from starlike import extras
from starlike.errors import MissingPartError, SourceError
from starlike.files.people import Person
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.licences import UNKNOWN
from starlike.web.politeness import Manners
from starlike.web.sources.web import Web
from tests.web.stand_in.bing import Bing, Found
from tests.web.stand_in.server import StandIn

ADA = Person("Ada Lovelace")


def ask(
    server: StandIn, manners: Manners, person: Person = ADA, cursor: str | None = None
) -> ImagePage:
    async def once() -> ImagePage:
        async with Client(manners) as client:
            return await Web(client, Endpoints(web=f"{server.url}/")).page(person, cursor)

    return asyncio.run(once())


def results(count: int) -> Sequence[Found]:
    return [Found(f"https://photos.example/{number}.jpg") for number in range(count)]


def urls(page: ImagePage) -> list[str]:
    return [candidate.image_url for candidate in page.candidates]


def test_a_result_comes_with_its_page_and_unknown_rights(manners: Manners) -> None:
    found = Found("https://photos.example/a.jpg", "https://news.example/ada", 'Ada & "friends"')
    with StandIn(Bing([found]).routes()) as server:
        page = ask(server, manners)
    (candidate,) = page.candidates
    assert candidate == ImageCandidate(found.murl, page_url=found.purl, title='Ada & "friends"')
    assert candidate.licence == UNKNOWN


def test_every_kind_of_image_address_is_read_whole(manners: Manners) -> None:
    addresses = [
        "https://photos.example/a.png",
        "https://photos.example/b.jpg?width=900&height=900",
        "https://photos.example/c.jpeg",
        "https://photos.example/image/0",
        "https://photos.example/周杰倫.webp",
    ]
    with StandIn(Bing([Found(address) for address in addresses]).routes()) as server:
        assert urls(ask(server, manners)) == addresses


@pytest.mark.parametrize("name", ["Ada Lovelace", "周杰倫", "Bonnie & Clyde #1", "50% Off? +1"])
def test_the_name_arrives_as_a_phrase(name: str, manners: Manners) -> None:
    with StandIn(Bing().routes()) as server:
        ask(server, manners, Person(name))
    (asked,) = server.asked
    assert asked.query["q"] == f'"{name}"'
    assert asked.query["first"] == "0"
    assert asked.query["qft"].split() == ["filterui:photo-photo", "filterui:face-face"]


def test_it_is_said_who_asks(manners: Manners) -> None:
    with StandIn(Bing().routes()) as server:
        ask(server, manners)
    (asked,) = server.asked
    assert asked.headers["User-Agent"] == manners.user_agent
    assert "Referer" not in asked.headers


def test_pages_follow_each_other_to_the_end(manners: Manners) -> None:
    with StandIn(Bing(results(80)).routes()) as server:
        pages = [ask(server, manners, cursor=cursor) for cursor in (None, "35", "70", "80")]
    assert [page.cursor for page in pages] == ["35", "70", "80", None]
    assert [url for page in pages for url in urls(page)] == [one.murl for one in results(80)]


def test_nobody_goes_deeper_than_bing_does(manners: Manners) -> None:
    with StandIn(Bing(results(1200)).routes()) as server:
        page = ask(server, manners, cursor="980")
    assert len(page.candidates) == 35
    assert page.cursor is None


def test_a_broken_result_is_passed_over_and_counted(manners: Manners) -> None:
    html = (
        "<a class='iusc' m='{broken'></a><a class='iusc'></a><a class='iusc' m='[]'></a>"
        "<a class='iusc' m='{\"murl\": 7}'></a>"
        "<a class='iusc' m='{\"murl\": \"https://photos.example/a.jpg\"}'></a>"
    )
    service = Bing()
    service.troubles.append(web.Response(text=html, content_type="text/html"))
    with StandIn(service.routes()) as server:
        page = ask(server, manners)
    assert page == ImagePage((ImageCandidate("https://photos.example/a.jpg"),), "5")


def test_results_in_another_form_are_read_as_icrawler_reads_them(manners: Manners) -> None:
    with StandIn(Bing(results(3), as_known=False).routes()) as server:
        assert urls(ask(server, manners)) == [one.murl for one in results(3)]


class TestFailing:
    def test_a_page_that_nobody_can_read_is_told(self, manners: Manners) -> None:
        service = Bing()
        service.troubles.append(web.Response(text="<div class='imgpt'></div>"))
        with (
            StandIn(service.routes()) as server,
            pytest.raises(SourceError, match="cannot be read; update icrawler"),
        ):
            ask(server, manners)

    @pytest.mark.parametrize(
        ("status", "headers", "told"),
        [
            (403, {}, "answered 403"),
            (429, {"Retry-After": "3600"}, "wait for 3600 seconds"),
            (302, {"Location": "http://10.0.0.1/"}, "leads to 10.0.0.1, a private address"),
        ],
    )
    def test_a_refusal_is_told(
        self, status: int, headers: dict[str, str], told: str, manners: Manners
    ) -> None:
        service = Bing()
        service.troubles.append(web.Response(status=status, headers=headers))
        with StandIn(service.routes()) as server, pytest.raises(SourceError, match=told):
            ask(server, manners)

    def test_a_busy_server_is_asked_again(self, manners: Manners) -> None:
        service = Bing(results(1))
        service.troubles.append(web.Response(status=500))
        with StandIn(service.routes()) as server:
            assert len(ask(server, manners).candidates) == 1

    def test_a_private_address_is_refused_unless_allowed(self, manners: Manners) -> None:
        with (
            StandIn(Bing().routes()) as server,
            pytest.raises(SourceError, match="a private address"),
        ):
            ask(server, replace(manners, allow_private=()))
        assert not server.asked


def test_no_thread_and_no_logging_is_left_behind(manners: Manners) -> None:
    handlers = list(logging.getLogger().handlers)
    with StandIn(Bing(results(3)).routes()) as server:
        before = set(threading.enumerate())
        ask(server, manners)
        assert set(threading.enumerate()) == before
    assert logging.getLogger().handlers == handlers


def test_without_icrawler_it_is_said_what_to_install(
    manners: Manners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icrawler.builtin.bing", None)
    with pytest.raises(MissingPartError, match=re.escape(extras.command("collect"))):
        Web(Client(manners), Endpoints())
