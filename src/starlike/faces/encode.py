"""The two encoders and what they have in common."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol, get_args

import numpy as np
from PIL import ImageFile

from starlike import onnx_model
from starlike.errors import EncoderError, WeightsError
from starlike.faces import align, augment, dlib_files
from starlike.faces.align import CHIP_SIDE
from starlike.files import digest, storage
from starlike.records import DIMENSIONS, Embedding, EmbedFrom, Face, Floats, Photo, Pixels

EncoderName = Literal["fast", "reference"]
ENCODERS: tuple[EncoderName, ...] = get_args(EncoderName)

_RESNET_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
_GRAPH_NAME = "face_resnet-1.onnx"
_BATCH = 32

# Every face that is asked about is changed alike, so that the same photo gives the same answer.
_SEED = 0


class Encoder(Protocol):
    """Turns faces of a photo into embeddings."""

    def encode(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""


def make(name: EncoderName, *, threads: int = 1) -> Encoder:
    """The encoder of that name. `threads` is for the fast one.

    Raises:
        EncoderError: `reference` was asked for and `face_recognition` is not installed.
        WeightsError: the weights are missing or damaged.
    """
    return FastEncoder(threads=threads) if name == "fast" else ReferenceEncoder()


class FastEncoder:
    """dlib's face ResNet run by ONNX Runtime on the CPU."""

    def __init__(self, *, threads: int = 1) -> None:
        self._session = onnx_model.open_session(graph_file(), threads=threads)

    def encode(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""
        if embed_from == "augmented":
            vectors = self.encode_views(photo, faces, [_SEED] * len(faces)).mean(axis=1)
        else:
            vectors = self.encode_chips(align.cut(photo, faces, embed_from))
        return [Embedding(face, vector) for face, vector in zip(faces, vectors, strict=True)]

    def encode_views(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        """Encode each of F faces as it is, and its views: (F, 1 + V, 128) float32.

        Args:
            photo: the photo.
            faces: faces in it.
            seeds: chooses the views of each face.
        """
        plain, changed = align.cut(photo, faces, "photo"), _changed(photo, faces, seeds)
        chips = np.concatenate([plain[:, None], changed], axis=1)
        vectors = self.encode_chips(chips.reshape(-1, *plain.shape[1:]))
        return vectors.reshape(len(faces), 1 + augment.VIEWS, DIMENSIONS)

    def encode_chips(self, chips: Pixels) -> Floats:
        """Encode aligned chips (N, 150, 150, 3) uint8 RGB as (N, 128) float32."""
        vectors = np.empty((len(chips), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(chips), _BATCH):
            batch = chips[start : start + _BATCH]
            vectors[start : start + _BATCH] = self._session.run(None, {"chips": batch})[0]
        return vectors


class ReferenceEncoder:
    """`face_recognition.face_encodings`, called as the seed recipe calls it."""

    def __init__(self) -> None:
        self._library = _import_face_recognition()

    def encode(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""
        return [Embedding(face, self._vector(photo, face, embed_from)) for face in faces]

    def _vector(self, photo: Photo, face: Face, embed_from: EmbedFrom) -> Floats:
        pixels, box = align.view(photo, face.box, embed_from)
        vectors = self._library.face_encodings(pixels, known_face_locations=[tuple(box)])
        if embed_from == "augmented":
            describe = self._library.api.face_encoder.compute_face_descriptor
            vectors += [np.array(describe(view)) for view in _changed(photo, [face], [_SEED])[0]]
        return np.asarray(np.mean(vectors, axis=0), dtype=np.float32)


def _changed(photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Pixels:
    """The views (F, V, 150, 150, 3) uint8 RGB of F faces, each by a seed of its own."""
    wide = align.cut(photo, faces, "photo", side=augment.WIDE_SIDE, padding=augment.WIDE_PADDING)
    changed = np.empty((len(faces), augment.VIEWS, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
    for index, seed in enumerate(seeds):
        changed[index] = augment.views(wide[index], seed)
    return changed


def graph_file() -> Path:
    """The ONNX face network, built on first use into the cache and verified at every use.

    Raises:
        WeightsError: the installed weights are missing or not the ones that are known.
    """
    file = digest.cache_folder() / _GRAPH_NAME
    seal = file.with_suffix(".sha256")
    try:
        if seal.read_text(encoding="ascii").strip() == digest.sha256(file.read_bytes()):
            return file
    except (OSError, UnicodeDecodeError):
        pass  # not built yet, or half of it was removed: build it
    from starlike.faces import graph, weights  # noqa: PLC0415  needed once, and heavy

    stored = dlib_files.path(dlib_files.RESNET).read_bytes()
    if digest.sha256(stored) != _RESNET_SHA256:
        raise WeightsError(
            f"{dlib_files.RESNET} is damaged; mend it with: "
            "pip install --force-reinstall --no-deps face_recognition_models==0.3.0"
        )
    built = graph.build(weights.read(stored))
    try:
        storage.write_bytes(file, built)
        storage.write_text(seal, digest.sha256(built) + "\n")
    except OSError as error:
        raise WeightsError(
            f"{file.parent}: the face network cannot be written there ({error.strerror}); "
            "set STARLIKE_CACHE to a folder that can be written"
        ) from error
    return file


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
            "pip install --no-deps face_recognition==1.3.0"
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
