"""Bing's image search as it answers a browser's scrolling: a piece of a page for each request.

The elements and what their attribute `m` holds are those that readers of its results look for:
icrawler 0.6.10 (`div.imgpt`, `a[m]`, murl), searx (`a.iusc`, murl, purl, t).
"""

from __future__ import annotations

import html
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

_AT_ONCE = 35


@dataclass(frozen=True)
class Found:
    """One result."""

    murl: str
    purl: str = "https://news.example/article"
    title: str = "A person at a première"

    @property
    def m(self) -> Mapping[str, str]:
        """All that is told of it."""
        return {
            "cid": "qTwEnan4",
            "purl": self.purl,
            "murl": self.murl,
            "turl": "https://tse1.mm.bing.net/th?id=OIP.qTwEnan4GiMdiu0jeB7ZLgHaGZ.jpg&pid=15.1",
            "md5": "a93c049da9f81a231d8aed23781ed92e",
            "shkey": "e8ko6ZaWblCEc770d5UTMO/gNEoaPEl2Gcja7ON0m4U=",
            "t": self.title,
            "mid": "8FDC2B382A5FDB5C6325DEB63A4482E9C3A11F56",
            "desc": "",
        }


@dataclass
class Bing:
    """The service.

    Attributes:
        results: what it finds, whoever is asked for.
        troubles: what is answered, in this order, before anything else.
        as_known: whether a result's link bears the class `iusc`, as it has for years.
    """

    results: Sequence[Found] = ()
    troubles: deque[web.StreamResponse] = field(default_factory=deque)
    as_known: bool = True

    def routes(self) -> list[web.RouteDef]:
        """What a server needs to play it; asked at its root."""
        return [web.get("/images/async", self._more)]

    async def _more(self, request: web.Request) -> web.StreamResponse:
        if self.troubles:
            return self.troubles.popleft()
        first = int(request.query.get("first", 0))
        shown = self.results[first : first + _AT_ONCE]
        return web.Response(text=self._piece(shown), content_type="text/html")

    def _piece(self, shown: Sequence[Found]) -> str:
        items = "".join(self._item(number, found.m) for number, found in enumerate(shown, 1))
        return (
            '<div class="dg_b" role="main"><div id="mmComponent_images_1" class="dgControl hover" '
            f'data-layout="row"><ul class="dgControl_list">{items}</ul></div></div>'
        )

    def _item(self, number: int, m: Mapping[str, str]) -> str:
        kind = ' class="iusc"' if self.as_known else ""
        told = html.escape(json.dumps(m, ensure_ascii=False, separators=(",", ":")))
        return (
            f'<li data-idx="{number}"><div class="iuscp varh"><div class="imgpt">'
            f'<a{kind} style="height:200px" m="{told}" href="/images/search?view=detailV2">'
            f'<div class="img_cont hoff"><img class="mimg" src="{html.escape(m["turl"])}"/></div>'
            '</a><div class="img_info hon"><span class="nowrap">768 x 1024 &#183; jpeg</span>'
            f'<div class="lnkw"><a href="{html.escape(m["purl"])}">news.example</a></div></div>'
            "</div></div></li>"
        )
