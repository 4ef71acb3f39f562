"""How portraits are looked for, wherever that is: what a place must offer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from starlike.files.people import Person
from starlike.web.image_source import ImageCandidate, ImageSource

# The portrait, categories and "depicts" of a person are pages of their own, some of them empty.
_MOST_PAGES = 8

Fetch = Callable[[ImageCandidate, Path], Awaitable[None]]
"""Writes the image of a candidate to a file; NotFetchedError where it is not to be had."""

Identify = Callable[[str], Awaitable[Person]]
"""Who a class is, by its name; NobodyError where that is not known."""


class NobodyError(Exception):
    """It is not known who a class is: inside this stage only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AmbiguousError(NobodyError):
    """A class whose name several people bear."""

    def __init__(self) -> None:
        super().__init__("several people of that name")


@dataclass(frozen=True, slots=True)
class Provider:
    """A place where portraits are found.

    Attributes:
        identify: says who a class is.
        source: names images of that person.
        fetch: brings them.
    """

    identify: Identify
    source: ImageSource
    fetch: Fetch


OpenProvider = AbstractAsyncContextManager[Provider]
"""A place that is opened when the search begins and closed when it ends."""


async def candidates(source: ImageSource, person: Person) -> AsyncIterator[ImageCandidate]:
    """The images that a source has of a person, best first, each once.

    A further page is asked for only when the images of those before were not enough.

    Raises:
        SourceError: the source does not answer.
    """
    seen: set[str] = set()
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await source.page(person, cursor)
        for candidate in page.candidates:
            if candidate.image_url not in seen:
                seen.add(candidate.image_url)
                yield candidate
        cursor = page.cursor
        if cursor is None:
            return
