"""The nearest class mean, and any method that scores every class, as those who answer photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from starlike import load_model
from starlike.classifiers import lda, methods, open_set
from starlike.classifiers.from_scores import FromScores
from starlike.classifiers.nearest_mean import NearestMean, nearness
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.sample import Labelled
from starlike.model.classes import Classes
from starlike.model.ranking import rank
from starlike.model.scorer import DenseScorer, Scorer
from tests.classifiers.conftest import DIMENSIONS, crowd


def named(images: Labelled) -> Classes:
    counts = np.bincount(images.labels, minlength=len(images.classes))
    return Classes(
        names=images.classes,
        images=tuple(counts.tolist()),
        card=DLIB_RESNET,
        embed_from="photo",
        trained_on="train",
        sample="",
    )


@pytest.fixture(scope="module")
def people() -> Labelled:
    return crowd([5] * 12, seed=1)


class TestNearestMean:
    def test_a_score_is_minus_the_distance_to_the_mean(self, people: Labelled) -> None:
        nearest = NearestMean.of(people)
        means = [people.embeddings[people.labels == label].mean(axis=0) for label in range(12)]
        expected = np.linalg.norm(people.embeddings[:, None] - np.array(means)[None], axis=2)
        scores = nearest.scores(people.embeddings)
        assert scores.dtype == np.float32
        np.testing.assert_allclose(scores, -expected, atol=1e-5)
        assert isinstance(nearest, DenseScorer)

    def test_a_class_without_an_image_is_nobodys(self, people: Labelled) -> None:
        others = people.take(people.labels != 3)
        scores = NearestMean.of(others).scores(people.embeddings)
        assert np.isneginf(scores[:, 3]).all()
        assert np.isfinite(np.delete(scores, 3, axis=1)).all()

    def test_it_is_what_choose_fits(self, people: Labelled) -> None:
        fitted = methods.fit(methods.CLASS_MEAN, people, {}, 0)
        np.testing.assert_array_equal(
            fitted.scores(people.embeddings), NearestMean.of(people).scores(people.embeddings)
        )

    def test_nearness_falls_with_the_squared_distance(self) -> None:
        embeddings, means = np.eye(2, 3, dtype=np.float32), np.zeros((1, 3), dtype=np.float32)
        np.testing.assert_allclose(nearness(embeddings, means, 30.0), [[-30], [-30]], rtol=1e-6)


class TestFromScores:
    def test_it_fits_the_protocol(self, people: Labelled) -> None:
        nearest = NearestMean.of(people)
        assert isinstance(FromScores(nearest, named(people), nearest.means), Scorer)

    def test_the_answer_is_shared_out_by_nearness(self, people: Labelled) -> None:
        nearest = NearestMean.of(people)
        scorer = FromScores(nearest, named(people), nearest.means, focus=20.0)
        top = scorer.top(people.embeddings, 12)
        np.testing.assert_allclose(top.probabilities.sum(axis=1), 1, atol=1e-5)
        assert (np.diff(top.probabilities, axis=1) <= 0).all()
        logs = np.log(top.probabilities[:, :2])
        apart = np.diff(top.distances[:, :2] ** 2, axis=1)[:, 0]
        np.testing.assert_allclose(logs[:, 0] - logs[:, 1], 20 * apart, rtol=1e-2, atol=1e-3)
        assert top.known is None

    def test_probabilities_stay_what_they_are(self, people: Labelled) -> None:
        method = lda.lda(people, {"shrinkage": 0.1}, 0)
        scorer = FromScores(method, named(people), NearestMean.of(people).means)
        top = scorer.top(people.embeddings, 12)
        scores = np.take_along_axis(method.scores(people.embeddings), top.labels, axis=1)
        np.testing.assert_array_equal(top.probabilities, scores)

    def test_an_open_set_head_tells_who_is_known(self, people: Labelled) -> None:
        nearest, head = NearestMean.of(people), open_set.fit(people, seed=0)
        scorer = FromScores(nearest, named(people), nearest.means, known=head.of)
        photos = np.array([1, 3])
        ranked = rank(scorer, people.embeddings[:2], 1, photos=photos)
        expected = [head.of(people.embeddings[[row]], int(photos[row]))[0] for row in (0, 1)]
        assert [one.known_probability for one in ranked] == pytest.approx(expected)
        assert [one.photos for one in ranked] == [1, 3]

    def test_it_answers_photos(self, astronaut: Path, people: Labelled) -> None:
        (embedding,) = load_model().embed(astronaut)
        assert embedding.vector.shape == (DIMENSIONS,)
        people.embeddings[people.labels == 7] += embedding.vector - people.embeddings[7]
        nearest = NearestMean.of(people)
        model = load_model(scorer=FromScores(nearest, named(people), nearest.means))
        (face,) = model.match(astronaut, top=3)
        apart = np.linalg.norm(nearest.means - embedding.vector, axis=1)
        expected = [people.classes[label] for label in np.argsort(apart)[:3]]
        assert [match.name for match in face.matches] == expected
