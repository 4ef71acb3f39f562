"""Loss and accuracy over the epochs, as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlike.classifiers.fit import History
from starlike.reports import plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot(history: History, best_epoch: int | None = None) -> bytes:
    """The curves as a PNG.

    Args:
        history: the figures of one epoch or more.
        best_epoch: from 1, to be marked; None while it is not known.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415  heavy

    figure = Figure(figsize=(9, 3.6), dpi=130, layout="constrained")
    panels = figure.subplots(1, 2)
    for panel, measure in zip(panels, ("loss", "accuracy"), strict=True):
        _line(panel, history[measure], plotting.BLUE, "training images, changed")
        if checked := history.get(f"val_{measure}"):
            _line(panel, checked, plotting.ORANGE, "validation images")
            if best_epoch:
                panel.axvline(best_epoch, color="0.6", linewidth=1, linestyle="--")
        panel.set_xlabel("epoch")
        panel.locator_params(axis="x", integer=True, min_n_ticks=1)
        panel.set_title(measure, loc="left")
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", color="0.92")
    panels[1].set_ylim(0, 1.02)
    lines, labels = panels[0].get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside upper right", ncols=2, frameon=False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _line(panel: Axes, values: Sequence[float], colour: str, label: str) -> None:
    # A line through a single point would not be seen.
    marker = "o" if len(values) == 1 else None
    panel.plot(range(1, len(values) + 1), values, color=colour, marker=marker, label=label)
