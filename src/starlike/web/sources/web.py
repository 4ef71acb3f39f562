"""Web image search: what Bing's image search shows, as icrawler knows to ask for it.

icrawler says which page holds the results and how they are read from it. The page is asked for by
the one client of this stage, so that its manners hold here as well: icrawler's own session would
pose as a browser, ask again at once where it should wait, and ask any address it is sent to.

Bing does not say under which licence an image may be used: each one's rights are unknown.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar, Self
from urllib.parse import quote, urlsplit

from starlike import extras
from starlike.errors import MissingPartError, SourceError, one_line
from starlike.files.people import Person
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage, SourceContext
from starlike.web.sources import search_phrase

# Beyond, icrawler says, Bing shows again what it has shown.
_DEPTH = 1000
_FILTERS = {"type": "photo", "people": "face"}


@dataclass(frozen=True, slots=True)
class _Tile:
    """One result; what Bing does not say is None."""

    image_url: str | None
    page_url: str | None = None
    title: str | None = None


class Web:
    """Photos that a web search finds for a person's name."""

    name = "web"
    help: ClassVar[str] = "an image search (rights unknown)"
    argument: ClassVar[str | None] = None

    def __init__(self, client: Client, endpoints: Endpoints) -> None:
        """Prepare to ask.

        Raises:
            MissingPartError: icrawler is not installed.
        """
        self._client, self._url = client, endpoints.web.rstrip("/")
        try:
            self._bing = importlib.import_module("icrawler.builtin.bing")
        except ImportError:
            raise MissingPartError(
                f"web image search needs icrawler; install it with: {extras.command('collect')}"
            ) from None

    @classmethod
    def make(cls, context: SourceContext) -> Self:
        """The source of a run.

        Raises:
            MissingPartError: icrawler is not installed.
        """
        return cls(context.client, context.endpoints)

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        """What one page of results shows; the cursor is the number of results before it.

        Raises:
            SourceError: Bing does not answer, or not with results.
        """
        offset = int(cursor or 0)
        html = await self._client.get_page(self._address(person, offset))
        tiles = await asyncio.to_thread(self._read, html)
        candidates = tuple(
            ImageCandidate(tile.image_url, page_url=tile.page_url, title=tile.title)
            for tile in tiles
            if tile.image_url
        )
        after = offset + len(tiles)
        return ImagePage(candidates, str(after) if tiles and after < _DEPTH else None)

    def _address(self, person: Person, offset: int) -> str:
        feeder = self._bing.BingFeeder(1, None, None)
        feeder.feed(quote(search_phrase.phrase(person)), offset, 1, _FILTERS)
        parts = urlsplit(feeder.out_queue.get_nowait())
        return f"{self._url}{parts.path}?{parts.query}"

    def _read(self, html: bytes) -> list[_Tile]:
        """The results in a page, in its order.

        icrawler takes JPEG files alone and loses the pages that show them, so it is asked only
        where Bing no longer writes its results as we know them.
        """
        from bs4 import BeautifulSoup  # noqa: PLC0415  heavy

        found = BeautifulSoup(html, "lxml").find_all("a", class_="iusc")
        if found:
            return [_tile(result.get("m")) for result in found]
        try:
            parser = self._bing.BingParser(1, None, None)
            tasks = list(parser.parse(SimpleNamespace(content=html)))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise SourceError("web: the results cannot be read; update icrawler") from error
        return [_Tile(task["file_url"]) for task in tasks]


def _tile(attribute: Any) -> _Tile:
    """What a result's attribute `m` holds as JSON: murl, purl and t among much else."""
    try:
        values = json.loads(attribute)
        image, page, title = (values.get(key) for key in ("murl", "purl", "t"))
    except (TypeError, ValueError, AttributeError):
        return _Tile(None)
    return _Tile(_text(image), _text(page), _text(title))


def _text(value: Any) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None
