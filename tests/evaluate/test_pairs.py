from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from starlike.evaluate import evaluate, pairs
from starlike.files import sample


def test_pairs_of_one_person_are_two_photos_of_everyone_who_has_two() -> None:
    people = np.array([5, 5, 5, 2, 9, 9])
    drawn = pairs.of_one_person(people, np.random.default_rng(0))
    assert (drawn[:, 0] != drawn[:, 1]).all()
    assert (people[drawn[:, 0]] == people[drawn[:, 1]]).all()
    counts = Counter(people[drawn[:, 0]].tolist())
    assert set(counts) == {5, 9}
    assert counts[5] == counts[9]


def test_pairs_of_two_people_weigh_people_alike() -> None:
    people = np.array([0] * 90 + [1] * 5 + [2] * 5)
    drawn = pairs.of_two_people(people, np.random.default_rng(0))
    assert (people[drawn[:, 0]] != people[drawn[:, 1]]).all()
    shares = np.bincount(people[drawn].ravel()) / drawn.size
    np.testing.assert_allclose(shares, 1 / 3, atol=0.02)
    # Every photo of a person can be drawn.
    assert set(drawn.ravel().tolist()) == set(range(100))


def test_nobody_to_pair_gives_no_pairs() -> None:
    rng = np.random.default_rng(0)
    assert pairs.of_one_person(np.array([0, 1]), rng).shape == (0, 2)
    assert pairs.of_two_people(np.array([0, 0]), rng).shape == (0, 2)


def test_similarity_is_higher_for_one_person_than_for_two(
    model_folder: Path, sample_folder: Path, tmp_path: Path
) -> None:
    found = evaluate(model_folder, sample_folder, tmp_path / "out").similarity
    assert found.one_person is not None
    assert found.different is not None
    assert found.known is not None
    assert found.unknown is not None
    assert (found.known.pairs, found.unknown.pairs) == (4, 5)
    assert found.one_person.low > found.different.high
    for measured in (found.one_person, found.different, found.known, found.unknown):
        assert sum(measured.counts) == measured.pairs
        assert len(measured.counts) == len(found.edges) - 1
        assert measured.low <= measured.median <= measured.high
        assert measured.reach_90 <= measured.reach_50
    assert found.one_person.reach_90 == 1.0
    assert found.different.reach_50 == 0.0


def test_a_sample_of_known_people_alone_has_no_unknowns(
    make_model: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    everyone = sample.select(sample.read(sample_folder), "photo").classes
    folder = make_model(knows=everyone)
    assert evaluate(folder, sample_folder, tmp_path / "out").similarity.unknown is None
