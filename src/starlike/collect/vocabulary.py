"""What people call occupations and countries → items of Wikidata; looked up, not guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from starlike.errors import NamesError
from starlike.names import search_key
from starlike.web.entity import Entity
from starlike.web.wikidata import Wikidata, is_id, namesakes

_SHOWN = 5


class Kind(Enum):
    """What a word should mean; the value is what that is called."""

    OCCUPATION = "occupation"
    COUNTRY = "country"

    def query(self, ids: Iterable[str]) -> str:
        """A SPARQL query: which of some items are of the kind."""
        return f"""PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
SELECT DISTINCT ?item WHERE {{
  VALUES ?item {{ {_items(ids)} }}
  VALUES ?kind {{ {_items(_CLASSES[self])} }}
  ?item wdt:P31?/wdt:P279* ?kind .
}}"""


_CLASSES = {
    Kind.OCCUPATION: ("Q12737077", "Q28640"),  # occupation, profession
    Kind.COUNTRY: ("Q6256", "Q3624078", "Q3024240"),  # country, sovereign state, historical country
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a word was taken for."""

    word: str
    id: str
    label: str
    description: str | None

    def __str__(self) -> str:
        return f"{self.label} ({self.id}{f', {self.description}' if self.description else ''})"


async def look_up(wikidata: Wikidata, kind: Kind, words: Iterable[str]) -> tuple[Meaning, ...]:
    """The meaning of each word, which may be an id as well.

    An item that has a word as its English label goes before those that have it as an alias.

    Raises:
        NamesError: a word means nothing of the kind, or several things.
        SourceError: Wikidata does not answer, or not as it should.
    """
    return tuple(await asyncio.gather(*(_look_up(wikidata, kind, word) for word in words)))


async def _look_up(wikidata: Wikidata, kind: Kind, word: str) -> Meaning:
    word = word.strip()
    ids = [word] if is_id(word) else namesakes(await wikidata.search(word), word)
    found = list((await wikidata.entities(ids)).values())
    if not is_id(word):
        found = await _of_kind(wikidata, kind, found)
        labelled = [one for one in found if search_key(one.label) == search_key(word)]
        found = labelled or found
    if len(found) == 1:
        return _meaning(word, found[0])
    if not found:
        raise NamesError(
            f"{word}: Wikidata knows no {kind.value} of this name; "
            "give another word, or the id of its item there, such as Q33999 for actor"
        )
    raise NamesError(f"{word} may be {_choice(word, found)}; give one of these ids instead")


def _meaning(word: str, item: Entity) -> Meaning:
    return Meaning(word=word, id=item.id, label=item.label, description=item.description)


async def _of_kind(wikidata: Wikidata, kind: Kind, found: Sequence[Entity]) -> list[Entity]:
    if not found:
        return []
    rows = await wikidata.select(kind.query(one.id for one in found))
    right = {row["item"] for row in rows}
    return [one for one in found if one.id in right]


def _items(ids: Iterable[str]) -> str:
    return " ".join(f"wd:{id_}" for id_ in ids)


def _choice(word: str, found: Sequence[Entity]) -> str:
    ranked = sorted(found, key=lambda one: -one.fame)[:_SHOWN]
    shown = [str(_meaning(word, one)) for one in ranked]
    if len(found) > _SHOWN:
        shown.append(f"{len(found) - _SHOWN} more")
    return " or ".join(shown)
