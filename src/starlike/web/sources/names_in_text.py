"""A person's name as it is looked for, and whether a text mentions it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from starlike.web.people import Person

_APART = re.compile(r"\s*\(([^()]*)\)\s*$")
_OF_TABLE = re.compile(r"born \d+|Q\d+")
_WORD = re.compile(r"\w+")


def name(full: str) -> str:
    """A name without what only tells people of one name apart: of Ann Lee (actor), Ann Lee."""
    return _APART.sub("", full) or full


def quoted(full: str) -> str:
    """A name in quotation marks, as searches want words that belong together."""
    words = name(full).replace('"', " ").split()
    return f'"{" ".join(words)}"'


def phrase(person: Person) -> str:
    """A name in quotation marks, followed by what tells people of one name apart.

    That is what stands in brackets behind it, unless the table of names put it there: a year of
    birth or a Wikidata id is seldom written beside an image, so an occupation takes its place.
    """
    apart = _APART.search(person.name)
    if apart is None:
        return quoted(person.name)
    told = "" if _OF_TABLE.fullmatch(apart[1]) else apart[1]
    return " ".join(filter(None, [quoted(person.name), told or next(iter(person.occupations), "")]))


def mentions(full: str, texts: Iterable[str]) -> bool:
    """Whether texts that belong together, such as an image's title and tags, mention a person.

    They do where each word of the name is among theirs, in any order and without regard to case
    and accents, or where one is the whole name run together, as in tags.
    """
    asked, text = _plain(name(full)), _plain(" ".join(texts))
    words, found = _WORD.findall(asked), set(_WORD.findall(text))
    together = "".join(words)
    if not words:
        return False
    if found.issuperset(words) or together in found:
        return True
    # Scripts that put no spaces between words: there a word of the text holds more than the name.
    return not together.isascii() and together in "".join(_WORD.findall(text))


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
