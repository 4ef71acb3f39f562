from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from starlike.choose.candidates import CLASSIC, Candidate
from starlike.choose.folds import Fold, folds
from starlike.classifiers import lda, methods
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.sample import Labelled
from starlike.model.scorer import DenseScorer
from tests.choose.conftest import BASE

NETWORK = Candidate(name="network", kind="network", about="", recipe=replace(BASE, epochs=8))
EVERY = [*CLASSIC, NETWORK]


def fit(candidate: Candidate, images: Labelled, seed: int) -> DenseScorer:
    return methods.fit(candidate.kind, images, candidate.settings, seed)


@pytest.fixture(scope="module")
def fold(images: Labelled) -> Fold:
    return folds(images, 2, 0)[0]


@pytest.mark.parametrize("candidate", EVERY, ids=lambda candidate: candidate.name)
def test_separate_people_are_told_apart(candidate: Candidate, fold: Fold) -> None:
    fitted = fit(candidate, fold.learning, 0)
    scores = fitted.scores(fold.known.embeddings)
    assert scores.shape == (len(fold.known), len(fold.learning.classes))
    assert np.isfinite(scores).all()
    assert (scores.argmax(axis=1) == fold.known.labels).mean() > 0.8
    assert fitted.size_bytes > 0


@pytest.mark.parametrize("candidate", EVERY, ids=lambda candidate: candidate.name)
def test_fitting_twice_gives_the_same(candidate: Candidate, fold: Fold) -> None:
    first, second = (
        fit(candidate, fold.learning, 3).scores(fold.unknown.embeddings) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("candidate", EVERY, ids=lambda candidate: candidate.name)
def test_probabilities_add_up_to_one(candidate: Candidate, fold: Fold) -> None:
    fitted = fit(candidate, fold.learning, 0)
    scores = fitted.scores(fold.unknown.embeddings)
    sums_to_one = bool((scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-5))
    assert fitted.probabilities == sums_to_one


def test_classes_without_a_vote_are_ordered_by_their_nearest_image(fold: Fold) -> None:
    candidate = next(c for c in CLASSIC if c.figures == {"k": 1})
    embedding = fold.known.embeddings[:1]
    scores = fit(candidate, fold.learning, 0).scores(embedding)[0]
    apart = np.linalg.norm(fold.learning.embeddings - embedding, axis=1)
    nearest = [apart[fold.learning.labels == k].min() for k in range(len(fold.learning.classes))]
    np.testing.assert_array_equal(np.argsort(-scores), np.argsort(nearest))


def test_few_images_are_trusted_less() -> None:
    """Of two people with the same mean, the one of more photos is the better answer there."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(12), [1] + [8] * 11)
    centres = rng.normal(0, 0.12, (12, 128))
    vectors = (centres[labels] + rng.normal(0, 0.03, (len(labels), 128))).astype(np.float32)
    vectors[0] = vectors[labels == 1].mean(axis=0)
    names = tuple(map(str, labels))
    images = Labelled(
        classes=tuple(map(str, range(12))),
        labels=labels,
        embeddings=vectors,
        augmented=vectors[:, None],
        images=names,
        sources=names,
        card=DLIB_RESNET,
    )
    candidate = next(c for c in CLASSIC if c.kind == "PLDA")
    single, several = fit(candidate, images, 0).scores(vectors[:1])[0, :2]
    assert several > single


def test_people_with_many_images_do_not_choose_the_axes() -> None:
    """The first axis is where people differ most, not where those with many images do."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(22), [100] * 2 + [3] * 20)
    centres = np.zeros((22, 128))
    centres[:2, 0], centres[2:, 1] = (-0.5, 0.5), rng.choice([-0.5, 0.5], 20)
    vectors = (centres[labels] + rng.normal(0, 0.03, (len(labels), 128))).astype(np.float32)
    names = tuple(map(str, labels))
    images = Labelled(
        classes=tuple(map(str, range(22))),
        labels=labels,
        embeddings=vectors,
        augmented=vectors[:, None],
        images=names,
        sources=names,
        card=DLIB_RESNET,
    )
    first = np.abs(lda.class_space(images, 0.1)[0].axes[:, 0])
    assert first.argmax() == 1


def test_networks_are_compared_by_themselves(fold: Fold) -> None:
    """However unknown people are answered: that is joined to every network alike."""
    assert NETWORK.recipe
    one, other = (
        fit(
            replace(NETWORK, recipe=replace(NETWORK.recipe, max_false_agreement=bound)),
            fold.learning,
            0,
        )
        for bound in (0.0, 1.0)
    )
    np.testing.assert_array_equal(
        one.scores(fold.unknown.embeddings), other.scores(fold.unknown.embeddings)
    )
