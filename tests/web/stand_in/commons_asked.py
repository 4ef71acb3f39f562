"""Asking the Commons that is played, as the program does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlike.files.people import Person
from starlike.web.addresses import networks
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.politeness import Manners
from starlike.web.responses import Responses
from starlike.web.sources.commons import Commons
from tests.web.stand_in import commons as stand_in
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.server import StandIn

T = TypeVar("T")

_MOST_PAGES = 50


def asking(
    server: StandIn, ask: Callable[[Commons], Awaitable[T]], responses: Responses | None = None
) -> T:
    """What a new source, as a new process would have it, does with a server."""
    manners = Manners("tests@example.org", rate=0, tries=3, allow_private=networks(["127.0.0.1"]))
    endpoints = Endpoints(
        commons=f"{server.url}/w/api.php", wikidata=f"{server.url}/wikidata/w/api.php"
    )

    async def run() -> T:
        async with Client(manners, responses) as client:
            return await ask(Commons(client, endpoints))

    return asyncio.run(run())


def all_of(server: StandIn, person: Person) -> list[ImageCandidate]:
    """Every candidate, each page asked by a source of its own."""
    found: list[ImageCandidate] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = next_page(server, person, cursor)
        found += page.candidates
        cursor = page.cursor
        if cursor is None:
            return found
    raise AssertionError(f"more than {_MOST_PAGES} pages")


def next_page(server: StandIn, person: Person, cursor: str | None = None) -> ImagePage:
    """The first page, or the one after a cursor."""
    return asking(server, lambda source: source.page(person, cursor))


def from_category(*files: File) -> list[ImageCandidate]:
    """The candidates of a category that holds the files."""
    wiki = stand_in.Commons(files, {"Ann Lee": [file.title for file in files]})
    with StandIn(wiki.routes()) as server:
        return all_of(server, Person("Ann Lee"))


def titles(candidates: list[ImageCandidate]) -> list[str | None]:
    """What they are called."""
    return [candidate.title for candidate in candidates]
