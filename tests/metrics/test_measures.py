from __future__ import annotations

import itertools

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, top_k_accuracy_score

from starlike.metrics import measures


def test_best_puts_the_highest_score_first_and_breaks_ties_by_class() -> None:
    scores = np.array([[0.1, 0.5, 0.5, -np.inf]], dtype=np.float32)
    assert measures.best(scores, 4).tolist() == [[1, 2, 0, 3]]


def test_best_gives_fewer_answers_where_there_are_fewer_classes() -> None:
    assert measures.best(np.zeros((2, 3), dtype=np.float32)).shape == (2, 3)


@pytest.mark.parametrize("k", [1, 5])
def test_top_k_accuracy_is_what_scikit_learn_says(k: int) -> None:
    rng = np.random.default_rng(0)
    scores, labels = rng.random((200, 12), dtype=np.float32), rng.integers(12, size=200)
    right = measures.hits(measures.best(scores), labels, k)
    expected = top_k_accuracy_score(labels, scores, k=k, labels=range(12))
    assert measures.share(right).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (95, 100, 0.8882, 0.9785), (10, 10, 0.7225, 1.0)],
)
def test_wilson_interval_matches_published_values(
    count: int, total: int, low: float, high: float
) -> None:
    assert measures.wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_a_share_keeps_its_counts() -> None:
    found = measures.share(np.array([True, False, True, True]))
    assert (found.value, found.hits, found.images) == (0.75, 3, 4)
    assert found.low < found.value < found.high


def test_calibration_error_is_the_gap_between_probability_and_accuracy() -> None:
    probabilities = np.full(10, 0.9, dtype=np.float32)
    found = measures.calibration(probabilities, np.arange(10) < 5)
    assert found.error == pytest.approx(0.4)
    assert [(point.accuracy, point.images) for point in found.curve] == [(0.5, 10)]


def test_calibration_error_weighs_bins_by_their_images() -> None:
    probabilities = np.array([0.25] * 30 + [0.75] * 10, dtype=np.float32)
    right = np.array([False] * 30 + [True] * 10)
    assert measures.calibration(probabilities, right).error == pytest.approx(0.25)


def test_reliability_curve_is_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(3)
    probabilities = rng.random(1000)
    right = rng.random(1000) < probabilities**2
    curve = measures.calibration(probabilities.astype(np.float32), right).curve
    true, said = calibration_curve(
        right, probabilities.astype(np.float32), n_bins=measures.BINS, strategy="quantile"
    )
    assert [point.accuracy for point in curve] == pytest.approx(true.tolist())
    assert [point.probability for point in curve] == pytest.approx(said.tolist())
    assert {point.images for point in curve} <= {66, 67}


def test_calibration_does_not_depend_on_the_order_of_equal_probabilities() -> None:
    rng = np.random.default_rng(4)
    probabilities = np.ones(100, dtype=np.float32)
    right = rng.random(100) < 0.5
    error = measures.calibration(probabilities, right).error
    assert measures.calibration(probabilities, np.sort(right)).error == error


def test_agreement_of_a_small_example() -> None:
    # Of person 0 one pair of three agrees on the first answer; of person 1 the only one does.
    answers = np.array([[1, 2], [1, 3], [2, 1], [5, 6], [5, 7], [0, 1]])
    people = np.array([0, 0, 0, 1, 1, 2])
    first, both = measures.agreement(answers[:, :1], people), measures.agreement(answers, people)
    assert first is not None
    assert both is not None
    assert (first.people, both.people) == (2, 2)
    assert first.value == pytest.approx((1 / 3 + 1) / 2)
    # Pairs of person 0 share 1, 2 and 1 of 2 answers, the one of person 1 shares 1.
    assert both.value == pytest.approx((4 / 6 + 1 / 2) / 2)


def test_agreement_from_counts_equals_a_walk_over_all_pairs() -> None:
    rng = np.random.default_rng(5)
    answers = np.stack([rng.permutation(9)[:5] for _ in range(40)])
    people = rng.integers(6, size=40)
    firsts, overlaps = [], []
    for person in range(6):
        pairs = list(itertools.combinations(answers[people == person], 2))
        firsts.append(np.mean([a[0] == b[0] for a, b in pairs]))
        overlaps.append(np.mean([len(set(a) & set(b)) / 5 for a, b in pairs]))
    first, five = measures.agreement(answers[:, :1], people), measures.agreement(answers, people)
    assert first is not None
    assert five is not None
    assert first.value == pytest.approx(np.mean(firsts))
    assert five.value == pytest.approx(np.mean(overlaps))


