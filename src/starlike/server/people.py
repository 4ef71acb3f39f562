"""Whom the model knows, as the API and the page show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlike.files.portrait_folder import Portrait, Portraits
from starlike.model.classes import Classes
from starlike.names import compare_key


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the people, as `/v1/classes` gives them.

    Attributes:
        people: one record a person, in the order of the model.
        next: where to go on; None where nobody else is left.
    """

    people: list[dict[str, Any]]
    next: int | None


class People:
    """The classes of a model with their portraits, each found by name or by number."""

    def __init__(self, classes: Classes, portraits: Portraits) -> None:
        self._classes, self._portraits = classes, portraits
        self._numbers = {name: number for number, name in enumerate(classes.names)}
        self._keys = tuple(map(compare_key, classes.names))
        self._groups: defaultdict[str, list[str]] = defaultdict(list)
        for group, names in classes.groups.items():
            for name in names:
                self._groups[name].append(group)

    def portrait(self, name: str) -> dict[str, Any] | None:
        """How the portrait of a class is found and whose it is; None where there is none."""
        found = self._portraits.portrait(name)
        return None if found is None else _shown(found, self._numbers[name])

    def portrait_file(self, number: int) -> Path | None:
        """The picture of the class of that number; None where there is none."""
        if not 0 <= number < len(self._keys):
            return None
        found = self._portraits.portrait(self._classes.names[number])
        return None if found is None else self._portraits.file(found)

    def find(self, query: str, start: int, limit: int) -> Listing:
        """The people in whose names a text occurs, in upper or lower case.

        Args:
            query: the text; an empty one occurs in every name.
            start: the number of the class to begin with.
            limit: how many people to list at most.
        """
        wanted = compare_key(query)
        found = (number for number in range(start, len(self._keys)) if wanted in self._keys[number])
        people: list[dict[str, Any]] = []
        for number in found:
            if len(people) == limit:
                return Listing(people, number)
            people.append(self._record(number))
        return Listing(people, None)

    def _record(self, number: int) -> dict[str, Any]:
        name = self._classes.names[number]
        return {
            "name": name,
            "images": self._classes.images[number],
            "groups": self._groups.get(name, []),
            "portrait": self.portrait(name),
        }


def _shown(found: Portrait, number: int) -> dict[str, Any]:
    return {
        "url": f"/v1/portraits/{number}.jpg",
        "attribution": found.attribution,
        "licence": found.licence,
        "licence_url": found.licence_url,
        "page_url": found.page_url,
    }
