"""Stage 1, first half: whom to look for, found on Wikidata by what they are or by their names."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlike.collect import search
from starlike.collect.search import Criteria
from starlike.collect.vocabulary import Kind, Meaning, look_up
from starlike.errors import CollectError, NamesError
from starlike.files import people, storage
from starlike.files.people import Person
from starlike.names import compare_key
from starlike.progress import Progress, silent
from starlike.web import endpoints
from starlike.web.client import open_client
from starlike.web.entity import Entity
from starlike.web.politeness import Manners
from starlike.web.wikidata import Wikidata, bearers, given_id, is_id, namesakes

# The query service may think for 60 seconds before it says a word, and asks to wait for as long.
_SILENCE, _PATIENCE = 75.0, 120.0
_LIKELY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Whom to look for: people by name, or those who fit.

    Attributes:
        people: by name, or by Wikidata id, alone or beside a name of one's own.
        criteria: who fits; occupations and countries are words here, or ids.
        limit: how many of those who fit.
        most_famous: of several people of one name, take the most famous.
    """

    people: tuple[Person, ...] = ()
    criteria: Criteria | None = None
    limit: int = 200
    most_famous: bool = False

    def __post_init__(self) -> None:
        if bool(self.people) == bool(self.criteria):
            raise CollectError("give either names or what the people are, such as --occupation")
        fits = self.criteria
        if fits and not (fits.occupations or fits.countries):
            raise CollectError("give an occupation or a country, or both")


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several people bear, most famous first."""

    name: str
    candidates: tuple[Entity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found.

    Attributes:
        people: found, each with a name of their own.
        ambiguous: names that several people bear; they are not among the people.
        unknown: names that nobody on Wikidata bears.
        meanings: what occupations and countries were taken for.
    """

    people: tuple[Person, ...]
    ambiguous: tuple[Ambiguous, ...] = ()
    unknown: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()


def find(out: Path, options: Options, manners: Manners, *, progress: Progress = silent) -> Found:
    """Find people on Wikidata and write their table, which `collect` reads.

    Args:
        out: the table, see `people.write`; written where anybody was found.
        options: whom to look for.
        manners: how to behave towards servers.
        progress: how many names or people are looked up.

    Raises:
        NamesError: nobody fits, or a word for an occupation or a country has not one meaning.
        SourceError: Wikidata does not answer, or not as it should.
        CollectError: the table cannot be written.
    """
    with storage.telling(CollectError, out):
        storage.check_folder(out.absolute().parent)
    named = asyncio.run(_name(options, manners, progress))
    if named.people:
        people.write(out, people.check(named.people, out))
    return named


async def _name(options: Options, manners: Manners, progress: Progress) -> Found:
    patience = max(manners.patience, _PATIENCE)
    patient = replace(manners, silence=max(manners.silence, _SILENCE), patience=patience)
    async with open_client(patient) as client:
        wikidata = Wikidata(client, endpoints.from_environment())
        if options.criteria:
            return await _who_fit(wikidata, options.criteria, options.limit, progress)
        return await _who_bear(wikidata, options, progress)


async def _who_fit(wikidata: Wikidata, criteria: Criteria, limit: int, progress: Progress) -> Found:
    occupations = await look_up(wikidata, Kind.OCCUPATION, criteria.occupations)
    countries = await look_up(wikidata, Kind.COUNTRY, criteria.countries)
    exact = replace(
        criteria,
        occupations=tuple(meaning.id for meaning in occupations),
        countries=tuple(meaning.id for meaning in countries),
    )
    ids = await search.search(wikidata, exact, limit)
    if not ids:
        raise NamesError("nobody on Wikidata fits; ask for less")
    entities = (await wikidata.entities(ids, progress)).values()
    ranked = sorted(entities, key=lambda one: -one.fame)
    rows = await _people(wikidata, [(one.label, one) for one in ranked])
    return Found(people=rows, meanings=occupations + countries)


async def _who_bear(wikidata: Wikidata, options: Options, progress: Progress) -> Found:
    wanted, searched = options.people, 0

    async def ids_of(person: Person) -> list[str]:
        nonlocal searched
        ids = await _likely(wikidata, person)
        searched += 1
        progress(searched, len(wanted))
        return ids

    ids = await asyncio.gather(*(ids_of(person) for person in wanted))
    entities = await wikidata.entities(id_ for several in ids for id_ in several)
    taken: list[tuple[str, Entity]] = []
    ambiguous: list[Ambiguous] = []
    unknown: list[str] = []
    for person, likely in zip(wanted, ids, strict=True):
        found = bearers(person, [entities[id_] for id_ in likely if id_ in entities])
        if not found:
            unknown.append(person.name)
        elif len(found) == 1 or options.most_famous:
            own = person.wikidata and not is_id(person.name)
            taken.append((person.name if own else found[0].label, found[0]))
        else:
            ambiguous.append(Ambiguous(person.name, tuple(found)))
    return Found(
        people=await _people(wikidata, taken), ambiguous=tuple(ambiguous), unknown=tuple(unknown)
    )


async def _likely(wikidata: Wikidata, person: Person) -> list[str]:
    """The ids of the items that a person may be."""
    id_ = given_id(person)
    if id_:
        return [id_]
    hits = await wikidata.search(person.name)
    return namesakes(hits, person.name) or [hit.id for hit in hits[:_LIKELY]]


async def _people(wikidata: Wikidata, found: Sequence[tuple[str, Entity]]) -> tuple[Person, ...]:
    """The rows of the table: each person once, under a name that nobody else there has."""
    first: dict[str, tuple[str, Entity]] = {}
    for called, one in found:
        first.setdefault(one.id, (called, one))
    once = list(first.values())
    ids = {id_ for _, one in once for id_ in (*one.occupations, one.gender, one.country) if id_}
    labels = await wikidata.labels(sorted(ids))
    return tuple(_tell_apart([_person(called, one, labels) for called, one in once]))


def _person(called: str, found: Entity, labels: Mapping[str, str]) -> Person:
    return Person(
        name=called,
        wikidata=found.id,
        occupations=tuple(labels[id_] for id_ in found.occupations if id_ in labels),
        gender=labels.get(found.gender or ""),
        born=found.born,
        country=labels.get(found.country or ""),
        fame=found.fame,
        portrait=found.portrait,
        category=found.category,
    )


def _tell_apart(rows: Sequence[Person]) -> list[Person]:
    """The same people, those of one name with their year of birth, or their id, behind it."""
    by_folder: defaultdict[str, list[Person]] = defaultdict(list)
    for person in rows:
        by_folder[compare_key(person.folder)].append(person)
    return [_apart(person, by_folder[compare_key(person.folder)]) for person in rows]


def _apart(person: Person, namesakes: Sequence[Person]) -> Person:
    if len(namesakes) == 1:
        return person
    years = {one.born for one in namesakes}
    by_year = None not in years and len(years) == len(namesakes)
    mark = f"born {person.born}" if by_year else person.wikidata
    return replace(person, name=f"{person.name} ({mark})")