def test_agreement_needs_someone_with_two_photos() -> None:
    assert measures.agreement(np.array([[1, 2], [1, 2]]), np.array([0, 1])) is None


def test_mean_has_an_interval_around_it_that_closes_when_all_agree() -> None:
    found = measures.mean([0.0, 1.0, 0.0, 1.0, 1.0])
    assert found.value == pytest.approx(0.6)
    assert found.low < 0.6 < found.high
    same = measures.mean([0.25, 0.25])
    assert (same.low, same.value, same.high) == (0.25, 0.25, 0.25)


def test_false_agreement_equals_a_walk_over_all_pairs_of_people() -> None:
    rng = np.random.default_rng(6)
    first, people = rng.integers(4, size=50), rng.integers(7, size=50)
    pairs = [
        np.mean([a == b for a in first[people == one] for b in first[people == other]])
        for one, other in itertools.combinations(range(7), 2)
    ]
    assert measures.false_agreement(first, people) == pytest.approx(np.mean(pairs))


def test_false_agreement_weighs_people_not_photos() -> None:
    # Persons 0 and 1 agree in half of their photos; person 2, with most photos, with nobody.
    first, people = np.array([1, 2, 1, 1] + [3] * 40), np.array([0, 0, 1, 1] + [2] * 40)
    assert measures.false_agreement(first, people) == pytest.approx(0.5 / 3)


def test_nobody_agreeing_is_exactly_zero() -> None:
    first, people = np.arange(30) // 3, np.arange(30) // 3
    assert measures.false_agreement(first, people) == 0.0


def test_the_same_star_for_everyone_shows_in_false_agreement() -> None:
    first, people = np.zeros(6, dtype=np.int64), np.array([0, 0, 1, 1, 2, 2])
    assert measures.false_agreement(first, people) == 1.0
    assert measures.top_star(first, people) == (0, 1.0, 1.0)


def test_false_agreement_needs_two_people() -> None:
    assert measures.false_agreement(np.array([1, 1]), np.array([0, 0])) is None


def test_the_top_star_weighs_people_not_photos() -> None:
    # Star 4 has most photos, all of one person; star 2 is seen by two of the three people.
    first, people = np.array([4, 4, 4, 4, 2, 2]), np.array([0, 0, 0, 0, 1, 2])
    star, of_people, of_photos = measures.top_star(first, people)
    assert star == 2
    assert (of_people, of_photos) == pytest.approx((2 / 3, 1 / 3))


def test_confusions_are_the_counts_beside_the_diagonal() -> None:
    rng = np.random.default_rng(7)
    labels, first = rng.integers(4, size=90), rng.integers(4, size=90)
    matrix = confusion_matrix(labels, first, labels=range(4))
    np.fill_diagonal(matrix, 0)
    found = measures.confusions(labels, first)
    assert {(a, b): n for a, b, n in found} == {
        (int(a), int(b)): int(matrix[a, b]) for a, b in zip(*np.nonzero(matrix), strict=True)
    }
    counts = [count for _, _, count in found]
    assert counts == sorted(counts, reverse=True)


def test_no_wrong_answer_is_no_confusion() -> None:
    assert measures.confusions(np.array([0, 1]), np.array([0, 1])) == []


def test_images_and_right_ones_of_every_class() -> None:
    labels, right = np.array([0, 0, 2]), np.array([True, False, True])
    images, right_ones = measures.by_class(labels, right, 4)
    assert images.tolist() == [2, 0, 1, 0]
    assert right_ones.tolist() == [1, 0, 1, 0]


def test_people_weigh_alike_whatever_the_number_of_their_photos() -> None:
    agree, people = np.array([True, True, True, False, False]), np.array([4, 4, 4, 4, 7])
    found = measures.over_people(agree, people)
    assert found is not None
    assert found.people == 2
    assert found.value == pytest.approx(0.75 / 2)
    assert found.low <= found.value <= found.high


def test_over_nobody_there_is_no_mean() -> None:
    assert measures.over_people(np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)) is None


def test_ranges_of_training_images_begin_and_end_where_they_say() -> None:
    images = np.array([50, 49, 10, 9, 5, 4, 3, 2, 1, 1000])
    groups = measures.by_images(images, np.ones(10, dtype=bool))
    assert [group.top_1.images for group in groups] == [2, 2, 2, 2, 2]
    assert [group.name for group in groups] == list(measures.IMAGES_A_CLASS)


def test_ranges_that_no_test_image_falls_into_are_left_out() -> None:
    groups = measures.by_images(np.array([4, 60]), np.array([True, False]))
    assert [(g.name, g.top_1.value) for g in groups] == [("3–4", 1.0), ("50 or more", 0.0)]
