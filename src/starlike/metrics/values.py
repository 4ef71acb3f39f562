"""The small records that figures are made of. Shares, errors and probabilities go from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from starlike.names import listed

# A figure is one of four kinds, which JSON tells apart by `kind`: msgspec does that for its own
# records alone, so these are no dataclasses.


class Share(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="share"):
    """`hits` of `images`: their share `value` and its 95 % interval from `low` to `high`."""

    value: float
    low: float
    high: float
    hits: int
    images: int


class Mean(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="mean"):
    """A mean over so many `people`, and its 95 % interval from `low` to `high`."""

    value: float
    low: float
    high: float
    people: int


class OfPairs(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="pairs"):
    """A figure of so many `pairs` of people, and its 95 % interval from `low` to `high`."""

    value: float
    low: float
    high: float
    pairs: int


class Number(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="number"):
    """A value without an interval; and how many images it rests on, where that matters."""

    value: float
    images: int | None = None


Value = Share | Mean | OfPairs | Number


def ends(value: Value) -> tuple[float, float] | None:
    """The 95 % interval of a value; None where it has none."""
    return None if isinstance(value, Number) else (value.low, value.high)


def rests_on(value: Value) -> int | None:
    """How many images, people or pairs a value comes from; None where that is not known."""
    if isinstance(value, Mean):
        return value.people
    return value.pairs if isinstance(value, OfPairs) else value.images


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over several models: its mean, its standard deviation, and its value for each."""

    mean: float
    deviation: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """The share of right first answers within a group of images."""

    name: str
    top_1: Share


@dataclass(frozen=True, slots=True)
class Bin:
    """A point of the reliability curve: images of a mean probability, and how many were right."""

    probability: float
    accuracy: float
    images: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error, and the curve it sums up, by rising probability."""

    error: float
    curve: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class TopStar:
    """The most frequent first answer to unknown people.

    Attributes:
        name: the class that most people get.
        people: share of people who get it; who gets it with half of the photos counts half.
        images: share of the photos that get it.
    """

    name: str
    people: float
    images: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsAsked:
    """The pairs of people that were asked about: of one half of a file.

    Attributes:
        lookalikes, kin: those of each kind.
        left_out: the names of two of whom neither can be answered to photos of the other.
        put_aside: how many pairs the other half has, which are of other people.
    """

    lookalikes: int
    kin: int
    left_out: tuple[str, ...]
    put_aside: int

    @property
    def in_words(self) -> str:
        """How many there are, as the end of a sentence without its full stop."""
        asked = f"{_counted(self.lookalikes)} of look-alikes and {_counted(self.kin)} of kin"
        other = f"; {_counted(self.put_aside)}, of other people, put aside"
        lacking = f"; left out, for they are no classes: {listed(self.left_out)}"
        return asked + (other if self.put_aside else "") + (lacking if self.left_out else "")


def _counted(pairs: int) -> str:
    return "1 pair" if pairs == 1 else f"{pairs:,} pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarities:
    """How similar the two of each pair are, 0 to 100.

    Attributes:
        pairs: how many were looked at.
        low, median, high: 5, 50 and 95 % of the pairs are at most so similar.
        reach_50, reach_90: share of the pairs with a similarity of 50, or of 90, or more.
        counts: (B) pairs in each bar of a histogram.
    """

    pairs: int
    low: float
    median: float
    high: float
    reach_50: float
    reach_90: float
    counts: tuple[int, ...]
