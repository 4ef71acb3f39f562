"""The figures of an evaluation: one tree of frozen records, which `metrics.json` holds as it is.

Every record is a JSON object whose keys are the attributes here and in `values`; tuples are lists,
and what was not measured is null. Shares, errors and probabilities go from 0 to 1.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from starlike.metrics.values import (
    Calibration,
    Consistency,
    Guard,
    Mean,
    Share,
    Similarities,
    Spread,
    Together,
)
from starlike.records import EmbedFrom

FORMAT_VERSION = 2
"""The `format` of `metrics.json`; raised when a key changes its meaning or goes away."""

NETWORK = "network"
CLASS_MEANS: dict[EmbedFrom, str] = {
    "photo": "nearest class mean",
    "crop": "nearest class mean of crops",
    "augmented": "nearest class mean of views",
}
"""What a network is compared with, by the embeddings that it is made of and asked with."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way of answering.

    Attributes:
        name: `network`, or one of `CLASS_MEANS`.
        top_1, top_5: right answers among the first one and the first five.
        calibration: null where the method gives no probabilities.
        consistency, together, guard: null where the sample shows nobody outside the classes (or
            nobody with two photos for consistency, with four for together).
    """

    name: str
    top_1: Share
    top_5: Share
    calibration: Calibration | None
    consistency: Consistency | None
    together: Together | None
    guard: Guard | None


@dataclass(frozen=True, slots=True)
class Spreads:
    """The figures of one method over several models; null where they were not measured of each."""

    name: str
    top_1: Spread
    top_5: Spread
    calibration_error: Spread | None
    first_answer: Spread | None
    top_5_overlap: Spread | None
    together: Spread | None
    different_people_agree: Spread | None
    star_people: Spread | None


@dataclass(frozen=True, slots=True)
class OfMethod:
    """What one method answered within a group.

    Attributes:
        top_1: null where the group has no test image.
        calibration_error: null where the method gives no probabilities, or of too few images.
        consistency: first answers to photos of people outside the classes; null where the group
            has too few with two photos, or cannot be told of such people.
    """

    top_1: Share | None
    calibration_error: float | None
    consistency: Mean | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the images.

    Attributes:
        name: what they have in common.
        faces_found: images of the sample, kept or not, in which a face was found; null where the
            group cannot be told of images without a face.
        people: people outside the classes whose consistency is told.
        methods: what was answered, in the order of the methods.
    """

    name: str
    faces_found: Share | None
    people: int
    methods: tuple[OfMethod, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """All images by one property: one of `groups.PROPERTIES`; a group of classes may overlap."""

    by: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Similarity:
    """How similar pairs are, as similarity is shown to users; null where there is no such pair.

    Attributes:
        edges: B + 1 edges of the histograms' bars, 0 to 100.
        known: test photos of the model's people, and the first star named for each.
        look_alike: photos of people outside the classes, and the first star named for each.
        one_person: two photos of one person.
        different: photos of two different people, drawn at random.
    """

    edges: tuple[float, ...]
    known: Similarities | None
    look_alike: Similarities | None
    one_person: Similarities | None
    different: Similarities | None


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whether the network tells people it knows from people who merely resemble them.

    Attributes:
        in_person_known: test images said to be the first star in person, and rightly.
        in_person_left_out: photos of people outside the classes said to be, wrongly; null where
            there are none.
        nobody_known, nobody_left_out: the same photos, of which nobody is said to resemble them.
        wrong_and_far: of the test images whose first answer is wrong, those that are less similar
            to their own class than any that is answered rightly: most likely they show somebody
            else. Null where none is wrong, or none right.
    """

    in_person_known: Share
    in_person_left_out: Mean | None
    nobody_known: Share
    nobody_left_out: Mean | None
    wrong_and_far: Share | None


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
        models: how many of the same recipe; all but `spreads` is of the first.
        classes: how many classes could be answered.
        model_classes: how many the model knows; more than `classes` where some were asked for.
        train_images: images that those classes were trained on.
        embed_from: where faces were encoded.
        sample: the identity of the sample that was measured on.
        same_sample: whether the model was trained on that sample, so that its test images are
            known to have been held out.
        sample_images, sample_people: everything usable in the sample.
        faces_found: images of the sample, kept or not, in which a face was found; null where none
            is known to have been looked at.
        sources: its usable images by source.
    """

    models: int
    classes: int
    model_classes: int
    train_images: int
    embed_from: str
    sample: str
    same_sample: bool
    sample_images: int
    sample_people: int
    faces_found: Share | None
    sources: dict[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured.

    Attributes:
        about: what was measured.
        methods: the network first, then what it is compared with.
        spreads: the methods over several models, in the same order; empty for a single model.
        groupings: first answers, calibration, consistency and faces found, group by group.
        similarity: how similar pairs of photos, and of photos and stars, are.
        recognition: whether the network tells known people from others.
        confusions: wrong first answers of the network, most frequent first.
        by_class: every class that has test images, by name.
    """

    about: About
    methods: tuple[Method, ...]
    spreads: tuple[Spreads, ...]
    groupings: tuple[Grouping, ...]
    similarity: Similarity
    recognition: Recognition
    confusions: tuple[Confusion, ...]
    by_class: tuple[OfClass, ...]

    def to_dict(self) -> dict[str, Any]:
        """The content of `metrics.json`."""
        return {"format": FORMAT_VERSION, **asdict(self)}


def to_json(figures: dict[str, Any]) -> str:
    """The text of `metrics.json`."""
    return json.dumps(figures, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
