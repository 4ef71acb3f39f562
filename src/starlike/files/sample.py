"""The sample on disk: one row an image, written by `prepare`, read by every later stage."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from starlike.errors import SampleError
from starlike.files import digest
from starlike.records import AVERAGED, EmbedFrom, EncoderCard, Floats

if TYPE_CHECKING:
    import pyarrow as pa

FILE_NAME = "sample.parquet"
FORMAT_VERSION = 2
KEPT = "kept"
"""The status of a row that has a split and embeddings."""

VERSION, ENCODER, DETECTOR = "starlike_sample_version", "encoder", "detector"
"""Keys of the file's metadata."""

Split = Literal["train", "test"]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample as it was read.

    Attributes:
        table: its rows; see `schema`.
        card: of the encoder whose embeddings it holds.
        detector: the name of what found the faces.
        facts: how it was made: the cleaning `policy` as JSON, and the `seed` of the split.
    """

    table: pa.Table
    card: EncoderCard
    detector: str
    facts: Mapping[str, str]

    def columns(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """The rows, of the named columns alone."""
        return zip(*(self.table[name].to_pylist() for name in names), strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Kept images of a sample, in the order of its rows.

    Attributes:
        classes: K names; `labels` index them.
        labels: (N,) int64.
        embeddings: (N, D) float32.
        augmented: (N, A, D) float32, of the same faces moved, mirrored and degraded; for
            averaged embeddings all that they are the average of; none for those of the crop.
        images: N paths below the folder that was prepared.
        sources: N names of where the images came from.
        card: of the encoder whose embeddings these are.
    """

    classes: tuple[str, ...]
    labels: Labels
    embeddings: Floats
    augmented: Floats
    images: tuple[str, ...]
    sources: tuple[str, ...]
    card: EncoderCard

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: npt.NDArray[Any]) -> Labelled:
        """The images at the given positions (or where a mask is true), classes unchanged."""
        index = np.arange(len(self))[rows]
        return Labelled(
            classes=self.classes,
            labels=self.labels[index],
            embeddings=self.embeddings[index],
            augmented=self.augmented[index],
            images=tuple(self.images[i] for i in index),
            sources=tuple(self.sources[i] for i in index),
            card=self.card,
        )


def schema(dimensions: int) -> pa.Schema:
    """Columns of `sample.parquet` with embeddings of so many dimensions (D).

    `top` to `left` are the face box in pixels of the upright image, `face_px` its shorter side in
    pixels, `sharpness` the variance of the face's Laplacian; `embedding` and `crop_embedding` are
    the embedding in the whole photo and in the 170×170 crop, `augmented_embeddings` those of A
    augmentations of the same face, one after the other. Where there is no usable face they are
    null.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy

    embedding = pa.list_(pa.float32(), dimensions)
    texts = ["class", "image", "source", "sha256", "split", "status", "reason", "detector"]
    numbers = ["width", "height", "faces", "top", "right", "bottom", "left", "face_px"]
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.int32()) for name in numbers),
            ("sharpness", pa.float32()),
            ("embedding", embedding),
            ("crop_embedding", embedding),
            ("augmented_embeddings", pa.list_(pa.float32())),
        ]
    )


def read(folder: Path) -> Sample:
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
        facts = {name.decode(): value.decode() for name, value in _metadata(table).items()}
        version = facts.pop(VERSION, "?")
        sample = _of_format_2(table, facts) if version == str(FORMAT_VERSION) else None
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:
        raise SampleError(f"{file}: the sample is damaged; prepare it again") from error
    if sample is None:
        raise SampleError(
            f"{file}: a sample of format {version}, but {FORMAT_VERSION} is read here; "
            "prepare it again"
        )
    return sample


def _metadata(table: pa.Table) -> dict[bytes, bytes]:
    return dict(table.schema.metadata or {})


def _of_format_2(table: pa.Table, facts: dict[str, str]) -> Sample:
    card, detector = EncoderCard.from_dict(json.loads(facts.pop(ENCODER))), facts.pop(DETECTOR)
    if not table.schema.equals(schema(card.dimensions)):
        raise ValueError("it has other columns")
    return Sample(table=table, card=card, detector=detector, facts=facts)


def select(
    sample: Sample,
    embed_from: EmbedFrom,
    *,
    split: Split | None = None,
    classes: Collection[str] | None = None,
) -> Labelled:
    """The kept images of a sample, as arrays.

    Args:
        sample: what `read` gave.
        embed_from: which embeddings to take.
        split: only this split; by default both.
        classes: only these classes, numbered in this order (a class without an image keeps its
            number); by default all that have an image, by name.

    Raises:
        SampleError: nothing is left.
    """
    asked = None if classes is None else frozenset(classes)
    rows, names = [], []
    for i, (name, status, own_split) in enumerate(sample.columns("class", "status", "split")):
        wanted = split in (None, own_split) and (asked is None or name in asked)
        if status == KEPT and wanted:
            rows.append(i)
            names.append(name)
    if not rows:
        raise SampleError("the sample holds no usable image of what was asked for")
    kept = sample.table.take(rows)
    numbered = tuple(sorted(set(names)) if classes is None else classes)
    number = {name: label for label, name in enumerate(numbered)}
    embeddings, augmented = _embeddings(kept, embed_from, sample.card.dimensions)
    return Labelled(
        classes=numbered,
        labels=np.array([number[name] for name in names], dtype=np.int64),
        embeddings=embeddings,
        augmented=augmented,
        images=tuple(kept["image"].to_pylist()),
        sources=tuple(kept["source"].to_pylist()),
        card=sample.card,
    )


def _embeddings(kept: pa.Table, embed_from: EmbedFrom, dimensions: int) -> tuple[Floats, Floats]:
    """Embeddings and those of augmentations, as `Labelled` has them."""
    column = "crop_embedding" if embed_from == "crop" else "embedding"
    embeddings = _matrix(kept[column]).reshape(len(kept), dimensions)
    if embed_from == "crop":
        return embeddings, np.zeros((len(kept), 0, dimensions), dtype=np.float32)
    augmented = _matrix(kept["augmented_embeddings"]).reshape(len(kept), -1, dimensions)
    if embed_from == "photo":
        return embeddings, augmented
    augmented = np.concatenate([embeddings[:, None], augmented], axis=1)
    return augmented[:, :AVERAGED].mean(axis=1), augmented


def _matrix(column: pa.ChunkedArray) -> Floats:
    values = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float32)


def identity(sample: Sample) -> str:
    """SHA-256 by which a sample is known: over class, content and split of its kept images.

    The order of the rows, what was left out, and the encoder do not change it.
    """
    rows = sample.columns("status", "class", "sha256", "split")
    kept = sorted(row for status, *row in rows if status == KEPT)
    return digest.sha256(json.dumps(kept).encode())
