"""Loss and accuracy over the epochs, as a picture."""

from __future__ import annotations

import io

from starlike import plotting
from starlike.train.fit import Fitted


def plot(fitted: Fitted) -> bytes:
    """The curves as a PNG."""
    from matplotlib.figure import Figure  # noqa: PLC0415  heavy

    figure = Figure(figsize=(9, 3.6), dpi=130, layout="constrained")
    panels = figure.subplots(1, 2)
    for panel, measure in zip(panels, ("loss", "accuracy"), strict=True):
        history = fitted.history
        epochs = range(1, len(history[measure]) + 1)
        panel.plot(epochs, history[measure], color=plotting.BLUE, label="training images, changed")
        if checked := history.get(f"val_{measure}"):
            panel.plot(epochs, checked, color=plotting.ORANGE, label="validation images")
            panel.axvline(fitted.best_epoch, color="0.6", linewidth=1, linestyle="--")
        panel.set_xlabel("epoch")
        panel.set_title(measure, loc="left")
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", color="0.92")
    panels[1].set_ylim(0, 1)
    panels[0].legend(frameon=False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
