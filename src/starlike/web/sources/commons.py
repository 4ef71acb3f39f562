"""Wikimedia Commons: a person's portrait, their category, and the files said to depict them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

from starlike.errors import SourceError
from starlike.files.people import Person
from starlike.web import wikimedia
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImagePage, SourceContext
from starlike.web.sources import commons_categories, commons_files
from starlike.web.wikidata import Wikidata

_AT_ONCE = 50
"""Files in one answer: the most for which the API gives thumbnails, see
https://www.mediawiki.org/wiki/API:Imageinfo"""
_CATEGORIES_AT_ONCE = 500
_FILES = 6
"""The namespace of files."""
_NAME = "Wikimedia Commons"
_NOT_IN_TITLES = frozenset("#<>[]|{}")


class _Kind(StrEnum):
    """What a step asks for.

    The file of the portrait, the files of a category, the categories below it, those below one
    that only sorts them, or the files that depict a Wikidata item.
    """

    PORTRAIT = "portrait"
    CATEGORY = "category"
    BELOW = "below"
    SORTED = "sorted"
    DEPICTS = "depicts"


_Step = tuple[_Kind, str]
"""What to ask next: a kind, and the file, category or Wikidata item that it is about."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is left to ask about a person; in text, it is the cursor.

    Attributes:
        steps: in order.
        resume: what the API wants to be given back to go on with the first of them.
    """

    steps: tuple[_Step, ...]
    resume: dict[str, str | int] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str) -> _Plan:
        try:
            facts = json.loads(cursor)
            steps = tuple((_Kind(kind), str(what)) for kind, what in facts["steps"])
            return cls(steps, dict(facts["continue"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{_NAME}: not a cursor of this source: {cursor}") from error

    def cursor(self) -> str | None:
        if not self.steps:
            return None
        return json.dumps({"steps": self.steps, "continue": self.resume}, ensure_ascii=False)

    def after(self, answer: dict[str, Any], found: Sequence[_Step] = ()) -> _Plan:
        """What is left after an answer that led to further steps."""
        rest = (*found, *self.steps[1:])
        resume = answer.get("continue")
        if not resume:
            return _Plan(rest)
        # Found steps wait until all of them are found: only the first step can be gone on with.
        return _Plan((self.steps[0], *rest), resume)


class Commons:
    """The source `commons`: https://commons.wikimedia.org.

    First the portrait that Wikidata shows, then the files of the person's category and of those of
    its subcategories that show them too, at last the files whose statement P180 ("depicts") names
    the person. A file may come in several of these.
    """

    name = "commons"
    help: ClassVar[str] = "Wikimedia Commons"
    argument: ClassVar[str | None] = None

    def __init__(self, client: Client, endpoints: Endpoints) -> None:
        self._client, self._url = client, endpoints.commons
        self._wikidata = Wikidata(client, endpoints)

    @classmethod
    def make(cls, context: SourceContext) -> Self:
        """The source of a run."""
        return cls(context.client, context.endpoints)

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        """The first candidates for a person, or those after a cursor; one request for each page.

        A page without a candidate is no sign of the end; one without a cursor is.

        Raises:
            SourceError: Commons or Wikidata do not answer, or not as they should.
        """
        plan = _Plan.read(cursor) if cursor else _Plan(await self._steps(person))
        if not plan.steps:
            return ImagePage(())
        kind, what = plan.steps[0]
        query = {"action": "query", **_query(kind, what), **plan.resume}
        if kind in (_Kind.BELOW, _Kind.SORTED):
            answer = await wikimedia.ask(self._client, _NAME, self._url, query)
            return ImagePage((), plan.after(answer, _below(kind, what, answer)).cursor())
        query |= commons_files.QUERY
        answer = await wikimedia.ask(self._client, _NAME, self._url, query)
        found = commons_files.candidates(answer, portrait=kind == _Kind.PORTRAIT)
        return ImagePage(found, plan.after(answer).cursor())

    async def _steps(self, person: Person) -> tuple[_Step, ...]:
        portrait, category = person.portrait, person.category
        if person.wikidata and not category:
            known = (await self._wikidata.entities([person.wikidata])).get(person.wikidata)
            if known:
                portrait, category = portrait or known.portrait, known.category
        if not person.wikidata and not category and not _NOT_IN_TITLES & set(person.name):
            category = person.name
        steps = [(_Kind.PORTRAIT, portrait)] if portrait else []
        if category:
            steps += [(_Kind.CATEGORY, category), (_Kind.BELOW, category)]
        return (*steps, *([(_Kind.DEPICTS, person.wikidata)] if person.wikidata else []))


def _query(kind: _Kind, what: str) -> dict[str, str | int]:
    """The parameters of a step, beside those that tell how files are described."""
    match kind:
        case _Kind.PORTRAIT:
            return {"titles": f"File:{what}", "redirects": 1}
        case _Kind.CATEGORY:
            return {
                "generator": "categorymembers",
                "gcmtitle": f"Category:{what}",
                "gcmtype": "file",
                "gcmlimit": _AT_ONCE,
            }
        case _Kind.BELOW | _Kind.SORTED:
            return {
                "list": "categorymembers",
                "cmtitle": f"Category:{what}",
                "cmtype": "subcat",
                "cmlimit": _CATEGORIES_AT_ONCE,
            }
        case _Kind.DEPICTS:
            return {
                "generator": "search",
                "gsrsearch": f"filetype:bitmap haswbstatement:P180={what}",
                "gsrnamespace": _FILES,
                "gsrlimit": _AT_ONCE,
            }


def _below(kind: _Kind, category: str, answer: dict[str, Any]) -> list[_Step]:
    """The steps to which the subcategories of a category lead; never deeper than what sorts it."""
    members = (answer.get("query") or {}).get("categorymembers") or []
    of_person, sorting = commons_categories.chosen(category, [one["title"] for one in members])
    steps = [(_Kind.CATEGORY, name) for name in of_person]
    return steps + ([(_Kind.SORTED, name) for name in sorting] if kind == _Kind.BELOW else [])
