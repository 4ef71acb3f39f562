"""One image → what can be said of it alone: its faces, their quality and their embeddings."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from starlike.records import Box, Face, Floats, Landmarks

VERSION = 5
"""Raised whenever an image would be analysed to another result, so that caches are not reused."""

HASH_BITS = 64

_HEAD = struct.Struct("<II")


def _no_embeddings(dimensions: int) -> Floats:
    return np.zeros((0,) * dimensions, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an image could not be analysed: a status code, and the reason in words."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What one image holds.

    Attributes:
        failure: None where it could be opened and shows a face.
        size: width and height in pixels.
        faces: the largest faces, at most four, largest first; `found` counts all of them.
        sharpness: one figure a face.
        hashes: (F, 64) bool, a perceptual hash of each face.
        embeddings: (F, 1 + A, D) float32: each face's embedding in the photo, then those of its A
            augmentations.
        crop_embeddings: (F, D) float32: each face's embedding in its crop.
    """

    failure: Failure | None = None
    size: tuple[int, int] = (0, 0)
    found: int = 0
    faces: tuple[Face, ...] = ()
    sharpness: tuple[float, ...] = ()
    hashes: npt.NDArray[np.bool_] = field(
        default_factory=lambda: np.zeros((0, HASH_BITS), dtype=bool)
    )
    embeddings: Floats = field(default_factory=lambda: _no_embeddings(3))
    crop_embeddings: Floats = field(default_factory=lambda: _no_embeddings(2))

    def averaged(self) -> Floats:
        """Each face's embedding averaged with those of its augmentations (F, D).

        It tells people better than the embedding alone.
        """
        return np.asarray(self.embeddings.mean(axis=1), dtype=np.float32)

    def to_bytes(self) -> bytes:
        """The analysis as bytes: a checksum, the facts as JSON, and the arrays."""
        facts = json.dumps(
            {
                "failure": self.failure and [self.failure.code, self.failure.reason],
                "size": self.size,
                "found": self.found,
                "faces": [asdict(item) for item in self.faces],
                "sharpness": self.sharpness,
                "shape": self.embeddings.shape,
            }
        ).encode()
        arrays = (
            np.packbits(self.hashes),
            self.embeddings.astype("<f4", copy=False),
            self.crop_embeddings.astype("<f4", copy=False),
        )
        body = b"".join([facts, *(array.tobytes() for array in arrays)])
        return _HEAD.pack(zlib.crc32(body), len(facts)) + body

    @classmethod
    def from_bytes(cls, data: bytes) -> Analysis:
        """Read back what `to_bytes` gave.

        Raises:
            ValueError: the bytes are damaged.
        """
        try:
            check, length = _HEAD.unpack_from(data)
        except struct.error as error:
            raise ValueError("an analysis is cut off") from error
        body = memoryview(data)[_HEAD.size :]
        if zlib.crc32(body) != check:
            raise ValueError("an analysis is damaged")
        facts = json.loads(bytes(body[:length]))
        shape = tuple(facts["shape"])
        bits, in_photo, in_crop = _parts(body[length:], shape)
        return cls(
            failure=Failure(*facts["failure"]) if facts["failure"] else None,
            size=tuple(facts["size"]),
            found=facts["found"],
            faces=tuple(_face(**item) for item in facts["faces"]),
            sharpness=tuple(facts["sharpness"]),
            hashes=np.unpackbits(bits).astype(np.bool_).reshape(shape[0], HASH_BITS),
            embeddings=in_photo.reshape(shape),
            crop_embeddings=in_crop.reshape(shape[0], shape[2]),
        )


def _face(
    box: Sequence[int], detector: str, score: float | None, landmarks: dict[str, Any] | None
) -> Face:
    """A face from the plain values that JSON gives of it."""
    found = None
    if landmarks is not None:
        points = tuple((x, y) for x, y in landmarks["points"])
        found = Landmarks(points, landmarks["scheme"])
    return Face(box=Box(*box), detector=detector, score=score, landmarks=found)


def _parts(data: memoryview, shape: tuple[int, ...]) -> Iterator[npt.NDArray[Any]]:
    """Packed hashes, embeddings and those of the crop, each flat."""
    faces, each, dimensions = shape
    places = np.cumsum([0, faces * HASH_BITS // 8, 4 * faces * each * dimensions]).tolist()
    yield np.frombuffer(data[: places[1]], dtype=np.uint8)
    yield np.frombuffer(data[places[1] : places[2]], dtype="<f4").astype(np.float32, copy=False)
    yield np.frombuffer(data[places[2] :], dtype="<f4").astype(np.float32, copy=False)
