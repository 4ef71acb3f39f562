"""Asking Wikidata: its MediaWiki API for items, and its query service for which items there are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from starlike.errors import SourceError
from starlike.files.people import Person
from starlike.names import search_key
from starlike.progress import Progress, silent
from starlike.web import entity, wikimedia
from starlike.web.client import Client, Params
from starlike.web.endpoints import Endpoints
from starlike.web.entity import Entity

# What the API answers at a time: https://www.wikidata.org/w/api.php?action=help&modules=main.
# Whole items of famous people have a megabyte each, so that fewer of them make one answer.
_MOST_IDS, _MOST_ITEMS, _MOST_HITS = 50, 20, 50
_MOST_PAGES = 4
_AT_ONCE = 4
_RESULTS = {"Accept": "application/sparql-results+json"}
_ID = re.compile(r"Q[1-9]\d{0,11}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: an id, and the `search_key` of its label, aliases and what matched."""

    id: str
    names: frozenset[str]


class Wikidata:
    """Wikidata, by way of a client."""

    def __init__(self, client: Client, endpoints: Endpoints) -> None:
        self._client, self._endpoints = client, endpoints
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def search(self, text: str) -> list[Hit]:
        """Items with a label or alias that begins with a text, in any language, likeliest first.

        Namesakes come first. As long as they fill whole pages, further pages are asked for.

        Raises:
            SourceError: Wikidata does not answer, or not as it should.
        """
        query: dict[str, str | int] = {
            "action": "wbsearchentities",
            "search": text,
            "language": "en",
            "uselang": "en",
            "type": "item",
            "limit": _MOST_HITS,
        }
        hits: list[Hit] = []
        for _ in range(_MOST_PAGES):
            answer = await self._ask(query)
            with _reading("search"):
                hits += map(_hit, answer["search"])
            if "search-continue" not in answer or not namesakes(hits[-1:], text):
                break
            query["continue"] = answer["search-continue"]
        return hits

    async def entities(self, ids: Iterable[str], progress: Progress = silent) -> dict[str, Entity]:
        """Items by the id that was asked for; those that do not exist are left out.

        Raises:
            SourceError: Wikidata does not answer, or not as it should.
        """
        props = {"props": "labels|aliases|descriptions|claims|sitelinks"}
        return await self._items(ids, _MOST_ITEMS, props, entity.read, progress)

    async def labels(self, ids: Iterable[str]) -> dict[str, str]:
        """English labels of items by id, in another language where there is none.

        Raises:
            SourceError: Wikidata does not answer, or not as it should.
        """
        props: Params = {"props": "labels", "languages": "en", "languagefallback": 1}
        found = await self._items(ids, _MOST_IDS, props, entity.label)
        return {id_: label or id_ for id_, label in found.items()}

    async def select(self, query: str) -> list[dict[str, str]]:
        """The rows that a SPARQL query gives, ids for the addresses of items.

        Raises:
            SourceError: the query service does not answer, or not as it should.
        """
        async with self._places:
            answer = await self._client.get_json(
                self._endpoints.sparql, {"query": query, "format": "json"}, headers=_RESULTS
            )
        with _reading("rows"):
            return [_row(one) for one in answer["results"]["bindings"]]

    async def _items(
        self,
        ids: Iterable[str],
        most: int,
        props: Params,
        read: Callable[[Mapping[str, Any]], _T],
        progress: Progress = silent,
    ) -> dict[str, _T]:
        """What `read` takes from items, asked for in batches; each is read as it comes in."""
        distinct = list(dict.fromkeys(ids))
        found: dict[str, _T] = {}
        done = 0

        async def one_batch(batch: Sequence[str]) -> None:
            nonlocal done
            ids = "|".join(batch)
            answer = await self._ask({"action": "wbgetentities", "ids": ids, **props})
            with _reading("items"):
                raw = answer["entities"].items()
                found.update({id_: read(one) for id_, one in raw if "missing" not in one})
            done += len(batch)
            progress(done, len(distinct))

        starts = range(0, len(distinct), most)
        await asyncio.gather(*(one_batch(distinct[start : start + most]) for start in starts))
        return found

    async def _ask(self, query: Params) -> Mapping[str, Any]:
        async with self._places:
            url = self._endpoints.wikidata
            return await wikimedia.ask(self._client, "Wikidata", url, query)


def is_id(text: str) -> bool:
    """Whether a text is the id of an item, such as Q42."""
    return bool(_ID.fullmatch(text))


def namesakes(hits: Sequence[Hit], name: str) -> list[str]:
    """The ids of what bears a name exactly."""
    return [hit.id for hit in hits if search_key(name) in hit.names]


def given_id(person: Person) -> str | None:
    """The id of a person's item, where the table or the name itself gives it."""
    return person.wikidata or (person.name if is_id(person.name) else None)


def bearers(person: Person, items: Iterable[Entity]) -> list[Entity]:
    """The people of a person's name among some items, most famous first.

    Where the id is given, a name of one's own may stand beside it, and only the item must be human.
    """
    by_id = {item.id: item for item in items if item.human}
    found = sorted(by_id.values(), key=lambda item: -item.fame)
    if given_id(person):
        return found
    return [item for item in found if search_key(person.name) in item.names]


def _hit(raw: Mapping[str, Any]) -> Hit:
    names = [raw.get("label"), raw.get("match", {}).get("text"), *raw.get("aliases", [])]
    return Hit(str(raw["id"]), frozenset(search_key(name) for name in names if name))


def _row(binding: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(one["value"]).rpartition("/")[2] for name, one in binding.items()}


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Turn what an answer in another form leads to into one error."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"Wikidata answers in a form that is not known here ({what})") from error
