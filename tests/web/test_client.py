"""Fetching one file, on good days and bad ones, and behaving while at it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from starlike.errors import CollectError, SourceError
from starlike.web import client as clients
from starlike.web import image, politeness
from starlike.web.addresses import Guard, networks
from starlike.web.client import Client
from starlike.web.politeness import Manners, Pace
from starlike.web.responses import Responses
from starlike.web.status import MEANINGS, NotFetchedError, Status
from tests.web.stand_in.images import Images, jpeg
from tests.web.stand_in.server import StandIn

Fetch = Callable[..., bytes]


@pytest.fixture
def fetch(manners: Manners, tmp_path: Path) -> Fetch:
    """A function that fetches a URL, checks what came, and gives its bytes."""

    def run(url: str, **changes: Any) -> bytes:
        async def once() -> bytes:
            file = tmp_path / "part"
            async with Client(replace(manners, **changes)) as client:
                await client.download(url, file)
            image.check(file, image.Limits())
            return file.read_bytes()

        return asyncio.run(once())

    return run


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("gone", Status.NOT_FOUND),
        ("forbidden", Status.FORBIDDEN),
        ("teapot", Status.REFUSED),
        ("fails", Status.SERVER_ERROR),
        ("always-busy", Status.RATE_LIMITED),
        ("busy-for-an-hour", Status.RATE_LIMITED),
        ("silent", Status.TIMEOUT),
        ("slow", Status.TIMEOUT),
        ("cut", Status.CUT_OFF),
        ("truncated", Status.BROKEN),
        ("circle", Status.REDIRECTS),
        ("endless", Status.REDIRECTS),
        ("page", Status.NOT_AN_IMAGE),
        ("json", Status.NOT_AN_IMAGE),
        ("huge", Status.TOO_LARGE),
        ("huge-by-its-word", Status.TOO_LARGE),
        ("zipped", Status.TOO_LARGE),
        ("bomb", Status.TOO_LARGE),
        ("drawing", Status.DRAWING),
        ("animated", Status.ANIMATED),
        ("empty", Status.EMPTY),
        ("tiny", Status.TOO_SMALL),
        ("noai", Status.OPTED_OUT),
        ("noindex", Status.OPTED_OUT),
    ],
)
def test_each_bad_day_has_its_status_and_a_reason(
    fetch: Fetch, server: StandIn, name: str, status: Status
) -> None:
    # A busy machine may take its time over all but what is to time out.
    patient = {} if status is Status.TIMEOUT else {"silence": 20.0, "deadline": 60.0}
    with pytest.raises(NotFetchedError) as caught:
        fetch(f"{server.url}/bad/{name}", **patient)
    assert caught.value.status is status
    assert caught.value.reason
    assert "\n" not in caught.value.reason


def test_every_status_is_explained() -> None:
    assert set(MEANINGS) == set(Status)


@pytest.mark.parametrize(
    ("name", "seed"),
    [("busy-once", 429), ("fails-twice", 502), ("moved", 301), ("other-robot", 11)],
)
def test_what_passes_is_waited_for(fetch: Fetch, server: StandIn, name: str, seed: int) -> None:
    assert fetch(f"{server.url}/bad/{name}") == jpeg(seed)


def test_of_a_huge_body_little_is_read(fetch: Fetch, server: StandIn, images: Images) -> None:
    before = images.sent
    with pytest.raises(NotFetchedError):
        fetch(f"{server.url}/bad/huge")
    assert images.sent - before < 50 * 2**20


def test_a_server_that_fails_is_asked_so_many_times_and_no_more(
    fetch: Fetch, server: StandIn
) -> None:
    with pytest.raises(NotFetchedError):
        fetch(f"{server.url}/bad/fails.counted")
    assert server.counts["/bad/fails.counted"] == 3


def test_what_will_not_change_is_asked_for_once(fetch: Fetch, server: StandIn) -> None:
    with pytest.raises(NotFetchedError):
        fetch(f"{server.url}/bad/gone.counted")
    assert server.counts["/bad/gone.counted"] == 1


def test_a_host_that_wants_to_rest_for_an_hour_is_left_alone(
    manners: Manners, server: StandIn, tmp_path: Path
) -> None:
    async def both() -> list[Status]:
        found = []
        async with Client(manners) as client:
            for name in ("busy-for-an-hour.first", "here.unasked"):
                with pytest.raises(NotFetchedError) as caught:
                    await client.download(f"{server.url}/bad/{name}", tmp_path / "part")
                found.append(caught.value.status)
        return found

    assert asyncio.run(both()) == [Status.RATE_LIMITED, Status.RATE_LIMITED]
    assert server.counts["/bad/here.unasked"] == 0


def test_nothing_listens_there(fetch: Fetch) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(NotFetchedError) as caught:
            fetch(f"http://127.0.0.1:{bound.getsockname()[1]}/")
    assert caught.value.status is Status.UNREACHABLE


def test_what_is_no_answer_of_the_web_is_refused(fetch: Fetch) -> None:
    with StandInOfNoise() as port, pytest.raises(NotFetchedError) as caught:
        fetch(f"http://127.0.0.1:{port}/")
    assert caught.value.status is Status.REFUSED


class StandInOfNoise:
    """A server that answers with what is not HTTP."""

    def __enter__(self) -> int:
        self._socket = socket.create_server(("127.0.0.1", 0))
        import threading  # noqa: PLC0415

        threading.Thread(target=self._answer, daemon=True).start()
        port: int = self._socket.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _answer(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.recv(1000)
            connection.sendall(b"\xff\xfe no web server at all\r\n\r\n")
            connection.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://10.1.2.3/a.jpg",
        "http://192.168.0.1/a.jpg",
        "http://172.16.0.1/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/a.jpg",
        "http://0.0.0.0/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "http://[64:ff9b::7f00:1]/a.jpg",
        "http://[fe80::1]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://localhost/a.jpg",
    ],
)
def test_private_addresses_are_refused(fetch: Fetch, url: str) -> None:
    with pytest.raises(NotFetchedError) as caught:
        fetch(url, allow_private=())
    assert caught.value.status is Status.PRIVATE_ADDRESS


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.1", "127.0.0.1.", "①27.0.0.1"])
def test_nor_are_they_reached_by_another_spelling(fetch: Fetch, host: str) -> None:
    with pytest.raises(NotFetchedError) as caught:
        fetch(f"http://{host}/a.jpg", allow_private=())
    assert caught.value.status in (Status.PRIVATE_ADDRESS, Status.REFUSED)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:1/", "http://10.0.0.1/", "http://[::1]:1/", "http://0.0.0.0:1/"]
)
def test_redirects_to_private_addresses_are_refused(
    fetch: Fetch, server: StandIn, target: str
) -> None:
    """The server itself is in a network that is allowed; where it sends us is not."""
    with pytest.raises(NotFetchedError) as caught:
        fetch(f"{server.url}/bad/to?url={target}")
    assert caught.value.status is Status.PRIVATE_ADDRESS


def test_a_redirect_from_elsewhere_to_this_very_machine_is_refused(fetch: Fetch) -> None:
    with StandIn(Images().routes(), host="127.0.0.5") as elsewhere:
        target = "http://127.0.0.1:1/"
        with pytest.raises(NotFetchedError) as caught:
            fetch(f"{elsewhere.url}/bad/to?url={target}", allow_private=networks(["127.0.0.5"]))
    assert caught.value.status is Status.PRIVATE_ADDRESS


def test_a_network_is_allowed_by_its_address() -> None:
    guard = Guard(networks(["10.1.0.0/16"]))
    assert guard.lets("10.1.2.3")
    assert guard.lets("::ffff:10.1.2.3")
    assert not guard.lets("10.2.0.1")
    with pytest.raises(CollectError, match=r"10\.1\.0\.0/16"):
        networks(["localhost"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AA",
        "a.jpg",
        "http://",
        "http://[:::/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(fetch: Fetch, url: str) -> None:
    with pytest.raises(NotFetchedError) as caught:
        fetch(url)
    assert caught.value.status is Status.BAD_ADDRESS


def test_servers_are_told_who_asks(fetch: Fetch, server: StandIn) -> None:
    fetch(f"{server.url}/bad/here.told")
    (asked,) = (one for one in server.asked if one.path == "/bad/here.told")
    assert "tests@example.org" in asked.headers["User-Agent"]
    assert asked.headers["User-Agent"].startswith("starlike/")


@pytest.mark.parametrize("contact", ["", "  ", "me\r\nX-Evil: 1", "mé"])
def test_without_a_contact_nobody_is_asked(contact: str) -> None:
    with pytest.raises(CollectError, match="--contact"):
        Manners(contact)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], None),
        (["all"], None),
        (["nofollow"], None),
        (["noindex"], "noindex"),
        (["NOAI, NoImageAI"], "noai"),
        (["none"], "none"),
        (["otherbot: noindex, noai"], None),
        (["otherbot: noindex", "noai"], "noai"),
        (["starlike: noimageindex"], "noimageindex"),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST", "noarchive"], None),
    ],
)
def test_which_robots_tags_keep_us_away(tags: list[str], expected: str | None) -> None:
    assert politeness.opted_out(tags) == expected


def test_retry_after_comes_in_seconds_or_as_a_date() -> None:
    assert politeness.retry_after("7") == 7
    assert politeness.retry_after("-3") == 0
    assert politeness.retry_after(None) is None
    assert politeness.retry_after("soon") is None
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 95 <= (politeness.retry_after(later) or 0) <= 100


def test_a_host_is_asked_no_more_often_than_the_rate_allows(manners: Manners) -> None:
    """Twenty requests at 100 a second begin at least 10 ms apart, whatever the machine does."""

    async def times() -> list[float]:
        pace = Pace(replace(manners, rate=100, patience=60))
        loop = asyncio.get_running_loop()
        began = []

        async def one() -> None:
            async with pace.turn("example.org"):
                began.append(loop.time())

        await asyncio.gather(*(one() for _ in range(20)))
        return began

    began = asyncio.run(times())
    gaps = [later - earlier for earlier, later in pairwise(began)]
    assert min(gaps) > 0.009


class Api:
    """Answers with JSON, as its sources' interfaces do; what it says can be changed."""

    def __init__(self) -> None:
        self.etag = '"1"'
        self.lagging = 0
        self.body = b'{"value": 1}'

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        if self.lagging:
            self.lagging -= 1
            error = {"error": {"code": "maxlag", "info": "Waiting for a database: 6 seconds"}}
            return web.json_response(error, headers={"Retry-After": "0"})
        if request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304)
        return web.Response(body=self.body, headers={"ETag": self.etag})


