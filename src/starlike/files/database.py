"""SQLite files: what is kept in them survives a process that is killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlike.errors import StarlikeError

PATIENCE = 60.0
"""Seconds for which a file is waited for while another process writes it."""


def connect(
    file: Path, tables: str, *, patience: float = PATIENCE, alone: bool = False
) -> sqlite3.Connection:
    """Open a SQLite file; it and its folder are made where they are missing.

    What was committed is there after the process was killed. After the machine lost its power, the
    last transactions may be missing, but the file is whole: https://www.sqlite.org/wal.html.

    Args:
        file: the file.
        tables: statements that make its tables where they are missing.
        patience: seconds to wait for another process.
        alone: let no other process open the file meanwhile.

    Raises:
        OSError, sqlite3.Error: it cannot be used; see `is_locked`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=patience)
    try:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(tables)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another process uses the file."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


@contextmanager
def telling_of_cache(kind: type[StarlikeError], file: Path, what: str) -> Iterator[None]:
    """Tell an error of a cache, which can be made again, as one of `kind`, in a line.

    Args:
        kind: the error to raise.
        file: the cache.
        what: what it holds, such as `analyses`.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise kind(
            f"{file}: the cache of {what} cannot be used ({error}); "
            "remove it, or set STARLIKE_CACHE to a folder that can be written"
        ) from error
