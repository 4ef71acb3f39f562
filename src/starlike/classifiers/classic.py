"""Class mean, nearest images, logistic regression and linear SVM.

Each function takes images of K classes, its settings, and a seed for what it draws.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from starlike.embeddings import class_means, distances
from starlike.files.sample import Labelled
from starlike.records import Floats

# Steps that change the loss by less end the fit: the order of answers is settled long before.
_TOLERANCE, _SVM_TOLERANCE = 1e-4, 1e-2


@dataclass(frozen=True, slots=True)
class Means:
    """The nearest class mean; `means` (K, 128)."""

    means: Floats
    probabilities: bool = False

    @property
    def size_bytes(self) -> int:
        """Of the means."""
        return self.means.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Minus the distance to each mean."""
        return -distances(embeddings, self.means)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Votes of the nearest images; where a class has none, its nearest image decides.

    Attributes:
        classifier: scikit-learn's, which counts votes weighed by 1 / distance.
        embeddings: (N, 128), ordered by class.
        starts: (K,) the first image of each class.
    """

    classifier: Any
    embeddings: Floats
    starts: Any
    probabilities: bool = False

    @property
    def size_bytes(self) -> int:
        """Of all images."""
        return self.embeddings.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Shares of the votes, and minus the distance for classes without a vote."""
        votes = self.classifier.predict_proba(embeddings)
        apart = distances(embeddings, self.embeddings)
        nearest = np.minimum.reduceat(apart, self.starts, axis=1)
        return np.where(votes > 0, votes, -nearest).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear layer: `weights` (128, K), `biases` (K,); with softmax for probabilities."""

    weights: Floats
    biases: Floats
    probabilities: bool

    @property
    def size_bytes(self) -> int:
        """Of weights and biases."""
        return self.weights.nbytes + self.biases.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Logits, or their softmax."""
        logits = embeddings @ self.weights + self.biases
        return softmax(logits) if self.probabilities else logits


def softmax(logits: Floats) -> Floats:
    """Probabilities (N, K) of logits (N, K)."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def class_mean(images: Labelled, _settings: Mapping[str, float], _seed: int) -> Means:
    """The nearest class mean."""
    return Means(class_means(images.embeddings, images.labels, len(images.classes))[0])


def nearest_images(images: Labelled, settings: Mapping[str, float], _seed: int) -> Neighbours:
    """The `k` nearest images."""
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415  heavy

    ordered = images.take(np.argsort(images.labels, kind="stable"))
    neighbours = KNeighborsClassifier(
        min(int(settings["k"]), len(images)), weights="distance", algorithm="brute"
    )
    neighbours.fit(ordered.embeddings, ordered.labels)
    starts = np.searchsorted(ordered.labels, np.arange(len(images.classes)))
    return Neighbours(neighbours, ordered.embeddings, starts)


def logistic_regression(images: Labelled, settings: Mapping[str, float], _seed: int) -> Linear:
    """Softmax over one linear layer, with ridge `1 / C`, by at most so many `iterations`.

    An image weighs the less, the more of them its class has: else people with a hundred draw the
    answers of those with four to themselves, which costs four points of accuracy.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  heavy

    model = LogisticRegression(
        C=settings["C"],
        max_iter=int(settings["iterations"]),
        tol=_TOLERANCE,
        class_weight="balanced",
    )
    return _fitted(model, images, probabilities=True)


def linear_svm(images: Labelled, settings: Mapping[str, float], seed: int) -> Linear:
    """One machine a class, against all others, by liblinear.

    With 1,300 classes, one against one would take 850,000 machines, and a kernel as many support
    vectors as there are images; one linear machine a class takes some hundredths of a second. Each
    learns from all images, so at most `images` of each class are drawn, which keeps the few people
    with a hundred from being most of the work. A class weighs as much as all others together.
    """
    from sklearn.svm import LinearSVC  # noqa: PLC0415  heavy

    model = LinearSVC(
        C=settings["C"],
        tol=_SVM_TOLERANCE,
        max_iter=int(settings["iterations"]),
        class_weight="balanced",
        random_state=seed,
    )
    return _fitted(model, _at_most(images, int(settings["images"]), seed), probabilities=False)


def _at_most(images: Labelled, count: int, seed: int) -> Labelled:
    """So many images of each class, drawn by a seed."""
    shuffled = np.random.default_rng(seed).permutation(len(images))
    ordered = shuffled[np.argsort(images.labels[shuffled], kind="stable")]
    labels = images.labels[ordered]
    rank = np.arange(len(labels)) - np.searchsorted(labels, labels)
    return images.take(np.sort(ordered[rank < count]))


def _fitted(model: Any, images: Labelled, *, probabilities: bool) -> Linear:
    """A linear model of scikit-learn, fitted to embeddings of mean 0 and spread 1.

    One spread for all numbers keeps what a distance means; the ridge is tuned for 1.
    """
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415  heavy

    centre, spread = images.embeddings.mean(axis=0), images.embeddings.std()
    with warnings.catch_warnings():
        # The limit of iterations is a setting of the candidate, not an accident.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit((images.embeddings - centre) / spread, images.labels)
    weights = model.coef_.T / spread
    biases = model.intercept_ - centre @ weights
    return Linear(weights.astype(np.float32), biases.astype(np.float32), probabilities)