@pytest.fixture
def ask(manners: Manners, tmp_path: Path) -> Callable[[str], Any]:
    """A function that asks for JSON, each time as a new process would."""

    def run(url: str) -> Any:
        async def once() -> Any:
            async with Client(manners, Responses(tmp_path / "responses.sqlite")) as client:
                return await client.get_json(url, {"q": "Penélope Cruz"})

        return asyncio.run(once())

    return run


def test_an_answer_that_is_fresh_is_not_asked_for_again(ask: Callable[[str], Any]) -> None:
    with StandIn(Api().routes()) as server:
        assert ask(f"{server.url}/api") == ask(f"{server.url}/api") == {"value": 1}
        assert server.counts["/api"] == 1
        assert server.asked[0].query == {"q": "Penélope Cruz"}


def test_an_older_answer_is_asked_for_only_if_it_changed(
    ask: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "FRESH", 0.0)
    api = Api()
    with StandIn(api.routes()) as server:
        ask(f"{server.url}/api")
        assert ask(f"{server.url}/api") == {"value": 1}
        assert server.asked[1].headers["If-None-Match"] == '"1"'
        api.etag, api.body = '"2"', json.dumps({"value": 2}).encode()
        assert ask(f"{server.url}/api") == {"value": 2}
        assert ask(f"{server.url}/api") == {"value": 2}


