"""A detector and an encoder as somebody else would write them, outside the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from starlike.faces.crop import crop
from starlike.faces.landmarks import EYES_NOSE_MOUTH
from starlike.records import (
    AVERAGED,
    Box,
    Embedding,
    EmbedFrom,
    EncoderCard,
    Face,
    Floats,
    Landmarks,
    Photo,
)

SIDE = 4
MARGIN = 10


class WholePhoto:
    """Takes all of a photo but its margin for a face, if it is bright enough to see one."""

    name = "whole photo"

    def __init__(self, *, threads: int = 1) -> None:
        self.threads = threads

    def detect(self, photo: Photo) -> list[Face]:
        height, width = photo.pixels.shape[:2]
        if photo.pixels.mean() < 10:
            return []
        return [Face(box=Box(MARGIN, width - MARGIN, height - MARGIN, MARGIN), detector=self.name)]


class Colours:
    """Embeds a face as the colours of a few fields of it: 48 numbers."""

    card = EncoderCard(
        name="colours", sha256="c" * 64, dimensions=3 * SIDE**2, same_person=2.0, usual_same=1.0
    )

    def __init__(self, *, threads: int = 1) -> None:
        self.threads = threads

    def embed(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        if embed_from == "augmented":
            vectors = self.embed_augmented(photo, faces, [0] * len(faces))[:, :AVERAGED].mean(
                axis=1
            )
        else:
            vectors = self.embed_augmented(photo, faces, [0] * len(faces))[:, 0]
        return [Embedding(face, vector) for face, vector in zip(faces, vectors, strict=True)]

    def embed_augmented(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        made = np.empty((len(faces), 3, self.card.dimensions), dtype=np.float32)
        for own, face, seed in zip(made, faces, seeds, strict=True):
            piece = crop(photo, face)
            darker = np.random.default_rng(seed).uniform(0.8, 1)
            for index, pixels in enumerate((piece, piece[:, ::-1], piece * darker)):
                fields = cv2.resize(pixels.astype(np.float32), (SIDE, SIDE))
                own[index] = np.asarray(fields).ravel() / 255
        return made


class YuNet:
    """OpenCV's detector, with landmarks of another scheme than dlib's."""

    name = "yunet"

    def __init__(self, network: Path) -> None:
        self._detector: Any = cv2.FaceDetectorYN.create(str(network), "", (320, 320), 0.7)

    def detect(self, photo: Photo) -> list[Face]:
        height, width = photo.pixels.shape[:2]
        self._detector.setInputSize((width, height))
        _, rows = self._detector.detect(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2BGR))
        faces = [self._face(row, height, width) for row in (() if rows is None else rows)]
        return sorted(faces, key=lambda face: face.box.area, reverse=True)

    def _face(self, row: Floats, height: int, width: int) -> Face:
        left, top, across, down = row[:4].round().astype(int).tolist()
        pairs = row[4:14].reshape(5, 2).tolist()
        return Face(
            box=Box(max(top, 0), min(left + across, width), min(top + down, height), max(left, 0)),
            detector=self.name,
            score=float(row[14]),
            landmarks=Landmarks(tuple((x, y) for x, y in pairs), EYES_NOSE_MOUTH),
        )


def nothing(*, threads: int) -> int:
    """Makes neither a detector nor an encoder."""
    return threads


NO_MAKER = 7
