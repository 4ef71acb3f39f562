"""dlib's face ResNet run by ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from starlike import onnx_model
from starlike.errors import WeightsError
from starlike.faces import align, augment, dlib_files
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import digest, storage
from starlike.records import Embedding, EmbedFrom, Face, Floats, Photo, Pixels

_GRAPH_NAME = "face_resnet-1.onnx"
_BATCH = 32

# Every face that is asked about is changed alike, so that the same photo gives the same answer.
_SEED = 0


class OnnxEncoder:
    """One object may serve several threads."""

    card = DLIB_RESNET

    def __init__(self, *, threads: int = 1) -> None:
        """Load the network.

        Args:
            threads: that one call may use.

        Raises:
            WeightsError: the network is missing or damaged.
        """
        self._session = onnx_model.open_session(graph_file(), threads=threads)

    def embed(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""
        if embed_from == "augmented":
            vectors = self.embed_augmented(photo, faces, [_SEED] * len(faces)).mean(axis=1)
        else:
            vectors = self.embed_chips(align.cut(photo, faces, embed_from))
        return [Embedding(face, vector) for face, vector in zip(faces, vectors, strict=True)]

    def embed_augmented(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        """Each of F faces as it is, then its eight augmentations: (F, 9, 128) float32."""
        plain, changed = align.cut(photo, faces, "photo"), augment.chips(photo, faces, seeds)
        chips = np.concatenate([plain[:, None], changed], axis=1)
        vectors = self.embed_chips(chips.reshape(-1, *plain.shape[1:]))
        return vectors.reshape(*chips.shape[:2], self.card.dimensions)

    def embed_chips(self, chips: Pixels) -> Floats:
        """Embed aligned chips (N, 150, 150, 3) uint8 RGB as (N, 128) float32."""
        vectors = np.empty((len(chips), self.card.dimensions), dtype=np.float32)
        for start in range(0, len(chips), _BATCH):
            batch = chips[start : start + _BATCH]
            vectors[start : start + _BATCH] = self._session.run(None, {"chips": batch})[0]
        return vectors


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
    if digest.sha256(stored) != DLIB_RESNET.sha256:
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
