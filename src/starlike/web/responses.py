"""Answers of sources kept on disk, so that nobody is asked twice for what did not change."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from starlike.errors import CollectError

_KEEP = 30 * 24 * 3600
_STATEMENTS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS responses (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, asked REAL NOT NULL, body BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: its body, by what it is asked for again, and when it was last known to hold."""

    body: bytes
    etag: str | None
    modified: str | None
    asked: float

    @property
    def age(self) -> float:
        """Seconds since it was known to hold."""
        return time.time() - self.asked

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
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, timeout=60)
            self._connection.executescript(_STATEMENTS)
            with self._connection:
                self._connection.execute(
                    "DELETE FROM responses WHERE asked < ?", (time.time() - _KEEP,)
                )
        except (OSError, sqlite3.Error) as error:
            raise CollectError(
                f"{file}: the cache of answers cannot be used ({error}); "
                "remove it, or set STARLIKE_CACHE to a folder that can be written"
            ) from error

    def get(self, url: str) -> Response | None:
        """The answer that is kept for a URL."""
        row = self._connection.execute(
            "SELECT body, etag, modified, asked FROM responses WHERE url = ?", (url,)
        ).fetchone()
        return Response(*row) if row else None

    def put(self, url: str, body: bytes, etag: str | None, modified: str | None) -> None:
        """Keep an answer."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO responses VALUES (?, ?, ?, ?, ?)",
                (url, etag, modified, time.time(), body),
            )

    def still_holds(self, url: str) -> None:
        """Note that an answer did not change."""
        with self._connection:
            self._connection.execute(
                "UPDATE responses SET asked = ? WHERE url = ?", (time.time(), url)
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
