"""The sample on disk: one row an image, written by `prepare`, read by every later stage."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from starlike.errors import SampleError
from starlike.files import digest, storage
from starlike.records import DIMENSIONS, EmbedFrom, Floats

if TYPE_CHECKING:
    import pyarrow as pa

FILE_NAME = "sample.parquet"
FORMAT_VERSION = 1
KEPT = "kept"
"""The status of a row that has a split and embeddings."""

Split = Literal["train", "test"]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Kept images of a sample, in the order of its rows.

    Attributes:
        classes: K names; `labels` index them.
        labels: (N,) int64.
        embeddings: (N, 128) float32.
        augmented: (N, A, 128) float32, of the same faces moved, mirrored and degraded; for
            averaged embeddings all that they are the average of; none for those of the crop.
        images: N paths below the folder that was prepared.
        sources: N names of where the images came from.
    """

    classes: tuple[str, ...]
    labels: Labels
    embeddings: Floats
    augmented: Floats
    images: tuple[str, ...]
    sources: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: npt.NDArray[Any]) -> Labelled:
        """The images at the given positions (or where a mask is true), classes unchanged."""
        index = np.arange(len(self))[rows]
        return Labelled(
            self.classes,
            self.labels[index],
            self.embeddings[index],
            self.augmented[index],
            tuple(self.images[i] for i in index),
            tuple(self.sources[i] for i in index),
        )


def schema() -> pa.Schema:
    """Columns of `sample.parquet`.

    `top` to `left` are the face box in pixels of the upright image, `face_px` its shorter side in
    pixels, `sharpness` the variance of the face's Laplacian; `photo` and `crop` are the embedding
    in the whole photo and in the 170×170 crop, `augmented_embeddings` those of A augmentations of
    the same face, one after the other. Where there is no usable face they are null.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy

    embedding = pa.list_(pa.float32(), DIMENSIONS)
    texts = ["class", "image", "source", "sha256", "split", "status", "reason", "detector"]
    numbers = ["width", "height", "faces", "top", "right", "bottom", "left", "face_px"]
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.int32()) for name in numbers),
            ("sharpness", pa.float32()),
            ("photo", embedding),
            ("crop", embedding),
            ("augmented_embeddings", pa.list_(pa.float32())),
        ]
    )


def write(folder: Path, rows: Sequence[dict[str, Any]], facts: dict[str, str]) -> Path:
    """Write rows as `sample.parquet`, with `facts` (how it was made) in its metadata."""
    import pyarrow as pa  # noqa: PLC0415  heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    facts = {"starlike_sample_version": str(FORMAT_VERSION), **facts}
    table = pa.Table.from_pylist(list(rows), schema=schema()).replace_schema_metadata(facts)
    file = folder / FILE_NAME
    with storage.writing(file) as temporary:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
    return file


def read(folder: Path) -> pa.Table:
    """Read a sample from the folder that `prepare` wrote.

    Raises:
        SampleError: there is none, it is damaged, or of another format version.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = folder if folder.suffix == ".parquet" else folder / FILE_NAME
    if not file.is_file():
        raise SampleError(f"{folder}: there is no sample; make one with: starlike prepare")
    try:
        table = pq.read_table(file, page_checksum_verification=True)
        version = (table.schema.metadata or {}).get(b"starlike_sample_version", b"?").decode()
        fits = table.schema.equals(schema())
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise SampleError(f"{file}: the sample is damaged; prepare it again") from error
    if version != str(FORMAT_VERSION) or not fits:
        raise SampleError(
            f"{file}: a sample of format {version}, but {FORMAT_VERSION} is read here; "
            "prepare it again"
        )
    return table


def select(
    table: pa.Table,
    embed_from: EmbedFrom,
    *,
    split: Split | None = None,
    classes: Collection[str] | None = None,
) -> Labelled:
    """The kept images of a sample, as arrays.

    Args:
        table: what `read` gave.
        embed_from: which embeddings to take.
        split: only this split; by default both.
        classes: only these classes, numbered in this order (a class without an image keeps its
            number); by default all that have an image, by name.

    Raises:
        SampleError: nothing is left.
    """
    status, splits = table["status"].to_pylist(), table["split"].to_pylist()
    names = table["class"].to_pylist()
    asked = None if classes is None else frozenset(classes)
    rows = [
        i
        for i, name in enumerate(names)
        if status[i] == KEPT
        and (split is None or splits[i] == split)
        and (asked is None or name in asked)
    ]
    if not rows:
        raise SampleError("the sample holds no usable image of what was asked for")
    kept = table.take(rows)
    numbered = tuple(sorted({names[i] for i in rows}) if classes is None else classes)
    number = {name: label for label, name in enumerate(numbered)}
    return Labelled(
        numbered,
        np.array([number[names[i]] for i in rows], dtype=np.int64),
        *_embeddings(kept, embed_from),
        tuple(kept["image"].to_pylist()),
        tuple(kept["source"].to_pylist()),
    )


def _embeddings(kept: pa.Table, embed_from: EmbedFrom) -> tuple[Floats, Floats]:
    """Embeddings and views, as `Labelled` has them."""
    column = "crop" if embed_from == "crop" else "photo"
    embeddings = _matrix(kept[column]).reshape(len(kept), DIMENSIONS)
    if embed_from == "crop":
        return embeddings, np.zeros((len(kept), 0, DIMENSIONS), dtype=np.float32)
    views = _matrix(kept["augmented_embeddings"]).reshape(len(kept), -1, DIMENSIONS)
    if embed_from == "photo":
        return embeddings, views
    views = np.concatenate([embeddings[:, None], views], axis=1)
    return views.mean(axis=1), views


def _matrix(column: pa.ChunkedArray) -> Floats:
    values = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float32)


def identity(table: pa.Table) -> str:
    """SHA-256 by which a sample is known: over class, content and split of its kept images.

    The order of the rows and what was left out do not change it.
    """
    columns = (table[name].to_pylist() for name in ("status", "class", "sha256", "split"))
    kept = sorted(row for status, *row in zip(*columns, strict=True) if status == KEPT)
    return digest.sha256(json.dumps(kept).encode())
