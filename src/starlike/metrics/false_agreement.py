"""What keeps consistency honest: naming the same star for everyone would show here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_Labels = npt.NDArray[np.int64]


def different_people_agree(first: _Labels, people: _Labels) -> float | None:
    """How often a photo of one and a photo of another person get the same first answer.

    Averaged over all pairs of people, each pair by all its photos, so that a person with many
    photos weighs no more than another. Where p is the share of a person's photos that get a star,
    (Σ p)² - Σ p² over people, summed over stars, is twice the sum over pairs of people.

    Args:
        first: (N,) first answers.
        people: (N,) numbers of the people in the photos.

    Returns:
        None where all photos show one person.
    """
    _, person, photos = np.unique(people, return_inverse=True, return_counts=True)
    count = len(photos)
    if count < 2:
        return None
    shares = np.zeros((count, int(first.max()) + 1))
    np.add.at(shares, (person, first), 1 / photos[person])
    same = (shares.sum(axis=0) ** 2).sum() - (shares**2).sum()
    return max(0.0, float(same)) / (count * (count - 1))
