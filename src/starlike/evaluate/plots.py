"""The figures as pictures: PNG, in colours that colour-blind people tell apart."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from starlike.errors import MissingPartError
from starlike.evaluate.figures import Calibration, Confusion, Figures, Method, Similarity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CALIBRATION, BY_IMAGES, SIMILARITY, CONFUSIONS = (
    "calibration.png",
    "images_a_person.png",
    "similarity.png",
    "confusions.png",
)

# Of Okabe and Ito's palette, "Color universal design", 2008.
_BLUE, _ORANGE = "#0072B2", "#D55E00"
_MARKS = ((_BLUE, "o"), (_ORANGE, "s"))
_INK, _SOFT, _GRID = "#1f1b24", "#655e6e", "#e6e2ea"

_STYLE = {
    "font.size": 11,
    "text.color": _INK,
    "text.parse_math": False,
    "axes.labelcolor": _SOFT,
    "axes.edgecolor": "#b9b2c1",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.titleweight": "bold",
    "figure.titlesize": 12.5,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "legend.frameon": False,
}

_MOST_CONFUSIONS, _LONGEST_NAME = 20, 26
_WIDTH, _HEIGHT = 6.6, 4.6


def draw(figures: Figures) -> dict[str, bytes]:
    """The plots of an evaluation, as PNG by file name; what was not measured has none.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    drawn = {}
    if calibration := figures.methods[0].calibration:
        drawn[CALIBRATION] = _png(lambda axes: _calibration(axes, calibration))
    drawn[BY_IMAGES] = _png(lambda axes: _by_images(axes, figures.methods))
    drawn[SIMILARITY] = _png(lambda axes: _similarity(axes, figures.similarity))
    if most := figures.confusions[:_MOST_CONFUSIONS]:
        drawn[CONFUSIONS] = _png(lambda axes: _confusions(axes, most), 1.3 + 0.27 * len(most))
    return drawn


def _png(plot: Callable[[Axes], str], height: float = _HEIGHT) -> bytes:
    """What a function plots, under the title that it returns."""
    try:
        import matplotlib as mpl  # noqa: PLC0415  heavy
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise MissingPartError(
            "plots need matplotlib; install it with: pip install 'starlike[train]'"
        ) from None
    stream = io.BytesIO()
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(_WIDTH, height), dpi=160, layout="constrained")
        title = plot(figure.subplots())
        figure.suptitle(title, x=0.01, horizontalalignment="left")
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _legend(axes: Axes) -> None:
    """Above the axes, where it hides nothing."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, borderaxespad=0.2)


def _calibration(axes: Axes, calibration: Calibration) -> str:
    said = [100 * point.probability for point in calibration.curve]
    true = [100 * point.accuracy for point in calibration.curve]
    axes.plot([0, 100], [0, 100], color=_SOFT, linestyle=(0, (4, 4)), linewidth=1.2)
    axes.text(58, 46, "as it should be", color=_SOFT, fontsize=10)
    axes.plot(said, true, color=_BLUE, marker="o", markersize=6, linewidth=1.8, clip_on=False)
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="probability it gives, %", ylabel="right, %")
    axes.grid(color=_GRID)
    return f"Is the network as right as it says? Error {100 * calibration.error:.1f} %"


def _by_images(axes: Axes, methods: Sequence[Method]) -> str:
    groups = methods[0].by_images
    middles = np.arange(len(groups))
    lowest = 100.0
    for number, (method, (colour, marker)) in enumerate(zip(methods, _MARKS, strict=False)):
        shares = [group.top_1 for group in method.by_images]
        values, lows, highs = (
            100 * np.array([getattr(share, part) for share in shares])
            for part in ("value", "low", "high")
        )
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
    labels = [f"{group.name}\n{group.top_1.images:,} tested" for group in groups]
    axes.set_xticks(middles, labels)
    bottom = max(0.0, lowest // 10 * 10)
    axes.set(xlim=(-0.6, len(groups) - 0.4), ylim=(bottom, 100 + 0.03 * (100 - bottom)))
    axes.set(xlabel="training images of a person", ylabel="right first answers, %")
    axes.locator_params(axis="y", integer=True)
    axes.grid(axis="y", color=_GRID)
    _legend(axes)
    return "Do people with more images fare better?"


def _similarity(axes: Axes, similarity: Similarity) -> str:
    edges = np.asarray(similarity.edges)
    for label, counts, colour, hatch in (
        ("known people", similarity.known, _BLUE, None),
        ("people in no class", similarity.left_out, _ORANGE, "////"),
    ):
        photos = sum(counts)
        if not photos:
            continue
        shares = 100 * np.asarray(counts) / photos
        axes.stairs(shares, edges, fill=True, color=colour, alpha=0.18)
        axes.stairs(
            shares, edges, color=colour, linewidth=1.8, hatch=hatch, label=f"{label} ({photos:,})"
        )
    axes.set(xlim=(0, 100), xlabel="similarity of the first answer", ylabel="share of photos, %")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=_GRID)
    _legend(axes)
    return "How similar is the first answer?"


def _confusions(axes: Axes, most: Sequence[Confusion]) -> str:
    places = range(len(most))
    axes.barh(places, [pair.images for pair in most], color=_BLUE, height=0.62)
    axes.set_yticks(places, [f"{_short(pair.person)} → {_short(pair.answer)}" for pair in most])
    axes.tick_params(axis="y", length=0, labelcolor=_INK)
    axes.invert_yaxis()
    axes.locator_params(axis="x", integer=True)
    axes.set_xlim(left=0)
    axes.set_xlabel("test images")
    axes.grid(axis="x", color=_GRID)
    return "Taken for someone else: person → answer"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
