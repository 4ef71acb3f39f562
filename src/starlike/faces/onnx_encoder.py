"""dlib's face ResNet run by ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from starlike import onnx_model
from starlike.faces import align, augment, weights
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.records import AVERAGED, Embedding, EmbedFrom, Face, Floats, Photo, Pixels

INPUT, OUTPUT = "chips", "embeddings"
"""Names of what the network is asked and answers."""

_BATCH = 32


class OnnxEncoder:
    """dlib's face ResNet in ONNX: its very numbers, to 1e-4, many times faster.

    Of faces of more than 320 pixels that are made smaller first, they differ by about 0.03.

    One object may serve several threads.
    """

    card = DLIB_RESNET

    def __init__(self, *, threads: int = 1) -> None:
        """Load the network.

        Args:
            threads: that one call may use.

        Raises:
            WeightsError: the network is missing or damaged.
        """
        self._session = onnx_model.open_session(weights.path(weights.RESNET), threads=threads)

    def embed(self, photo: Photo, faces: Sequence[Face], embed_from: EmbedFrom) -> list[Embedding]:
        """One embedding a face, in the order given."""
        if embed_from == "augmented":
            vectors = self._views(photo, faces, [0] * len(faces), AVERAGED - 1).mean(axis=1)
        else:
            vectors = self.embed_chips(align.cut(photo, faces, embed_from))
        return [Embedding(face, vector) for face, vector in zip(faces, vectors, strict=True)]

    def embed_augmented(self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Floats:
        """Each of F faces as it is, then its three augmentations: (F, 4, 128) float32."""
        return self._views(photo, faces, seeds, augment.AUGMENTATIONS)

    def _views(
        self, photo: Photo, faces: Sequence[Face], seeds: Sequence[int], count: int
    ) -> Floats:
        """Each of F faces as it is, then so many augmentations: (F, 1 + count, 128) float32."""
        plain = align.cut(photo, faces, "photo")
        changed = augment.chips(photo, faces, seeds, count)
        chips = np.concatenate([plain[:, None], changed], axis=1)
        vectors = self.embed_chips(chips.reshape(-1, *plain.shape[1:]))
        return vectors.reshape(*chips.shape[:2], self.card.dimensions)

    def embed_chips(self, chips: Pixels) -> Floats:
        """Embed aligned chips (N, 150, 150, 3) uint8 RGB as (N, 128) float32."""
        vectors = np.empty((len(chips), self.card.dimensions), dtype=np.float32)
        for start in range(0, len(chips), _BATCH):
            batch = chips[start : start + _BATCH]
            vectors[start : start + _BATCH] = self._session.run([OUTPUT], {INPUT: batch})[0]
        return vectors
