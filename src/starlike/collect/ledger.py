"""What was found, tried and kept, in one SQLite file: killed at any moment, a run can go on.

What is written here is there after the process was killed, for each statement is a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlike.errors import CollectError
from starlike.files import database
from starlike.names import folder_name
from starlike.web.image import Facts
from starlike.web.image_source import ImagePage
from starlike.web.licences import Licence
from starlike.web.status import Status

FILE_NAME = ".collect.sqlite"
FORMAT_VERSION = 1

_PATIENCE = 1.0

_TABLES = """
CREATE TABLE IF NOT EXISTS listings (
    class TEXT, source TEXT, cursor TEXT, ended INTEGER NOT NULL, PRIMARY KEY (class, source)
);
CREATE TABLE IF NOT EXISTS images (
    rank INTEGER PRIMARY KEY, class TEXT NOT NULL, source TEXT NOT NULL, image_url TEXT NOT NULL,
    page_url TEXT, title TEXT, author TEXT,
    licence TEXT NOT NULL, licence_label TEXT NOT NULL, licence_url TEXT, portrait INTEGER NOT NULL,
    status TEXT, reason TEXT,
    sha256 TEXT, extension TEXT, width INTEGER, height INTEGER, bytes INTEGER, fetched_at INTEGER,
    UNIQUE (class, image_url)
);
CREATE INDEX IF NOT EXISTS by_class ON images (class, status);
CREATE INDEX IF NOT EXISTS by_url ON images (image_url);
CREATE INDEX IF NOT EXISTS by_content ON images (sha256);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An image to fetch: its rank, its class, who named it, and where it is."""

    rank: int
    name: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """How far a source was asked about a class: where to go on, and whether it has no more."""

    cursor: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A fetched image: SHA-256, bytes, kind and size, and the name of its file."""

    sha256: str
    size: int
    facts: Facts

    @property
    def file_name(self) -> str:
        """The name of its file in a class folder: the beginning of its SHA-256, and its ending."""
        return f"{self.sha256[:16]}{self.facts.extension}"


