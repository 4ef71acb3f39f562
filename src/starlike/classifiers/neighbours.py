"""Votes of the nearest images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from starlike.classifiers.methods import Settings
from starlike.embeddings import distances
from starlike.files.sample import Labelled
from starlike.records import Floats


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Votes of the nearest images; where a class has none, its nearest image decides.

    Attributes:
        classifier: scikit-learn's, which counts votes weighed by 1 / distance.
        embeddings: (N, D), ordered by class.
        starts: (K,) the first image of each class.
    """

    classifier: Any
    embeddings: Floats
    starts: npt.NDArray[np.int64]
    probabilities: ClassVar[bool] = False

    @property
    def size_bytes(self) -> int:
        """Of all images."""
        return self.embeddings.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Shares of the votes (N, K), and minus the distance for classes without a vote.

        Args:
            embeddings: (N, D) float32.
        """
        votes = self.classifier.predict_proba(embeddings)
        apart = distances(embeddings, self.embeddings)
        nearest = np.minimum.reduceat(apart, self.starts, axis=1)
        return np.where(votes > 0, votes, -nearest).astype(np.float32)


def fit(images: Labelled, settings: Settings, _seed: int) -> Neighbours:
    """The `k` nearest images of all."""
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415  heavy

    ordered = images.take(np.argsort(images.labels, kind="stable"))
    neighbours = KNeighborsClassifier(
        min(int(settings["k"]), len(images)), weights="distance", algorithm="brute"
    )
    neighbours.fit(ordered.embeddings, ordered.labels)
    starts = np.searchsorted(ordered.labels, np.arange(len(images.classes)))
    return Neighbours(neighbours, ordered.embeddings, starts)