def test_a_wiki_that_lags_is_waited_for(ask: Callable[[str], Any]) -> None:
    api = Api()
    api.lagging = 2
    with StandIn(api.routes()) as server:
        assert ask(f"{server.url}/api") == {"value": 1}
        assert server.counts["/api"] == 3


def test_a_wiki_that_lags_for_long_is_an_error_and_nothing_is_kept(
    ask: Callable[[str], Any],
) -> None:
    api = Api()
    api.lagging = 3
    with StandIn(api.routes()) as server:
        with pytest.raises(SourceError, match="maxlag"):
            ask(f"{server.url}/api")
        assert ask(f"{server.url}/api") == {"value": 1}


def test_who_we_are_is_told_to_the_source_alone(manners: Manners) -> None:
    async def once(url: str) -> None:
        async with Client(manners) as client:
            await client.get_json(url, {}, headers={"Authorization": "Bearer secret"})

    with StandIn(Api().routes()) as elsewhere, StandIn(Images().routes()) as source:
        asyncio.run(once(f"{source.url}/bad/to?url={elsewhere.url}/api"))
        assert source.asked[0].headers["Authorization"] == "Bearer secret"
        assert "Authorization" not in elsewhere.asked[0].headers


def test_a_source_that_answers_with_a_page_is_an_error_of_one_line(
    ask: Callable[[str], Any], server: StandIn
) -> None:
    with pytest.raises(SourceError, match=r"^127\.0\.0\.1: its answer is not JSON$"):
        ask(f"{server.url}/bad/page")


def test_the_docs_explain_every_status() -> None:
    text = (Path(__file__).parents[2] / "docs" / "collecting.md").read_text()
    for status, meaning in MEANINGS.items():
        again = "yes" if status.may_pass else ""
        assert f"| `{status.value}` | {meaning} | {again} |" in text
