"""Kept images → a training and a test sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from starlike.draws import order_key
from starlike.files.sample import Split


def split(names: Sequence[str], contents: Sequence[str], *, test: int, seed: int) -> list[Split]:
    """Choose `test` images of every class for the test sample, and leave each one to train on.

    The choice depends on the seed and on each image's class and content alone: what else is in
    the sample, and in which order, changes nothing. A class of one image goes wholly to training.

    Args:
        names: the class of each image.
        contents: the SHA-256 of each image.
        test: images of a class that are tested on.
        seed: chooses among equals.

    Returns:
        The split of each image, in the same order.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        members[name].append(row)
    splits: list[Split] = ["train"] * len(names)
    for name, rows in members.items():
        drawn = sorted(rows, key=lambda row: order_key(seed, name, contents[row]))
        for row in drawn[: min(test, len(rows) - 1)]:
            splits[row] = "test"
    return splits
