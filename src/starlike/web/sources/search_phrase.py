"""A person's name as it is written into a search."""

from __future__ import annotations

import re

from starlike.errors import one_line
from starlike.files.people import Person
from starlike.names import split_qualifier

_OF_TABLE = re.compile(r"born \d+|Q\d+")


def quoted(name: str) -> str:
    """A name in quotation marks, as searches want words that belong together; no qualifier."""
    return f'"{one_line(split_qualifier(name)[0].replace(chr(34), " "))}"'


def phrase(person: Person) -> str:
    """A name in quotation marks, followed by what tells people of one name apart.

    That is what stands in brackets behind it, unless the table of names put it there: a year of
    birth or a Wikidata id is seldom written beside an image, so an occupation takes its place.
    """
    name, qualifier = split_qualifier(person.name)
    if qualifier is None:
        return quoted(name)
    if _OF_TABLE.fullmatch(qualifier):
        qualifier = next(iter(person.occupations), "")
    return " ".join(filter(None, [quoted(name), qualifier]))
