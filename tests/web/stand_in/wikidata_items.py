"""The items that the Wikidata of the tests holds: facts about real people, a few of many.

Items from Q900000000 on stand for what real ones show as well, but not at once: merged items, a
name in Tamil script alone, several people of one name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from string import ascii_lowercase
from typing import Any

MERGED = {"Q900000010": "Q2263"}
"""Items that were merged into others, by their former ids."""

_LANGUAGES = ["en", "hi", *("".join(two) for two in product(ascii_lowercase, repeat=2))]
_OTHER_SITES = ("commonswiki", "enwikiquote", "specieswiki")


@dataclass(frozen=True)
class Statement:
    """A value, or None for one that is not known; with its rank."""

    value: Any
    rank: str = "normal"
    ended: bool = False


@dataclass(frozen=True)
class Item:
    """An item; `wikis` is the number of Wikipedias with an article."""

    id: str
    labels: Mapping[str, str]
    description: str = ""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    claims: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    wikis: int = 0
    commons: str | None = None

    @property
    def sitelinks(self) -> dict[str, dict[str, Any]]:
        """Its pages: so many Wikipedias, and for the famous some that are none."""
        sites = [f"{code}wiki" for code in dict.fromkeys(_LANGUAGES)][: self.wikis]
        links = {site: {"site": site, "title": self.labels.get("en", self.id)} for site in sites}
        others = _OTHER_SITES if self.wikis > 50 else ()
        links |= {site: {"site": site, "title": "x"} for site in others}
        if self.commons:
            links["commonswiki"] = {"site": "commonswiki", "title": self.commons}
        return {site: {**link, "badges": []} for site, link in links.items()}

    def best(self, prop: str) -> list[Any]:
        """The values of the best rank: what the query service holds."""
        given = self.claims.get(prop, ())
        best = [one for one in given if one.rank == "preferred"]
        return [one.value for one in best or [one for one in given if one.rank == "normal"]]


@dataclass(frozen=True)
class Time:
    """A time as Wikidata writes it, with its precision: 7 century, 9 year, 11 day."""

    time: str
    precision: int = 11


MALE, FEMALE = "Q6581097", "Q6581072"


def _is(*values: Any) -> list[Statement]:
    return [one if isinstance(one, Statement) else Statement(one) for one in values]


def _born(text: str) -> Time:
    return Time(f"+{text}T00:00:00Z", 9 if text.endswith("-00-00") else 11)


INDIA, BRITISH_RAJ, USA, UK = "Q668", "Q129286", "Q30", "Q145"
ACTOR, FILM_ACTOR, SINGER, WRITER, PROFESSION = "Q33999", "Q10800557", "Q177220", "Q36180", "Q28640"


def _person(id_: str, label: str, wikis: int, claims: Mapping[str, Any], **more: Any) -> Item:
    """A person; of claims that are no list the one value."""
    every = {prop: one if isinstance(one, list) else [one] for prop, one in claims.items()}
    stated = {prop: _is(*many) for prop, many in {"P31": ["Q5"], **every}.items()}
    return Item(id_, more.pop("labels", {"en": label}), claims=stated, wikis=wikis, **more)


def _facts(born: Any, gender: str, countries: Any, occupations: Any, portrait: Any = ()) -> Any:
    times = [_born(one) if isinstance(one, str) else one for one in _listed(born)]
    return {
        "P569": times,
        "P21": gender,
        "P27": _listed(countries),
        "P106": _listed(occupations),
        "P18": _listed(portrait),
    }


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _thing(id_: str, label: str, description: str, **more: Any) -> Item:
    claims = {
        "P31": _is(*_listed(more.pop("is_a", ()))),
        "P279": _is(*_listed(more.pop("kind_of", ()))),
    }
    alias = more.pop("alias", None)
    aliases = {"en": [alias]} if alias else {}
    return Item(id_, {"en": label}, description, aliases, claims, wikis=20)


_HANKS = _facts(
    ["1956-07-09", Statement(Time("+1965-01-01T00:00:00Z"), "deprecated")],
    MALE,
    USA,
    [ACTOR, FILM_ACTOR, "Q2526255", "Q2405480"],
    [
        Statement("Old Hanks.jpg", "deprecated"),
        "Some Hanks.jpg",
        Statement("Tom Hanks TIFF 2019.jpg", "preferred"),
    ],
) | {"P373": "Tom Hanks"}

_PEOPLE = [
    _person(
        "Q2831",
        "Michael Jackson",
        210,
        _facts("1958-08-29", MALE, USA, SINGER, "Michael Jackson in 1988.jpg"),
        description="American singer and songwriter (1958–2009)",
        aliases={"en": ["King of Pop"]},
    ),
    _person(
        "Q167877",
        "Michael Jackson",
        14,
        _facts("1942-03-27", MALE, UK, WRITER),
        description="English writer about beer and whisky",
    ),
    _person(
        "Q2263",
        "Tom Hanks",
        120,
        _HANKS,
        description="American actor and film director",
        aliases={"en": ["Thomas Jeffrey Hanks"], "ru": ["Томас Хэнкс"]},
    ),
    _person(
        "Q190162",
        "",
        81,
        _facts("1978-06-19", FEMALE, USA, [ACTOR, FILM_ACTOR], "Zoe Saldaña.jpg"),
        labels={"mul": "Zoe Saldaña", "es": "Zoë Saldaña"},
        commons="Category:Zoe Saldaña",
    ),
    _person(
        "Q9535",
        "",
        115,
        _facts(["1965-00-00", "1965-11-02"], MALE, INDIA, [FILM_ACTOR, ACTOR], "Shah Rukh.jpg"),
        labels={"en": "Shah Rukh Khan", "hi": "शाहरुख़ ख़ान"},
    ),
    _person(
        "Q9570",
        "Amitabh Bachchan",
        90,
        _facts("1942-10-11", MALE, [Statement(BRITISH_RAJ, ended=True), INDIA], FILM_ACTOR),
    ),
    _person("Q9557", "Aamir Khan", 78, _facts("1965-03-14", MALE, INDIA, FILM_ACTOR)),
    _person(
        "Q158957",
        "Priyanka Chopra",
        98,
        _facts("1982-07-18", FEMALE, INDIA, [FILM_ACTOR, SINGER], "Priyanka Chopra.jpg"),
    ),
    _person("Q159178", "Deepika Padukone", 73, _facts("1986-01-05", FEMALE, INDIA, FILM_ACTOR)),
    _person(
        "Q900000001",
        "",
        9,
        _facts("1937-05-26", FEMALE, INDIA, ACTOR, ["One.jpg", "Two.jpg"]),
        labels={"ta": "மனோரமா"},
    ),
    _person("Q42", "Douglas Adams", 70, _facts("1952-03-11", MALE, UK, WRITER)),
    _person(
        "Q635",
        "Cleopatra",
        160,
        _facts(Time("-0069-00-00T00:00:00Z", 9), FEMALE, "Q2320005", "Q116"),
    ),
    _person("Q6691", "Homer", 190, _facts(Time("-0750-00-00T00:00:00Z", 7), MALE, (), "Q49757")),
    _person("Q900000002", "Nobody Knows", 3, _facts([None], MALE, INDIA, [None, ACTOR])),
]

# Their ids are not those that they have on Wikidata.
CAST = {
    "Anne Hathaway": ("1982-11-12", FEMALE),
    "Ben Stiller": ("1965-11-30", MALE),
    "Bradley Cooper": ("1975-01-05", MALE),
    "Emma Stone": ("1988-11-06", FEMALE),
    "Glenn Close": ("1947-03-19", FEMALE),
    "Harrison Ford": ("1942-07-13", MALE),
    "Hilary Swank": ("1974-07-30", FEMALE),
    "Jeremy Renner": ("1971-01-07", MALE),
    "Julia Roberts": ("1967-10-28", FEMALE),
    "Robert De Niro": ("1943-08-17", MALE),
}
"""American film people of whom there are enough photos to learn from."""

_CAST = [
    _person(
        f"Q{900000100 + number}",
        name,
        60 + number,
        _facts(*CAST[name], USA, FILM_ACTOR, f"{name} 1.jpg") | {"P373": name},
    )
    for number, name in enumerate(CAST)
]

_THINGS = [
    _thing("Q5", "human", "any member of Homo sapiens"),
    _thing(MALE, "male", "sex or gender"),
    _thing(FEMALE, "female", "sex or gender"),
    _thing("Q12737077", "occupation", "what a person does"),
    _thing(PROFESSION, "profession", "trained occupation", kind_of="Q12737077"),
    _thing(ACTOR, "actor", "person who acts", is_a=PROFESSION, alias="actress"),
    _thing(FILM_ACTOR, "film actor", "actor in films", is_a=PROFESSION, kind_of=ACTOR),
    _thing("Q2405480", "voice actor", "actor who is heard", is_a=PROFESSION, kind_of=ACTOR),
    _thing(SINGER, "singer", "person who sings", is_a=PROFESSION),
    _thing(WRITER, "writer", "person who writes", is_a=PROFESSION),
    _thing("Q49757", "poet", "writer of poems", is_a=PROFESSION, kind_of=WRITER),
    _thing("Q116", "monarch", "head of a monarchy", is_a="Q12737077"),
    _thing("Q2526255", "film director", "directs films", is_a=PROFESSION, alias="director"),
    _thing("Q3387717", "theatre director", "directs plays", is_a=PROFESSION, alias="director"),
    _thing("Q900000003", "Actor", "programming language", is_a="Q9143"),
    _thing("Q6256", "country", "distinct territorial body"),
    _thing("Q3624078", "sovereign state", "state that is its own", kind_of="Q6256"),
    _thing(USA, "United States", "country in North America", is_a="Q3624078", alias="USA"),
    _thing(UK, "United Kingdom", "country in Europe", is_a="Q3624078"),
    _thing(INDIA, "India", "country in South Asia", is_a="Q3624078"),
    _thing(BRITISH_RAJ, "British Raj", "1858–1947", is_a="Q3024240", alias="India"),
    _thing("Q230", "Georgia", "country in the Caucasus", is_a="Q3624078"),
    _thing("Q1428", "Georgia", "state of the United States", is_a="Q35657"),
    _thing("Q900000004", "Tom Hanks filmography", "list of films", is_a="Q13406463"),
    _thing("Q900000005", "Homer", "place in Alaska", is_a="Q515"),
]

ITEMS = {item.id: item for item in (*_PEOPLE, *_CAST, *_THINGS)}
"""By id."""
