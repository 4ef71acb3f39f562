"""Distances between embeddings as a number for people."""

from __future__ import annotations

import numpy as np

from starlike.records import EncoderCard, Floats


def similarity(distances: Floats, card: EncoderCard) -> Floats:
    """Distances between embeddings as 0 to 100, falling throughout.

    50 where the line is drawn between one person and two, 90 at what is usual between two photos
    of one person: for dlib's network at 0.6 and at 0.35.

    Args:
        distances: of any shape, float32.
        card: of the network whose embeddings they lie between.
    """
    slope = float(np.log(9.0)) / (card.same_person - card.usual_same)
    return np.asarray(100.0 / (1.0 + np.exp(slope * (distances - card.same_person))))
