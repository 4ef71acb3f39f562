"""What was answered, and to what: all that a figure can be computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from starlike.metrics.measures import Bools, Labels, best
from starlike.metrics.places import Kind, Places
from starlike.records import Floats


@dataclass(frozen=True, slots=True)
class Costs:
    """What a stopwatch and a scale say.

    Attributes:
        train_seconds: of fitting.
        size_bytes: of what must be kept to answer.
        answer_ms: milliseconds for one embedding.
    """

    train_seconds: float
    size_bytes: int
    answer_ms: float


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What one way of answering says of N images of known people, K classes, and unknown people.

    Higher scores are better; a class that cannot be answered has minus infinity.

    Attributes:
        scores: (N, K) float, of the images of known people.
        labels: (N,) int64, their true classes.
        probabilities: whether scores are probabilities.
        unknown_scores: (M, K) float, of photos of people in no class; M may be 0.
        unknown_people: (M,) int64, numbers of the people in these photos.
        of_two_scores: (2F, K) float, of two photos of an unknown person at once: of F draws of
            four photos the first two of each, then the last two; F may be 0.
        of_two_people: (F,) int64, numbers of the people drawn.
        places: of pairs of people who are said to look alike, by kind, at which place the one came
            for the other; a kind that was not asked about is not there.
        costs: what answering costs; None where that was not measured.
    """

    scores: Floats
    labels: Labels
    probabilities: bool
    unknown_scores: Floats
    unknown_people: Labels
    of_two_scores: Floats
    of_two_people: Labels
    places: Mapping[Kind, Places] = field(default_factory=dict)
    costs: Costs | None = None

    @cached_property
    def answers(self) -> Labels:
        """(N, 5) int64: the best five classes of each image, or fewer where there are fewer."""
        return best(self.scores)

    @cached_property
    def right(self) -> Bools:
        """(N,) bool: whether the first answer is the true class."""
        return np.asarray(self.answers[:, 0] == self.labels)

    @cached_property
    def unknown_answers(self) -> Labels:
        """(M, 5) int64: the best five classes of each photo of an unknown person."""
        return best(self.unknown_scores)

    def some(self, known: Bools, unknown: Bools) -> Answered:
        """Of some images of known people (N,) and some photos of unknown ones (M,) alone.

        Two photos at once come from any of a person's, and places from all of them, so none are
        left of these.
        """
        return replace(
            self,
            scores=self.scores[known],
            labels=self.labels[known],
            unknown_scores=self.unknown_scores[unknown],
            unknown_people=self.unknown_people[unknown],
            of_two_scores=self.of_two_scores[:0],
            of_two_people=self.of_two_people[:0],
            places={},
        )
