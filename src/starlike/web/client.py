"""Asking servers politely: the one place that touches the network."""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from yarl import URL

from starlike.errors import SourceError
from starlike.files import digest
from starlike.web import politeness
from starlike.web.addresses import Guard, host_of
from starlike.web.politeness import Manners, Pace
from starlike.web.responses import Responses
from starlike.web.status import NotFetchedError, Status

Params = Mapping[str, str | int]
_T = TypeVar("_T")

FRESH = 3600.0
"""Seconds for which an answer of a source is taken as it is; after that it is asked whether it
still holds."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 8
_PIECE = 64 * 1024
_MOST_TEXT = 64 * 2**20
# What MediaWiki calls being too busy: https://www.mediawiki.org/wiki/Manual:Maxlag_parameter
_BUSY = frozenset({"maxlag", "ratelimited", "cirrussearch-too-busy-error"})


class _AgainError(NotFetchedError):
    """What may work when it is tried again; after `wait` seconds, if the server said so."""

    def __init__(self, status: Status, reason: str, wait: float | None = None) -> None:
        super().__init__(status, reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: its SHA-256 and size in bytes."""

    sha256: str
    size: int


def open_client(manners: Manners) -> Client:
    """A client that keeps what sources answer in this machine's cache.

    Raises:
        CollectError: the cache cannot be used.
    """
    return Client(manners, Responses(digest.cache_folder() / "responses.sqlite"))


