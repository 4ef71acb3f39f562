"""Near duplicates: photos that differ in their size, their quality or by a moment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from starlike.embeddings import distances
from starlike.prepare.policy import Policy
from starlike.records import Floats

Hashes = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


def near(
    some: tuple[Floats, Hashes], others: tuple[Floats, Hashes], policy: Policy
) -> tuple[Rows, Rows]:
    """Positions of pairs of near duplicates, by embedding first and then by hash.

    Args:
        some: embeddings (N, 128) and hashes (N, 64).
        others: the same of (M, …).
        policy: how near is near.
    """
    apart = distances(some[0], others[0])
    first, second = np.nonzero(apart < policy.same_photo)
    bits = (some[1][first] != others[1][second]).sum(axis=1)
    alike = (bits <= policy.same_hash) | (apart[first, second] < policy.same_face)
    return first[alike], second[alike]


def groups(count: int, first: Rows, second: Rows) -> list[Rows]:
    """Sets of two or more of so many positions that are joined by pairs."""
    links = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(count, count))
    parts, part = connected_components(links, directed=False)
    sets = [np.flatnonzero(part == number) for number in range(parts)]
    return [members for members in sets if len(members) > 1]
