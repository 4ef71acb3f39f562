"""What a network has to beat: the class whose mean encoding is nearest."""

from __future__ import annotations

import numpy as np

from starlike.class_means import class_means, distances
from starlike.records import Floats
from starlike.sample import Labelled


def scores(train: Labelled, encodings: Floats) -> Floats:
    """How well each class fits each encoding, by nearness to the class's mean.

    Args:
        train: training images of K classes.
        encodings: (N, 128) float32.

    Returns:
        (N, K) float32, minus the Euclidean distance; minus infinity for a class without a
        training image.
    """
    means, counts = class_means(train.encodings, train.labels, len(train.classes))
    scored = -distances(encodings, means)
    scored[:, counts == 0] = -np.inf
    return scored
