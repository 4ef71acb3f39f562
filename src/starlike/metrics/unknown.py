"""Figures of people in no class: whether photos of one agree, and those of two do not.

Every person weighs the same in all of them, whatever the number of photos.
"""

from __future__ import annotations

from starlike.metrics import measures
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import HIGHER, LOWER, InGroups, figure
from starlike.metrics.shown import percent
from starlike.metrics.values import Mean


@figure(
    key="top_1_agreement",
    title="same star again",
    term="top-1 agreement",
    meaning="Two photos of one unknown person get the same first answer.",
    better=HIGHER,
    shown_as=percent,
    headline=True,
    in_groups=InGroups(fewest=10, of="people"),
)
def top_1_agreement(answered: Answered) -> Mean | None:
    """How often two photos of one unknown person get the same first answer.

    Over all pairs of photos of one unknown person: how often the first answers agree; averaged
    within each person, then over people.
    """
    return measures.agreement(answered.unknown_answers[:, :1], answered.unknown_people)


@figure(
    key="top_5_agreement",
    title="same five again",
    term="top-5 agreement",
    meaning="The share of the five best answers that two such photos have in common.",
    better=HIGHER,
    shown_as=percent,
)
def top_5_agreement(answered: Answered) -> Mean | None:
    """How many of the five best answers two photos of one unknown person share.

    Over all pairs of photos of one unknown person: the share of the five best answers that both
    have; averaged within each person, then over people.
    """
    return measures.agreement(answered.unknown_answers, answered.unknown_people)


@figure(
    key="top_1_agreement_of_two",
    title="same star, two photos against two",
    term="top-1 agreement of two",
    meaning="Two photos of an unknown person, taken together, get the same first answer as two "
    "others.",
    better=HIGHER,
    shown_as=percent,
)
def top_1_agreement_of_two(answered: Answered) -> Mean | None:
    """How often two photos of one unknown person get the same first answer as two others.

    Of unknown people with four photos or more: 20 draws of four photos each, two asked about
    together against the other two; averaged within each person, then over people.
    """
    first, second = measures.best(answered.of_two_scores, 1)[:, 0].reshape(2, -1)
    return measures.over_people(first == second, answered.of_two_people)


@figure(
    key="false_agreement",
    title="same star for two different people",
    term="false agreement",
    meaning="Photos of two different unknown people get the same first answer. It keeps the "
    "agreements above honest: always naming one star would make them perfect.",
    better=LOWER,
    shown_as=percent,
)
def false_agreement(answered: Answered) -> float | None:
    """How often photos of two different unknown people get the same first answer.

    Over all pairs of unknown people: the chance that a photo of one and a photo of the other get
    the same first answer.
    """
    if not len(answered.unknown_people):
        return None
    return measures.false_agreement(answered.unknown_answers[:, 0], answered.unknown_people)


@figure(
    key="top_star_share",
    title="share of the most frequent star",
    term="top star share",
    meaning="How many of the unknown people get the star that most of them get: hubness. Nobody "
    "should be everybody's star.",
    better=LOWER,
    shown_as=percent,
)
def top_star_share(answered: Answered) -> float | None:
    """How many of the unknown people get one and the same star.

    The share of unknown people who get the star that most of them get; who gets it with half of
    the photos counts half.
    """
    if not len(answered.unknown_people):
        return None
    return measures.top_star(answered.unknown_answers[:, 0], answered.unknown_people)[1]
