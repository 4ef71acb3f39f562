"""Openverse as it answers: search by phrase, licences and pages, with the limits on strangers.

After the serializers, the search controller and the examples of the API, `api/` in
https://github.com/WordPress/openverse.
"""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

Record = dict[str, Any]

_LICENCES = {"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd", "cc0", "pdm"}
_LICENCES |= {"sampling+", "nc-sampling+"}
_MOST_AT_ONCE = 20
_DEPTH = 240
_ORIGIN = "https://api.openverse.org"


def record(url: str, title: str | None, *tags: str, **changes: Any) -> Record:
    """An image, with every field that the API knows; `description` is searched, and not told."""
    found: Record = {
        "id": (identifier := str(uuid5(NAMESPACE_URL, url))),
        "title": title,
        "indexed_on": "2022-08-27T17:39:48Z",
        "foreign_landing_url": f"https://photos.example/{identifier}",
        "url": url,
        "creator": "Tim Sullivan",
        "creator_url": "https://photos.example/tim",
        "license": "by-sa",
        "license_version": "4.0",
        "provider": "flickr",
        "source": "flickr",
        "category": "photograph",
        "filesize": 896128,
        "filetype": "jpg",
        "tags": [{"accuracy": None, "name": tag, "unstable__provider": "flickr"} for tag in tags],
        "attribution": f'"{title}" by Tim Sullivan is licensed under CC BY-SA 4.0.',
        "fields_matched": [],
        "mature": False,
        "height": 1024,
        "width": 768,
        "thumbnail": f"{_ORIGIN}/v1/images/{identifier}/thumb/",
        "detail_url": f"{_ORIGIN}/v1/images/{identifier}/",
        "related_url": f"{_ORIGIN}/v1/images/{identifier}/related/",
        "unstable__sensitivity": [],
        "description": "",
        **changes,
    }
    found.setdefault("license_url", _licence_url(found["license"], found["license_version"]))
    return found


def busy(seconds: int) -> web.Response:
    """What those get who ask too often."""
    text = f"Request was throttled. Expected available in {seconds} seconds."
    limits = {"X-RateLimit-Limit-anon_burst": "20/min", "X-RateLimit-Available-anon_burst": "0"}
    return _problem(429, text, {"Retry-After": str(seconds), **limits})


def no_entrance() -> web.Response:
    """What those get who may not ask for that."""
    return _problem(
        401, "Authentication credentials were not provided.", {"WWW-Authenticate": "Bearer"}
    )


@dataclass
class Openverse:
    """The service.

    Attributes:
        results: its images, the most relevant first.
        token: one that is valid.
        troubles: what is answered, in this order, before anything else.
    """

    results: Sequence[Record] = ()
    token: str = ""
    troubles: deque[web.StreamResponse] = field(default_factory=deque)

    def routes(self) -> list[web.RouteDef]:
        """What a server needs to play it; asked at `/v1/images/`."""
        return [web.get("/v1/images/", self._search)]

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if self.troubles:
            return self.troubles.popleft()
        asked, known = request.query, request.headers.get("Authorization") == f"Bearer {self.token}"
        page, size = int(asked.get("page", 1)), int(asked.get("page_size", 20))
        if not known and size > _MOST_AT_ONCE:
            return _problem(401, "Ensure this value is less than or equal to 20.")
        if page * size > _DEPTH:
            return _problem(401 if not known else 400, "Deep pagination is not allowed.")
        licences = asked["license"].split(",") if "license" in asked else _LICENCES
        if wrong := [code for code in licences if code not in _LICENCES]:
            return _problem(400, {"license": [f"License '{wrong[0]}' does not exist."]})
        found = [
            one
            for one in self.results
            if one["license"] in licences
            and _matches(one, asked.get("q", ""))
            and not (one["mature"] and "mature" not in asked)
        ]
        return web.json_response(_page(found, page, size))


def _page(found: Sequence[Record], page: int, size: int) -> Mapping[str, Any]:
    shown = found[(page - 1) * size : page * size]
    pages = page if len(shown) < size else math.ceil(len(found) / size)
    results = [{key: one[key] for key in one if key != "description"} for one in shown]
    return {
        "result_count": len(found) if shown else 0,
        "page_count": pages if shown else 0,
        "page_size": size,
        "page": page,
        "results": results,
    }


def _matches(one: Record, query: str) -> bool:
    """In quotation marks, words must stand together in one field; without, anywhere."""
    tags = [tag["name"] for tag in one["tags"] or ()]
    fields = [_words(text or "") for text in (one["title"], one["description"], *tags)]
    phrases = re.findall(r'"([^"]*)"|(\S+)', query)
    return all(any(f" {_words(a or b)} " in f" {text} " for text in fields) for a, b in phrases)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _licence_url(code: str, version: str | None) -> str:
    known = {"cc0": "publicdomain/zero/1.0", "pdm": "publicdomain/mark/1.0"}
    path = known.get(code, f"licenses/{code}/{version or '4.0'}")
    return f"https://creativecommons.org/{path}/"


def _problem(status: int, detail: object, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        text=json.dumps({"detail": detail}),
        content_type="application/json",
        headers=headers,
    )
