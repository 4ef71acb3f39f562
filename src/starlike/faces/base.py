"""The two doors of this room: who finds faces, and who turns them into embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from starlike.doors import Door
from starlike.records import Embedding, EmbedFrom, EncoderCard, Face, Floats, Photo

DETECTORS = Door(
    "starlike.detectors", "detector", {"dlib": "starlike.faces.dlib_detector:DlibDetector"}
)
ENCODERS = Door(
    "starlike.encoders",
    "encoder",
    {
        "fast": "starlike.faces.onnx_encoder:OnnxEncoder",
        "reference": "starlike.faces.reference_encoder:ReferenceEncoder",
    },
)


@runtime_checkable
class Detector(Protocol):
    """Finds faces. One object serves one thread at a time, unless its class says otherwise."""

    @property
    def name(self) -> str:
        """What it is called; written into samples and caches. Another version, another name."""

    def detect(self, photo: Photo) -> list[Face]:
        """The faces in a photo, largest first; empty where there is none.

        Boxes are in pixels of the photo and lie inside it.
        """


@runtime_checkable
class Encoder(Protocol):
    """Turns faces of a photo into embeddings."""

    @property
    def card(self) -> EncoderCard:
        """Which network this is."""

    def embed(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""

    def embed_augmented(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        """Each of F faces as it is, then A augmentations of it: (F, 1 + A, D) float32.

        Args:
            photo: the photo.
            faces: faces in it.
            seeds: chooses the augmentations of each face.
        """
