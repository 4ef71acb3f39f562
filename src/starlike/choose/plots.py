"""The leaderboard as pictures: accuracy by depth, by width, by images a class, and its growth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlike.choose.candidates import CLASS_MEAN, plain
from starlike.classifiers.methods import NETWORK
from starlike.files.leaderboard import Leaderboard, Row
from starlike.files.recipe import Recipe
from starlike.metrics.measures import IMAGES_A_CLASS, wilson
from starlike.reports import plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DEPTH, WIDTH, IMAGES, LEARNING = "depth.png", "width.png", "images.png", "learning.png"


def draw(board: Leaderboard, base: Recipe) -> dict[str, bytes]:
    """The plots, as PNG by file name; there is none by width where only one was measured.

    Args:
        board: every row measured on every fold, and every point of the learning curves.
        base: the recipe around which networks were varied.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    drawn = {DEPTH: plotting.png(lambda axes: _by_depth(axes, board, base))}
    widths = varied(board.rows, base, "width")
    if len(widths) > 1:
        drawn[WIDTH] = plotting.png(lambda axes: _by_width(axes, board, widths))
    drawn[IMAGES] = plotting.png(lambda axes: _by_images(axes, board))
    drawn[LEARNING] = plotting.png(lambda axes: _learning(axes, board))
    return drawn


def varied(rows: Sequence[Row], base: Recipe, name: str) -> list[Row]:
    """The networks that differ from the base recipe in nothing but one figure, by that figure."""
    same = {**base.to_dict(), name: None}
    found = [row for row in rows if row.kind == NETWORK and {**row.settings, name: None} == same]
    return sorted(found, key=lambda row: float(row.settings[name]))


def _by_depth(axes: Axes, board: Leaderboard, base: Recipe) -> str:
    lines = (("as the base recipe", base), ("plain, as the seed recipe", plain(base)))
    for (label, recipe), (colour, marker) in zip(lines, plotting.MARKS, strict=False):
        rows = varied(board.rows, recipe, "layers")
        if rows:
            places = [int(row.settings["layers"]) for row in rows]
            _line(axes, places, rows, colour, marker, label)
    _class_mean(axes, board)
    axes.set(xlabel="hidden layers", ylabel="right first answers, %")
    axes.locator_params(axis="x", integer=True)
    _finish(axes)
    return "Do deeper networks answer better?"


def _by_width(axes: Axes, board: Leaderboard, rows: Sequence[Row]) -> str:
    places = range(len(rows))
    _line(axes, list(places), rows, plotting.BLUE, "o", "as the base recipe")
    axes.set_xticks(places, [f"{row.settings['width']}" for row in rows])
    _class_mean(axes, board)
    axes.set(xlabel="units of a hidden layer", ylabel="right first answers, %")
    _finish(axes)
    return "Do wider networks answer better?"


def _line(
    axes: Axes, places: Sequence[int], rows: Sequence[Row], colour: str, marker: str, label: str
) -> None:
    """Means over folds, with one standard deviation up and down."""
    means = [100 * (row.mean("top_1") or 0.0) for row in rows]
    spreads = [100 * (row.spread("top_1") or 0.0) for row in rows]
    axes.errorbar(places, means, yerr=spreads, color=colour, marker=marker, capsize=4, label=label)


def _class_mean(axes: Axes, board: Leaderboard) -> None:
    top_1 = 100 * (board.row(CLASS_MEAN).mean("top_1") or 0.0)
    axes.axhline(top_1, color=plotting.SOFT, linestyle=(0, (4, 4)), linewidth=1.2, label=CLASS_MEAN)


def _by_images(axes: Axes, board: Leaderboard) -> str:
    """The best network, the class mean and the best other method, with 95 % intervals."""
    classic = [row for row in board.rows if row.kind != NETWORK and row.name != CLASS_MEAN]
    network = next(row for row in board.rows if row.kind == NETWORK)
    shown = (network, board.row(CLASS_MEAN), classic[0])
    images = _pooled(network)[1]
    groups = [name for name in IMAGES_A_CLASS if images[name]]
    for number, (row, (colour, marker)) in enumerate(zip(shown, plotting.MARKS, strict=True)):
        hits, asked = _pooled(row)
        shares, reach = _shares([(hits[name], asked[name]) for name in groups])
        axes.errorbar(
            [place + 0.16 * (number - 1) for place in range(len(groups))],
            shares,
            yerr=reach,
            fmt=marker,
            color=colour,
            capsize=4,
            label=row.name,
        )
    axes.set_xticks(range(len(groups)), [f"{name}\n{images[name]:,} tested" for name in groups])
    axes.set_xlim(-0.6, len(groups) - 0.4)
    axes.set(xlabel="images of a person that were learned from", ylabel="right first answers, %")
    _finish(axes)
    return "Do people with more images fare better?"


def _pooled(row: Row) -> tuple[Counter[str], Counter[str]]:
    """Right first answers and images asked about in each group, over all folds."""
    hits: Counter[str] = Counter()
    images: Counter[str] = Counter()
    for result in row.results:
        for group in result.by_images:
            hits[group.name] += group.hits
            images[group.name] += group.images
    return hits, images


def _learning(axes: Axes, board: Leaderboard) -> str:
    """The chosen network and the class mean, with 95 % intervals, by images of a class at most."""
    totals = {point.at_most: point.learned for point in board.curve}
    # All of them are one step on, wherever that is: few classes have as many as the largest.
    places = {size: size or 2 * max(filter(None, totals)) for size in totals}
    names = sorted({point.name for point in board.curve} - {CLASS_MEAN})
    shown = zip((*names, CLASS_MEAN), plotting.MARKS, (0.96, 1.04), strict=False)
    for name, (colour, marker), aside in shown:
        points = [point for point in board.curve if point.name == name]
        counts = [(round(point.figures["top_1"] * point.images), point.images) for point in points]
        shares, reach = _shares(counts)
        axes.errorbar(
            [aside * places[point.at_most] for point in points],
            shares,
            yerr=reach,
            color=colour,
            marker=marker,
            capsize=4,
            label=name,
        )
    axes.set_xscale("log", base=2)
    ticks = [f"{size or 'all'}\n{learned:,}" for size, learned in totals.items()]
    axes.set_xticks(list(places.values()), ticks)
    axes.minorticks_off()
    axes.set(
        xlabel="images learned from: of each person at most, and in all",
        ylabel="right first answers, %",
    )
    _finish(axes)
    return "How many images of a person are enough?"


def _shares(counts: Sequence[tuple[int, int]]) -> tuple[list[float], list[list[float]]]:
    """Hits of images as shares in %, and how far their 95 % intervals reach down and up."""
    shares = [100 * hits / images for hits, images in counts]
    ends = [wilson(hits, images) for hits, images in counts]
    down = [share - 100 * low for share, (low, _) in zip(shares, ends, strict=True)]
    up = [100 * high - share for share, (_, high) in zip(shares, ends, strict=True)]
    return shares, [down, up]


def _finish(axes: Axes) -> None:
    axes.grid(axis="y", color=plotting.GRID)
    plotting.legend(axes)
