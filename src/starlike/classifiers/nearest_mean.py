"""The nearest class mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from starlike.classifiers.methods import Settings
from starlike.embeddings import class_means, distances
from starlike.files.sample import Labelled
from starlike.records import Floats


@dataclass(frozen=True, slots=True)
class NearestMean:
    """Scores a class by how near its mean embedding is.

    Attributes:
        means: (K, D) float32.
        images: (K,) how many images each mean rests on; a class of none cannot be answered.
    """

    means: Floats
    images: npt.NDArray[np.int64]
    probabilities: ClassVar[bool] = False

    @classmethod
    def of(cls, images: Labelled) -> NearestMean:
        """Of the classes of some images."""
        return cls(*class_means(images.embeddings, images.labels, len(images.classes)))

    @property
    def size_bytes(self) -> int:
        """Of the means."""
        return self.means.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Minus the Euclidean distance to each mean; minus infinity for a class without an image.

        Args:
            embeddings: (N, D) float32.
        """
        scored = -distances(embeddings, self.means)
        scored[:, self.images == 0] = -np.inf
        return scored


def fit(images: Labelled, _settings: Settings, _seed: int) -> NearestMean:
    """The means of the classes; there is nothing to set or to draw."""
    return NearestMean.of(images)


def nearness(embeddings: Floats, means: Floats, focus: float) -> Floats:
    """(N, K) float32: `-focus * distance²`, the logits of resemblance.

    Args:
        embeddings: (N, D) float32.
        means: (K, D) float32.
        focus: an inverse squared distance: a class whose squared distance is larger by
            `1 / focus` has e times less of the answer.
    """
    return -focus * distances(embeddings, means) ** 2
