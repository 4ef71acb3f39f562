"""The folder of portraits while some are put into it: whole at every moment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from starlike.errors import PortraitsError
from starlike.files import digest, portrait_folder, storage
from starlike.files.portrait_folder import Portrait
from starlike.web import licences
from starlike.web.image_source import ImageCandidate

_LOT = 8
# What this module writes, and what it leaves where it is killed while it writes.
_OWN_FILES = re.compile(r"[0-9a-f]{16}\.jpg|\.[a-z0-9_]{8}\.(jpg|json)")


class PortraitWriter:
    """Portraits that are there, and those that are added.

    A picture's name comes from its content and is never written twice with another, so that the
    list on disk always tells the author of the very picture that lies beside it.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        """Open a folder to write into; a damaged list of portraits is begun anew.

        Args:
            folder: made where it is missing.
            names: the classes that may have a portrait; those of others are removed.

        Raises:
            PortraitsError: the folder cannot be written.
        """
        try:
            storage.check_folder(folder)
        except OSError as error:
            raise PortraitsError(
                f"{folder}: portraits cannot be written there ({error.strerror}); choose another "
                "folder with --out, and name it to the server in STARLIKE_PORTRAITS"
            ) from error
        self._folder = folder
        try:
            there = portrait_folder.opened(folder)
        except PortraitsError:
            there = portrait_folder.Portraits(folder, {})
        found = ((name, there.portrait(name)) for name in names)
        self._portraits = {name: portrait for name, portrait in found if portrait}
        self._unlisted = 0

    def __contains__(self, name: object) -> bool:
        return name in self._portraits

    def __len__(self) -> int:
        return len(self._portraits)

    def add(self, name: str, picture: bytes, candidate: ImageCandidate) -> None:
        """Add a class's portrait, or put it in the place of the one before.

        Raises:
            PortraitsError: it cannot be written.
        """
        image = f"{digest.sha256(picture)[:16]}.jpg"
        with storage.telling(PortraitsError, self._folder):
            storage.write_bytes(self._folder / image, picture)
        self._portraits[name] = _portrait(name, image, candidate)
        self._unlisted += 1
        if self._unlisted >= _LOT:
            self.write_list()

    def write_list(self) -> None:
        """Write the list of portraits.

        Raises:
            PortraitsError: it cannot be written.
        """
        portrait_folder.write_index(self._folder, list(self._portraits.values()))
        self._unlisted = 0

    def close(self) -> None:
        """Write the list, and remove pictures that are not in it.

        Raises:
            PortraitsError: the folder cannot be written.
        """
        self.write_list()
        listed = {portrait.image for portrait in self._portraits.values()}
        with storage.telling(PortraitsError, self._folder):
            for file in self._folder.iterdir():
                if file.name not in listed and _OWN_FILES.fullmatch(file.name):
                    file.unlink(missing_ok=True)


def _portrait(name: str, image: str, candidate: ImageCandidate) -> Portrait:
    licence = candidate.licence
    line = licences.attribution(candidate.title, candidate.author, licence, candidate.page_url)
    return Portrait(
        name=name,
        image=image,
        licence=licence.label,
        licence_url=licence.url,
        author=candidate.author,
        page_url=candidate.page_url,
        # Licences ask to be told of changes: https://creativecommons.org/licenses/by/4.0/, 3(a)(1)B
        attribution=f"{line}, cropped",
    )
