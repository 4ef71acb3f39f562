"""The answering road in one place: photo → faces → encodings → ranked classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from starlike import encoding, face, photo
from starlike import model as folders
from starlike.encoding import Encoder, EncoderName
from starlike.errors import NoFaceError
from starlike.model import Classes, Classifier
from starlike.photo import DEFAULT_LIMITS, Limits, Source
from starlike.records import Encoding, FaceMatches, Match


class Model:
    """A trained model with its pipeline. Make one with `load_model`; one a thread."""

    def __init__(self, classifier: Classifier, encoder: Encoder, limits: Limits) -> None:
        self._classifier, self._encoder, self._limits = classifier, encoder, limits

    @property
    def classes(self) -> Classes:
        """The class dictionary: the names this model knows, and how it was trained."""
        return self._classifier.classes

    def encode(self, source: Source, *, name: str | None = None) -> list[Encoding]:
        """Find and encode the faces in a photo.

        Args:
            source: a path, bytes, binary stream, Pillow image or array of pixels.
            name: what the photo is called in errors; by default its path.

        Returns:
            One encoding a face, largest face first, where this model wants it encoded.

        Raises:
            NoFaceError: there is no face in the photo.
            PhotoError: the photo cannot be opened; see `starlike.photo.open`.
        """
        opened = photo.open(source, name=name, limits=self._limits)
        faces = face.find(opened)
        if not faces:
            raise NoFaceError(
                f"{opened.name}: no face was found; try a photo with the face seen from the front"
            )
        return self._encoder.encode(opened, faces, self.classes.encode_in)

    def match(self, source: Source, *, top: int = 5, name: str | None = None) -> list[FaceMatches]:
        """The celebrities that each face in a photo resembles.

        Args:
            source: as for `encode`.
            top: how many matches a face, at least 1.
            name: what the photo is called in errors; by default its path.

        Returns:
            One record a face, largest face first.

        Raises:
            ValueError: `top` is below 1.
            PhotoError: as for `encode`.
        """
        return self.rank_faces(self.encode(source, name=name), top=top)

    def rank_faces(self, encodings: Sequence[Encoding], *, top: int = 5) -> list[FaceMatches]:
        """Rank encodings that `encode` gave, each by itself, in the same order.

        Raises:
            ValueError: `top` is below 1.
        """
        _check_top(top)
        if not encodings:
            return []
        vectors = np.stack([item.vector for item in encodings])
        ranked = self._classifier.rank(vectors, top)
        return [
            FaceMatches(found.face.box, matches)
            for found, matches in zip(encodings, ranked, strict=True)
        ]

    def rank_together(self, encodings: Sequence[Encoding], *, top: int = 5) -> list[Match]:
        """One answer for several encodings of one person: their mean is ranked.

        Raises:
            ValueError: there is no encoding, or `top` is below 1.
        """
        _check_top(top)
        if not encodings:
            raise ValueError("rank_together needs at least one encoding")
        mean = np.mean([item.vector for item in encodings], axis=0, keepdims=True)
        return self._classifier.rank(mean, top)[0]


def _check_top(top: int) -> None:
    if top < 1:
        raise ValueError("top must be at least 1")


def load_model(
    folder: str | Path | None = None,
    *,
    encoder: EncoderName = "fast",
    threads: int = 1,
    limits: Limits = DEFAULT_LIMITS,
) -> Model:
    """Open a model with its pipeline.

    Args:
        folder: a model folder; by default the model that ships.
        encoder: `fast`, or `reference` for `face_recognition` itself.
        threads: threads that a single answer may use.
        limits: photos beyond these are refused.

    Raises:
        ModelError: the folder is missing, damaged or of another format version.
        EncoderError, WeightsError: the encoder cannot be used here.
    """
    chosen = folders.default_folder() if folder is None else Path(folder)
    classifier = folders.open_folder(chosen, threads=threads)
    return Model(classifier, encoding.make(encoder, threads=threads), limits)
