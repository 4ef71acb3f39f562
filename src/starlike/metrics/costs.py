"""Figures of what a method costs, by stopwatch and scale; `choose` alone measures them."""

from __future__ import annotations

from starlike.metrics.answered import Answered
from starlike.metrics.declaration import LOWER, figure
from starlike.metrics.shown import milliseconds, seconds, size


@figure(
    key="train_seconds",
    title="training time",
    meaning="Seconds that fitting took, on one busy core.",
    better=LOWER,
    shown_as=seconds,
    repeatable=False,
)
def train_seconds(answered: Answered) -> float | None:
    """Seconds of fitting, all of it."""
    return answered.costs.train_seconds if answered.costs else None


@figure(
    key="size_bytes",
    title="size",
    meaning="Bytes that must be kept to answer.",
    better=LOWER,
    shown_as=size,
)
def size_bytes(answered: Answered) -> float | None:
    """Bytes of the exported network, or of the arrays that a classic method keeps."""
    return answered.costs.size_bytes if answered.costs else None


@figure(
    key="answer_ms",
    title="time to answer",
    meaning="Milliseconds that one embedding takes.",
    better=LOWER,
    shown_as=milliseconds,
    repeatable=False,
)
def answer_ms(answered: Answered) -> float | None:
    """The median of 15 answers to one embedding each."""
    return answered.costs.answer_ms if answered.costs else None
