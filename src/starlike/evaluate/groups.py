"""Whom the model serves less well: the figures of every group that the data tells apart.

Nothing in a sample says gender, age or origin, so there is no group of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from starlike.evaluate.methods import Scored
from starlike.evaluate.questions import Questions
from starlike.files.sample import Labelled, Labels
from starlike.metrics import measures
from starlike.metrics.figures import Group, Grouping, OfMethod
from starlike.metrics.measures import IMAGES_A_CLASS, Bools
from starlike.metrics.values import Consistency, Share
from starlike.records import Floats

if TYPE_CHECKING:
    import pyarrow as pa

PROPERTIES = ("source", "training images", "face size", "sharpness", "people")

FEWEST_CALIBRATED = 100
"""Images from which on a group's calibration error is told: of few, chance alone makes it large."""

FEWEST_PEOPLE = 10
"""People from which on a group's consistency is told: of fewer, its interval means nothing."""

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
        left_out: (M,) bool, which photos of people outside the classes are; None where that
            cannot be told.
        faces_found: see `Group`.
    """

    name: str
    known: Bools
    left_out: Bools | None = None
    faces_found: Share | None = None


def faces_found(table: pa.Table, source: str | None = None) -> Share | None:
    """Images, of all that could be opened, in which a face was found; None where there is none.

    Args:
        table: the sample.
        source: only images from there.
    """
    columns = (table[name].to_pylist() for name in ("source", "width", "faces"))
    found = [
        bool(faces)
        for name, width, faces in zip(*columns, strict=True)
        if width and source in {None, name}
    ]
    return measures.share(np.array(found, dtype=bool)) if found else None


def parts(
    table: pa.Table,
    questions: Questions,
    train_images: Labels,
    class_groups: Mapping[str, Sequence[str]],
) -> dict[str, list[Part]]:
    """The groups by property, without those that nothing asked about is in.

    Args:
        table: the sample.
        questions: what is asked about.
        train_images: (K,) training images of each class.
        class_groups: names of groups of classes, and of the classes in them.
    """
    size, sharpness = _of_faces(table, questions.known.images)
    labels = questions.known.labels
    made = {
        "source": _by_source(table, questions),
        "training images": _in_ranges(
            measures.ranges_of_images(train_images[labels]), IMAGES_A_CLASS
        ),
        "face size": _in_ranges(_ranges(size, _FACE_ENDS), _FACE_SIZES),
        "sharpness": _in_ranges(_thirds(sharpness), _THIRDS),
        "people": _by_classes(questions.known.classes, labels, class_groups),
    }
    return {name: groups for name, groups in made.items() if groups}


def _of_faces(table: pa.Table, images: Sequence[str]) -> tuple[Floats, Floats]:
    """Face size in pixels and sharpness of images, (N,) both; not a number where unknown."""
    columns = (table[name].to_pylist() for name in ("image", "face_px", "sharpness"))
    known = {image: numbers for image, *numbers in zip(*columns, strict=True)}
    values = np.array([known[image] for image in images], dtype=np.float32)
    return values[:, 0], values[:, 1]


def _by_source(table: pa.Table, questions: Questions) -> list[Part]:
    known = np.array(questions.known.sources)
    others = np.array(questions.left_out.sources if questions.left_out else (), dtype=str)
    return [
        Part(name, known == name, others == name, faces_found(table, name))
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
    by_property: Mapping[str, Sequence[Part]], scored: Sequence[Scored], questions: Questions
) -> tuple[Grouping, ...]:
    """Every group's figures.

    Args:
        by_property: what `parts` gave.
        scored: what the methods say.
        questions: what they were asked.
    """
    return tuple(
        Grouping(name, tuple(_group(part, scored, questions) for part in members))
        for name, members in by_property.items()
    )


def _group(part: Part, scored: Sequence[Scored], questions: Questions) -> Group:
    steady = [_on_left_out(method, questions.left_out, part.left_out) for method in scored]
    methods = tuple(
        OfMethod(
            *_on_known(method, questions.known.labels, part.known),
            consistency.first_answer if consistency else None,
        )
        for method, consistency in zip(scored, steady, strict=True)
    )
    return Group(part.name, part.faces_found, steady[0].people if steady[0] else 0, methods)


def _on_left_out(
    method: Scored, left_out: Labelled | None, members: Bools | None
) -> Consistency | None:
    if left_out is None or members is None or not members.any():
        return None
    answers = measures.best(method.left_out[members])
    found = measures.consistency(answers, left_out.labels[members])
    return found if found and found.people >= FEWEST_PEOPLE else None


def _on_known(method: Scored, labels: Labels, members: Bools) -> tuple[Share | None, float | None]:
    """The share of right first answers to the test images of a group, and the calibration error."""
    if not members.any():
        return None, None
    scores = method.known[members]
    right = measures.hits(measures.best(scores), labels[members], 1)
    error = None
    if method.probabilities and len(right) >= FEWEST_CALIBRATED:
        error = measures.calibration(scores.max(axis=1), right).error
    return measures.share(right), error
