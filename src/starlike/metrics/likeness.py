"""Figures of pairs of people who are said to look alike: how early the one comes for the other.

Asked with every photo of the one, whose own class may not be answered; both ways. The place of a
direction is the median over these photos.
"""

from __future__ import annotations

from collections.abc import Callable

from starlike.metrics import places
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import HIGHER, LOWER, figure
from starlike.metrics.places import KIN, LOOKALIKE, Kind, Places
from starlike.metrics.shown import fraction, number, percent
from starlike.metrics.values import Number, OfPairs

_Value = OfPairs | Number | None


@figure(
    key="lookalike_place",
    title="median place of look-alikes",
    meaning="Asked with photos of somebody, without their own class: at which place a star comes "
    "of whom people say that the two look alike. Half come as early or earlier.",
    better=LOWER,
    shown_as=number,
    headline=True,
)
def lookalike_place(answered: Answered) -> _Value:
    """The median place of look-alikes, over both directions of all pairs."""
    return _of(answered, LOOKALIKE, places.median)


@figure(
    key="lookalike_in_5",
    title="look-alikes among the first 5",
    term="hits at 5",
    meaning="How often such a look-alike is among the first five.",
    better=HIGHER,
    shown_as=percent,
)
def lookalike_in_5(answered: Answered) -> _Value:
    """The share of places up to 5, over both directions of all pairs of look-alikes."""
    return _within(answered, LOOKALIKE, 5)


@figure(
    key="lookalike_in_20",
    title="look-alikes among the first 20",
    term="hits at 20",
    meaning="How often such a look-alike is among the first twenty.",
    better=HIGHER,
    shown_as=percent,
    headline=True,
)
def lookalike_in_20(answered: Answered) -> _Value:
    """The share of places up to 20, over both directions of all pairs of look-alikes."""
    return _within(answered, LOOKALIKE, 20)


@figure(
    key="lookalike_in_50",
    title="look-alikes among the first 50",
    term="hits at 50",
    meaning="How often such a look-alike is among the first fifty.",
    better=HIGHER,
    shown_as=percent,
)
def lookalike_in_50(answered: Answered) -> _Value:
    """The share of places up to 50, over both directions of all pairs of look-alikes."""
    return _within(answered, LOOKALIKE, 50)


@figure(
    key="lookalike_reciprocal",
    title="mean reciprocal place of look-alikes",
    term="MRR",
    meaning="The mean of one divided by the place: 1 where all come first.",
    better=HIGHER,
    shown_as=fraction,
)
def lookalike_reciprocal(answered: Answered) -> _Value:
    """The mean of 1 / place, over both directions of all pairs of look-alikes."""
    return _of(answered, LOOKALIKE, places.mean_reciprocal)


@figure(
    key="kin_place",
    title="median place of kin",
    meaning="The same of parents and children, brothers and sisters.",
    better=LOWER,
    shown_as=number,
)
def kin_place(answered: Answered) -> _Value:
    """The median place of kin, over both directions of all pairs."""
    return _of(answered, KIN, places.median)


@figure(
    key="kin_in_20",
    title="kin among the first 20",
    term="kin, hits at 20",
    meaning="How often a parent or child, brother or sister is among the first twenty.",
    better=HIGHER,
    shown_as=percent,
)
def kin_in_20(answered: Answered) -> _Value:
    """The share of places up to 20, over both directions of all pairs of kin."""
    return _within(answered, KIN, 20)


def _within(answered: Answered, kind: Kind, first: int) -> _Value:
    return _of(answered, kind, lambda found: places.within(found, first))


def _of(answered: Answered, kind: Kind, measure: Callable[[Places], OfPairs | Number]) -> _Value:
    """A figure of the pairs of a kind; None where none was asked about."""
    found = answered.places.get(kind)
    return None if found is None else measure(found)
