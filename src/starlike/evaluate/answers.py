"""From what methods answered to every figure: the part of the stage that reads no file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from starlike.evaluate.methods import Scored
from starlike.evaluate.questions import Questions
from starlike.files.sample import Labelled, Labels
from starlike.metrics import catalogue, measures, places
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import Figure
from starlike.metrics.figures import Confusion, Method, OfClass, UnknownPeople
from starlike.metrics.places import Kind, Places
from starlike.metrics.values import TopStar


def answered(scored: Scored, questions: Questions) -> Answered:
    """What one method says, beside what is true."""
    return Answered(
        scores=scored.known,
        labels=questions.known.labels,
        probabilities=scored.probabilities,
        unknown_scores=scored.unknown,
        unknown_people=questions.unknown_people,
        of_two_scores=scored.of_two,
        of_two_people=questions.unknown_people[questions.fours[:, 0]],
        places=_places(scored, questions),
    )


def _places(scored: Scored, questions: Questions) -> Mapping[Kind, Places]:
    alike = questions.alike
    return places.found(scored.alike, alike.photos.labels, alike.sought) if alike else {}


def method(name: str, said: Answered, figures: Sequence[Figure], classes: Sequence[str]) -> Method:
    """Every figure of one method.

    Args:
        name: of the method.
        said: what it answers.
        figures: what to measure.
        classes: K names.
    """
    return Method(
        name=name,
        figures=catalogue.measure(said, figures),
        reliability=(
            measures.calibration(said.scores.max(axis=1), said.right).curve
            if said.probabilities
            else None
        ),
        top_star=_top_star(said, classes),
    )


def _top_star(said: Answered, classes: Sequence[str]) -> TopStar | None:
    if not len(said.unknown_people):
        return None
    star, of_people, of_images = measures.top_star(said.unknown_answers[:, 0], said.unknown_people)
    return TopStar(classes[star], of_people, of_images)


def confusions(said: Answered, classes: Sequence[str]) -> tuple[Confusion, ...]:
    """Wrong first answers, most frequent first; `classes` are K names."""
    return tuple(
        Confusion(classes[person], classes[answer], images)
        for person, answer, images in measures.confusions(said.labels, said.answers[:, 0])
    )


def by_class(said: Answered, known: Labelled, train_images: Labels) -> tuple[OfClass, ...]:
    """Every class with a test image, by name.

    Args:
        said: what the network answers.
        known: the test images.
        train_images: (K,) images that each class was trained on.
    """
    images, right = measures.by_class(said.labels, said.right, len(known.classes))
    rows = zip(known.classes, train_images.tolist(), images.tolist(), right.tolist(), strict=True)
    made = (
        OfClass(name=name, train_images=trained, test_images=tested, right=hits)
        for name, trained, tested, hits in rows
        if tested
    )
    return tuple(sorted(made, key=lambda one: one.name))


def unknown_people(questions: Questions) -> UnknownPeople | None:
    """How many people in no class are asked about, and with how many photos."""
    if questions.unknown is None:
        return None
    photos = np.unique(questions.unknown_people, return_counts=True)[1].tolist()
    drawn = questions.unknown_people[questions.fours[:, 0]]
    return UnknownPeople(
        people=len(photos),
        images=sum(photos),
        people_of_pairs=sum(count > 1 for count in photos),
        pairs=sum(math.comb(count, 2) for count in photos),
        people_of_draws=len(np.unique(drawn)),
        draws=len(drawn),
    )
