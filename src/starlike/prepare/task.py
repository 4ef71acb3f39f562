"""What a worker does with one file: read it once, tell its content, and look at what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from starlike.errors import NoFaceError, PhotoError
from starlike.faces.base import Detector, Encoder, make_detector, make_encoder
from starlike.files import digest
from starlike.prepare.analysis import Analysis, Failure
from starlike.records import Face, Photo

MAX_FACES = 4
"""Faces of an image that are embedded: the largest ones."""

_NAME = "image"

MakesDetector = str | Callable[[], Detector]
"""The name of a detector, or what makes one: picklable and without arguments."""

MakesEncoder = str | Callable[[], Encoder]
"""The name of an encoder, or what makes one: picklable and without arguments."""


def detector_of(given: MakesDetector) -> Detector:
    """Make a detector.

    Raises:
        PluginError: there is none of that name, or what was made does not fit.
    """
    return make_detector(given if isinstance(given, str) else given())


def encoder_of(given: MakesEncoder) -> Encoder:
    """Make an encoder.

    Raises:
        PluginError: there is none of that name, or what was made does not fit.
    """
    return make_encoder(given if isinstance(given, str) else given())


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a file.

    Attributes:
        content: its SHA-256; None where it cannot be read or is no regular file.
        analysis: None where it cannot be read, or the content was known before.
    """

    content: str | None = None
    analysis: Analysis | None = None


class Known:
    """The SHA-256 of contents that were analysed before: 32 bytes each."""

    def __init__(self, contents: Iterable[bytes]) -> None:
        self._sorted = np.sort(np.array(list(contents), dtype="S32"))

    def __contains__(self, content: str) -> bool:
        wanted: npt.NDArray[Any] = np.array(bytes.fromhex(content), dtype="S32")
        place = int(np.searchsorted(self._sorted, wanted))
        return place < len(self._sorted) and bool(self._sorted[place] == wanted)


class LookAt:
    """The task of the workers: a file's path → `Looked`.

    The file is read once. Detector and encoder are made at the first image that is new, once in a
    process.
    """

    def __init__(self, detector: MakesDetector, encoder: MakesEncoder, known: Known) -> None:
        self._detector, self._encoder, self._known = detector, encoder, known
        self._made: tuple[Detector, Encoder] | None = None

    def __call__(self, file: str) -> Looked:
        """Read and analyse a file."""
        try:
            data = Path(file).read_bytes() if Path(file).is_file() else None
        except OSError:
            data = None
        if data is None:
            return Looked()
        content = digest.sha256(data)
        if content in self._known:
            return Looked(content)
        if self._made is None:
            self._made = _parts(self._detector, self._encoder)
        return Looked(content, analyse(data, int(content[:8], 16), *self._made))


def _parts(detector: MakesDetector, encoder: MakesEncoder) -> tuple[Detector, Encoder]:
    import cv2  # noqa: PLC0415  only where an image is looked at

    cv2.setNumThreads(1)
    return detector_of(detector), encoder_of(encoder)


def analyse(data: bytes, seed: int, detector: Detector, encoder: Encoder) -> Analysis:
    """Open an image, find its faces and embed them.

    What is said of it names no file: the same content may lie under many names.

    Args:
        data: the bytes of the file.
        seed: chooses the augmentations of its faces; taken from its content.
        detector: finds the faces.
        encoder: embeds them.
    """
    from starlike import photo  # noqa: PLC0415  heavy
    from starlike.faces import quality  # noqa: PLC0415

    try:
        opened = photo.open(data, name=_NAME)
    except PhotoError as error:
        return Analysis(failure=Failure(error.code, str(error).removeprefix(f"{_NAME}: ")))
    found = detector.detect(opened)
    if not found:
        return Analysis(failure=Failure(NoFaceError.code, "no face was found"), size=opened.size)
    faces = tuple(found[:MAX_FACES])
    in_crops = encoder.embed(opened, faces, "crop")
    return Analysis(
        size=opened.size,
        found=len(found),
        faces=faces,
        sharpness=tuple(quality.sharpness(opened, item.box) for item in faces),
        hashes=np.stack([_hash(opened, item) for item in faces]),
        embeddings=encoder.embed_augmented(opened, faces, [seed + i for i in range(len(faces))]),
        crop_embeddings=np.stack([item.vector for item in in_crops]),
    )


def _hash(opened: Photo, found: Face) -> npt.NDArray[np.bool_]:
    import cv2  # noqa: PLC0415  heavy
    import imagehash  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from starlike.faces.crop import crop  # noqa: PLC0415

    grey = cv2.cvtColor(crop(opened, found), cv2.COLOR_RGB2GRAY)
    values: Any = imagehash.phash(Image.fromarray(grey)).hash
    return np.asarray(values, dtype=bool).ravel()
