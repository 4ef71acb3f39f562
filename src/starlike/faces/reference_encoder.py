"""`face_recognition` itself, called as the seed recipe calls it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from PIL import ImageFile

from starlike.errors import EncoderError
from starlike.faces import align, augment, dlib_files
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.records import AVERAGED, Embedding, EmbedFrom, Face, Floats, Photo


class ReferenceEncoder:
    """`face_encodings` of `face_recognition`, which finds landmarks of its own in each face's box.

    One object may serve several threads.
    """

    card = DLIB_RESNET

    def __init__(self, *, threads: int = 1) -> None:  # noqa: ARG002  the library runs on one
        """Import the library; `threads` changes nothing.

        Raises:
            EncoderError: `face_recognition` is not installed.
            WeightsError: its weights are not.
        """
        self._library = _import_face_recognition()

    def embed(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""
        if embed_from == "augmented":
            vectors = self._views(photo, faces, [0] * len(faces), AVERAGED - 1).mean(axis=1)
        else:
            vectors = self._plain(photo, faces, embed_from)
        return [Embedding(face, vector) for face, vector in zip(faces, vectors, strict=True)]

    def embed_augmented(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        """Each of F faces as it is, then its three augmentations: (F, 4, 128) float32."""
        return self._views(photo, faces, seeds, augment.AUGMENTATIONS)

    def _views(
        self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int], count: int
    ) -> Floats:
        """Each of F faces as it is, then so many augmentations: (F, 1 + count, 128) float32."""
        describe = self._library.api.face_encoder.compute_face_descriptor
        vectors = np.empty((len(faces), 1 + count, self.card.dimensions), dtype=np.float32)
        vectors[:, 0] = self._plain(photo, faces, "photo")
        for own, chips in zip(vectors, augment.chips(photo, faces, seeds, count), strict=True):
            own[1:] = [np.array(describe(chip)) for chip in chips]
        return vectors

    def _plain(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> Floats:
        """(F, 128) float32."""
        vectors = np.empty((len(faces), self.card.dimensions), dtype=np.float32)
        for index, face in enumerate(faces):
            pixels, box = align.view(photo, face, embed_from)
            (vectors[index],) = self._library.face_encodings(
                pixels, known_face_locations=[tuple(box)]
            )
        return vectors


def _import_face_recognition() -> Any:
    """Import `face_recognition`, whose own import of its models may end the interpreter.

    `face_recognition_models` 0.3.0 imports `pkg_resources`, which setuptools dropped in its
    release 82; `face_recognition` then calls `quit()`. It needs four paths of it and no more, so
    a module that gives these stands in for it. Importing it also tells Pillow to fill up photos
    that are cut off, which is taken back.
    """
    if "face_recognition_models" not in sys.modules:
        sys.modules["face_recognition_models"] = _models_module()
    fills_up = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        return importlib.import_module("face_recognition")
    except ImportError:
        raise EncoderError(
            "the reference encoder needs face_recognition; install it with: "
            "pip install --no-deps face_recognition==1.3.0 face_recognition_models==0.3.0"
        ) from None
    except SystemExit as error:
        raise EncoderError("face_recognition ended its own import; reinstall it") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = fills_up


def _models_module() -> ModuleType:
    files = {
        "pose_predictor_model_location": dlib_files.LANDMARKS_68,
        "pose_predictor_five_point_model_location": dlib_files.LANDMARKS_5,
        "face_recognition_model_location": dlib_files.RESNET,
        "cnn_face_detector_model_location": dlib_files.CNN_DETECTOR,
    }
    module = ModuleType("face_recognition_models")
    module.__spec__ = importlib.util.find_spec("face_recognition_models")
    for name, file in files.items():
        setattr(module, name, partial(str, dlib_files.path(file)))
    return module
