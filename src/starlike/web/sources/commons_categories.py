"""Which subcategories of a person's category on Wikimedia Commons hold photos of them.

A category of a person has others below it: of years and events (`Ann Lee in 2019`, `Ann Lee at the
Oscars`), but also of works, relatives, namesakes and things. Only names tell them apart, and nearly
all names of categories are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PREFIX = "Category:"

_OCCASION = re.compile(
    r" (at|by|close-ups|during|in|live|on|performing|photographs|photos|playing|portraits|speaking"
    r"|\d{4})\b",
    re.IGNORECASE,
)
"""What follows the name of a person in categories of photos of them."""

_NO_PHOTOS = re.compile(
    r"\b(art|artworks?|autographs?|books?|busts?|caricatures?|cartoons?|comics|cosplay|covers?|culture"
    r"|drawings?|fiction|films?|graffiti|graves?|illustrations?|logos?|memorials?|murals?|paintings?"
    r"|posters?|screen|sculptures?|signatures?|stamps?|statues?|television|tombs?|videos?|wax)\b",
    re.IGNORECASE,
)
"""Words of categories that show works of the person, or the person by another's hand."""

_PHOTOS_OF = re.compile(
    r"^(portrait |official )?(close-ups|photographs|photos|portraits) of ", re.IGNORECASE
)
_BY = re.compile(r" by (year|decade|month|date|event|country|city|location)$", re.IGNORECASE)
_QUALIFIER = re.compile(r" \([^()]*\)$")


def chosen(category: str, titles: Iterable[str]) -> tuple[list[str], list[str]]:
    """The subcategories to look into.

    Args:
        category: of the person, or one that sorts theirs, such as `Ann Lee by year`.
        titles: its subcategories, with `Category:` before them.

    Returns:
        Those that hold photos of the person, and those that only sort further ones; without prefix.
    """
    names = [title.removeprefix(_PREFIX) for title in titles]
    person = _BY.sub("", category)
    mine = [name for name in names if _shows(person, name)]
    return [name for name in mine if not _BY.search(name)], [n for n in mine if _BY.search(n)]


def _shows(person: str, name: str) -> bool:
    """Whether a category is of photos of a person, as far as its name can tell."""
    bare = _PHOTOS_OF.sub("", name)
    # `Ann Lee (actor)` has `Ann Lee in 2019`, as long as nobody else of that name has one.
    for start in (person, _QUALIFIER.sub("", person)):
        rest = bare.removeprefix(start)
        if rest != bare and (_OCCASION.match(rest) or (bare != name and not rest)):
            return not _NO_PHOTOS.search(rest)
    return False
