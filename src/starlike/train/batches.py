"""Images as a network is trained on them: shuffled, changed anew in every epoch, weighed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from starlike.class_means import class_means, distances
from starlike.recipe import Recipe
from starlike.records import Floats
from starlike.sample import Labelled
from starlike.train.network import load_keras

Rows = npt.NDArray[np.int64]


def one_hot(images: Labelled) -> Floats:
    """Labels as (N, K) float32 rows with a single 1."""
    rows = np.zeros((len(images), len(images.classes)), dtype=np.float32)
    rows[np.arange(len(images)), images.labels] = 1.0
    return rows


def labels(vectors: Floats, images: Labelled, means: Floats, recipe: Recipe) -> Floats:
    """(N, K) float32 rows that add up to 1: the labels, and in part who else is near."""
    near = -recipe.focus * distances(vectors, means) ** 2
    near = np.exp(near - near.max(axis=1, keepdims=True))
    near *= recipe.resemblance / near.sum(axis=1, keepdims=True)
    near[np.arange(len(images)), images.labels] += 1 - recipe.resemblance
    return near


def weights(images: Labelled, balance: float) -> Floats:
    """(N,) float32, on average 1: a class's images weigh less, the more of them there are."""
    counts = np.bincount(images.labels, minlength=len(images.classes))[images.labels]
    weight = counts.astype(np.float32) ** -balance
    return np.asarray(weight / weight.mean(), dtype=np.float32)


def changed(images: Labelled, recipe: Recipe, rng: np.random.Generator) -> Floats:
    """(N, 128) float32: a share of the encodings replaced by a view's or borrowed, all noisy."""
    vectors = images.encodings.copy()
    if images.views.shape[1] and recipe.views:
        rows = np.flatnonzero(rng.random(len(images)) < recipe.views)
        vectors[rows] = images.views[rows, rng.integers(images.views.shape[1], size=len(rows))]
    rows = np.flatnonzero(rng.random(len(images)) < recipe.borrow)
    vectors[rows] = borrowed(images, vectors, rows, rng)
    return vectors + rng.normal(0, recipe.noise, vectors.shape).astype(np.float32)


def borrowed(images: Labelled, vectors: Floats, rows: Rows, rng: np.random.Generator) -> Floats:
    """Class means of some rows, each moved as an image of another class lies from its mean.

    A mean of n images lies nearer to each of them, and farther from an image not yet seen, than
    the true one does: by the roots of (n - 1) / n and (n + 1) / n, which are made good here.
    Classes of one image have nothing to lend.
    """
    means, counts = class_means(images.encodings, images.labels, len(images.classes))
    lenders = np.flatnonzero(counts[images.labels] > 1)
    if not len(lenders):
        return vectors[rows]
    lent = rng.choice(lenders, size=len(rows))
    lent_labels = images.labels[lent]
    n = counts[lent_labels].astype(np.float32)[:, None]
    own = counts[images.labels[rows]].astype(np.float32)[:, None]
    moves = (vectors[lent] - means[lent_labels]) * np.sqrt(n / (n - 1) * (own + 1) / own)
    return np.asarray(means[images.labels[rows]] + moves, dtype=np.float32)


def epochs(images: Labelled, recipe: Recipe) -> Any:
    """A `keras.utils.PyDataset` of batches; the n-th epoch is the same for the same seed."""
    keras = load_keras()
    weight = weights(images, recipe.balance)
    means, _ = class_means(images.encodings, images.labels, len(images.classes))

    class Epochs(keras.utils.PyDataset):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__(workers=1, use_multiprocessing=False)
            self._rng = np.random.default_rng(recipe.seed)
            self._draw()

        def _draw(self) -> None:
            self._order = self._rng.permutation(len(images))
            self._vectors = changed(images, recipe, self._rng)

        def __len__(self) -> int:
            return steps(len(images), recipe)

        def __getitem__(self, index: int) -> tuple[Floats, Floats, Floats]:
            rows = self._order[index * recipe.batch : (index + 1) * recipe.batch]
            vectors = self._vectors[rows]
            return vectors, labels(vectors, images.take(rows), means, recipe), weight[rows]

        def on_epoch_end(self) -> None:
            self._draw()

    return Epochs()


def steps(images: int, recipe: Recipe) -> int:
    """Batches an epoch. The last, smaller one is dropped, so that every shape is compiled once."""
    return max(1, images // recipe.batch)
