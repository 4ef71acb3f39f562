"""Whom the model serves less well: the figures of every group that the data tells apart.

Nothing in a sample says gender, age or origin, so there is no group of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from starlike.evaluate.questions import Questions
from starlike.files.sample import Labels, Sample
from starlike.metrics import measures
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import Figure
from starlike.metrics.figures import Group, Grouping
from starlike.metrics.measures import IMAGES_A_CLASS, Bools
from starlike.metrics.values import Share, Value, rests_on
from starlike.records import Floats

PROPERTIES = ("source", "training images", "face size", "sharpness", "people")

_FACE_ENDS = (60, 100, 150)
_FACE_SIZES = ("below 60 pixels", "60–99 pixels", "100–149 pixels", "150 pixels or more")
_THIRDS = ("least sharp third", "middle third", "sharpest third")
_OTHERS = "everyone else"


@dataclass(frozen=True, slots=True)
class Part:
    """A group before it is measured.

    Attributes:
        name: what its images have in common.
        known: (N,) bool, which test images are in it.
        unknown: (M,) bool, which photos of unknown people are; None where that is not known.
        faces_found: see `Group`.
    """

    name: str
    known: Bools
    unknown: Bools | None = None
    faces_found: Share | None = None


def faces_found(opened: Sample, source: str | None = None) -> Share | None:
    """Images, of all that could be opened, in which a face was found; None where there is none.

    Args:
        opened: the sample.
        source: only images from there.
    """
    found = [
        bool(faces)
        for name, width, faces in opened.columns("source", "width", "faces")
        if width and source in {None, name}
    ]
    return measures.share(np.array(found, dtype=bool)) if found else None


def parts(
    opened: Sample,
    questions: Questions,
    train_images: Labels,
    class_groups: Mapping[str, Sequence[str]],
) -> dict[str, list[Part]]:
    """The groups by property, without those that nothing asked about is in.

    Args:
        opened: the sample.
        questions: what is asked about.
        train_images: (K,) training images of each class.
        class_groups: names of groups of classes, and of the classes in them.
    """
    size, sharpness = _of_faces(opened, questions.known.images)
    labels = questions.known.labels
    made = {
        "source": _by_source(opened, questions),
        "training images": _in_ranges(
            measures.ranges_of_images(train_images[labels]), IMAGES_A_CLASS
        ),
        "face size": _in_ranges(_ranges(size, _FACE_ENDS), _FACE_SIZES),
        "sharpness": _in_ranges(_thirds(sharpness), _THIRDS),
        "people": _by_classes(questions.known.classes, labels, class_groups),
    }
    return {name: groups for name, groups in made.items() if groups}


def _of_faces(opened: Sample, images: Sequence[str]) -> tuple[Floats, Floats]:
    """Face size in pixels and sharpness of images, (N,) both; not a number where unknown."""
    rows = opened.columns("image", "face_px", "sharpness")
    known = {image: numbers for image, *numbers in rows}
    values = np.array([known[image] for image in images], dtype=np.float32)
    return values[:, 0], values[:, 1]


def _by_source(opened: Sample, questions: Questions) -> list[Part]:
    known = np.array(questions.known.sources)
    others = np.array(questions.unknown.sources if questions.unknown else (), dtype=str)
    return [
        Part(name, known == name, others == name, faces_found(opened, name))
        for name in sorted({*known.tolist(), *others.tolist()})
    ]


def _ranges(values: Floats, ends: Sequence[float]) -> Labels:
    """Which range each value falls into; -1 for none."""
    numbers = np.searchsorted(np.asarray(ends), values, side="right")
    return np.where(np.isnan(values), -1, numbers).astype(np.int64)


def _thirds(values: Floats) -> Labels:
    known = values[~np.isnan(values)]
    return _ranges(values, np.quantile(known, (1 / 3, 2 / 3)).tolist() if len(known) else ())


def _in_ranges(numbers: Labels, names: Sequence[str]) -> list[Part]:
    return [Part(names[i], numbers == i) for i in np.unique(numbers[numbers >= 0])]


def _by_classes(
    classes: Sequence[str], labels: Labels, groups: Mapping[str, Sequence[str]]
) -> list[Part]:
    made = []
    in_none = np.ones(len(labels), dtype=bool)
    for name, members in groups.items():
        inside = np.isin(np.array(classes), list(members))[labels]
        in_none &= ~inside
        if inside.any():
            made.append(Part(name, inside))
    return [*made, Part(_OTHERS, in_none)] if made and in_none.any() else made


def measured(
    by_property: Mapping[str, Sequence[Part]], said: Sequence[Answered], figures: Sequence[Figure]
) -> tuple[Grouping, ...]:
    """Every group's figures.

    Args:
        by_property: what `parts` gave.
        said: what each method answers.
        figures: of which those are measured that are declared for groups.
    """
    asked = [one for one in figures if one.declaration.in_groups]
    return tuple(
        Grouping(name, tuple(_group(part, said, asked) for part in members))
        for name, members in by_property.items()
    )


def _group(part: Part, said: Sequence[Answered], figures: Sequence[Figure]) -> Group:
    return Group(
        name=part.name,
        images=int(part.known.sum()),
        faces_found=part.faces_found,
        methods=tuple(_of_method(part, one, figures) for one in said),
    )


def _of_method(part: Part, said: Answered, figures: Sequence[Figure]) -> dict[str, Value]:
    """Figures that rest on as many images or people as they are declared to need."""
    nobody = np.zeros(len(said.unknown_people), dtype=bool)
    within = said.some(part.known, nobody if part.unknown is None else part.unknown)
    measured = {}
    for one in figures:
        value, in_groups = one(within), one.declaration.in_groups
        if value is None or in_groups is None:
            continue
        count = rests_on(value)
        if count is None or count >= in_groups.fewest:
            measured[one.key] = value
    return measured
