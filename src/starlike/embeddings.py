"""The mean embedding of each class, and how far embeddings are from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from starlike.records import Floats


def class_means(
    embeddings: Floats, labels: npt.NDArray[np.int64], classes: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Means (K, 128) float32 and counts (K,) of the embeddings of each class; zeros where none."""
    sums = np.zeros((classes, embeddings.shape[1]), dtype=np.float64)
    np.add.at(sums, labels, embeddings)
    counts = np.bincount(labels, minlength=classes)
    return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32), counts


def distances(some: Floats, others: Floats) -> Floats:
    """Euclidean distances (N, M) float32 between rows of (N, D) and (M, D)."""
    squares = (some**2).sum(1)[:, None] + (others**2).sum(1)[None, :] - 2 * some @ others.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)), dtype=np.float32)
