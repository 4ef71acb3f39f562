"""Analyses by content, kept on disk: a second run over the same images takes seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from starlike.errors import SampleError
from starlike.files import database
from starlike.prepare.analysis import VERSION, Analysis
from starlike.records import EncoderCard

_BATCH = 500

# Until there were several networks, all lay in `analyses`; what is in there can be made again.
_TABLES = """
    DROP TABLE IF EXISTS analyses;
    CREATE TABLE IF NOT EXISTS makers (
        id INTEGER PRIMARY KEY, version INTEGER, detector TEXT, encoder TEXT, weights TEXT,
        dimensions INTEGER, UNIQUE (version, detector, encoder, weights, dimensions)
    );
    CREATE TABLE IF NOT EXISTS analysed (
        maker INTEGER, sha256 BLOB, analysis BLOB, PRIMARY KEY (maker, sha256)
    );
"""


class Cache:
    """The analyses by one detector and one encoder in a small SQLite file, by content.

    Those by others lie in the same file and are never seen here. Each result is safe once it is
    put.
    """

    def __init__(self, connection: sqlite3.Connection, card: EncoderCard, detector: str) -> None:
        self._connection = connection
        maker = (VERSION, detector, card.name, card.sha256, card.dimensions)
        with connection:
            connection.execute(
                "INSERT OR IGNORE INTO makers (version, detector, encoder, weights, dimensions) "
                "VALUES (?, ?, ?, ?, ?)",
                maker,
            )
        (self._maker,) = connection.execute(
            "SELECT id FROM makers WHERE version = ? AND detector = ? AND encoder = ? "
            "AND weights = ? AND dimensions = ?",
            maker,
        ).fetchone()

    def known(self) -> Iterator[bytes]:
        """The SHA-256 of all contents that were analysed before, as 32 bytes each."""
        rows = self._connection.execute(
            "SELECT sha256 FROM analysed WHERE maker = ?", (self._maker,)
        )
        return (sha256 for (sha256,) in rows)

    def get(self, contents: Sequence[str]) -> dict[str, Analysis]:
        """The analyses of the contents that are known."""
        found = {}
        for start in range(0, len(contents), _BATCH):
            asked = [bytes.fromhex(content) for content in contents[start : start + _BATCH]]
            marks = ",".join("?" * len(asked))
            rows = self._connection.execute(
                f"SELECT sha256, analysis FROM analysed WHERE maker = ? AND sha256 IN ({marks})",
                (self._maker, *asked),
            )
            found.update({sha256.hex(): _analysis(blob) for sha256, blob in rows})
        return found

    def put(self, content: str, analysis: Analysis) -> None:
        """Keep an analysis; on disk when this returns."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO analysed VALUES (?, ?, ?)",
                (self._maker, bytes.fromhex(content), analysis.to_bytes()),
            )


def _analysis(blob: bytes) -> Analysis:
    try:
        return Analysis.from_bytes(blob)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error


@contextmanager
def opened(file: Path, card: EncoderCard, detector: str) -> Iterator[Cache]:
    """The cache in a file, made where there is none.

    Args:
        file: may hold the analyses by others, too.
        card: of the encoder.
        detector: the name of the detector.

    Raises:
        SampleError: the file cannot be written, is no cache, or turns out to be damaged.
    """
    telling = database.telling_of_cache
    with telling(SampleError, file, "analyses"):
        connection = database.connect(file, _TABLES)
    with closing(connection):
        try:
            yield Cache(connection, card, detector)
        except sqlite3.Error:  # and no other: that would be an error of what uses the cache
            with telling(SampleError, file, "analyses"):
                raise
