"""As much of SPARQL as the program asks for, evaluated over the items of the tests.

What is not known here is refused as the query service refuses what it cannot parse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.web.stand_in.wikidata_items import ITEMS, Time

Row = dict[str, Any]

_PREFIXES = ("hint", "wd", "wdt", "wikibase", "xsd")
_QUERY = re.compile(
    r"(?P<prefixes>(?:PREFIX \w+: <[^>]+>\s+)*)SELECT (?P<distinct>DISTINCT )?(?P<names>[?\w ]+?) "
    r"WHERE \{(?P<body>.*)\}\s*(?:ORDER BY DESC\(\?sitelinks\) \?person\s+"
    r"LIMIT (?P<limit>\d+)\s+OFFSET (?P<offset>\d+))?\s*",
    re.DOTALL,
)
_HINT = re.compile(r'hint:(?:Query|Prior) hint:\w+ (?:"\w+"|true) \.')
_VALUES = re.compile(r"VALUES \?(\w+) \{ ([\w: ]+) \}")
_TRIPLE = re.compile(r"\?(\w+) ([\w:/*?]+) (\?\w+|wd:Q\d+) \.")
_IN = re.compile(r"\?(\w+) IN \(([\w:, ]+)\)")
_BOUND = re.compile(r'\?(\w+) (>=|<) (\d+|"(\d{4}-\d\d-\d\d)T00:00:00Z"\^\^xsd:dateTime)')


class MalformedQueryError(Exception):
    """The service answers it with 400."""


def select(text: str) -> tuple[list[str], list[Row]]:
    """The names of the columns, and the rows."""
    query = _QUERY.fullmatch(text)
    if not query:
        raise MalformedQueryError(text)
    for prefix in _PREFIXES:
        if f"{prefix}:" in query["body"] and f"PREFIX {prefix}:" not in query["prefixes"]:
            raise MalformedQueryError(f"no prefix {prefix}")
    rows: list[Row] = [{}]
    for line in query["body"].strip().splitlines():
        rows = _join(rows, _HINT.sub("", line).strip())
    names = query["names"].replace("?", "").split()
    rows = [{name: row[name] for name in names} for row in rows]
    if query["distinct"]:
        rows = [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]
    if query["limit"]:
        rows.sort(key=lambda row: (-row["sitelinks"], row["person"]))
        start = int(query["offset"])
        rows = rows[start : start + int(query["limit"])]
    return names, rows


def _join(rows: list[Row], line: str) -> list[Row]:
    if not line:
        return rows
    if values := _VALUES.fullmatch(line):
        name, given = values[1], values[2].replace("wd:", "").split()
        return [{**row, name: one} for row in rows for one in given if row.get(name, one) == one]
    if triple := _TRIPLE.fullmatch(line):
        return [new for row in rows for new in _matches(row, *triple.groups())]
    if line.startswith("FILTER(") and line.endswith(")"):
        tests = [_test(part) for part in line[len("FILTER(") : -1].split(" && ")]
        return [row for row in rows if all(test(row) for test in tests)]
    raise MalformedQueryError(line)


def _matches(row: Row, subject: str, path: str, target: str) -> Iterator[Row]:
    for id_ in [row[subject]] if subject in row else list(ITEMS):
        for value in _values(id_, path):
            if target.startswith("wd:"):
                if value == target[3:]:
                    yield {**row, subject: id_}
            elif row.get(target[1:], value) == value:
                yield {**row, subject: id_, target[1:]: value}


def _values(id_: str, path: str) -> list[Any]:
    item = ITEMS.get(id_)
    if path == "wikibase:sitelinks":
        return [len(item.sitelinks)] if item else []
    if path == "wdt:P279*":
        return sorted(_ancestors({id_}))
    if path == "wdt:P31?/wdt:P279*":
        return sorted(_ancestors({id_, *(item.best("P31") if item else ())}))
    if not re.fullmatch(r"wdt:P\d+", path):
        raise MalformedQueryError(path)
    return [_date(value) for value in item.best(path[4:])] if item else []


def _ancestors(ids: set[str]) -> set[str]:
    above = {kind for id_ in ids if id_ in ITEMS for kind in ITEMS[id_].best("P279")}
    return ids if above <= ids else _ancestors(ids | above)


def _date(value: Any) -> Any:
    """A time as RDF has it: January 1st where only the year is known."""
    return value.time.replace("-00", "-01").lstrip("+") if isinstance(value, Time) else value


def _test(text: str) -> Callable[[Row], bool]:
    if one_of := _IN.fullmatch(text):
        name, given = one_of[1], one_of[2].replace("wd:", "").split(", ")
        return lambda row: row[name] in given
    if bound := _BOUND.fullmatch(text):
        name, sign = bound[1], bound[2]
        limit = bound[4] or int(bound[3])
        return lambda row: _holds(row[name], sign, limit)
    raise MalformedQueryError(text)


def _holds(value: Any, sign: str, limit: Any) -> bool:
    """A comparison with what is not known is an error, which leaves the row out."""
    if value is None:
        return False
    if isinstance(value, str) and value.startswith("-"):
        return sign == "<"
    return bool(value >= limit if sign == ">=" else value < limit)


def term(value: Any) -> dict[str, str]:
    """A value as the JSON of SPARQL has it."""
    if isinstance(value, int):
        kind = "http://www.w3.org/2001/XMLSchema#integer"
        return {"type": "literal", "datatype": kind, "value": str(value)}
    return {"type": "uri", "value": f"http://www.wikidata.org/entity/{value}"}