class Client:
    """Asks for JSON and for files; one for a whole run, used as an async context manager."""

    def __init__(self, manners: Manners, responses: Responses | None = None) -> None:
        self.manners, self._responses = manners, responses
        self._pace = Pace(manners)
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        guard = Guard(self.manners.allow_private)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=guard.resolver(), socket_factory=guard.socket, limit=0, ttl_dns_cache=300
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.manners.user_agent},
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self.manners.silence, sock_read=self.manners.silence
            ),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        await self._session.close()
        if self._responses:
            self._responses.close()

    async def get_json(
        self, url: str, params: Params, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Ask a source for JSON, or take its answer from the cache where it still holds.

        Args:
            url: the address, without its query.
            params: the query.
            headers: further headers.

        Raises:
            SourceError: it does not answer, or not with JSON.
        """
        address = str(URL(url).update_query(dict(params)))
        kept = self._responses.get(address) if self._responses else None
        if kept and kept.age < FRESH:
            return json.loads(kept.body)
        wanted = {"Accept": "application/json", **(headers or {})}
        wanted |= kept.conditions if kept else {}

        async def once() -> Any:
            async with self._answer(address, wanted) as response:
                if response.status == 304 and kept and self._responses:
                    self._responses.still_holds(address)
                    return json.loads(kept.body)
                body = await _text(response)
                content = self._content(response, body)
                if not _is_error(content):
                    self._keep(address, response, body)
                return content

        with _as_source_error(url):
            return await self._tried(once)

    async def get_page(self, url: str) -> bytes:
        """Ask a source for a page of the web.

        Raises:
            SourceError: it does not answer.
        """

        async def once() -> bytes:
            async with self._answer(url, {"Accept": "text/html"}) as response:
                return await _text(response)

        with _as_source_error(url):
            return await self._tried(once)

    async def download(self, url: str, into: Path) -> Fetched:
        """Fetch a file, never more of it than the limit.

        Args:
            url: its address.
            into: the file to write.

        Raises:
            NotFetchedError: it was not to be had; `into` may hold a part of it.
        """

        async def once() -> Fetched:
            async with self._answer(url, {"Accept": "image/*, */*;q=0.5"}) as response:
                if tag := politeness.opted_out(response.headers.getall("X-Robots-Tag", [])):
                    raise NotFetchedError(Status.OPTED_OUT, f"X-Robots-Tag: {tag}")
                content, size = hashlib.sha256(), 0
                with into.open("wb") as file:
                    async for piece in _pieces(response, self.manners.max_bytes):
                        content.update(piece)
                        size += len(piece)
                        file.write(piece)
                if not size:
                    raise NotFetchedError(Status.EMPTY, "no bytes came")
                return Fetched(content.hexdigest(), size)

        return await self._tried(once)

    async def _tried(self, once: Callable[[], Awaitable[_T]]) -> _T:
        tried = 0
        while True:
            try:
                return await once()
            except _AgainError as error:
                tried += 1
                if tried >= self.manners.tries:
                    raise NotFetchedError(error.status, error.reason) from error
                wait = self.manners.backoff(tried) if error.wait is None else 0.0
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _answer(
        self, url: str, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to one try, redirects followed by hand so that every hop is checked."""
        seen: set[str] = set()
        first = url
        while len(seen) <= _MOST_REDIRECTS:
            host = host_of(url)
            if not _same_origin(url, first):  # a token is for the server it was meant for alone
                headers = {name: headers[name] for name in headers if name != "Authorization"}
            if url in seen:
                raise NotFetchedError(Status.REDIRECTS, "redirected in a circle")
            seen.add(url)
            async with self._pace.turn(host):
                with _as_status(host):
                    async with (
                        asyncio.timeout(self.manners.deadline),
                        self._session.get(url, headers=headers, allow_redirects=False) as response,
                    ):
                        location = response.headers.get("Location")
                        if not (response.status in _REDIRECTS and location):
                            self._check(host, response)
                            yield response
                            return
                        url = str(response.url.join(URL(location)))
        raise NotFetchedError(Status.REDIRECTS, f"more than {_MOST_REDIRECTS} redirects")

    def _check(self, host: str, response: aiohttp.ClientResponse) -> None:
        """Let only an answer pass that may hold what was requested."""
        code = response.status
        asks_to_wait = politeness.retry_after(response.headers.get("Retry-After"))
        if code == 429 or (code == 503 and asks_to_wait is not None):
            raise self._busy(host, f"answered {code}", asks_to_wait)
        if code >= 500:
            raise _AgainError(Status.SERVER_ERROR, f"answered {code}")
        if code in (404, 410):
            raise NotFetchedError(Status.NOT_FOUND, f"answered {code}")
        if code in (401, 403, 451):
            raise NotFetchedError(Status.FORBIDDEN, f"answered {code}")
        if not 200 <= code < 300 and code != 304:
            raise NotFetchedError(Status.REFUSED, f"answered {code}")

    def _busy(self, host: str, what: str, wait: float | None) -> _AgainError:
        """Let a host rest that asks for it."""
        if wait is None:
            return _AgainError(Status.RATE_LIMITED, what)
        self._pace.rest(host, wait)
        return _AgainError(Status.RATE_LIMITED, f"{what}, to wait for {wait:.0f} seconds", wait)

    def _content(self, response: aiohttp.ClientResponse, body: bytes) -> Any:
        try:
            content = json.loads(body)
        except ValueError:
            raise NotFetchedError(Status.REFUSED, "its answer is not JSON") from None
        code = content["error"].get("code") if _is_error(content) else None
        if code in _BUSY:
            wait = politeness.retry_after(response.headers.get("Retry-After"))
            raise self._busy(response.url.host or "", f"answered {code}", wait)
        return content

    def _keep(self, address: str, response: aiohttp.ClientResponse, body: bytes) -> None:
        if self._responses:
            headers = response.headers
            self._responses.put(address, body, headers.get("ETag"), headers.get("Last-Modified"))


def _is_error(content: Any) -> bool:
    """Whether JSON is what MediaWiki answers where it cannot."""
    return isinstance(content, dict) and isinstance(content.get("error"), dict)


def _same_origin(url: str, other: str) -> bool:
    return URL(url).origin() == URL(other).origin()


async def _text(response: aiohttp.ClientResponse) -> bytes:
    return b"".join([piece async for piece in _pieces(response, _MOST_TEXT)])


async def _pieces(response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
    """The body piece by piece; an error as soon as it is known to be more than `most` bytes."""
    too_large = NotFetchedError(Status.TOO_LARGE, f"more than {most / 2**20:g} MiB")
    if (response.content_length or 0) > most:
        raise too_large
    size = 0
    async for piece in response.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > most:
            raise too_large
        yield piece


@contextmanager
def _as_source_error(url: str) -> Iterator[None]:
    try:
        yield
    except NotFetchedError as error:
        raise SourceError(f"{URL(url).host}: {error.reason}") from error


@contextmanager
def _as_status(host: str) -> Iterator[None]:
    """Turn what goes wrong on the network into a status."""
    try:
        yield
    except TimeoutError:
        raise _AgainError(Status.TIMEOUT, f"{host} did not answer in time") from None
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise NotFetchedError(Status.UNREACHABLE, f"{host}: {error}") from error
    except (aiohttp.ClientConnectorError, aiohttp.ClientOSError) as error:
        raise _AgainError(Status.UNREACHABLE, f"{host} cannot be reached ({error})") from error
    except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, ConnectionError) as error:
        raise _AgainError(Status.CUT_OFF, "the answer ended before its end") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise NotFetchedError(Status.REFUSED, f"{host}: not a valid answer ({error})") from error
