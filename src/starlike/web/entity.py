"""An item of Wikidata as its API gives it → what we take from it.

The form is that of https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlike.errors import one_line
from starlike.names import search_key

_HUMAN = "Q5"
_IS_A, _OCCUPATION, _GENDER, _BORN, _COUNTRY = "P31", "P106", "P21", "P569", "P27"
_PORTRAIT, _CATEGORY, _UNTIL = "P18", "P373", "P582"
_TO_THE_YEAR = 9
_TIME = re.compile(r"([+-]\d+)-")
_CATEGORY_PREFIX = "Category:"

# Of labels and descriptions, where there is no English one; `mul` is the one for all languages.
_LANGUAGES = ("en", "mul", "en-gb", "en-ca", "de", "fr", "es", "it", "pt", "nl")

# Sites that end like a Wikipedia (enwiki, hiwiki) and are none.
_NO_WIKIPEDIA = frozenset(
    {
        "commonswiki",
        "foundationwiki",
        "incubatorwiki",
        "mediawikiwiki",
        "metawiki",
        "outreachwiki",
        "sourceswiki",
        "specieswiki",
        "wikidatawiki",
        "wikifunctionswiki",
        "wikimaniawiki",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An item: whatever is said of it best, never what is deprecated.

    Attributes:
        id: such as Q2263; where items were merged, that of the one that stayed.
        label: its English name, or the one in the next best language.
        description: what it is, in a few words.
        names: the `search_key` of every label and alias, in all languages.
        human: whether it is a person who lives or lived.
        occupations: their ids.
        gender: its id.
        born: the year of birth, negative before the common era.
        country: the id of one of citizenship, one that still holds if there is any.
        fame: Wikipedia language editions with an article.
        portrait: a file on Wikimedia Commons.
        category: a category there.
    """

    id: str
    label: str
    description: str | None
    names: frozenset[str]
    human: bool
    occupations: tuple[str, ...]
    gender: str | None
    born: int | None
    country: str | None
    fame: int
    portrait: str | None
    category: str | None


def read(raw: Mapping[str, Any]) -> Entity:
    """Take what we need from an item.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    # What is empty comes as a list, not as an object.
    labels, descriptions = raw.get("labels") or {}, raw.get("descriptions") or {}
    aliases, sitelinks = raw.get("aliases") or {}, raw.get("sitelinks") or {}
    claims = raw.get("claims") or {}
    names = {one["value"] for one in labels.values()}
    names |= {one["value"] for several in aliases.values() for one in several}
    countries = list(_best(claims, _COUNTRY))
    current = [one for one in countries if _UNTIL not in (one.get("qualifiers") or {})]
    return Entity(
        id=raw["id"],
        label=label(raw) or raw["id"],
        description=_in_best_language(descriptions),
        names=frozenset(map(search_key, names)),
        human=_HUMAN in map(_item, _best(claims, _IS_A)),
        occupations=tuple(dict.fromkeys(map(_item, _best(claims, _OCCUPATION)))),
        gender=next(map(_item, _best(claims, _GENDER)), None),
        born=_year(claims),
        country=next(map(_item, [*current, *countries]), None),
        fame=sum(site.endswith("wiki") and site not in _NO_WIKIPEDIA for site in sitelinks),
        portrait=next(map(_text, _best(claims, _PORTRAIT)), None),
        category=next(map(_text, _best(claims, _CATEGORY)), None) or _category(sitelinks),
    )


def label(raw: Mapping[str, Any]) -> str | None:
    """The best label of an item, for those that give nothing else."""
    return _in_best_language(raw.get("labels") or {})


def _in_best_language(texts: Mapping[str, Any]) -> str | None:
    best = next((texts[code] for code in (*_LANGUAGES, *sorted(texts)) if code in texts), None)
    return one_line(best["value"]) or None if best else None


def _best(claims: Mapping[str, Any], prop: str) -> Iterator[Mapping[str, Any]]:
    """The statements that the query service calls true, those of the best rank; known ones alone.

    https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format#Truthy_statements
    """
    statements = claims.get(prop) or []
    preferred = [one for one in statements if one["rank"] == "preferred"]
    for one in preferred or [one for one in statements if one["rank"] == "normal"]:
        if one["mainsnak"]["snaktype"] == "value":
            yield one


def _value(statement: Mapping[str, Any]) -> Any:
    return statement["mainsnak"]["datavalue"]["value"]


def _item(statement: Mapping[str, Any]) -> str:
    return str(_value(statement)["id"])


def _text(statement: Mapping[str, Any]) -> str:
    return str(_value(statement)).strip()


def _year(claims: Mapping[str, Any]) -> int | None:
    """The year of the most precise date of birth, of those known to the year at least."""
    times = [_value(one) for one in _best(claims, _BORN)]
    precise = [time for time in times if time["precision"] >= _TO_THE_YEAR]
    best = max(precise, key=lambda time: time["precision"], default=None)
    written = _TIME.match(best["time"]) if best else None
    return (int(written[1]) or None) if written else None  # there is no year 0


def _category(sitelinks: Mapping[str, Any]) -> str | None:
    title = str((sitelinks.get("commonswiki") or {}).get("title", ""))
    return title.removeprefix(_CATEGORY_PREFIX) if title.startswith(_CATEGORY_PREFIX) else None
