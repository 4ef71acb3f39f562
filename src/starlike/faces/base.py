"""The two doors of this room: who finds faces, and who turns them into embeddings.

What a door opens is called with `threads=`, how many threads one call of it may use, and gives an
object that fits `Detector` or `Encoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Protocol, runtime_checkable

from starlike.doors import Door
from starlike.errors import PluginError
from starlike.records import Embedding, EmbedFrom, EncoderCard, Face, Floats, Photo

DETECTORS = Door(
    "starlike.detectors",
    "detector",
    {
        "cnn": "starlike.faces.cnn_detector:CnnDetector",
        "cnn-wide": "starlike.faces.cnn_detector:WideCnnDetector",
        "hog": "starlike.faces.hog_detector:HogDetector",
    },
)
DEFAULT_DETECTOR = "cnn"
"""The name of the one that the shipped model was made with."""

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

        The mean over the first `starlike.records.AVERAGED` of them is what `embed` gives for
        `augmented`, so these do not depend on the seed.

        Args:
            photo: the photo.
            faces: faces in it.
            seeds: chooses the augmentations of each face.
        """


def make_detector(detector: str | Detector = DEFAULT_DETECTOR, *, threads: int = 1) -> Detector:
    """A detector by its name or place; one that is given is given back.

    Args:
        detector: `cnn`, `cnn-wide` for small faces beside large ones, `hog` for the boxes of
            `face_recognition`, the name of another that is installed, `package.module:name`, or an
            object.
        threads: that one call of it may use, where it is made here.

    Raises:
        PluginError: there is none of that name, or what is there does not fit.
        WeightsError: its weights are missing or damaged.
    """
    made = _made(DETECTORS, detector, threads)
    if isinstance(made, type) or not isinstance(made, Detector):
        raise PluginError(f"{detector} is no detector: see starlike.faces.base.Detector")
    return made


def make_encoder(encoder: str | Encoder = "fast", *, threads: int = 1) -> Encoder:
    """An encoder by its name or place; one that is given is given back.

    Args:
        encoder: `fast`, `reference` for `face_recognition` itself, the name of another that is
            installed, `package.module:name`, or an object.
        threads: that one call of it may use, where it is made here.

    Raises:
        PluginError: there is none of that name, or what is there does not fit.
        EncoderError: `reference` was asked for and `face_recognition` is not installed.
        WeightsError: its weights are missing or damaged.
    """
    made = _made(ENCODERS, encoder, threads)
    if isinstance(made, type) or not isinstance(made, Encoder):
        raise PluginError(f"{encoder} is no encoder: see starlike.faces.base.Encoder")
    return made


def _made(door: Door, given: object, threads: int) -> object:
    """What a door's name or place makes; what is given otherwise is given back."""
    if not isinstance(given, str):
        return given
    make = door.open(given)
    try:
        signature(make).bind(threads=threads)
    except (TypeError, ValueError) as error:
        raise PluginError(f"{given}: what makes {door.thing}s must take threads=1") from error
    return make(threads=threads)
