"""Which network becomes the recipe."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from starlike.classifiers.methods import NETWORK
from starlike.files.leaderboard import Row


def simplest_of_the_best(rows: Sequence[Row]) -> Row:
    """The simplest network whose mean top-1 lies within one standard error of the best network's.

    Simpler is: fewer hidden layers, then narrower ones; among equals the more accurate. A lead
    within the error is as likely chance as merit, and a small network costs less. Source: Breiman
    et al., "Classification and Regression Trees", 1984, section 3.4.3.

    Args:
        rows: one or more measured networks; other methods among them are passed over.
    """
    networks = [row for row in rows if row.kind == NETWORK]
    best = max(networks, key=_top_1)
    enough = _top_1(best) - standard_error(best)
    good = [row for row in networks if _top_1(row) >= enough]
    return min(good, key=lambda row: (*_size(row), -_top_1(row), row.name))


def standard_error(row: Row) -> float:
    """Of mean top-1: that of a share, over the test images of all folds.

    The scatter of two or three folds would tell less of it; Breiman et al. use this one, too.
    """
    top_1 = _top_1(row)
    return sqrt(top_1 * (1 - top_1) / sum(result.images for result in row.results))


def _top_1(row: Row) -> float:
    return row.mean("top_1") or 0.0


def _size(row: Row) -> tuple[int, int]:
    layers = int(row.settings["layers"])
    return layers, int(row.settings["width"]) if layers else 0
