"""What a source of images is: asked for a person, it gives candidates page by page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from starlike.web.licences import UNKNOWN, Licence
from starlike.web.people import Person

OWN = "own"
"""The source of one's own images, which alone may name files of this machine."""


def file_of(url: str) -> Path:
    """The file of this machine that a `file:` address names."""
    return Path(url2pathname(urlsplit(url).path))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An image that a source names, not fetched yet.

    Attributes:
        image_url: where its bytes are: http, https, or for images on this machine file.
        page_url: the page that describes it.
        licence: under which it may be used.
        author: as plain text.
        title: as plain text.
        portrait: whether the person's own entry shows it, so that it surely shows them.
    """

    image_url: str
    page_url: str | None = None
    licence: Licence = UNKNOWN
    author: str | None = None
    title: str | None = None
    portrait: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some candidates, best first, and where to go on.

    `cursor` is text that the source understands, to be handed back for what follows, even by
    another process; None where nothing follows.
    """

    candidates: tuple[Candidate, ...]
    cursor: str | None = None


class Source(Protocol):
    """One place where images are found."""

    @property
    def name(self) -> str:
        """Its name in manifests and on the command line."""

    async def page(self, person: Person, cursor: str | None) -> Page:
        """The first candidates for a person, or those after a cursor.

        The same question gives the same candidates in the same order, as far as the place itself
        does not change.

        Raises:
            SourceError: the place does not answer, or not as it should.
        """
