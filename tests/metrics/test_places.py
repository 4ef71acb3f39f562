from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from starlike.metrics import KIN, LOOKALIKE, Number, OfPairs, Places, places
from starlike.metrics.places import Sought
from starlike.records import Floats

SCORES: Floats = np.array([[0.9, 0.5, 0.4, 0.3], [0.1, 0.2, 0.3, 0.4]], dtype=np.float32)


def _places(*values: float, groups: list[int] | None = None) -> Places:
    numbers = np.arange(len(values))
    return Places(
        places=np.array(values), pairs=numbers, groups=np.array(groups) if groups else numbers
    )


def test_a_place_counts_the_classes_that_score_higher() -> None:
    assert places.place(SCORES, 1).tolist() == [2, 3]
    assert places.place(SCORES, 0).tolist() == [1, 4]


def test_the_own_class_takes_no_place() -> None:
    assert places.place(SCORES, 1, own=0).tolist() == [1, 3]
    assert places.place(SCORES, 1, own=3).tolist() == [2, 2]


def test_classes_of_the_same_score_share_the_middle_of_their_places() -> None:
    same = np.array([[0.5, 0.2, 0.2, 0.2, 0.1], [0.3, 0.3, 0.1, 0.0, 0.0]], dtype=np.float32)
    assert places.place(same, 2).tolist() == [3, 3]
    assert places.place(same, 1).tolist() == [3, 1.5]
    assert places.place(same, 1, own=0).tolist() == [2, 1]
    # A class that cannot be answered is among the last.
    assert places.place(np.array([[0.5, -np.inf, -np.inf]]), 1).tolist() == [2.5]


def test_the_place_of_a_direction_is_the_median_over_the_photos_of_the_one() -> None:
    people = np.array([7, 8, 8, 8])
    scores = np.array([[3, 2, 1], [3, 2, 1], [1, 2, 3], [1, 3, 2]], dtype=np.float32)
    sought = Sought(
        asked=np.array([8, 7, 9]),
        own=np.array([0, -1, -1]),
        wanted=np.array([2, 2, 1]),
        pairs=np.array([0, 1, 1]),
        groups=np.array([0, 0, 0]),
    )
    found = places.found(scores, people, {LOOKALIKE: sought})[LOOKALIKE]
    # Person 8 finds class 2 second, first and second, class 0 being their own; 9 has no photo.
    assert found.places.tolist() == [2, 3]
    assert found.pairs.tolist() == [0, 1]


def test_a_kind_without_a_photo_to_ask_with_is_not_there() -> None:
    nobody = Sought(**dict.fromkeys(("asked", "own", "wanted", "pairs", "groups"), np.array([5])))
    assert places.found(SCORES, np.array([0, 1]), {KIN: nobody}) == {}


def test_figures_of_places_by_hand() -> None:
    found = _places(1, 4, 10, 30)
    assert places.median(found).value == 7
    assert places.median(_places(1, 4, 30)).value == 4
    assert places.within(found, 10).value == 0.75
    assert places.within(found, 9).value == 0.5
    assert places.mean_reciprocal(found).value == pytest.approx((1 + 1 / 4 + 1 / 10 + 1 / 30) / 4)


def test_intervals_hold_the_value_and_are_the_same_every_time() -> None:
    found = _places(*np.random.default_rng(3).integers(1, 200, 40).tolist())
    for value in (places.median(found), places.within(found, 50), places.mean_reciprocal(found)):
        assert isinstance(value, OfPairs)
        assert value.low < value.value < value.high
        assert value.pairs == 40
    assert places.median(found) == places.median(found)


def test_the_interval_of_the_median_is_that_of_drawn_medians() -> None:
    found = _places(3, 1, 9, 40, 7, 90, 2)
    times = np.random.default_rng(0).multinomial(7, [1 / 7] * 7, size=1000)
    drawn = [np.median(np.repeat(found.places, counts)) for counts in times]
    low, high = np.quantile(drawn, (0.025, 0.975))
    value = places.median(found)
    assert isinstance(value, OfPairs)
    assert (value.low, value.high) == (low, high)


def test_linked_pairs_tell_less_than_as_many_of_other_people() -> None:
    values = (1, 2, 3, 101, 102, 103)
    apart, linked = _places(*values), _places(*values, groups=[0, 0, 0, 1, 1, 1])
    one, other = (places.mean_reciprocal(found) for found in (apart, linked))
    assert isinstance(one, OfPairs)
    assert isinstance(other, OfPairs)
    assert one.value == other.value
    assert other.high - other.low > one.high - one.low


def test_both_directions_of_a_pair_count_as_one_pair() -> None:
    found = replace(_places(1, 2, 3, 4, groups=[0, 0, 1, 1]), pairs=np.array([0, 0, 1, 1]))
    value = places.median(found)
    assert isinstance(value, OfPairs)
    assert value.pairs == 2


def test_people_who_are_all_linked_give_no_interval() -> None:
    assert places.median(_places(2, 4, groups=[0, 0])) == Number(value=3.0)
