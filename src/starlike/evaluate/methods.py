"""The ways of answering: the network, and what it has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from starlike.classifiers.nearest_mean import NearestMean
from starlike.evaluate.questions import Questions
from starlike.metrics.figures import CLASS_MEANS, NETWORK
from starlike.model import ranking
from starlike.model.among import Among
from starlike.model.classifier import Answers, Classifier
from starlike.model.scorer import best
from starlike.model.similarity import similarity
from starlike.records import Floats

Words = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Scored:
    """What one way of answering says to each of K classes; higher is better.

    Attributes:
        name: what it is called.
        known: (N, K) float, of the test images.
        unknown: (M, K) float, of photos of people in no class; M may be 0.
        of_two: (2F, K) float, of two photos of such people at once: of all fours of photos the
            first two, then the last two; F may be 0.
        probabilities: whether these are probabilities, so that calibration can be measured.
        alike: (A, K) float, of the photos of people in pairs; A may be 0.
    """

    name: str
    known: Floats
    unknown: Floats
    of_two: Floats
    probabilities: bool
    alike: Floats


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a model says beside its probabilities, of N test images and M photos of unknown people.

    Attributes:
        known, unknown: (N,) and (M,) str, the verdicts on these photos, as users read them.
        known_similarity, unknown_similarity: (N, K) and (M, K) float, to each class.
    """

    known: Words
    unknown: Words
    known_similarity: Floats
    unknown_similarity: Floats


def network(
    classifier: Classifier, questions: Questions, columns: Sequence[int]
) -> tuple[Scored, Verdicts]:
    """What a model says.

    Args:
        classifier: the model.
        questions: in the model's embedding.
        columns: which K of its classes may be answered; their probabilities are made to add up
            to 1.
    """
    known = classifier.answer(questions.known.embeddings)
    unknown = classifier.answer(questions.unknown_embeddings)
    of_two = classifier.answer(*questions.of_two())
    alike = classifier.answer(questions.alike_embeddings)
    scored = Scored(
        NETWORK,
        _among(known, columns),
        _among(unknown, columns),
        _among(of_two, columns),
        probabilities=True,
        alike=_among(alike, columns),
    )
    verdicts = Verdicts(
        _verdicts(classifier, known, columns),
        _verdicts(classifier, unknown, columns),
        similarity(known.distances[:, columns], classifier.classes.card),
        similarity(unknown.distances[:, columns], classifier.classes.card),
    )
    return scored, verdicts


def _verdicts(classifier: Classifier, answers: Answers, columns: Sequence[int]) -> Words:
    found = best(
        answers.probabilities,
        answers.distances,
        answers.probabilities,
        1,
        among=Among(np.asarray(columns, dtype=np.int64)),
        known=answers.known,
    )
    photos = np.ones(len(answers.known), dtype=np.int64)
    ranked = ranking.of_top(found, classifier.classes, photos)
    return np.array([one.verdict for one in ranked], dtype=np.str_)


def _among(answers: Answers, columns: Sequence[int]) -> Floats:
    """Probabilities (N, K) among the given classes."""
    chosen = answers.probabilities[:, columns]
    total = np.maximum(chosen.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.asarray(chosen / total)


def class_mean(questions: Questions) -> Scored:
    """What the nearest class mean says: minus the Euclidean distance to it.

    It is minus infinity for a class without a training image.
    """
    nearest = NearestMean.of(questions.train)
    return Scored(
        CLASS_MEANS[questions.embed_from],
        nearest.scores(questions.known.embeddings),
        nearest.scores(questions.unknown_embeddings),
        nearest.scores(questions.of_two()[0]),
        probabilities=False,
        alike=nearest.scores(questions.alike_embeddings),
    )
