"""Analyses by content, kept on disk: a second run over the same images takes seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from starlike.errors import SampleError
from starlike.prepare.analysis import VERSION, Analysis

_BATCH = 500


class Cache:
    """A small SQLite file: content's SHA-256 → analysis. Each result is safe once it is put."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS analyses "
            "(sha256 TEXT, version INTEGER, analysis BLOB, PRIMARY KEY (sha256, version))"
        )

    def known(self, contents: Iterable[str]) -> set[str]:
        """Those of the contents that were analysed before."""
        rows = self._connection.execute("SELECT sha256 FROM analyses WHERE version = ?", (VERSION,))
        return {row[0] for row in rows} & set(contents)

    def get(self, contents: list[str]) -> dict[str, Analysis]:
        """The analyses of the contents that are known."""
        found = {}
        for start in range(0, len(contents), _BATCH):
            asked = contents[start : start + _BATCH]
            marks = ",".join("?" * len(asked))
            rows = self._connection.execute(
                f"SELECT sha256, analysis FROM analyses WHERE version = ? AND sha256 IN ({marks})",
                (VERSION, *asked),
            )
            found.update({sha: _analysis(blob) for sha, blob in rows})
        return found

    def put(self, content: str, analysis: Analysis) -> None:
        """Keep an analysis; on disk when this returns."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO analyses VALUES (?, ?, ?)",
                (content, VERSION, analysis.to_bytes()),
            )


def _analysis(blob: bytes) -> Analysis:
    try:
        return Analysis.from_bytes(blob)
    except Exception as error:  # damaged bytes make NumPy raise nearly anything
        raise sqlite3.DatabaseError("an analysis in it is damaged") from error


@contextmanager
def opened(file: Path) -> Iterator[Cache]:
    """The cache in a file, made where there is none.

    Raises:
        SampleError: the file cannot be written, is no cache, or turns out to be damaged.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(file, error) from error
    try:
        with closing(sqlite3.connect(file, timeout=60)) as connection:
            yield Cache(connection)
    except sqlite3.Error as error:
        raise _unusable(file, error) from error


def _unusable(file: Path, error: Exception) -> SampleError:
    return SampleError(
        f"{file}: the cache of analyses cannot be used ({error}); "
        "remove it, or set STARLIKE_CACHE to a folder that can be written"
    )
