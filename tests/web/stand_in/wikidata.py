"""Plays Wikidata: the query service and the MediaWiki API, as far as the program asks them."""

from __future__ import annotations

import asyncio
import unicodedata
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from starlike.web import wikidata
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.politeness import Manners
from tests.web.stand_in import sparql
from tests.web.stand_in.mediawiki import ApiError, Params, error_answer
from tests.web.stand_in.server import StandIn
from tests.web.stand_in.wikidata_items import ITEMS, MERGED, Item, Statement, Time

_T = TypeVar("_T")

_MOST = 50
_KNOWN = {
    "wbsearchentities": {"search", "language", "uselang", "type", "limit", "continue"},
    "wbgetentities": {"ids", "props", "languages", "languagefallback"},
}
_ALWAYS = {"action", "format", "formatversion", "maxlag"}
_TYPES = {"P569": "time", "P18": "commonsMedia", "P373": "string"}


@dataclass
class Wikidata:
    """Give `routes` to a server. What is put among the troubles is answered first, one each."""

    troubles: deque[Callable[[], web.Response]] = field(default_factory=deque)

    def routes(self) -> Iterable[web.RouteDef]:
        """The query service at /sparql, the API at /api."""
        return [web.get("/sparql", self._sparql), web.get("/api", self._api)]

    async def _sparql(self, request: web.Request) -> web.Response:
        if trouble := self._trouble(request):
            return trouble
        if "sparql-results+json" not in request.headers.get("Accept", ""):
            return web.Response(text="<?xml version='1.0'?>", content_type="application/xml")
        try:
            names, rows = sparql.select(request.query["query"])
        except sparql.MalformedQueryError as error:
            return web.Response(status=400, text=f"MalformedQueryException: {error}")
        bindings = [{name: sparql.term(row[name]) for name in names} for row in rows]
        content = {"head": {"vars": names}, "results": {"bindings": bindings}}
        return web.json_response(content, content_type="application/sparql-results+json")

    async def _api(self, request: web.Request) -> web.Response:
        if trouble := self._trouble(request):
            return trouble
        params = Params(request.query)
        try:
            return web.json_response(_answer(params))
        except ApiError as error:
            return error_answer(error.code, error.info)

    def _trouble(self, request: web.Request) -> web.Response | None:
        if "@" not in request.headers.get("User-Agent", ""):
            return web.Response(status=403, text="Please set a user-agent with a contact.")
        return self.troubles.popleft()() if self.troubles else None


@dataclass
class Asking:
    """The program's own way to ask, pointed to what is played here."""

    played: Wikidata
    server: StandIn
    manners: Manners

    def __call__(self, question: Callable[[wikidata.Wikidata], Awaitable[_T]]) -> _T:
        """The answer to a question, asked with a client of its own."""

        async def once() -> _T:
            url = self.server.url
            async with Client(self.manners) as client:
                place = Endpoints(sparql=f"{url}/sparql", wikidata=f"{url}/api")
                return await question(wikidata.Wikidata(client, place))

        return asyncio.run(once())


@contextmanager
def asking(manners: Manners) -> Iterator[Asking]:
    """Play Wikidata, to be asked in the given manners."""
    played = Wikidata()
    with StandIn(played.routes()) as server:
        yield Asking(played, server, manners)


def timed_out() -> web.Response:
    """What the query service says of a query that takes more than 60 seconds."""
    return web.Response(status=500, text="java.util.concurrent.TimeoutException\n\tat …")


def _answer(params: Params) -> dict[str, Any]:
    for name, value in (("format", "json"), ("formatversion", "2"), ("maxlag", "5")):
        params.need(name, value)
    if unknown := params.keys() - _KNOWN[params["action"]] - _ALWAYS:
        raise ApiError("unknownparam", f"Unrecognized parameters: {sorted(unknown)}")
    return {"wbsearchentities": _search, "wbgetentities": _entities}[params["action"]](params)


