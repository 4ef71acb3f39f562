"""From what methods answered to every figure: the part of the stage that reads no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from starlike.evaluate import measures
from starlike.evaluate.figures import (
    About,
    Calibration,
    Confusion,
    Consistency,
    Figures,
    Guard,
    Method,
    OfClass,
    Similarity,
)
from starlike.evaluate.measures import TOP, Bools
from starlike.records import Floats
from starlike.sample import Labelled, Labels

_SIMILARITY_EDGES = np.arange(0, 101, 4)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one way of answering says.

    Attributes:
        name: what it is called.
        known: (N, K) float, of the test images; higher is better.
        left_out: (M, K) float, of photos of people outside the classes; M may be 0.
        probabilities: whether these are probabilities, so that calibration can be measured.
    """

    name: str
    known: Floats
    left_out: Floats
    probabilities: bool


def evaluate_answers(
    scored: Sequence[Scored],
    similarities: tuple[Floats, Floats],
    known: Labelled,
    left_out: Labelled | None,
    train_images: Labels,
    about: About,
) -> Figures:
    """Measure one or more ways of answering.

    Args:
        scored: what each says; the network first.
        similarities: of the network to each class: (N, K) and (M, K).
        known: the N test images, of K classes.
        left_out: M photos of people outside the classes; None where there are none.
        train_images: (K,) images each class was trained on.
        about: what is measured.
    """
    first = measures.best(scored[0].known, 1)[:, 0]
    right = first == known.labels
    return Figures(
        about,
        tuple(_method(item, known, left_out, train_images) for item in scored),
        _similarity(scored[0], similarities),
        tuple(
            Confusion(known.classes[person], known.classes[answer], images)
            for person, answer, images in measures.confusions(known.labels, first)
        ),
        _by_class(known, right, train_images),
    )


def _method(
    scored: Scored, known: Labelled, left_out: Labelled | None, train_images: Labels
) -> Method:
    answers = measures.best(scored.known)
    right = measures.hits(answers, known.labels, 1)
    return Method(
        scored.name,
        measures.share(right),
        measures.share(measures.hits(answers, known.labels, TOP)),
        _calibration(scored.known, right) if scored.probabilities else None,
        *_of_left_out(scored, left_out, known.classes),
        measures.by_group(known.sources, right),
        measures.by_images(train_images[known.labels], right),
    )


def _calibration(probabilities: Floats, right: Bools) -> Calibration:
    return measures.calibration(probabilities.max(axis=1), right)


def _of_left_out(
    scored: Scored, left_out: Labelled | None, classes: Sequence[str]
) -> tuple[Consistency | None, Guard | None]:
    if left_out is None:
        return None, None
    answers = measures.best(scored.left_out)
    consistency = measures.consistency(answers, left_out.labels)
    return consistency, _guard(answers[:, 0], left_out, classes)


def _guard(first: Labels, left_out: Labelled, classes: Sequence[str]) -> Guard:
    star, of_people, of_images = measures.most_frequent(first, left_out.labels)
    return Guard(
        len(np.unique(left_out.labels)),
        len(left_out),
        measures.different_people_agree(first, left_out.labels),
        classes[star],
        of_people,
        of_images,
    )


def _similarity(network: Scored, similarities: tuple[Floats, Floats]) -> Similarity:
    counts = []
    for scores, to_classes in zip((network.known, network.left_out), similarities, strict=True):
        first = measures.best(scores, 1)
        shown = np.take_along_axis(to_classes, first, axis=1)
        counts.append(tuple(np.histogram(shown, _SIMILARITY_EDGES)[0].tolist()))
    return Similarity(tuple(_SIMILARITY_EDGES.tolist()), *counts)


def _by_class(known: Labelled, right: Bools, train_images: Labels) -> tuple[OfClass, ...]:
    images, right_ones = measures.by_class(known.labels, right, len(known.classes))
    rows = zip(
        known.classes, train_images.tolist(), images.tolist(), right_ones.tolist(), strict=True
    )
    return tuple(sorted((OfClass(*row) for row in rows if row[2]), key=lambda row: row.name))
