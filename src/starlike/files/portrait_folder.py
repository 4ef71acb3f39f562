"""The portraits of a model: a picture of each class that may be shown, with its attribution."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from starlike.errors import PortraitsError
from starlike.files import storage

FOLDER, INDEX = "portraits", "portraits.json"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A picture of a class that may be shown.

    Attributes:
        name: the class.
        image: the name of the picture's file in the folder of portraits.
        licence: as people read it, such as CC BY-SA 4.0.
        licence_url: its text.
        author: as plain text.
        page_url: the page that the picture comes from.
        attribution: the line to be shown with it.
    """

    name: str
    image: str
    licence: str
    licence_url: str | None
    author: str | None
    page_url: str | None
    attribution: str


class Portraits:
    """The portraits of a model, by class."""

    def __init__(self, folder: Path, portraits: Mapping[str, Portrait]) -> None:
        self._folder, self._portraits = folder, portraits

    def __len__(self) -> int:
        return len(self._portraits)

    def portrait(self, name: str) -> Portrait | None:
        """The portrait of a class, or None where there is none."""
        return self._portraits.get(name)

    def file(self, portrait: Portrait) -> Path:
        """Where a portrait's picture lies."""
        return self._folder / portrait.image


def opened(folder: Path) -> Portraits:
    """Open a folder of portraits; where there is none, there are no portraits.

    Pictures that are missing are left out.

    Raises:
        PortraitsError: its index is damaged or of another format version.
    """
    file = folder / INDEX
    if not file.exists():
        return Portraits(folder, {})
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        if facts["format"] != FORMAT_VERSION:
            raise PortraitsError(
                f"{folder}: portraits of format {facts['format']}, but {FORMAT_VERSION} is read "
                "here; fetch them again: starlike portraits"
            )
        portraits = [Portrait(**item) for item in facts["portraits"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PortraitsError(
            f"{file}: the list of portraits is damaged; fetch them again: starlike portraits"
        ) from error
    inside = [item for item in portraits if Path(item.image).name == item.image]
    return Portraits(
        folder, {item.name: item for item in inside if (folder / item.image).is_file()}
    )


def write_index(folder: Path, portraits: Sequence[Portrait]) -> None:
    """Write the list of the portraits in a folder.

    Raises:
        PortraitsError: it cannot be written.
    """
    facts = {
        "format": FORMAT_VERSION,
        "portraits": [asdict(item) for item in sorted(portraits, key=lambda item: item.name)],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    with storage.telling(PortraitsError, folder):
        storage.write_text(folder / INDEX, text)
