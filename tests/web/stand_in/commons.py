"""Wikimedia Commons and Wikidata as they answer, over a small table of files.

Evaluated as MediaWiki does: titles, redirects, the generators `categorymembers` and `search`, the
list `categorymembers`, `prop=imageinfo` with its limit on thumbnails, limits and continuation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from tests.web.stand_in import commons_items, mediawiki
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.mediawiki import ApiError, Params


@dataclass(frozen=True)
class _Batch:
    """The pages of one answer, the parameter that goes on, its next value, and what is told."""

    titles: Sequence[str]
    mark: str = ""
    further: str | int | None = None
    ranks: Sequence[int] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Commons:
    """Both wikis: `/w/api.php` is Commons, `/wikidata/w/api.php` Wikidata.

    Attributes:
        files: all of them.
        categories: category → its members: titles of files, and of subcategories with `Category:`.
        depicts: Wikidata id → titles of files, the most relevant first.
        redirects: title of a file that was moved → its new one.
        items: Wikidata id → `P18`, `P373` and `sitelink`, as far as there are any.
        images: where the files are served; `/images` of the same server if empty.
        at_once: files whose description fits into one answer.
        troubles: what is answered, in this order, before anything else.
    """

    files: Sequence[File] = ()
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)
    depicts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    images: str = ""
    at_once: int = 50
    troubles: deque[web.Response] = field(default_factory=deque)

    def routes(self) -> list[web.RouteDef]:
        """What a server needs to play them."""
        return [
            web.get("/w/api.php", self._commons),
            web.get("/wikidata/w/api.php", self._wikidata),
        ]

    async def _commons(self, request: web.Request) -> web.Response:
        wiki = replace(self, images=self.images or f"{request.url.origin()}/images")
        return self._answered(request, wiki.query)

    async def _wikidata(self, request: web.Request) -> web.Response:
        return self._answered(request, lambda params: commons_items.entities(self.items, params))

    def _answered(self, request: web.Request, module: mediawiki.Module) -> web.Response:
        if self.troubles:
            return self.troubles.popleft()
        return mediawiki.answer(request, module)

    def query(self, params: Params) -> dict[str, Any]:
        """`action=query`."""
        params.need("action", "query")
        if params.get("list"):
            return self._subcategories(params)
        batch = self._batch(params)
        if not batch.titles:
            return {"batchcomplete": True}
        pages = [self._page(title) for title in batch.titles]
        if batch.ranks:
            pages = [{**page, "index": rank} for page, rank in zip(pages, batch.ranks, strict=True)]
        pages.sort(key=lambda page: page.get("pageid", -1))
        answer: dict[str, Any] = {"query": {**batch.told, "pages": pages}}
        if left := self._describe(params, pages):
            # The generator stays where it is until all of its pages are described.
            same = {batch.mark: params[batch.mark]} if batch.mark in params else {}
            mark = batch.mark if same else ""
            return answer | {"continue": {**same, "iicontinue": left, "continue": f"{mark}||"}}
        answer["batchcomplete"] = True
        if batch.further is not None:
            further = {batch.mark: batch.further, "continue": f"{batch.mark}||"}
            answer["continue"] = further
        return answer

    def _batch(self, params: Params) -> _Batch:
        match params.get("generator"):
            case "categorymembers":
                kinds = (params.get("gcmtype") or "page|subcat|file").split("|")
                members = [one for one in self._members(params, "gcm") if _kind(one) in kinds]
                shown, mark = mediawiki.from_mark(params, "gcm", members)
                return _Batch(shown, "gcmcontinue", mark)
            case "search":
                found = self._found(params)
                start = int(params.get("gsroffset") or 0)
                end = start + params.limit("gsrlimit")
                ranks = range(start + 1, min(end, len(found)) + 1)
                further = end if end < len(found) else None
                return _Batch(found[start:end], "gsroffset", further, ranks=ranks)
            case None:
                return self._titles(params)
            case other:
                raise ApiError("badvalue", f'Unrecognized value for parameter "generator": {other}')

    def _titles(self, params: Params) -> _Batch:
        told: dict[str, Any] = {}
        titles = []
        for raw in params["titles"].split("|")[:50]:
            title = mediawiki.normalised(raw)
            if title != raw:
                told.setdefault("normalized", []).append(
                    {"fromencoded": False, "from": raw, "to": title}
                )
            new = self.redirects.get(title.removeprefix("File:"))
            if new and params.get("redirects"):
                told.setdefault("redirects", []).append({"from": title, "to": f"File:{new}"})
                title = f"File:{new}"
            titles.append(title)
        return _Batch(titles, told=told)

    def _members(self, params: Params, prefix: str) -> list[str]:
        title = mediawiki.normalised(params[f"{prefix}title"])
        if not title.startswith("Category:") or mediawiki.ILLEGAL.search(title):
            raise ApiError(
                f"{prefix}invalidcategory", "The category name you entered is not valid."
            )
        members = self.categories.get(title.removeprefix("Category:"), [])
        full = [one if one.startswith("Category:") else f"File:{one}" for one in members]
        return sorted(full, key=lambda one: one.partition(":")[2].upper())

    def _subcategories(self, params: Params) -> dict[str, Any]:
        params.need("list", "categorymembers")
        kinds = (params.get("cmtype") or "page|subcat|file").split("|")
        members = [one for one in self._members(params, "cm") if _kind(one) in kinds]
        shown, further = mediawiki.from_mark(params, "cm", members)
        rows = [{"pageid": mediawiki.number(one), "ns": 14, "title": one} for one in shown]
        answer = {"batchcomplete": True, "query": {"categorymembers": rows}}
        return answer | (
            {"continue": {"cmcontinue": further, "continue": "-||"}} if further else {}
        )

    def _found(self, params: Params) -> list[str]:
        """The search: `haswbstatement:P180=…` and `filetype:bitmap`; other words in titles."""
        params.need("gsrnamespace", "6")
        known = {file.title: file for file in self.files}
        titles = list(known)
        for word in params["gsrsearch"].split():
            name, colon, value = word.partition(":")
            if (name, colon) == ("haswbstatement", ":"):
                item = value.removeprefix("P180=")
                titles = [title for title in self.depicts.get(item, []) if title in known]
            elif word == "filetype:bitmap":
                titles = [title for title in titles if known[title].mediatype == "BITMAP"]
            else:
                titles = [title for title in titles if word.casefold() in title.casefold()]
        return [f"File:{title}" for title in titles]

    def _page(self, title: str) -> dict[str, Any]:
        if mediawiki.ILLEGAL.search(title):
            reason = "The requested page title contains invalid characters."
            return {"title": title, "invalidreason": reason, "invalid": True}
        if any(f"File:{file.title}" == title for file in self.files):
            return {"pageid": mediawiki.number(title), "ns": 6, "title": title}
        return {"ns": 6, "title": title, "missing": True}

    def _describe(self, params: Params, pages: list[dict[str, Any]]) -> str | None:
        """Add `imageinfo`, as far as it fits; the mark of the first file that is left over."""
        if "imageinfo" not in (params.get("prop") or "").split("|"):
            return None
        known = {f"File:{file.title}": file for file in self.files}
        start = (params.get("iicontinue") or "").partition("|")[0]
        fits = min(self.at_once, 50) if params.get("iiurlwidth") else self.at_once
        for page in sorted(pages, key=lambda one: _key(one["title"])):
            file = known.get(page["title"])
            if _key(page["title"]) < start or page.get("invalid"):
                continue
            if file is None or not file.exists:
                page["imagerepository"] = ""
                continue
            if not fits:
                return f"{_key(page['title'])}|20190101000000"
            fits -= 1
            page |= {"imagerepository": "local", "imageinfo": [file.info(self.images, params)]}
        return None


def _kind(title: str) -> str:
    return "subcat" if title.startswith("Category:") else "file"


def _key(title: str) -> str:
    return title.partition(":")[2].replace(" ", "_")
