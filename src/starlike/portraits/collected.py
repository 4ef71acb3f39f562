"""A folder of collected images as the place where portraits are found."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlike.errors import PortraitsError
from starlike.files import manifest
from starlike.files.people import Person
from starlike.names import folder_name
from starlike.portraits.provider import Provider
from starlike.web.image_source import ImageCandidate, ImagePage, file_of
from starlike.web.licences import UNKNOWN, Licence
from starlike.web.status import NotFetchedError, Status


class Collected:
    """The images that `starlike collect` kept, as a source."""

    name = "collected"

    def __init__(self, folder: Path) -> None:
        """Read the folder's manifest.

        Raises:
            PortraitsError: it lists no image, so nothing is known of licences.
            SampleError: it is damaged.
        """
        rows = [row for row in manifest.read(folder) if row["status"] == manifest.KEPT]
        if not rows:
            raise PortraitsError(
                f"{folder}: no {manifest.FILE_NAME} there lists an image; "
                "give a folder that starlike collect wrote"
            )
        rows.sort(key=lambda row: (not row["portrait"], row["rank"] or 0))
        self._by_folder: defaultdict[str, list[ImageCandidate]] = defaultdict(list)
        for row in rows:
            self._by_folder[folder_name(row["class"])].append(_candidate(folder, row))

    async def page(self, person: Person, cursor: str | None) -> ImagePage:  # noqa: ARG002  all at once
        """All images of a person, those first that their own entry shows."""
        return ImagePage(tuple(self._by_folder.get(person.folder, ())))


@asynccontextmanager
async def in_folder(folder: Path) -> AsyncIterator[Provider]:
    """Look in a folder that `starlike collect` wrote, and nowhere else.

    Raises:
        PortraitsError, SampleError: as for `Collected`.
    """

    async def identify(name: str) -> Person:
        return Person(name)

    yield Provider(identify, Collected(folder), copy)


async def copy(candidate: ImageCandidate, into: Path) -> None:
    """Copy an image that lies on this machine.

    Raises:
        NotFetchedError: it is not there any more.
    """
    try:
        shutil.copyfile(file_of(candidate.image_url), into)
    except OSError as error:
        raise NotFetchedError(Status.NOT_FOUND, str(error.strerror)) from error


def _candidate(folder: Path, row: dict[str, Any]) -> ImageCandidate:
    licence = Licence(
        row["licence"] or UNKNOWN.code, row["licence_label"] or UNKNOWN.label, row["licence_url"]
    )
    return ImageCandidate(
        (folder / row["image"]).absolute().as_uri(),
        page_url=row["page_url"],
        licence=licence,
        author=row["author"],
        title=row["title"],
        portrait=bool(row["portrait"]),
    )
