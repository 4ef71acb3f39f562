"""Openverse: openly licensed images of many museums, archives and photo sites, by its API.

https://api.openverse.org/v1/
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from starlike.errors import CollectError, SourceError, one_line
from starlike.files.people import Person
from starlike.names import mentions
from starlike.web import licences
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageCandidate, ImagePage, SourceContext
from starlike.web.licences import Licence
from starlike.web.sources import search_phrase
from starlike.web.status import NotFetchedError, Status

TOKEN = "STARLIKE_OPENVERSE_TOKEN"
"""The environment variable that may hold an access token."""

# What anybody may ask for, with or without a token: api/constants/restricted_features.py in
# https://github.com/WordPress/openverse.
_PAGE_SIZE = 20
_DEPTH = 240

# Our codes of licences → Openverse's: api/constants/licenses.py.
_CODES = {
    "cc0": ("cc0",),
    "pd": ("pdm",),
    "cc-by": ("by",),
    "cc-by-sa": ("by-sa",),
    "cc-by-nd": ("by-nd",),
    "cc-by-nc": ("by-nc",),
    "cc-by-nc-sa": ("by-nc-sa",),
    "cc-by-nc-nd": ("by-nc-nd",),
    "other": ("sampling+", "nc-sampling+"),
}
_NOTHING = ""
_DRAWING = "svg"


class Openverse:
    """Images whose title or tags mention a person."""

    name = "openverse"
    help: ClassVar[str] = f"openly licensed images ({TOKEN} may hold an access token)"
    argument: ClassVar[str | None] = None

    def __init__(
        self, client: Client, endpoints: Endpoints, wanted: Collection[str] | None = None
    ) -> None:
        """Prepare to ask.

        Args:
            client: asks.
            endpoints: where.
            wanted: codes of licences, so that no image of another one is listed; None for all.

        Raises:
            CollectError: the access token in the environment is none.
        """
        self._client, self._url = client, endpoints.openverse
        self._filter = None if wanted is None else _filter(wanted)
        self._token = os.environ.get(TOKEN, "").strip()
        if not (self._token.isascii() and self._token.isprintable()):
            raise CollectError(
                f"{TOKEN}: this is not an access token; see https://api.openverse.org/v1/"
            )

    @classmethod
    def make(cls, context: SourceContext) -> Self:
        """The source of a run.

        Raises:
            CollectError: the access token in the environment is none.
        """
        return cls(context.client, context.endpoints, context.licences)

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        """Up to 20 images; the cursor is a page's number, and the licences that it counts for.

        Raises:
            SourceError: Openverse does not answer, or not as it should.
        """
        if self._filter == _NOTHING:
            return ImagePage(())
        number = self._number(cursor)
        content = await self._ask(self._question(person, number))
        results, pages = _read(content)
        candidates = tuple(_candidate(found) for found in results if _fits(found, person))
        more = bool(results) and number < min(pages, _DEPTH // _PAGE_SIZE)
        return ImagePage(candidates, f"{number + 1} {self._filter or ''}".strip() if more else None)

    def _number(self, cursor: str | None) -> int:
        number, _, filtered = (cursor or "1").partition(" ")
        # Pages of other licences are other pages: then all of them are gone through.
        return int(number) if filtered == (self._filter or "") else 1

    def _question(self, person: Person, number: int) -> dict[str, str | int]:
        # `mature` is not sent: no is its default, and the server takes any text there for a yes.
        question: dict[str, str | int] = {
            "q": search_phrase.quoted(person.name),
            "page": number,
            "page_size": _PAGE_SIZE,
        }
        return question | ({"license": self._filter} if self._filter else {})

    async def _ask(self, question: Mapping[str, str | int]) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            return await self._client.get_json(self._url, question, headers=headers)
        except SourceError as error:
            advice = self._advice(error.__cause__)
            raise SourceError(f"{error}; {advice}" if advice else str(error)) from error

    def _advice(self, cause: BaseException | None) -> str | None:
        """What to do about what went wrong, where that is known."""
        status = cause.status if isinstance(cause, NotFetchedError) else None
        if status is Status.FORBIDDEN and self._token:
            return f"the access token in {TOKEN} may have run out: ask for a new one, or unset it"
        if status is Status.RATE_LIMITED and not self._token:
            return f"go on later, or set {TOKEN}: with an access token one may ask more often"
        return "go on later" if status is Status.RATE_LIMITED else None


def _filter(wanted: Collection[str]) -> str | None:
    """Openverse's codes for licences; None for all that it has, empty for none of them."""
    if _CODES.keys() <= set(wanted):
        return None
    return ",".join(code for ours, codes in _CODES.items() if ours in wanted for code in codes)


def _read(content: Any) -> tuple[list[dict[str, Any]], int]:
    """The results in an answer, and how many pages there are.

    Raises:
        SourceError: it is not an answer to a search.
    """
    try:
        results, pages = content["results"], int(content["page_count"])
        return [dict(found) for found in results], pages
    except (TypeError, KeyError, ValueError):
        raise SourceError("openverse: its answer is not one to a search for images") from None


def _fits(found: Mapping[str, Any], person: Person) -> bool:
    """Whether a result names an image of use.

    The search also finds the name in descriptions, which are not in the answer and tell of many
    things beside what an image shows.
    """
    if not _text(found, "url") or found.get("mature") or found.get("filetype") == _DRAWING:
        return False
    tags = [tag for tag in found.get("tags") or () if isinstance(tag, dict)]
    texts = [_text(found, "title"), *(_text(tag, "name") for tag in tags)]
    return mentions(person.name, [text for text in texts if text])


def _candidate(found: Mapping[str, Any]) -> ImageCandidate:
    return ImageCandidate(
        image_url=_text(found, "url") or "",
        page_url=_text(found, "foreign_landing_url"),
        licence=_licence(found),
        author=_text(found, "creator"),
        title=_text(found, "title"),
    )


def _licence(found: Mapping[str, Any]) -> Licence:
    named = f"{_text(found, 'license') or ''} {_text(found, 'license_version') or ''}"
    return licences.parse(named.strip(), _text(found, "license_url"))


def _text(found: Mapping[str, Any], field: str) -> str | None:
    """A field as plain text; None where it is missing, null or empty."""
    value = found.get(field)
    return one_line(value) or None if isinstance(value, str) else None
