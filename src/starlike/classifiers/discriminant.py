"""Linear discriminant analysis and what can be done in its space.

Each function takes images of K classes, its settings, and a seed that it does not need.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from starlike.classifiers.classic import Linear
from starlike.embeddings import class_means
from starlike.files.sample import Labelled
from starlike.records import Floats

_NEVER = 1e-12

_Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Directions:
    """The class mean of nearest direction: `axes` (128, d), seen from `centre`, `means` (K, d)."""

    centre: Floats
    axes: Floats
    means: Floats
    probabilities: bool = False

    @property
    def size_bytes(self) -> int:
        """Of all three."""
        return self.centre.nbytes + self.axes.nbytes + self.means.nbytes

    def scores(self, embeddings: Floats) -> Floats:
        """Cosines, -1 to 1."""
        seen = _unit((embeddings - self.centre) @ self.axes)
        return np.asarray(seen @ self.means.T, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Space:
    """Where photos of one person lie near each other, and people far apart.

    Attributes:
        centre: (128,) mean of the class means, from which all is seen.
        axes: (128, d), most telling first; along each, photos of a person spread by about 1.
        means: (K, d) class means.
        counts: (K,) images they rest on.
        within: (d,) variance of a person's photos.
    """

    centre: _Wide
    axes: _Wide
    means: _Wide
    counts: npt.NDArray[np.int64]
    within: _Wide


def lda(images: Labelled, settings: Mapping[str, float], _seed: int) -> Linear:
    """Normal distributions of one covariance, as scikit-learn has them.

    Its covariance is shrunk, because a class has fewer images than dimensions.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis  # noqa: PLC0415  heavy

    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage=settings["shrinkage"])
    with warnings.catch_warnings():
        # Of classes with one image, which say nothing of how images of a class spread.
        warnings.filterwarnings("ignore", message="Only one sample available")
        model.fit(images.embeddings.astype(np.float64), images.labels)
    return _linear(model.coef_.T, model.intercept_)


def lda_cosine(images: Labelled, settings: Mapping[str, float], _seed: int) -> Directions:
    """Cosine to the class mean, along all axes that tell classes apart."""
    found = space(images, settings["shrinkage"], len(images.classes) - 1)
    centre, axes = found.centre.astype(np.float32), found.axes.astype(np.float32)
    return Directions(centre, axes, _unit(found.means))


def plda(images: Labelled, settings: Mapping[str, float], _seed: int) -> Linear:
    """A person's true mean, told from the few photos that there are.

    Along each axis, photos of a person spread by w around the person's mean, and people's means by
    b around the mean of all. Of n photos with mean m, the true mean is most likely
    m · b / (b + w / n): few photos are trusted less. A new photo spreads around it by
    w + b · w / (n · b + w), of which the average over people is taken for all: what a
    person of one photo has more of would, on a small sample, draw every answer to them. Source:
    Ioffe, "Probabilistic Linear Discriminant Analysis", ECCV 2006.
    """
    found = space(images, settings["shrinkage"], int(settings["dimensions"]))
    n, w = found.counts[:, None].astype(np.float64), found.within
    b = np.maximum((found.means**2).mean(axis=0) - w * (1 / n).mean(), _NEVER)
    likely = found.means * b / (b + w / n)
    spread = (w + b * w / (n * b + w)).mean(axis=0)
    weights = found.axes @ (likely / spread).T
    biases = -(likely**2 / spread).sum(axis=1) / 2 - found.centre @ weights
    return _linear(weights, biases)


def space(images: Labelled, shrinkage: float, dimensions: int) -> Space:
    """The space of LDA, in which every class counts the same, however many images it has.

    scikit-learn weighs a class by its images. Where a few people have a hundred, its first axes
    tell these apart and nobody else: nearest class means along 50 of them are right for 75 % of
    photos of 1,246 people, and for 98 % along 50 of these.

    Args:
        images: of K classes.
        shrinkage: the share of the covariance within classes that is put evenly on all axes.
        dimensions: d at most.
    """
    from scipy.linalg import eigh  # noqa: PLC0415  heavy

    means, counts = class_means(images.embeddings, images.labels, len(images.classes))
    centre = means.mean(axis=0, dtype=np.float64)
    own = means - centre
    moves = (images.embeddings - means[images.labels]).astype(np.float64)
    within = moves.T @ moves / max(1, len(images) - len(means))
    size = len(within)
    even = max(float(np.trace(within)) / size, _NEVER)
    within = (1 - shrinkage) * within + shrinkage * even * np.eye(size)
    _, axes = eigh(own.T @ own / len(means), within)
    axes = axes[:, ::-1][:, : min(dimensions, len(means) - 1)]
    return Space(centre, axes, own @ axes, counts, np.diag(axes.T @ within @ axes))


def _linear(weights: _Wide, biases: _Wide) -> Linear:
    return Linear(weights.astype(np.float32), biases.astype(np.float32), probabilities=True)


def _unit(vectors: npt.NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _NEVER), dtype=np.float32)
