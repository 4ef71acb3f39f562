"""What an evaluation measured: one tree of frozen records, which `metrics.json` holds as it is.

Every record is a JSON object whose keys are the attributes here and in `values`; tuples are lists,
and what was not measured is null or, among `figures` and `spreads`, not there. Shares, errors and
probabilities go from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlike import typed_json
from starlike.errors import ModelError
from starlike.metrics.declaration import Declaration
from starlike.metrics.values import (
    Bin,
    Mean,
    PairsAsked,
    Share,
    Similarities,
    Spread,
    TopStar,
    Value,
)
from starlike.records import EmbedFrom

FORMAT_VERSION = 3
"""The `format` of `metrics.json`; raised when a key changes its meaning or goes away."""

NETWORK = "network"
CLASS_MEANS: dict[EmbedFrom, str] = {
    "photo": "nearest class mean",
    "crop": "nearest class mean, crop",
    "augmented": "nearest class mean, augmented",
}
"""What a network is compared with, by the embeddings that it is made of and asked with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way of answering.

    Attributes:
        name: `network`, or one of `CLASS_MEANS`.
        figures: what was measured of it, by the figures' keys.
        spreads: the same over several models, of what was measured of each; empty for a single
            model.
        reliability: how often first answers are right, by their probability; null where the method
            gives no probabilities.
        top_star: the most frequent answer to unknown people; null where there are none.
    """

    name: str
    figures: Mapping[str, Value]
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    reliability: tuple[Bin, ...] | None = None
    top_star: TopStar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some of the images.

    Attributes:
        name: what they have in common.
        images: test images of known people.
        faces_found: images of the sample, kept or not, in which a face was found; null where the
            group is not known of images without a face.
        methods: what each method answered, by the figures' keys, in the order of the methods;
            figures that would rest on too few images or people are not there.
    """

    name: str
    images: int
    faces_found: Share | None
    methods: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """All images by one property: one of `groups.PROPERTIES`; a group of classes may overlap."""

    by: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """How similar pairs are, as similarity is shown to users; null where there is no such pair.

    Attributes:
        edges: B + 1 edges of the histograms' bars, 0 to 100.
        known: test photos of known people, and the first star named for each.
        unknown: photos of unknown people, and the first star named for each: their look-alike.
        one_person: two photos of one person.
        different: photos of two different people, drawn at random.
    """

    edges: tuple[float, ...]
    known: Similarities | None
    unknown: Similarities | None
    one_person: Similarities | None
    different: Similarities | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Whether the network tells people it knows from people who merely resemble them.

    Attributes:
        in_person_known: test images said to be the first star in person, and rightly.
        in_person_unknown: photos of unknown people said to be, wrongly; null where there are none.
        nobody_known, nobody_unknown: the same photos, of which nobody is said to resemble them.
        wrong_and_far: of the test images whose first answer is wrong, those that are less similar
            to their own class than any that is answered rightly: most likely they show somebody
            else. Null where none is wrong, or none right.
    """

    in_person_known: Share
    in_person_unknown: Mean | None
    nobody_known: Share
    nobody_unknown: Mean | None
    wrong_and_far: Share | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many test images of `person` the network took for `answer`."""

    person: str
    answer: str
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClass:
    """A class: images trained on, images tested on, and how many of these the network got right."""

    name: str
    train_images: int
    test_images: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPeople:
    """The people in no class.

    Attributes:
        people, images: with one photo or more, and their photos.
        people_of_pairs, pairs: with two photos or more, and the pairs of photos of one person.
        people_of_draws, draws: with four photos or more, and how often four of one were drawn.
    """

    people: int
    images: int
    people_of_pairs: int
    pairs: int
    people_of_draws: int
    draws: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What was measured.

    Attributes:
        models: how many of the same recipe; all but the spreads is of the first.
        classes: how many classes could be answered.
        model_classes: how many the model knows; more than `classes` where some were asked for.
        train_images: images that those classes were trained on.
        test_images: images of those classes that were asked about.
        unknown: the people in no class who were asked about; null where the sample shows none.
        embed_from: what faces were embedded from.
        sample: the identity of the sample that was measured on.
        same_sample: whether the model was trained on that sample, so that its test images are
            known to have been held out.
        sample_images, sample_people: everything usable in the sample.
        faces_found: images of the sample, kept or not, in which a face was found; null where none
            is known to have been looked at.
        sources: its usable images by source.
        pairs: the pairs of people who are said to look alike that were asked about; null where no
            file of them was given.
    """

    models: int
    classes: int
    model_classes: int
    train_images: int
    test_images: int
    unknown: UnknownPeople | None
    embed_from: EmbedFrom
    sample: str
    same_sample: bool
    sample_images: int
    sample_people: int
    faces_found: Share | None
    sources: Mapping[str, int]
    pairs: PairsAsked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that was measured.

    Attributes:
        about: what was measured.
        declared: what is to be said of each figure, in the order of tables.
        methods: the network first, then what it is compared with.
        groupings: the figures that are measured of groups, group by group.
        similarity: how similar pairs of photos, and of photos and stars, are.
        recognition: whether the network tells known people from others.
        confusions: wrong first answers of the network, most frequent first.
        by_class: every class that has test images, by name.
    """

    about: About
    declared: tuple[Declaration, ...]
    methods: tuple[Method, ...]
    groupings: tuple[Grouping, ...]
    similarity: Similarity
    recognition: Recognition
    confusions: tuple[Confusion, ...]
    by_class: tuple[OfClass, ...]

    @property
    def network(self) -> Method:
        """What was measured of the network."""
        return self.methods[0]

    def to_json(self) -> str:
        """The text of `metrics.json`."""
        return typed_json.dump(self, FORMAT_VERSION)


def read(file: Path) -> Figures:
    """Read `metrics.json`.

    Raises:
        ModelError: it cannot be read, or is of another format version.
    """
    try:
        return typed_json.load(file.read_bytes(), Figures, FORMAT_VERSION)
    except typed_json.OtherFormatError as error:
        raise ModelError(
            f"{file}: figures of format {error.found}, but format {FORMAT_VERSION} is read here; "
            "evaluate the model again"
        ) from error
    except OSError as error:
        raise ModelError(f"{file}: the figures cannot be read ({error.strerror})") from error
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise ModelError(
            f"{file}: these are no figures ({reason}); evaluate the model again"
        ) from error
