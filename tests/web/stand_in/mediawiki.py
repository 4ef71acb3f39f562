"""What all modules of the MediaWiki API have in common: parameters, limits, marks and errors.

Stricter than a wiki in two things: parameters that it would only warn of are refused, and so is the
older of its two formats.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

from aiohttp import web

ILLEGAL = re.compile(r"[#<>\[\]{}|]")
"""What no title may hold."""

_KNOWN = frozenset({
    "action", "format", "formatversion", "maxlag", "continue", "prop", "titles", "redirects",
    "list", "generator", "gcmtitle", "gcmtype", "gcmlimit", "gcmcontinue", "cmtitle",
    "cmtype", "cmlimit", "cmcontinue", "gsrsearch", "gsrnamespace", "gsrlimit", "gsroffset",
    "ids", "props", "iiprop", "iiurlwidth", "iicontinue", "iiextmetadatafilter",
    "iiextmetadatalanguage",
})  # fmt: skip


class ApiError(Exception):
    """An error as the API tells it, in an answer with the status 200."""

    def __init__(self, code: str, info: str) -> None:
        super().__init__(info)
        self.code, self.info = code, info


class Params(dict[str, str]):
    """The parameters of a request."""

    def __missing__(self, name: str) -> str:
        raise ApiError("missingparam", f'The "{name}" parameter must be set.')

    def need(self, name: str, value: str) -> None:
        """Refuse another value: nothing else is played here."""
        if self.get(name) != value:
            raise ApiError(
                "badvalue", f'Unrecognized value for parameter "{name}": {self.get(name)}.'
            )

    def only(self, known: Collection[str]) -> None:
        """Refuse other parameters."""
        if unknown := sorted(self.keys() - set(known)):
            raise ApiError("unknownparam", f"Unrecognized parameters: {', '.join(unknown)}.")

    def limit(self, name: str) -> int:
        """How many are wanted: 10 if nothing is said, 500 at most."""
        value = self.get(name, "10")
        return 500 if value == "max" else min(int(value), 500)


Module = Callable[[Params], dict[str, Any]]


def answer(request: web.Request, module: Module) -> web.Response:
    """The answer of a module, or its error; an HTML page for who does not ask for JSON."""
    params = Params(request.query)
    if params.get("format") != "json":
        return web.Response(
            text="<!DOCTYPE html><title>API result</title>", content_type="text/html"
        )
    try:
        params.need("formatversion", "2")
        params.only(_KNOWN)
        return web.json_response(module(params))
    except ApiError as error:
        return error_answer(error.code, error.info)


def error_answer(code: str, info: str, **headers: str) -> web.Response:
    """An error of the API."""
    docref = "See https://commons.wikimedia.org/w/api.php for API usage."
    content = {"error": {"code": code, "info": info, "docref": docref}, "servedby": "mw-api-ext"}
    return web.json_response(content, headers={"MediaWiki-API-Error": code, **headers})


def maxlag(seconds: int) -> web.Response:
    """The API turns us away until its databases have caught up."""
    info = "Waiting for 10.64.32.58: 6.2 seconds lagged."
    return error_answer("maxlag", info, **{"Retry-After": str(seconds)})


def too_many_requests(seconds: int) -> web.Response:
    """What stands before the API turns us away."""
    return web.Response(
        status=429, text="Too many requests (a1b2c3)", headers={"Retry-After": str(seconds)}
    )


def from_mark(params: Params, prefix: str, titles: Sequence[str]) -> tuple[list[str], str | None]:
    """The titles from where a request goes on, at most its limit, and the mark of the next."""
    marks = [f"{_sort(title)}|{number(title)}" for title in titles]
    start = 0
    if mark := params.get(f"{prefix}continue"):
        if mark not in marks:
            raise ApiError("badcontinue", "Invalid continue param. You should pass the original.")
        start = marks.index(mark)
    end = start + params.limit(f"{prefix}limit")
    return list(titles[start:end]), marks[end] if end < len(marks) else None


def normalised(title: str) -> str:
    """A title as it is kept: no underscores, its first letter a capital."""
    space, _, name = title.replace("_", " ").strip().partition(":")
    return f"{space}:{name[:1].upper()}{name[1:]}"


def number(title: str) -> int:
    """The number of a page."""
    return zlib.crc32(title.encode())


def _sort(title: str) -> str:
    kind = "subcat" if title.startswith("Category:") else "file"
    return f"{kind}|{title.partition(':')[2].upper().encode().hex()}"
