"""Samples written from plain rows, as tests make them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample, sample_writer
from starlike.files.sample_writer import MeantFace, Row
from starlike.records import Box, EncoderCard


def write(
    folder: Path,
    rows: Sequence[Mapping[str, Any]],
    *,
    card: EncoderCard = DLIB_RESNET,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Write rows, given by column, as a sample; what is not given of a face is made up."""
    with sample_writer.writing(folder, card=card, detector="dlib", facts=facts or {}) as writer:
        writer.add(_row(row, card) for row in rows)


def forget(folder: Path, *columns: str) -> None:
    """Write a sample anew with nothing in these columns."""
    file = folder / sample.FILE_NAME
    table = pq.read_table(file)
    for name in columns:
        place, field = table.schema.get_field_index(name), table.schema.field(name)
        table = table.set_column(place, field, pa.nulls(len(table), field.type))
    pq.write_table(table, file)


def _row(cells: Mapping[str, Any], card: EncoderCard) -> Row:
    return Row(
        name=cells["class"],
        image=cells.get("image", ""),
        source=cells.get("source", "crawl"),
        sha256=cells.get("sha256", ""),
        status=cells["status"],
        reason=cells.get("reason"),
        split=cells.get("split"),
        size=(cells.get("width", 0), cells.get("height", 0)),
        faces=cells.get("faces", 0),
        face=_face(cells, card) if "embedding" in cells else None,
    )


def _face(cells: Mapping[str, Any], card: EncoderCard) -> MeantFace:
    embedding = np.asarray(cells["embedding"], dtype=np.float32)
    augmented = np.asarray(cells.get("augmented_embeddings", ()), dtype=np.float32)
    side = cells.get("face_px", 100)
    return MeantFace(
        box=Box(*(cells.get(edge, side * (edge in "right bottom")) for edge in Box._fields)),
        detector=cells.get("detector", "hog"),
        sharpness=cells.get("sharpness", 100.0),
        embedding=embedding,
        crop_embedding=np.asarray(cells.get("crop_embedding", embedding), dtype=np.float32),
        augmented=augmented.reshape(-1, card.dimensions),
    )
