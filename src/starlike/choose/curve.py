"""Learning curves: how much better the answers get with more images of a person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from starlike.choose.folds import Fold
from starlike.draws import order_key
from starlike.files.leaderboard import Point, Result
from starlike.files.sample import Labelled

FOLD = 0
"""The number of the fold on which curves are measured."""

_SIZES, _QUICK_SIZES = (1, 2, 4, 8, 16), (1, 4)


def sizes(learning: Labelled, *, quick: bool = False) -> tuple[int | None, ...]:
    """Images a class at most, few first; None, for all, is the last.

    Args:
        learning: what there is to learn from; sizes that would leave none of it out are no part.
        quick: fewer of them.
    """
    most = int(np.bincount(learning.labels).max())
    return (*(size for size in (_QUICK_SIZES if quick else _SIZES) if size < most), None)


def part(fold: Fold, at_most: int | None, seed: int) -> Fold:
    """A fold with at most so many images of each class to learn from; None for all.

    Drawn by seed and image paths alone: what a smaller part holds, a larger one holds, too.
    """
    images = fold.learning
    keys = [order_key(seed, "learned from", image) for image in images.images]
    drawn = np.array(sorted(range(len(images)), key=keys.__getitem__), dtype=np.int64)
    kept = [drawn[images.labels[drawn] == label][:at_most] for label in range(len(images.classes))]
    return replace(fold, learning=images.take(np.sort(np.concatenate(kept))))


def point(name: str, at_most: int | None, fold: Fold, result: Result) -> Point:
    """What a candidate of some name gave on a part of a fold."""
    return Point(
        name=name,
        at_most=at_most,
        learned=len(fold.learning),
        images=result.images,
        figures=result.figures,
    )
