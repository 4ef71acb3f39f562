"""One image → what can be said of it alone: its faces, their quality and their embeddings."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import cv2
import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from starlike import photo
from starlike.errors import PhotoError
from starlike.faces import Detector, Encoder, quality
from starlike.faces.augment import AUGMENTATIONS
from starlike.faces.crop import crop
from starlike.records import DIMENSIONS, Box, Face, Floats, Landmarks, Photo

VERSION = 2
"""Raised whenever an image would be analysed to another result, so that caches are not reused."""

MAX_FACES = 4
"""Faces of an image that are encoded: the largest ones."""

_NAME = "image"


def _no_embeddings(*shape: int) -> Floats:
    return np.zeros((0, *shape, DIMENSIONS), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one image holds.

    Attributes:
        error: code and message where it could not be opened, else None.
        size: width and height in pixels.
        faces: the largest faces, at most four, largest first; `found` counts all of them.
        sharpness: one figure a face.
        hashes: (F, 64) bool, a perceptual hash of each face.
        photo: (F, 1 + V, 128) float32: each face's embedding in the photo, then those of its views.
        crop: (F, 128) float32: each face's embedding in its crop.
    """

    error: tuple[str, str] | None = None
    size: tuple[int, int] = (0, 0)
    found: int = 0
    faces: tuple[Face, ...] = ()
    sharpness: tuple[float, ...] = ()
    hashes: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 64), dtype=bool))
    photo: Floats = field(default_factory=lambda: _no_embeddings(1 + AUGMENTATIONS))
    crop: Floats = field(default_factory=_no_embeddings)

    def to_bytes(self) -> bytes:
        """The analysis as bytes (NumPy's npz, no pickle)."""
        facts = {
            "error": self.error,
            "size": self.size,
            "found": self.found,
            "faces": [asdict(item) for item in self.faces],
            "sharpness": self.sharpness,
        }
        stream = io.BytesIO()
        text = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
        np.savez(stream, facts=text, hashes=self.hashes, photo=self.photo, crop=self.crop)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Analysis:
        """Read back what `to_bytes` gave."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            facts = json.loads(arrays["facts"].tobytes())
            hashes, in_photo, in_crop = arrays["hashes"], arrays["photo"], arrays["crop"]
        error = tuple(facts["error"]) if facts["error"] else None
        return cls(
            error=error,
            size=tuple(facts["size"]),
            found=facts["found"],
            faces=tuple(_face(**item) for item in facts["faces"]),
            sharpness=tuple(facts["sharpness"]),
            hashes=hashes,
            photo=in_photo,
            crop=in_crop,
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


def analyse(data: bytes, seed: int, detector: Detector, encoder: Encoder) -> Analysis:
    """Open an image, find its faces and embed them.

    What is said of it names no file: the same content may lie under many names.

    Args:
        data: the bytes of the file.
        seed: chooses the views of its faces; taken from its content.
        detector: finds its faces.
        encoder: embeds them.
    """
    try:
        opened = photo.open(data, name=_NAME)
    except PhotoError as error:
        return Analysis(error=(error.code, str(error).removeprefix(f"{_NAME}: ")))
    height, width = opened.pixels.shape[:2]
    found = detector.detect(opened)
    if not found:
        return Analysis(error=("no_face", "no face was found"), size=(width, height))
    faces = tuple(found[:MAX_FACES])
    return Analysis(
        size=(width, height),
        found=len(found),
        faces=faces,
        sharpness=tuple(quality.sharpness(opened, item.box) for item in faces),
        hashes=np.stack([_hash(opened, item) for item in faces]),
        photo=encoder.embed_augmented(opened, faces, [seed + i for i in range(len(faces))]),
        crop=np.stack([item.vector for item in encoder.embed(opened, faces, "crop")]),
    )


def _hash(opened: Photo, found: Face) -> npt.NDArray[np.bool_]:
    grey = cv2.cvtColor(crop(opened, found.box), cv2.COLOR_RGB2GRAY)
    values: Any = imagehash.phash(Image.fromarray(grey)).hash
    return np.asarray(values, dtype=bool).ravel()
