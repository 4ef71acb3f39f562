"""One linear layer: logistic regression and linear SVM."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax

from starlike.classifiers.methods import Settings
from starlike.files.sample import Labelled
from starlike.records import Floats

# Steps that change the loss by less end the fit: the order of answers is settled long before.
_TOLERANCE, _SVM_TOLERANCE = 1e-4, 1e-2


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear layer.

    Attributes:
        weights: (D, K) float32.
        biases: (K,) float32.
        probabilities: whether softmax follows.
    """

    weights: Floats
    biases: Floats
    probabilities: bool

    @property
    def size_bytes(self) -> int:
        """Of weights and biases."""
        return self.weights.nbytes + self.biases.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Logits (N, K) of embeddings (N, D), or their softmax."""
        logits = embeddings @ self.weights + self.biases
        return np.asarray(softmax(logits, axis=1) if self.probabilities else logits)


def logistic_regression(images: Labelled, settings: Settings, _seed: int) -> Linear:
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


def linear_svm(images: Labelled, settings: Settings, seed: int) -> Linear:
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
