"""What a source of images is: given a person, it names candidates, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from starlike.files.people import Person
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.licences import UNKNOWN, Licence

OWN = "own"
"""The source of one's own images, which alone may name files of this machine."""


def file_of(url: str) -> Path:
    """The file of this machine that a `file:` address names."""
    return Path(url2pathname(urlsplit(url).path))


@dataclass(frozen=True, slots=True)
class ImageCandidate:
    """An image that a source names, not fetched yet.

    Attributes:
        image_url: where its bytes are: http or https; of one's own images, file too.
        page_url: the page that describes it.
        licence: under which it may be used.
        author: as plain text.
        title: as plain text.
        portrait: whether the person's own entry shows it, so that it surely shows them.
    """

    image_url: str
    _: KW_ONLY
    page_url: str | None = None
    licence: Licence = UNKNOWN
    author: str | None = None
    title: str | None = None
    portrait: bool = False


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Some candidates, best first, and where to go on.

    `cursor` is text that the source understands, to be handed back for what follows, even by
    another process; None where nothing follows.
    """

    candidates: tuple[ImageCandidate, ...]
    cursor: str | None = None


class ImageSource(Protocol):
    """One place where images are found."""

    @property
    def name(self) -> str:
        """Its name in manifests: a word that no other source of a run has."""

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        """The first candidates for a person, or those after a cursor.

        The same question gives the same candidates in the same order, as far as the place itself
        does not change. A page without candidates is not the end; one without a cursor is.

        Raises:
            SourceError: the place does not answer, or not as it should.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext:
    """What a source is made from.

    Attributes:
        client: asks servers, politely; it has the contact in its `manners`, which every source
            that asks for the first page needs.
        endpoints: where the sources that come with the program are asked.
        licences: codes of the licences that are wanted, so that a source may ask for these alone;
            None for all. Images of other licences are never fetched.
        arguments: what stands behind the name and a colon, once for each time it is named.
    """

    client: Client
    endpoints: Endpoints
    licences: Collection[str] | None = None
    arguments: tuple[str, ...] = ()


class SourceKind(Protocol):
    """What the door of sources leads to, in most cases the class of the source itself.

    Attributes:
        name: how it is called on the command line and in manifests.
        help: what it is, in a few words for the help of the command line, with what it needs that
            others do not, such as a key.
        argument: how the help calls what stands behind the name and a colon, such as PATH; None
            for a source that takes nothing.
    """

    name: str
    help: str
    argument: str | None

    def make(self, context: SourceContext) -> ImageSource:
        """A source, ready to be asked.

        Raises:
            CollectError: it cannot work with what it is given.
            MissingPartError: a library that it needs is not installed.
        """
