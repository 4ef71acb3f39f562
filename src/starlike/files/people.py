"""Whom to look for: the table of names that `starlike names` writes and `collect` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import KW_ONLY, astuple, dataclass, fields
from pathlib import Path

from starlike.errors import CollectError, NamesError
from starlike.files import storage
from starlike.names import compare_key, display, folder_name, read_names

_LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Person:
    """A person to look for; what is not known is None or empty.

    Attributes:
        name: the class that the images will belong to.
        wikidata: the Wikidata id, such as Q2263.
        occupations: in English.
        gender: in English.
        born: the year of birth.
        country: of citizenship, in English.
        fame: Wikipedia language editions that have an article about the person.
        portrait: the file on Wikimedia Commons that Wikidata shows, without `File:`.
        category: the person's category on Wikimedia Commons, without `Category:`.
    """

    name: str
    _: KW_ONLY
    wikidata: str | None = None
    occupations: tuple[str, ...] = ()
    gender: str | None = None
    born: int | None = None
    country: str | None = None
    fame: int | None = None
    portrait: str | None = None
    category: str | None = None

    @property
    def folder(self) -> str:
        """The name of the class folder: the person's, without what file systems refuse."""
        return folder_name(self.name)


_COLUMNS = tuple(field.name for field in fields(Person))


def write(file: Path, people: Sequence[Person]) -> None:
    """Write people as a CSV table with a header, in UTF-8.

    Raises:
        CollectError: the file cannot be written.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for person in people:
        writer.writerow([_cell(value) for value in astuple(person)])
    with storage.telling(CollectError, file):
        storage.write_text(file, stream.getvalue())


def read(file: Path) -> list[Person]:
    """Read a table that `write` made, or a CSV table with at least a column `name`, or plain names.

    In a file of plain names, one a line, empty lines and those that begin with # do not count.

    Raises:
        NamesError: there is no such file, it holds nobody, the same folder twice, or a number that
            is none.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NamesError(f"{file}: the names cannot be read ({_reason(error)})") from error
    header = next(csv.reader(io.StringIO(text)), [])
    if "name" in [column.strip() for column in header]:
        people = _from_table(file, text)
    else:
        people = [Person(display(name)) for name in read_names(file)]
    return check(people, file)


def check(people: Sequence[Person], place: Path | str) -> list[Person]:
    """The people, once it is sure that each has a class folder of their own.

    Raises:
        NamesError: nobody is there, a name makes no folder, or two people share one.
    """
    if not people:
        raise NamesError(f"{place}: nobody is named there")
    taken: dict[str, Person] = {}
    for person in people:
        if not person.folder:
            raise NamesError(f"{place}: {person.name!r} cannot be the name of a folder")
        other = taken.setdefault(compare_key(person.folder), person)
        if other is not person:
            raise NamesError(
                f"{place}: {other.name} and {person.name} would share a folder; "
                "name each once, and tell people of one name apart, as in 'Ann Lee (actor)'"
            )
    return list(people)


def _from_table(file: Path, text: str) -> list[Person]:
    people = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        cells = {(key or "").strip(): (value or "").strip() for key, value in row.items() if key}
        name = display(cells.get("name", ""))
        if not name:
            continue
        people.append(
            Person(
                name,
                wikidata=cells.get("wikidata") or None,
                occupations=tuple(
                    part.strip()
                    for part in cells.get("occupations", "").split(_LIST_SEPARATOR.strip())
                    if part.strip()
                ),
                gender=cells.get("gender") or None,
                born=_number(cells.get("born", ""), file, number),
                country=cells.get("country") or None,
                fame=_number(cells.get("fame", ""), file, number),
                portrait=cells.get("portrait") or None,
                category=cells.get("category") or None,
            )
        )
    return people


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return _LIST_SEPARATOR.join(value)
    return "" if value is None else str(value)


def _number(text: str, file: Path, line: int) -> int | None:
    try:
        return int(text) if text.strip() else None
    except ValueError:
        raise NamesError(f"{file}: line {line}: {text!r} is not a whole number") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "it is not UTF-8 text"
