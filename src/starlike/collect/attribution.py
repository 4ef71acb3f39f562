"""What a folder of collected images says of itself: the manifest, and ATTRIBUTION.md."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from starlike.collect.ledger import Ledger, path_of
from starlike.errors import one_line
from starlike.files import manifest, storage
from starlike.web import licences
from starlike.web.licences import Licence
from starlike.web.status import Status

FILE_NAME = "ATTRIBUTION.md"
_HEADING = """# Attribution

Where the images in this folder come from, who made them and under which licence they may be used.
`rights: unknown` means that nobody has said so: such images are not to be passed on.
"""


def write(folder: Path, book: Ledger) -> tuple[Path, Path]:
    """Write `manifest.parquet` and `ATTRIBUTION.md` from the ledger.

    Raises:
        CollectError, OSError: they cannot be written.
    """
    rows = [
        _row(row, rank)
        for _, of_class in groupby(book.rows(), key=lambda row: row["class"])
        for rank, row in enumerate(of_class, start=1)
    ]
    written = manifest.write(folder, rows)
    file = folder / FILE_NAME
    storage.write_text(file, _text(rows))
    return written, file


def _row(row: sqlite3.Row, rank: int) -> dict[str, Any]:
    """A row of the manifest; `sqlite3.Row` has the ledger's columns."""
    shared = ["class", "source", "image_url", "page_url", "title", "author", "licence"]
    shared += ["licence_label", "licence_url", "status", "reason", "sha256"]
    shared += ["width", "height", "bytes"]
    licence = Licence(row["licence"], row["licence_label"], row["licence_url"])
    fetched = row["fetched_at"]
    kept = row["status"] == Status.KEPT
    return {name: row[name] for name in shared} | {
        "rank": rank,
        "image": path_of(row) if kept else None,
        "portrait": bool(row["portrait"]),
        "attribution": licences.attribution(
            row["title"], row["author"], licence, row["page_url"] or row["image_url"]
        ),
        "fetched_at": None if fetched is None else datetime.fromtimestamp(fetched, UTC),
    }


def _text(rows: list[dict[str, Any]]) -> str:
    kept = [row for row in rows if row["status"] == Status.KEPT]
    parts = [_HEADING]
    for name, images in groupby(kept, key=lambda row: row["class"]):
        lines = [f"- `{Path(row['image']).name}`: {_escaped(row['attribution'])}" for row in images]
        parts.append(f"## {_escaped(name)}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in one_line(text))
