"""Wikidata and Wikimedia Commons as the place where portraits are found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlike.files.people import Person
from starlike.names import compare_key, folder_name
from starlike.portraits.provider import AmbiguousError, Fetch, Identify, NobodyError, Provider
from starlike.web import endpoints, image
from starlike.web.client import Client, open_client
from starlike.web.image_source import ImageCandidate
from starlike.web.politeness import Manners
from starlike.web.sources.commons import Commons
from starlike.web.wikidata import Wikidata, bearers, namesakes

NOT_IN_TABLE = "not in the table of names"
UNKNOWN = "nobody of that name on Wikidata"

_LIMITS = image.Limits()


@asynccontextmanager
async def on_the_web(
    manners: Manners, people: Sequence[Person] | None = None
) -> AsyncIterator[Provider]:
    """Look on Wikimedia Commons.

    Args:
        manners: how to behave towards servers.
        people: who the classes are; by default Wikidata is asked for their names.

    Raises:
        CollectError: the cache of answers cannot be used, or the environment names an address of
            a source that is none.
    """
    places = endpoints.from_environment()
    async with open_client(manners) as client:
        by_name = _by_name(Wikidata(client, places))
        identify = _in_table(people, by_name) if people is not None else by_name
        yield Provider(identify, Commons(client, places), _fetching(client))


def _in_table(people: Sequence[Person], by_name: Identify) -> Identify:
    """Who a class is by a table of people; whoever it gives only a name for is looked up."""
    by_folder = {compare_key(person.folder): person for person in people}

    async def identify(name: str) -> Person:
        person = by_folder.get(compare_key(folder_name(name)))
        if person is None:
            raise NobodyError(NOT_IN_TABLE)
        known = person.wikidata or person.portrait or person.category
        return person if known else await by_name(name)

    return identify


def _by_name(wikidata: Wikidata) -> Identify:
    """Who a class is by its name, where nobody else on Wikidata bears it."""

    async def identify(name: str) -> Person:
        ids = namesakes(await wikidata.search(name), name)
        found = bearers(Person(name), (await wikidata.entities(ids)).values())
        if not found:
            raise NobodyError(UNKNOWN)
        if len(found) > 1:
            raise AmbiguousError
        (one,) = found
        return Person(name, wikidata=one.id, portrait=one.portrait, category=one.category)

    return identify


def _fetching(client: Client) -> Fetch:
    async def fetch(candidate: ImageCandidate, into: Path) -> None:
        await client.download(candidate.image_url, into)
        await asyncio.to_thread(image.check, into, _LIMITS)

    return fetch
