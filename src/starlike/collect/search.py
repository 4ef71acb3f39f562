"""Who of the people on Wikidata fits: SPARQL queries that the public query service can answer.

That service ends a query after 60 seconds, and knows millions of people. So a query asks for ids
alone, and all else comes from the API; it goes through the people from the most famous down, in
bands of fame; and joins are written in the order in which they are to be made, the one that leaves
fewest first, for the service's own optimizer does not see how few items are famous. See
https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service/query_optimization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlike.errors import SourceError
from starlike.web.wikidata import Wikidata

Gender = Literal["female", "male", "nonbinary"]

_GENDERS: dict[Gender, tuple[str, ...]] = {
    "female": ("Q6581072", "Q1052281"),  # female, trans woman
    "male": ("Q6581097", "Q2449503"),
    "nonbinary": ("Q48270",),
}

# Down to so many sitelinks, few enough items are famous for a query to begin with them.
_FAMOUS = 25
_BANDS: tuple[tuple[int, int | None], ...] = ((100, None), (50, 100), (_FAMOUS, 50), (0, _FAMOUS))
_PAGE = 2000

_PREFIXES = """PREFIX hint: <http://www.bigdata.com/queryHints#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Who fits. Of several occupations or countries, one is enough.

    Attributes:
        occupations: ids; kinds of these occupations count too.
        countries: ids of countries of citizenship.
        born_after: a year; they were born in a later one.
        born_before: a year; they were born in an earlier one.
        gender: as Wikidata has it.
        portrait: only people with a picture on Wikimedia Commons.
    """

    occupations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    born_after: int | None = None
    born_before: int | None = None
    gender: Gender | None = None
    portrait: bool = False


async def search(wikidata: Wikidata, criteria: Criteria, limit: int) -> list[str]:
    """The ids of the most famous people who fit, most famous first.

    Fame is the number of pages about a person on Wikimedia sites, which the service has at hand.

    Args:
        wikidata: where to search.
        criteria: who fits.
        limit: how many, at most.

    Raises:
        SourceError: the query service does not answer, or not in time.
    """
    found: dict[str, None] = {}
    for band in _BANDS:
        offset = 0
        while len(found) < limit:
            page = min(_PAGE, limit - len(found))
            rows = await _select(wikidata, query(criteria, band, page, offset))
            found |= {row["person"]: None for row in rows}
            if len(rows) < page:
                break
            offset += page
    return list(found)


async def _select(wikidata: Wikidata, text: str) -> list[dict[str, str]]:
    try:
        return await wikidata.select(text)
    except SourceError as error:
        raise SourceError(
            f"the query service of Wikidata does not give these people ({error}); "
            "try again later, or ask for fewer: a --country, a rarer --occupation, a lower --limit"
        ) from error


def query(criteria: Criteria, band: tuple[int, int | None], limit: int, offset: int) -> str:
    """The SPARQL text for one page of the people in a band of fame.

    Args:
        criteria: who fits.
        band: the fewest sitelinks, and how many are too many.
        limit: rows of the page.
        offset: rows before it.
    """
    patterns = "\n  ".join(_patterns(criteria, band))
    return f"""{_PREFIXES}
SELECT DISTINCT ?person ?sitelinks WHERE {{
  hint:Query hint:optimizer "None" .
  {patterns}
}}
ORDER BY DESC(?sitelinks) ?person
LIMIT {limit}
OFFSET {offset}"""


def _patterns(criteria: Criteria, band: tuple[int, int | None]) -> list[str]:
    fame = _fame(*band)
    # The ways up from the occupations of few people are short, but the ways down from a wide
    # occupation lead to everybody who has it: only where nothing else leaves fewer.
    if band[0] >= _FAMOUS:
        citizens = _having("P27", "country", criteria.countries)
        joins = [*fame, *citizens, *_filters(criteria), *_who_are(criteria)]
    elif criteria.countries:
        joins = [*_citizens(criteria), *fame, *_filters(criteria), *_who_are(criteria)]
    else:
        joins = [*_all_who_are(criteria), *fame, *_filters(criteria)]
    return joins


def _fame(low: int, high: int | None) -> list[str]:
    bound = f"?sitelinks >= {low}" + ("" if high is None else f" && ?sitelinks < {high}")
    return [
        "?person wikibase:sitelinks ?sitelinks . hint:Prior hint:rangeSafe true .",
        f"FILTER({bound})",
    ]


def _citizens(criteria: Criteria) -> list[str]:
    return [f"VALUES ?country {{ {_items(criteria.countries)} }}", "?person wdt:P27 ?country ."]


def _having(prop: str, name: str, ids: tuple[str, ...]) -> list[str]:
    """Those with one of some values. No VALUES: wherever they stand, the service begins there."""
    if not ids:
        return []
    if len(ids) == 1:
        return [f"?person wdt:{prop} wd:{ids[0]} ."]
    return [f"?person wdt:{prop} ?{name} .", f"FILTER(?{name} IN ({_items(ids, ', ')}))"]


def _items(ids: tuple[str, ...], between: str = " ") -> str:
    return between.join(f"wd:{id_}" for id_ in ids)


def _who_are(criteria: Criteria) -> list[str]:
    """From people to whether one of their occupations is of a kind that is asked for."""
    if not criteria.occupations:
        return []
    return ["?person wdt:P106 ?occupation .", *_kinds(criteria, "forward")]


def _all_who_are(criteria: Criteria) -> list[str]:
    """From the kinds of occupation that are asked for to the people who have one."""
    if not criteria.occupations:
        return []
    return [*_kinds(criteria, "reverse"), "?person wdt:P106 ?occupation ."]


def _kinds(criteria: Criteria, way: str) -> list[str]:
    hint = f'hint:Prior hint:gearing "{way}" .'
    if len(criteria.occupations) == 1:
        return [f"?occupation wdt:P279* wd:{criteria.occupations[0]} . {hint}"]
    kinds = _items(criteria.occupations)
    return [f"VALUES ?kind {{ {kinds} }}", f"?occupation wdt:P279* ?kind . {hint}"]


def _filters(criteria: Criteria) -> list[str]:
    gender = _GENDERS[criteria.gender] if criteria.gender else ()
    patterns = ["?person wdt:P31 wd:Q5 .", *_having("P21", "gender", gender)]
    bounds = []
    if criteria.born_after is not None:
        bounds.append(f"?born >= {_new_year(criteria.born_after + 1)}")
    if criteria.born_before is not None:
        bounds.append(f"?born < {_new_year(criteria.born_before)}")
    if bounds:
        patterns += ["?person wdt:P569 ?born .", f"FILTER({' && '.join(bounds)})"]
    if criteria.portrait:
        patterns.append("?person wdt:P18 ?portrait .")
    return patterns


def _new_year(year: int) -> str:
    return f'"{year:04d}-01-01T00:00:00Z"^^xsd:dateTime'
