"""The small records that figures are made of. Shares, errors and probabilities go from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `images`: their share `value` and its 95 % interval from `low` to `high`."""

    value: float
    low: float
    high: float
    hits: int
    images: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over people and its 95 % interval."""

    value: float
    low: float
    high: float


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
class Consistency:
    """Whether two photos of one person outside the classes get the same answer.

    Attributes:
        people: people with two or more photos.
        pairs: pairs of photos of one person.
        first_answer: how often both photos of a pair get the same first answer.
        top_5_overlap: the share of the five best answers that both have.
    """

    people: int
    pairs: int
    first_answer: Mean
    top_5_overlap: Mean


@dataclass(frozen=True, slots=True)
class Together:
    """Whether two photos of one person outside the classes get the same answer as two others.

    Attributes:
        people: people with four or more photos.
        draws: how often four photos of them were drawn, over all people.
        first_answer: how often the first answers to two and to two photos agree.
    """

    people: int
    draws: int
    first_answer: Mean


@dataclass(frozen=True, slots=True)
class Guard:
    """What keeps consistency honest: naming the same star for everyone would show here.

    Attributes:
        people: people outside the classes, with one photo or more.
        images: their photos.
        different_people_agree: how often a photo of one and a photo of another person get the
            same first answer, over all pairs of people; null where there is a single person.
        star: the most frequent first answer, by share of people.
        star_people: share of people who get it; who gets it with half of the photos counts half.
        star_images: share of the photos that get it.
    """

    people: int
    images: int
    different_people_agree: float | None
    star: str
    star_people: float
    star_images: float


@dataclass(frozen=True, slots=True)
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
