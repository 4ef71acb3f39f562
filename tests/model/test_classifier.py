"""The classifier of a model folder: what it answers, and whom it ranks first."""

from __future__ import annotations

import numpy as np
import pytest

from starlike.model import store
from starlike.model.among import Among
from starlike.model.classifier import Classifier
from starlike.model.ranking import rank
from starlike.model.scorer import DenseScorer, Scorer
from starlike.model.similarity import similarity
from starlike.records import Floats
from tests.model.conftest import DIMENSIONS, NAMES, Made, centres


def test_it_fits_both_protocols(opened: Classifier) -> None:
    assert isinstance(opened, Scorer)
    assert isinstance(opened, DenseScorer)
    assert opened.probabilities
    assert opened.size_bytes == (opened.folder / store.CLASSIFIER).stat().st_size


def test_scores_are_its_probabilities(opened: Classifier, between: Floats) -> None:
    np.testing.assert_array_equal(opened.scores(between), opened.answer(between).probabilities)


def test_the_most_probable_come_first(opened: Classifier, between: Floats) -> None:
    one, other = rank(opened, between, 4)
    assert [match.name for match in one.matches] == list(NAMES)
    assert [match.name for match in other.matches] == list(reversed(NAMES))
    probabilities = [match.probability for match in one.matches]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("top", "given"), [(1, 1), (3, 3), (4, 4), (5, 4), (1000, 4)])
def test_so_many_are_named_as_there_are(
    top: int, given: int, opened: Classifier, between: Floats
) -> None:
    assert [len(one.matches) for one in rank(opened, between, top)] == [given, given]


def test_probability_and_similarity_are_those_of_the_class(
    opened: Classifier, between: Floats
) -> None:
    answers = opened.answer(between)
    similarities = similarity(answers.distances, opened.classes.card)
    for row, said in enumerate(rank(opened, between, 4)):
        for match in said.matches:
            label = NAMES.index(match.name)
            assert match.probability == pytest.approx(answers.probabilities[row, label])
            assert match.similarity == pytest.approx(similarities[row, label])


def test_classes_that_are_equally_probable_keep_their_order(opened: Classifier) -> None:
    (said,) = rank(opened, np.zeros((1, DIMENSIONS), dtype=np.float32), 4)
    assert [match.name for match in said.matches] == list(NAMES)


def test_answers_are_rows_of_the_asked_embeddings(opened: Classifier, between: Floats) -> None:
    answers = opened.answer(between)
    assert answers.probabilities.shape == answers.distances.shape == (2, 4)
    expected = np.linalg.norm(between[:, None] - centres(4)[None], axis=2)
    np.testing.assert_allclose(answers.distances, expected, atol=1e-6)


def test_only_those_asked_about_are_named(opened: Classifier, between: Floats) -> None:
    some = Among(np.array([1, 3]))
    for one, everyone in zip(
        rank(opened, between, 4, among=some), rank(opened, between, 4), strict=True
    ):
        of_all = {match.name: match for match in everyone.matches}
        whole = of_all["Çelik"].probability + of_all["Zoe"].probability
        assert {match.name for match in one.matches} == {"Çelik", "Zoe"}
        for match in one.matches:
            before = of_all[match.name]
            assert match.probability == pytest.approx(before.probability / whole)
            assert match.similarity == before.similarity
        assert one.known_probability == everyone.known_probability


def test_more_photos_make_surer_of_who_is_known(opened: Classifier, between: Floats) -> None:
    one, four = rank(opened, between, 1, photos=np.array([1, 4]))
    assert [one.known_probability, four.known_probability] == pytest.approx([0.5, 0.875])
    assert (one.photos, four.photos) == (1, 4)
    assert [said.photos for said in rank(opened, between, 1)] == [1, 1]


@pytest.mark.parametrize(("nobody_below", "verdict"), [(50.0, "nobody"), (0.0, "resembles")])
def test_nobody_resembles_whom_the_model_finds_too_far(
    nobody_below: float, verdict: str, made: Made
) -> None:
    opened = store.open_folder(made(nobody_below=nobody_below))
    (said,) = rank(opened, np.zeros((1, DIMENSIONS), dtype=np.float32), 1)
    assert said.verdict == verdict


def test_no_embedding_gives_no_answer(opened: Classifier) -> None:
    assert rank(opened, np.zeros((0, DIMENSIONS), dtype=np.float32), 3) == []
