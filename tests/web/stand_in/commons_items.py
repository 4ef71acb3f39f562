"""Items of Wikidata as `action=wbgetentities` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.web.stand_in.mediawiki import ApiError, Params


def entities(items: Mapping[str, Mapping[str, str]], params: Params) -> dict[str, Any]:
    """The answer; `items` is Wikidata id → `P18`, `P373` and `sitelink`, those that there are."""
    params.need("action", "wbgetentities")
    found: dict[str, Any] = {}
    for item in params["ids"].split("|"):
        if not item[1:].isdigit():
            raise ApiError("no-such-entity", f"Could not find an entity with the ID {item!r}.")
        known = items.get(item)
        found[item] = {"id": item} | ({"missing": ""} if known is None else _entity(known, params))
    return {"entities": found, "success": 1}


def _entity(known: Mapping[str, str], params: Params) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": "item"}
    props = (params.get("props") or "info|sitelinks|aliases|labels|descriptions|claims").split("|")
    if "claims" in props:
        entity["claims"] = {
            name: [_statement(name, "Old.jpg", "deprecated"), _statement(name, known[name])]
            for name in ("P18", "P373")
            if name in known
        }
    if "sitelinks" in props:
        links = {"enwiki": "Somebody", "commonswiki": known.get("sitelink")}
        entity["sitelinks"] = {
            site: {"site": site, "title": title, "badges": []}
            for site, title in links.items()
            if title
        }
    return entity


def _statement(name: str, value: str, rank: str = "normal") -> dict[str, Any]:
    snak = {
        "snaktype": "value",
        "property": name,
        "datavalue": {"value": value, "type": "string"},
        "datatype": "commonsMedia" if name == "P18" else "string",
    }
    return {"mainsnak": snak, "type": "statement", "id": f"Q1${name}", "rank": rank}
