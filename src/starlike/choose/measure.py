"""A candidate on a fold → its figures."""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from starlike.choose.candidates import Candidate
from starlike.choose.folds import Fold
from starlike.classifiers.methods import fit
from starlike.files.leaderboard import OfGroup, Result
from starlike.files.sample import Labelled, Labels
from starlike.metrics import measures
from starlike.metrics.false_agreement import different_people_agree
from starlike.model.scorer import DenseScorer
from starlike.records import Floats

_ASKED = 15


def measured(candidate: Candidate, fold: Fold, number: int, seed: int) -> Result:
    """Fit a candidate to a fold and measure it there.

    Args:
        candidate: what to fit.
        fold: where.
        number: of the fold, from 0.
        seed: see `classifiers.methods.fit`.
    """
    start = time.perf_counter()
    fitted = fit(candidate.kind, fold.learning, candidate.settings, seed)
    seconds = time.perf_counter() - start
    return figures(fitted, fold, number, seconds)


def figures(fitted: DenseScorer, fold: Fold, number: int, train_seconds: float) -> Result:
    """The figures of what was fitted to a fold; consistency on the people held out of it."""
    scores = fitted.scores(fold.known.embeddings)
    answers = measures.best(scores)
    right = measures.hits(answers, fold.known.labels, 1)
    error = measures.calibration(scores.max(axis=1), right).error if fitted.probabilities else None
    first_answer, overlap, agree, star = _on_strangers(fitted, fold.strangers)
    return Result(
        fold=number,
        images=len(right),
        top_1=float(right.mean()),
        top_5=float(measures.hits(answers, fold.known.labels, measures.TOP).mean()),
        calibration_error=error,
        first_answer=first_answer,
        top_5_overlap=overlap,
        different_people_agree=agree,
        star_people=star,
        train_seconds=train_seconds,
        size_bytes=fitted.size_bytes,
        answer_ms=_answer_ms(fitted, fold.known.embeddings),
        by_images=_by_images(fold, right),
    )


def _on_strangers(
    fitted: DenseScorer, strangers: Labelled
) -> tuple[float | None, float | None, float | None, float]:
    """Consistency (first answer, overlap) and its guard (different people, most frequent star)."""
    answers = measures.best(fitted.scores(strangers.embeddings))
    consistency = measures.consistency(answers, strangers.labels)
    return (
        consistency.first_answer.value if consistency else None,
        consistency.top_5_overlap.value if consistency else None,
        different_people_agree(answers[:, 0], strangers.labels),
        measures.most_frequent(answers[:, 0], strangers.labels)[1],
    )


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
