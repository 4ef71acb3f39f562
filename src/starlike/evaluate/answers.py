"""From what methods answered to every figure: the part of the stage that reads no file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from starlike.evaluate.methods import Scored
from starlike.evaluate.questions import Questions
from starlike.files.sample import Labelled, Labels
from starlike.metrics import measures
from starlike.metrics.false_agreement import different_people_agree
from starlike.metrics.figures import (
    About,
    Confusion,
    Figures,
    Grouping,
    Method,
    OfClass,
    Recognition,
    Similarity,
)
from starlike.metrics.measures import TOP, Bools
from starlike.metrics.values import Calibration, Consistency, Guard, Together
from starlike.records import Floats


def evaluate_answers(
    scored: Sequence[Scored],
    questions: Questions,
    train_images: Labels,
    groupings: tuple[Grouping, ...],
    similarity: Similarity,
    recognition: Recognition,
    about: About,
) -> Figures:
    """Measure one or more ways of answering.

    Args:
        scored: what each says; the network first.
        questions: what they were asked, of K classes.
        train_images: (K,) images that each class was trained on.
        groupings: what was measured of groups.
        similarity: what was measured of pairs.
        recognition: what was measured of telling known people from others.
        about: what was measured.
    """
    known = questions.known
    first = measures.best(scored[0].known)[:, 0]
    return Figures(
        about=about,
        methods=tuple(_method(method, questions) for method in scored),
        spreads=(),
        groupings=groupings,
        similarity=similarity,
        recognition=recognition,
        confusions=tuple(
            Confusion(known.classes[person], known.classes[answer], images)
            for person, answer, images in measures.confusions(known.labels, first)
        ),
        by_class=_by_class(known, first == known.labels, train_images),
    )


def _method(scored: Scored, questions: Questions) -> Method:
    labels = questions.known.labels
    answers = measures.best(scored.known)
    right = measures.hits(answers, labels, 1)
    return Method(
        scored.name,
        measures.share(right),
        measures.share(measures.hits(answers, labels, TOP)),
        _calibration(scored.known, right) if scored.probabilities else None,
        *_of_left_out(scored, questions),
    )


def _calibration(probabilities: Floats, right: Bools) -> Calibration:
    return measures.calibration(probabilities.max(axis=1), right)


def _of_left_out(
    scored: Scored, questions: Questions
) -> tuple[Consistency | None, Together | None, Guard | None]:
    left_out = questions.left_out
    if left_out is None:
        return None, None, None
    answers = measures.best(scored.left_out)
    first_pair, second_pair = measures.best(scored.together, 1)[:, 0].reshape(2, -1)
    return (
        measures.consistency(answers, left_out.labels),
        measures.together(first_pair == second_pair, left_out.labels[questions.fours[:, 0]]),
        _guard(answers[:, 0], left_out, questions.known.classes),
    )


def _guard(first: Labels, left_out: Labelled, classes: Sequence[str]) -> Guard:
    star, of_people, of_images = measures.most_frequent(first, left_out.labels)
    return Guard(
        len(np.unique(left_out.labels)),
        len(left_out),
        different_people_agree(first, left_out.labels),
        classes[star],
        of_people,
        of_images,
    )


def _by_class(known: Labelled, right: Bools, train_images: Labels) -> tuple[OfClass, ...]:
    images, right_ones = measures.by_class(known.labels, right, len(known.classes))
    rows = zip(
        known.classes, train_images.tolist(), images.tolist(), right_ones.tolist(), strict=True
    )
    return tuple(sorted((OfClass(*row) for row in rows if row[2]), key=lambda row: row.name))
