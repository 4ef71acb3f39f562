"""Images of one's own: a folder of one folder a person, or a CSV list of addresses."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urlsplit

from starlike.errors import CollectError, SourceError, one_line
from starlike.files.people import Person
from starlike.names import compare_key
from starlike.web import licences
from starlike.web.image_source import OWN, ImageCandidate, ImagePage, SourceContext

_NEEDED = ("name", "url")
_FORM = "a list has the columns name and url, and may have page_url, licence, author and title"


class Own:
    """Folders and lists, in the order in which they were named."""

    name = OWN
    help: ClassVar[str] = "a folder or a CSV list of images of one's own"
    argument: ClassVar[str | None] = "PATH"

    def __init__(self, places: Sequence[Path]) -> None:
        """Read the lists, and see that the folders are there.

        Raises:
            CollectError: a place is neither a folder nor a list that can be read.
        """
        self._places = [_List(place) if place.is_file() else _Folder(place) for place in places]

    @classmethod
    def make(cls, context: SourceContext) -> Self:
        """The source of a run.

        Raises:
            CollectError: no place is named, or one is neither a folder nor a list.
        """
        if not context.arguments or not all(context.arguments):
            raise CollectError("own: say where your own images are: own:FOLDER or own:LIST.csv")
        return cls([Path(place).expanduser() for place in context.arguments])

    async def page(self, person: Person, cursor: str | None) -> ImagePage:  # noqa: ARG002  all at once
        """All images of a person, without a cursor.

        Raises:
            SourceError: a folder cannot be read.
        """
        found = await asyncio.to_thread(self._found, person)
        return ImagePage(tuple(found))

    def _found(self, person: Person) -> list[ImageCandidate]:
        return [candidate for place in self._places for candidate in place.of(person)]


class _Folder:
    """`<folder>/<name>/*`: whatever the files are called, hidden ones left out."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CollectError(f"{folder}: there is no such folder of images, and no such list")
        self._folder = folder.resolve()

    def of(self, person: Person) -> list[ImageCandidate]:
        keys = {compare_key(person.name), compare_key(person.folder)}
        try:
            files = [
                file
                for folder in sorted(self._folder.iterdir())
                if compare_key(folder.name) in keys and folder.is_dir()
                for file in sorted(folder.iterdir())
                if file.is_file() and not file.name.startswith(".")
            ]
        except OSError as error:
            raise SourceError(f"{self._folder}: it cannot be read ({error.strerror})") from error
        return [ImageCandidate(file.as_uri(), title=file.stem) for file in files]


class _List:
    """A CSV table with a header, in UTF-8: one row an image."""

    def __init__(self, file: Path) -> None:
        self._candidates: defaultdict[str, list[ImageCandidate]] = defaultdict(list)
        for number, row in _rows(file):
            name = compare_key(row["name"])
            self._candidates[name].append(_candidate(row, file, number))

    def of(self, person: Person) -> list[ImageCandidate]:
        return self._candidates.get(compare_key(person.name), [])


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a list, each with the number of its line.

    Raises:
        CollectError: it is not such a list.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
        header = {column.strip() for column in reader.fieldnames or ()}
        rows = [(reader.line_num, _cells(row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is not a CSV table in UTF-8"
        raise CollectError(f"{file}: the list cannot be read ({reason})") from error
    if missing := [column for column in _NEEDED if column not in header]:
        raise CollectError(f"{file}: the column {missing[0]} is missing; {_FORM}")
    for number, row in rows:
        if empty := [column for column in _NEEDED if not row[column]]:
            raise CollectError(f"{file}: line {number}: the {empty[0]} is missing")
    return rows


def _cells(row: Mapping[str | None, str | list[str]]) -> dict[str, str]:
    # What stands beyond the last column comes as a list, with no name.
    named = {key.strip(): value for key, value in row.items() if key is not None}
    return {key: value.strip() for key, value in named.items() if isinstance(value, str)}


def _candidate(row: Mapping[str, str], file: Path, number: int) -> ImageCandidate:
    return ImageCandidate(
        image_url=_address(row["url"], file, number),
        page_url=row.get("page_url") or None,
        licence=licences.parse(row.get("licence", "")),
        author=one_line(row.get("author", "")) or None,
        title=one_line(row.get("title", "")) or None,
    )


def _address(url: str, file: Path, number: int) -> str:
    """An address of the web as it is; a file's as a file URL, sought beside the list.

    Raises:
        CollectError: it is neither.
    """
    try:
        scheme = urlsplit(url).scheme
        # One letter and a colon is no scheme but a drive.
        return url if len(scheme) > 1 else (file.resolve().parent / url).resolve().as_uri()
    except ValueError:
        raise CollectError(f"{file}: line {number}: {url!r} is not an address") from None