def _search(params: Params) -> dict[str, Any]:
    wanted = _folded(params["search"])
    found = []
    for item in ITEMS.values():
        texts = [("label", code, text) for code, text in item.labels.items()]
        texts += [("alias", code, one) for code, many in item.aliases.items() for one in many]
        fitting = [text for text in texts if _folded(text[2]).startswith(wanted)]
        if fitting:
            best = min(fitting, key=lambda text: len(text[2]))
            found.append((_folded(best[2]) != wanted, -item.wikis, item, best))
    ranked = sorted(found, key=lambda one: one[:2])
    start = int(params.get("continue", "0"))
    end = start + min(int(params.get("limit", "7")), _MOST)
    content: dict[str, Any] = {
        "searchinfo": {"search": params["search"]},
        "search": [_hit(item, *best) for _, _, item, best in ranked[start:end]],
        "success": 1,
    }
    return content | ({"search-continue": end} if end < len(ranked) else {})


def _hit(item: Item, kind: str, language: str, text: str) -> dict[str, Any]:
    label = item.labels.get("en") or item.labels.get("mul")
    hit = {
        "id": item.id,
        "title": item.id,
        "pageid": int(item.id[1:]),
        "concepturi": f"http://www.wikidata.org/entity/{item.id}",
        "repository": "wikidata",
        "url": f"//www.wikidata.org/wiki/{item.id}",
        "match": {"type": kind, "language": language, "text": text},
    }
    hit |= {"label": label} if label else {}
    hit |= {"description": item.description} if item.description else {}
    return hit | ({"aliases": [text]} if kind == "alias" else {})


def _entities(params: Params) -> dict[str, Any]:
    ids = params["ids"].split("|")
    if len(ids) > _MOST:
        raise ApiError("toomanyvalues", f'Too many values supplied for parameter "ids": {_MOST}.')
    return {"entities": {id_: _entity(id_, params) for id_ in ids}, "success": 1}


def _entity(id_: str, params: Params) -> dict[str, Any]:
    item = ITEMS.get(MERGED.get(id_, id_))
    if not item:
        return {"id": id_, "missing": ""}
    props = params["props"].split("|")
    entity: dict[str, Any] = {"type": "item", "id": item.id}
    if item.id != id_:
        entity["redirects"] = {"from": id_, "to": item.id}
    if "labels" in props:
        entity["labels"] = _labels(item, params)
    if "descriptions" in props:
        about = {"language": "en", "value": item.description}
        entity["descriptions"] = {"en": about} if item.description else []
    if "aliases" in props:
        entity["aliases"] = {
            code: [{"language": code, "value": one} for one in many]
            for code, many in item.aliases.items()
        }
    if "claims" in props:
        entity["claims"] = {
            prop: [_statement(prop, one) for one in many]
            for prop, many in item.claims.items()
            if many
        }
    if "sitelinks" in props:
        entity["sitelinks"] = item.sitelinks
    return entity


def _labels(item: Item, params: Params) -> dict[str, Any]:
    labels = {code: {"language": code, "value": text} for code, text in item.labels.items()}
    if "languages" not in params:
        return labels
    (code,) = params["languages"].split("|")
    if code in labels:
        return {code: labels[code]}
    fallback = labels.get("mul") if "languagefallback" in params else None
    return {code: {**fallback, "for-language": code}} if fallback else {}


def _statement(prop: str, one: Statement) -> dict[str, Any]:
    snak: dict[str, Any] = {
        "snaktype": "somevalue" if one.value is None else "value",
        "property": prop,
        "datatype": _TYPES.get(prop, "wikibase-item"),
    }
    if one.value is not None:
        snak["datavalue"] = _datavalue(prop, one.value)
    statement = {"mainsnak": snak, "type": "statement", "id": f"x${prop}", "rank": one.rank}
    if one.ended:
        ended = {"snaktype": "somevalue", "property": "P582", "datatype": "time"}
        statement |= {"qualifiers": {"P582": [ended]}, "qualifiers-order": ["P582"]}
    return statement


def _datavalue(prop: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Time):
        calendar = "http://www.wikidata.org/entity/Q1985727"
        more = {"timezone": 0, "before": 0, "after": 0, "calendarmodel": calendar}
        return {"type": "time", "value": {"time": value.time, "precision": value.precision, **more}}
    if prop in _TYPES:
        return {"type": "string", "value": value}
    number = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
    return {"type": "wikibase-entityid", "value": number}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not "\u0300" <= char <= "\u036f").casefold()
