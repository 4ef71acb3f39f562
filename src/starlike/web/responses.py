"""Answers of sources kept on disk, so that nobody is asked twice for what did not change."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from starlike.errors import CollectError
from starlike.files import database

_KEEP = 30 * 24 * 3600
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, checked_at REAL NOT NULL, body BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer that was kept.

    Attributes:
        body: its bytes.
        etag: by which the server says whether it changed.
        modified: likewise.
        checked_at: when it was last known to hold, in seconds since 1970.
    """

    body: bytes
    etag: str | None
    modified: str | None
    checked_at: float

    @property
    def age(self) -> float:
        """Seconds since it was known to hold."""
        return time.time() - self.checked_at

    @property
    def conditions(self) -> dict[str, str]:
        """Request headers that ask only for what changed (RFC 9110, 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class Responses:
    """A small SQLite file: URL → answer. Answers unused for 30 days are dropped."""

    def __init__(self, file: Path) -> None:
        """Open it, or make it.

        Raises:
            CollectError: the file cannot be used.
        """
        self._file = file
        with self._telling():
            self._connection = database.connect(file, _TABLES)
            with self._connection:
                self._connection.execute(
                    "DELETE FROM answers WHERE checked_at < ?", (time.time() - _KEEP,)
                )

    def get(self, url: str) -> Response | None:
        """The answer that is kept for a URL.

        Raises:
            CollectError: the file turns out to be damaged.
        """
        with self._telling():
            row = self._connection.execute(
                "SELECT body, etag, modified, checked_at FROM answers WHERE url = ?", (url,)
            ).fetchone()
        names = ("body", "etag", "modified", "checked_at")
        return Response(**dict(zip(names, row, strict=True))) if row else None

    def put(self, url: str, body: bytes, etag: str | None, modified: str | None) -> None:
        """Keep an answer."""
        with self._telling(), self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                (url, etag, modified, time.time(), body),
            )

    def still_holds(self, url: str) -> None:
        """Note that an answer did not change."""
        with self._telling(), self._connection:
            self._connection.execute(
                "UPDATE answers SET checked_at = ? WHERE url = ?", (time.time(), url)
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _telling(self) -> AbstractContextManager[None]:
        return database.telling_of_cache(CollectError, self._file, "answers")
