"""The figures of an evaluation: one tree of frozen records, which `metrics.json` holds as it is.

Every record is a JSON object whose keys are the attributes below; tuples are lists, and what was
not measured is null. Shares, errors and probabilities go from 0 to 1.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT_VERSION = 1
"""The `format` of `metrics.json`; raised when a key changes its meaning or goes away."""

NETWORK, CLASS_MEAN = "network", "nearest class mean"


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
class Group:
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
class Guard:
    """What keeps consistency honest: naming the same star for everyone would show here.

    Attributes:
        people: people outside the classes, with one photo or more.
        images: their photos.
        different_people_agree: how often photos of two people get the same first answer; null
            where there is a single person.
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
class Method:
    """One way of answering.

    Attributes:
        name: `network` or `nearest class mean`.
        top_1, top_5: right answers among the first one and the first five.
        calibration: null where the method gives no probabilities.
        consistency, guard: null where the sample shows nobody outside the classes (or, for
            consistency, nobody with two photos).
        by_source: first answers by where an image came from.
        by_images: first answers by how many training images the person has.
    """

    name: str
    top_1: Share
    top_5: Share
    calibration: Calibration | None
    consistency: Consistency | None
    guard: Guard | None
    by_source: tuple[Group, ...]
    by_images: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Similarity:
    """Images by similarity of the network's first answer.

    Attributes:
        edges: B + 1 edges of bars, 0 to 100.
        known: (B) test images of the model's classes.
        left_out: (B) images of people outside the classes.
    """

    edges: tuple[float, ...]
    known: tuple[int, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many test images of `person` the network took for `answer`."""

    person: str
    answer: str
    images: int


@dataclass(frozen=True, slots=True)
class OfClass:
    """A class: images trained on, images tested on, and how many of these the network got right."""

    name: str
    train_images: int
    test_images: int
    right: int


@dataclass(frozen=True, slots=True)
class About:
    """What was measured.

    Attributes:
        classes: how many classes could be answered.
        model_classes: how many the model knows; more than `classes` where some were asked for.
        train_images: images that those classes were trained on.
        encode_in: where faces were encoded.
        sample: the identity of the sample that was measured on.
        same_sample: whether the model was trained on that sample, so that its test images are
            known to have been held out.
        sample_images, sample_people: everything usable in the sample.
        sources: its images by source.
    """

    classes: int
    model_classes: int
    train_images: int
    encode_in: str
    sample: str
    same_sample: bool
    sample_images: int
    sample_people: int
    sources: dict[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured.

    Attributes:
        about: what was measured.
        methods: the network first, then what it is compared with.
        similarity: how similar first answers are, for known people and for others.
        confusions: wrong first answers of the network, most frequent first.
        by_class: every class that has test images, by name.
    """

    about: About
    methods: tuple[Method, ...]
    similarity: Similarity
    confusions: tuple[Confusion, ...]
    by_class: tuple[OfClass, ...]

    def to_dict(self) -> dict[str, Any]:
        """The content of `metrics.json`."""
        return {"format": FORMAT_VERSION, **asdict(self)}


def to_json(figures: dict[str, Any]) -> str:
    """The text of `metrics.json`."""
    return json.dumps(figures, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
