"""Writing a sample, row by row: only some rows are in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from starlike.files import storage
from starlike.files.sample import (
    DETECTOR,
    ENCODER,
    FILE_NAME,
    FORMAT_VERSION,
    VERSION,
    Split,
    schema,
)
from starlike.records import Box, EncoderCard, Floats

if TYPE_CHECKING:
    import pyarrow as pa

_ROW_GROUP = 1024
"""Rows that are written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantFace:
    """The face in an image that is taken for the person's.

    Attributes:
        box: in pixels of the upright image.
        detector: what found it: the detector's name, or the way in which it looked.
        sharpness: the variance of its Laplacian.
        embedding: (D,) float32, in the whole photo.
        crop_embedding: (D,) float32, in the 170×170 crop.
        augmented: (A, D) float32, of A augmentations of it.
    """

    box: Box
    detector: str
    sharpness: float
    embedding: Floats
    crop_embedding: Floats
    augmented: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An image of a sample.

    Attributes:
        name: its class.
        image: its path below the folder that was prepared.
        source: where it came from.
        sha256: of its content; empty where it could not be read.
        status: `KEPT`, or why it was left out ...
        reason: ... in words.
        split: None where it was left out.
        size: width and height in pixels.
        faces: how many were found.
        face: the one that is meant.
    """

    name: str
    image: str
    source: str
    sha256: str
    status: str
    reason: str | None = None
    split: Split | None = None
    size: tuple[int, int] = (0, 0)
    faces: int = 0
    face: MeantFace | None = None


class Writer:
    """Takes rows, and writes them as they come."""

    def __init__(self, file: Any, columns: pa.Schema) -> None:
        self._file, self._columns = file, columns
        self._waiting: list[Row] = []

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows behind the others."""
        self._waiting += rows
        while len(self._waiting) >= _ROW_GROUP:
            self._write(self._waiting[:_ROW_GROUP])
            del self._waiting[:_ROW_GROUP]

    def finish(self) -> None:
        """Write what is not written yet."""
        if self._waiting:
            self._write(self._waiting)

    def _write(self, rows: Sequence[Row]) -> None:
        import pyarrow as pa  # noqa: PLC0415  heavy

        cells = [_cells(row) for row in rows]
        arrays = [
            _lists([row.get(column.name) for row in cells], column.type)
            if pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type)
            else pa.array([row.get(column.name) for row in cells], column.type)
            for column in self._columns
        ]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._columns))


@contextmanager
def writing(
    folder: Path, *, card: EncoderCard, detector: str, facts: Mapping[str, str]
) -> Iterator[Writer]:
    """Write `sample.parquet`, which replaces an earlier one when the block ends without an error.

    Args:
        folder: where.
        card: of the encoder whose embeddings the rows have.
        detector: the name of what found the faces.
        facts: how it is made; see `Sample`.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  heavy

    identity = {
        VERSION: str(FORMAT_VERSION),
        ENCODER: json.dumps(card.to_dict()),
        DETECTOR: detector,
    }
    columns = schema(card.dimensions).with_metadata({**facts, **identity})
    with (
        storage.writing(folder / FILE_NAME) as temporary,
        pq.ParquetWriter(temporary, columns, compression="zstd", write_page_checksum=True) as file,
    ):
        writer = Writer(file, columns)
        yield writer
        writer.finish()


def _cells(row: Row) -> dict[str, Any]:
    """The columns of a row that are not null."""
    cells: dict[str, Any] = {
        "class": row.name,
        "image": row.image,
        "source": row.source,
        "sha256": row.sha256,
        "split": row.split,
        "status": row.status,
        "reason": row.reason,
        "width": row.size[0],
        "height": row.size[1],
        "faces": row.faces,
    }
    if row.face is None:
        return cells
    return cells | {
        **dict(zip(Box._fields, row.face.box, strict=True)),
        "detector": row.face.detector,
        "face_px": row.face.box.side,
        "sharpness": row.face.sharpness,
        "embedding": row.face.embedding,
        "crop_embedding": row.face.crop_embedding,
        "augmented_embeddings": row.face.augmented.ravel(),
    }


def _lists(vectors: Sequence[Floats | None], kind: Any) -> Any:
    """A column of vectors or nulls, without a Python object for each number."""
    import pyarrow as pa  # noqa: PLC0415  heavy

    none = np.array([vector is None for vector in vectors])
    if pa.types.is_fixed_size_list(kind):
        empty = np.zeros(kind.list_size, dtype=np.float32)
        values = np.concatenate([empty if vector is None else vector for vector in vectors])
        return pa.FixedSizeListArray.from_arrays(pa.array(values), type=kind, mask=pa.array(none))
    lengths = [0 if vector is None else len(vector) for vector in vectors]
    offsets = pa.array(np.cumsum([0, *lengths], dtype=np.int32))
    there = [vector for vector in vectors if vector is not None]
    values = np.concatenate(there) if there else np.zeros(0, dtype=np.float32)
    return pa.ListArray.from_arrays(offsets, pa.array(values), type=kind, mask=pa.array(none))
