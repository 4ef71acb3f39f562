"""What every plot has in common: colours that colour-blind people tell apart, style, PNG."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlike import extras
from starlike.errors import MissingPartError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of Okabe and Ito's palette, "Color universal design", 2008.
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
MARKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"))
INK, SOFT, GRID = "#1f1b24", "#655e6e", "#e6e2ea"

_STYLE = {
    "font.size": 11,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": "#b9b2c1",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.titleweight": "bold",
    "figure.titlesize": 12.5,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
}
_WIDTH, _HEIGHT = 6.6, 4.6


def png(plot: Callable[[Axes], str], height: float = _HEIGHT) -> bytes:
    """What a function plots, under the title that it returns; `height` in inches.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415  heavy
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise MissingPartError(
            f"plots need matplotlib; install it with: {extras.command('train')}"
        ) from None
    stream = io.BytesIO()
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(_WIDTH, height), dpi=160, layout="constrained")
        title = plot(figure.subplots())
        figure.suptitle(title, x=0.01, horizontalalignment="left")
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def legend(axes: Axes) -> None:
    """A legend above the axes, where it hides nothing."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, borderaxespad=0.2)
