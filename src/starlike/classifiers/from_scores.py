"""A method that scores every class, made to answer photos."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from starlike.classifiers.nearest_mean import nearness
from starlike.embeddings import distances
from starlike.files.recipe import Recipe
from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.model.scorer import Counts, DenseScorer, Top, best
from starlike.records import Floats

Known = Callable[[Floats, Counts], Floats]
"""The chance (N,) that faces are of somebody known, by embeddings (N, D) and of how many photos
each is the mean (N,): as `OpenSetHead.of`."""


class FromScores:
    """A `Scorer` of any `DenseScorer`.

    Where scores are no probabilities, the answer is shared out by how near the classes are.
    """

    def __init__(
        self,
        method: DenseScorer,
        classes: Classes,
        means: Floats,
        *,
        known: Known | None = None,
        focus: float | None = None,
    ) -> None:
        """Make one.

        Args:
            method: scores the classes.
            classes: what the classes are called, and where faces must be embedded.
            means: (K, D), the mean embedding of each class.
            known: tells who is somebody known; by default that is left open.
            focus: see `nearness`, by which the answer is shared out; by default that of a recipe.
        """
        self.classes = classes
        self._method, self._means, self._known = method, means, known
        self._focus = Recipe().focus_in(classes.card) if focus is None else focus

    def top(
        self,
        embeddings: Floats,
        k: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> Top:
        """See `Scorer`."""
        counts = np.ones(len(embeddings), dtype=np.int64) if photos is None else photos
        scores = self._method.scores(embeddings)
        return best(
            scores,
            distances(embeddings, self._means),
            scores if self._method.probabilities else self._by_nearness(embeddings),
            k,
            among=among,
            known=self._known(embeddings, counts) if self._known else None,
        )

    def _by_nearness(self, embeddings: Floats) -> Floats:
        return np.asarray(softmax(nearness(embeddings, self._means, self._focus), axis=1))