class Ledger:
    """The open file. One process at a time; another is refused."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._licences: frozenset[str] = frozenset()
        connection.row_factory = sqlite3.Row
        version = self._fact("format")
        if version is None:
            self._put_fact("format", str(FORMAT_VERSION))
        elif version != str(FORMAT_VERSION):
            raise CollectError(
                f"{FILE_NAME} is of format {version}, but {FORMAT_VERSION} is read here; "
                "collect into another folder"
            )

    def begin(self, licences: frozenset[str]) -> None:
        """Begin a run, or go on with one that did not end.

        After one that ended, or for other licences, sources are asked anew for what they have got
        since; after one that ended, what failed for a time is tried again. Images that a licence
        kept out may be in now.

        Args:
            licences: the codes asked for.
        """
        self._licences = licences
        with self._connection as write:
            wanted = ",".join(sorted(licences))
            if self._fact("ended") == "1" or self._fact("licences") != wanted:
                write.execute("DELETE FROM listings WHERE ended")
            if self._fact("ended") == "1":
                passing = [status.value for status in Status if status.may_pass]
                marks = ",".join("?" * len(passing))
                write.execute(
                    f"UPDATE images SET status = NULL, reason = NULL WHERE status IN ({marks})",
                    passing,
                )
            write.execute("UPDATE images SET status = NULL WHERE status = ?", (Status.LICENCE,))
            marks = ",".join("?" * len(licences))
            write.execute(
                "UPDATE images SET status = ?, reason = licence_label "
                f"WHERE status IS NULL AND licence NOT IN ({marks})",
                (Status.LICENCE, *licences),
            )
        self._put_fact("licences", wanted)
        self._put_fact("ended", "0")

    def end(self) -> None:
        """Note that a run came to its end."""
        self._put_fact("ended", "1")

    def listing(self, name: str, source: str) -> Listing:
        """How far a source was asked about a class."""
        row = self._connection.execute(
            "SELECT cursor, ended FROM listings WHERE class = ? AND source = ?", (name, source)
        ).fetchone()
        return Listing(row["cursor"], bool(row["ended"])) if row else Listing()

    def add(self, name: str, source: str, page: ImagePage) -> None:
        """Take in a page of candidates; those whose URL the class has already are passed over."""
        rows = [
            (
                name,
                source,
                candidate.image_url,
                candidate.page_url,
                candidate.title,
                candidate.author,
                candidate.licence.code,
                candidate.licence.label,
                candidate.licence.url,
                candidate.portrait,
                *self._first_status(candidate.licence),
            )
            for candidate in page.candidates
        ]
        with self._connection as write:
            write.executemany(
                "INSERT OR IGNORE INTO images (class, source, image_url, page_url, title, author, "
                "licence, licence_label, licence_url, portrait, status, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            write.execute(
                "INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?)",
                (name, source, page.cursor, page.cursor is None),
            )

    def _first_status(self, licence: Licence) -> tuple[Status | None, str | None]:
        wanted = licence.code in self._licences
        return (None, None) if wanted else (Status.LICENCE, licence.label)

    def next_task(self, name: str, sources: Sequence[str], after: int) -> Task | None:
        """The first image of a class, after a rank, that these sources named and nobody tried."""
        marks = ",".join("?" * len(sources))
        row = self._connection.execute(
            "SELECT rank, class AS name, source, image_url AS url FROM images WHERE class = ? "
            f"AND status IS NULL AND rank > ? AND source IN ({marks}) ORDER BY rank LIMIT 1",
            (name, after, *sources),
        ).fetchone()
        return Task(**row) if row else None

    def settle(self, task: Task, status: Status, reason: str) -> None:
        """Note why an image is not kept."""
        with self._connection as write:
            write.execute(
                "UPDATE images SET status = ?, reason = ?, fetched_at = ? WHERE rank = ?",
                (status, reason, _now(), task.rank),
            )

    def keep(self, task: Task, content: Content) -> bool:
        """Note an image that came; of the same bytes in one class, the first that was found stays.

        Returns:
            Whether the image is kept, and not a duplicate of one before it.
        """
        with self._connection as write:
            write.execute(
                "UPDATE images SET status = ?, reason = NULL, sha256 = ?, extension = ?, "
                "width = ?, height = ?, bytes = ?, fetched_at = ? WHERE rank = ?",
                (
                    Status.KEPT,
                    content.sha256,
                    content.facts.extension,
                    content.facts.width,
                    content.facts.height,
                    content.size,
                    _now(),
                    task.rank,
                ),
            )
            same = write.execute(
                "SELECT rank, image_url FROM images "
                "WHERE class = ? AND sha256 = ? AND status IN (?, ?) ORDER BY rank",
                (task.name, content.sha256, Status.KEPT, Status.DUPLICATE),
            ).fetchall()
            first = same[0]
            for row in same[1:]:
                write.execute(
                    "UPDATE images SET status = ?, reason = ? WHERE rank = ?",
                    (Status.DUPLICATE, f"the same bytes as {first['image_url']}", row["rank"]),
                )
            write.execute(
                "UPDATE images SET status = ?, reason = NULL WHERE rank = ?",
                (Status.KEPT, first["rank"]),
            )
        return bool(first["rank"] == task.rank)

    def settled(self, url: str) -> sqlite3.Row | None:
        """What is known of a URL from another class, kept first."""
        row: sqlite3.Row | None = self._connection.execute(
            "SELECT * FROM images WHERE image_url = ? AND status IS NOT NULL "
            "AND status NOT IN (?, ?) ORDER BY status != ? LIMIT 1",
            (url, Status.LICENCE, Status.REMOVED, Status.KEPT),
        ).fetchone()
        return row

    def kept(self, name: str) -> int:
        """How many images of a class are kept."""
        count: int = self._connection.execute(
            "SELECT COUNT(*) FROM images WHERE class = ? AND status = ?", (name, Status.KEPT)
        ).fetchone()[0]
        return count

    def rows(self) -> Iterator[sqlite3.Row]:
        """Every image that has a status, by class and rank."""
        yield from self._connection.execute(
            "SELECT * FROM images WHERE status IS NOT NULL ORDER BY class, rank"
        )

    def removed(self, rank: int) -> None:
        """Note that the file of a kept image was taken away by somebody."""
        with self._connection as write:
            write.execute(
                "UPDATE images SET status = ?, reason = ? WHERE rank = ?",
                (Status.REMOVED, "its file was taken away", rank),
            )

    def _fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row["value"] if row else None

    def _put_fact(self, name: str, value: str) -> None:
        with self._connection as write:
            write.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    """The ledger of a folder of collected images, made where there is none.

    Raises:
        CollectError: it cannot be used, or another process is using it.
    """
    file = folder / FILE_NAME
    try:
        with closing(database.connect(file, _TABLES, patience=_PATIENCE, alone=True)) as connection:
            yield Ledger(connection)
    except sqlite3.DatabaseError as error:
        if database.is_locked(error):
            message = f"{folder}: another collect works in this folder; let it end first"
            raise CollectError(message) from error
        if isinstance(error, sqlite3.OperationalError):
            raise CollectError(f"{file}: the ledger cannot be used ({error})") from error
        raise CollectError(
            f"{file}: the ledger is damaged ({error}); collect into another folder"
        ) from error


def facts_of(row: Any) -> Content:
    """What a kept row says of its content."""
    return Content(
        row["sha256"], row["bytes"], Facts(row["extension"], row["width"], row["height"])
    )


def path_of(row: Any) -> str:
    """Where the image of a kept row lies below the folder, with forward slashes."""
    return f"{folder_name(row['class'])}/{facts_of(row).file_name}"
