"""Folds of the training images: known people to test on, and people held out of the classes.

`prepare` left near duplicates out, so no fold tests on what it learns from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from starlike.draws import order_key
from starlike.errors import SampleError
from starlike.files.sample import Labelled

HELD_OUT = 0.06
"""The share of people that a fold holds out of the classes."""

FEWEST_IMAGES = 3
"""Images of a class from which on one of them is tested on."""

_FEWEST_HELD_OUT = 2
_FEWEST_CLASSES = 3

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold; its learning and known images share K classes.

    Attributes:
        learning: images to learn from, of every class.
        known: one image of each class with three or more.
        unknown: all images of people held out; their classes are these people.
    """

    learning: Labelled
    known: Labelled
    unknown: Labelled


def folds(images: Labelled, count: int, seed: int) -> tuple[Fold, ...]:
    """Split images into folds, which depend on seed, class names and image paths alone.

    Different folds hold out different people and test on different images of a class, as long as
    it has as many. The first folds are the same, however many there are.

    Args:
        images: what there is to learn from.
        count: how many folds.
        seed: chooses people and images.

    Raises:
        SampleError: there are too few people or images.
    """
    people = [
        np.flatnonzero(images.labels == label).tolist() for label in range(len(images.classes))
    ]
    several = [label for label, rows in enumerate(people) if len(rows) > 1]
    several.sort(key=lambda label: order_key(seed, "held out", images.classes[label]))
    each = max(_FEWEST_HELD_OUT, round(HELD_OUT * len(people)))
    if count * each > len(several) or len(people) - each < _FEWEST_CLASSES:
        raise SampleError(
            f"{count} folds hold out {count * each} people with two training images or more, but "
            f"the sample has {len(several)} such people of {len(people)}; use fewer --folds or "
            "a larger sample"
        )
    drawn = [
        sorted(rows, key=lambda row: order_key(seed, "tested", images.images[row]))
        for rows in people
    ]
    return tuple(
        _fold(images, drawn, several[each * number : each * (number + 1)], number)
        for number in range(count)
    )


def _fold(
    images: Labelled, drawn: Sequence[Sequence[int]], held_out: Sequence[int], number: int
) -> Fold:
    learning: list[int] = []
    tested: list[int] = []
    known = [label for label in range(len(drawn)) if label not in set(held_out)]
    for label in known:
        rows = list(drawn[label])
        if len(rows) >= FEWEST_IMAGES:
            tested.append(rows.pop(number % len(rows)))
        learning += rows
    if not tested:
        raise SampleError(
            f"choosing tests on people with {FEWEST_IMAGES} training images or more, and the "
            "sample has none; prepare more images of each person"
        )
    unknown = [row for label in held_out for row in drawn[label]]
    return Fold(
        _of(images, learning, known), _of(images, tested, known), _of(images, unknown, held_out)
    )


def _of(images: Labelled, rows: Sequence[int], labels: Sequence[int]) -> Labelled:
    """Some images in the sample's order, with some of its classes, numbered by name."""
    some = images.take(np.sort(np.asarray(rows, dtype=np.int64)))
    kept: Rows = np.sort(np.asarray(labels, dtype=np.int64))
    return replace(
        some,
        classes=tuple(images.classes[label] for label in kept),
        labels=np.searchsorted(kept, some.labels).astype(np.int64),
    )
