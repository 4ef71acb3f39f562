"""A candidate on a fold → its figures."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from starlike.choose.candidates import Candidate
from starlike.choose.folds import Fold
from starlike.classifiers.methods import fit
from starlike.files.leaderboard import OfGroup, Result
from starlike.files.pairs import Half
from starlike.files.sample import Labels
from starlike.metrics import catalogue, measures, places
from starlike.metrics.answered import Answered, Costs
from starlike.metrics.declaration import Figure
from starlike.metrics.places import Kind, Places
from starlike.model.scorer import DenseScorer
from starlike.records import Floats

_ASKED = 15


def measured(
    candidate: Candidate,
    fold: Fold,
    number: int,
    seed: int,
    figures: Sequence[Figure],
    half: Half | None = None,
) -> Result:
    """Fit a candidate to a fold and measure it there.

    Args:
        candidate: what to fit.
        fold: where.
        number: of the fold, from 0.
        seed: see `classifiers.methods.fit`.
        figures: what to measure.
        half: pairs of people who are said to look alike; by default likeness is not measured.
    """
    start = time.perf_counter()
    fitted = fit(candidate.kind, fold.learning, candidate.settings, seed)
    seconds = time.perf_counter() - start
    return result(fitted, fold, number, seconds, figures, half)


def result(
    fitted: DenseScorer,
    fold: Fold,
    number: int,
    train_seconds: float,
    figures: Sequence[Figure],
    half: Half | None = None,
) -> Result:
    """The figures of what was fitted to a fold; unknown are the people held out of it."""
    nobody = np.zeros(0, dtype=np.int64)
    scores = fitted.scores(fold.known.embeddings)
    unknown_scores = fitted.scores(fold.unknown.embeddings)
    said = Answered(
        scores=scores,
        labels=fold.known.labels,
        probabilities=fitted.probabilities,
        unknown_scores=unknown_scores,
        unknown_people=fold.unknown.labels,
        of_two_scores=np.zeros((0, len(fold.known.classes)), dtype=np.float32),
        of_two_people=nobody,
        places=_places(scores, unknown_scores, fold, half) if half else {},
        costs=Costs(train_seconds, fitted.size_bytes, _answer_ms(fitted, fold.known.embeddings)),
    )
    values = catalogue.measure(said, figures)
    return Result(
        fold=number,
        images=len(said.labels),
        figures={key: float(value.value) for key, value in values.items()},
        by_images=_by_images(fold, said.right),
    )


def _places(scores: Floats, unknown: Floats, fold: Fold, half: Half) -> Mapping[Kind, Places]:
    """At which places pairs come, asked with the photos that the fold did not learn from."""
    known = fold.known
    sought = half.sought((*known.classes, *fold.unknown.classes), known.classes)
    people = np.concatenate([known.labels, len(known.classes) + fold.unknown.labels])
    return places.found(np.concatenate([scores, unknown]), people, sought)


def _by_images(fold: Fold, right: measures.Bools) -> tuple[OfGroup, ...]:
    counts: Labels = np.bincount(fold.learning.labels, minlength=len(fold.learning.classes))
    groups = measures.by_images(counts[fold.known.labels], right)
    return tuple(OfGroup(group.name, group.top_1.hits, group.top_1.images) for group in groups)


def _answer_ms(fitted: DenseScorer, embeddings: Floats) -> float:
    """Milliseconds that one embedding takes: the median, for the machine may be busy."""
    taken = []
    for number in range(_ASKED):
        one = embeddings[[number % len(embeddings)]]
        start = time.perf_counter()
        fitted.scores(one)
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)
