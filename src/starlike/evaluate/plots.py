"""The figures as pictures, in PNG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from starlike.metrics.figures import Confusion, Figures, Grouping, Method, Similarity
from starlike.metrics.values import Bin, Similarities, Value, ends
from starlike.reports import plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CALIBRATION, BY_IMAGES, SIMILARITY, PAIRS, CONFUSIONS = (
    "calibration.png",
    "images_a_person.png",
    "similarity.png",
    "pairs.png",
    "confusions.png",
)

_Shares = npt.NDArray[np.float64]

_MOST_CONFUSIONS, _LONGEST_NAME = 20, 26


def draw(figures: Figures) -> dict[str, bytes]:
    """The plots of an evaluation, as PNG by file name; what was not measured has none.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    drawn = {}
    if curve := figures.network.reliability:
        error = figures.network.figures["calibration_error"].value
        drawn[CALIBRATION] = plotting.png(lambda axes: _calibration(axes, curve, error))
    by_images = next(one for one in figures.groupings if one.by == "training images")
    drawn[BY_IMAGES] = plotting.png(lambda axes: _by_images(axes, by_images, figures.methods))
    drawn[SIMILARITY] = plotting.png(lambda axes: _similarity(axes, figures.similarity))
    drawn[PAIRS] = plotting.png(lambda axes: _pairs(axes, figures.similarity))
    if most := figures.confusions[:_MOST_CONFUSIONS]:
        drawn[CONFUSIONS] = plotting.png(
            lambda axes: _confusions(axes, most), 1.3 + 0.27 * len(most)
        )
    return drawn


def _calibration(axes: Axes, curve: Sequence[Bin], error: float) -> str:
    said = [100 * point.probability for point in curve]
    true = [100 * point.accuracy for point in curve]
    axes.plot([0, 100], [0, 100], color=plotting.SOFT, linestyle=(0, (4, 4)), linewidth=1.2)
    axes.text(58, 46, "as it should be", color=plotting.SOFT, fontsize=10)
    axes.plot(
        said, true, color=plotting.BLUE, marker="o", markersize=6, linewidth=1.8, clip_on=False
    )
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="probability it gives, %", ylabel="right, %")
    axes.grid(color=plotting.GRID)
    return f"Is the network as right as it says? Error {100 * error:.1f} %"


def _by_images(axes: Axes, grouping: Grouping, methods: Sequence[Method]) -> str:
    groups = [group for group in grouping.groups if group.images]
    middles = np.arange(len(groups))
    lowest = 100.0
    for number, (method, (colour, marker)) in enumerate(zip(methods, plotting.MARKS, strict=False)):
        values, lows, highs = _with_ends([group.methods[number]["top_1"] for group in groups])
        axes.errorbar(
            middles + (number - (len(methods) - 1) / 2) * 0.16,
            values,
            yerr=[values - lows, highs - values],
            fmt=marker,
            color=colour,
            markersize=7,
            capsize=4,
            linewidth=1.6,
            label=method.name,
        )
        lowest = min(lowest, float(lows.min()))
    labels = [f"{group.name}\n{group.images:,} tested" for group in groups]
    axes.set_xticks(middles, labels)
    bottom = max(0.0, lowest // 10 * 10)
    axes.set(xlim=(-0.6, len(groups) - 0.4), ylim=(bottom, 100 + 0.03 * (100 - bottom)))
    axes.set(xlabel="training images of a person", ylabel="right first answers, %")
    axes.locator_params(axis="y", integer=True)
    axes.grid(axis="y", color=plotting.GRID)
    plotting.legend(axes)
    return "Do people with more images fare better?"


def _with_ends(shares: Sequence[Value]) -> tuple[_Shares, _Shares, _Shares]:
    """Shares and the ends of their intervals, in %."""
    rows = [(one.value, *(ends(one) or (one.value, one.value))) for one in shares]
    values, lows, highs = 100 * np.array(rows).T
    return values, lows, highs


def _similarity(axes: Axes, similarity: Similarity) -> str:
    _histogram(axes, similarity, "known people", similarity.known, plotting.BLUE)
    _histogram(axes, similarity, "unknown people", similarity.unknown, plotting.ORANGE)
    _finish(axes, "similarity of the first answer", "share of photos, %")
    return "How similar is the first answer?"


def _pairs(axes: Axes, similarity: Similarity) -> str:
    _histogram(axes, similarity, "one person", similarity.one_person, plotting.BLUE)
    _histogram(axes, similarity, "look-alikes", similarity.unknown, plotting.ORANGE)
    _histogram(axes, similarity, "two people", similarity.different, plotting.GREEN)
    _finish(axes, "similarity", "share of pairs, %")
    return "What does a similarity mean?"


_HATCHES = {plotting.BLUE: None, plotting.ORANGE: "////", plotting.GREEN: "...."}


def _histogram(
    axes: Axes, similarity: Similarity, label: str, pairs: Similarities | None, colour: str
) -> None:
    if pairs is None:
        return
    shares, edges = 100 * np.asarray(pairs.counts) / pairs.pairs, np.asarray(similarity.edges)
    axes.stairs(shares, edges, fill=True, color=colour, alpha=0.18)
    axes.stairs(
        shares,
        edges,
        color=colour,
        linewidth=1.8,
        hatch=_HATCHES[colour],
        label=f"{label} ({pairs.pairs:,})",
    )


def _finish(axes: Axes, along: str, up: str) -> None:
    axes.set(xlim=(0, 100), xlabel=along, ylabel=up)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=plotting.GRID)
    plotting.legend(axes)


def _confusions(axes: Axes, most: Sequence[Confusion]) -> str:
    places = range(len(most))
    axes.barh(places, [pair.images for pair in most], color=plotting.BLUE, height=0.62)
    axes.set_yticks(places, [f"{_short(pair.person)} → {_short(pair.answer)}" for pair in most])
    axes.tick_params(axis="y", length=0, labelcolor=plotting.INK)
    axes.invert_yaxis()
    axes.locator_params(axis="x", integer=True)
    axes.set_xlim(left=0)
    axes.set_xlabel("test images")
    axes.grid(axis="x", color=plotting.GRID)
    return "Taken for someone else: person → answer"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
