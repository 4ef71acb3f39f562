"""Every figure, each declared once: by `figure`, on the function that computes it.

One from outside is declared in the same way, and given to `evaluate` and `choose` or named by a
package's entry point of the group `starlike.figures`.
"""

from starlike.metrics.answered import Answered, Costs
from starlike.metrics.declaration import HIGHER, LOWER, Declaration, Figure, InGroups, figure
from starlike.metrics.measures import mean, over_people, share
from starlike.metrics.places import KIN, LOOKALIKE, Places
from starlike.metrics.shown import (
    Shown,
    fraction,
    milliseconds,
    number,
    percent,
    seconds,
    similarity,
    size,
)
from starlike.metrics.values import Mean, Number, OfPairs, Share, Value

__all__ = [
    "HIGHER",
    "KIN",
    "LOOKALIKE",
    "LOWER",
    "Answered",
    "Costs",
    "Declaration",
    "Figure",
    "InGroups",
    "Mean",
    "Number",
    "OfPairs",
    "Places",
    "Share",
    "Shown",
    "Value",
    "figure",
    "fraction",
    "mean",
    "milliseconds",
    "number",
    "over_people",
    "percent",
    "seconds",
    "share",
    "similarity",
    "size",
]
