"""The door of this room: who answers, which classes fit embeddings best.

Two protocols. A `Scorer` names the best classes and need not look at all of them: a classifier
does, an index of millions of people does not. A `DenseScorer` scores every class, which is what
comparing, measuring and calibrating methods needs. `starlike.classifiers.from_scores` makes the
one out of the other, so that every method that can be compared can answer photos, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.records import Floats

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """The classes that fit each of N embeddings best, best first.

    Attributes:
        labels: (N, k) int64, numbers of classes; k is smaller than asked for where there are fewer.
        scores: (N, k) float32, higher is better. What a score means is the scorer's own affair.
        distances: (N, k) float32, Euclidean, from each embedding to the class's mean embedding.
        probabilities: (N, k) float32, how much of the answer is the class's, among all classes.
        shares: (N, k) float32, the same among those classes alone that might be named.
        known: (N,) float32, the chance that the face is that of somebody whom the scorer knows,
            and not of one who merely resembles them; None where it cannot tell.
    """

    labels: npt.NDArray[np.int64]
    scores: Floats
    distances: Floats
    probabilities: Floats
    shares: Floats
    known: Floats | None


@runtime_checkable
class Scorer(Protocol):
    """Who answers. One object serves one thread at a time, unless its class says otherwise."""

    @property
    def classes(self) -> Classes:
        """Whom it can name, and where faces must be embedded to ask it."""

    def top(
        self,
        embeddings: Floats,
        k: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> Top:
        """The best classes for each embedding.

        Args:
            embeddings: (N, D) float32.
            k: how many classes, at least 1.
            photos: (N,) of how many photos of a person each is the mean; by default of one.
            among: the classes that may be named; by default all.
        """


@runtime_checkable
class DenseScorer(Protocol):
    """Who scores every class: a method that can be compared, measured and calibrated."""

    @property
    def probabilities(self) -> bool:
        """Whether scores are probabilities, so that calibration can be measured."""

    @property
    def size_bytes(self) -> int:
        """Of what must be kept to answer."""

    def scores(self, embeddings: Floats) -> Floats:
        """How well each class fits embeddings (N, D): (N, K), higher is better."""


def best(
    scores: Floats,
    apart: Floats,
    probabilities: Floats,
    k: int,
    *,
    among: Among | None = None,
    known: Floats | None = None,
) -> Top:
    """The best classes, of those that may be named, where every class has a score.

    Args:
        scores: (N, K), higher is better; of equal ones the nearest is best, then the first.
        apart: (N, K), distances to the mean embeddings.
        probabilities: (N, K), each row adds up to 1.
        k: how many classes, at least 1.
        among: the classes that may be named; by default all.
        known: see `Top`.
    """
    labels = np.arange(scores.shape[1]) if among is None else among.labels
    some, near, likely = (values[:, labels] for values in (scores, apart, probabilities))
    order = np.lexsort((near, -some))[:, :k]

    def of_best(values: Floats) -> Floats:
        return np.take_along_axis(values, order, axis=1)

    return Top(
        labels=labels[order],
        scores=of_best(some),
        distances=of_best(near),
        probabilities=of_best(likely),
        shares=of_best(_shares(likely)),
        known=known,
    )


def _shares(probabilities: Floats) -> Floats:
    """Probabilities (N, M) so that each row adds up to 1 among these classes."""
    whole = probabilities.sum(axis=1, dtype=np.float64, keepdims=True)
    # Among a few people whom a face is nothing like, all of them can be too small for a float32.
    even = np.full(probabilities.shape, 1 / probabilities.shape[1])
    return np.asarray(np.divide(probabilities, whole, out=even, where=whole > 0), dtype=np.float32)
