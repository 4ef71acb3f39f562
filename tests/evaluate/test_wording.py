from __future__ import annotations

from typing import Any

import pytest

from starlike.evaluate import wording


def _share(value: float, low: float, high: float, images: int = 200) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "images": images}


def _group(
    name: str,
    top_1: dict[str, Any] | None,
    found: dict[str, Any] | None = None,
    steady: dict[str, Any] | None = None,
) -> dict[str, Any]:
    methods = [{"top_1": top_1, "consistency": steady}]
    return {"name": name, "faces_found": found, "people": 7, "methods": methods}


EVERYONE = _group(
    "all",
    _share(0.97, 0.96, 0.98, 1000),
    _share(0.99, 0.98, 1.0, 1200),
    {"value": 0.3, "low": 0.25, "high": 0.35},
)


@pytest.mark.parametrize(
    ("share", "said"), [(0.966, "96.6 %"), (0.0014, "0.14 %"), (0.0, "0.0 %"), (1.0, "100.0 %")]
)
def test_shares_below_one_per_cent_get_a_further_digit(share: float, said: str) -> None:
    assert wording.percent(share) == said


def test_a_gap_is_named_with_images_interval_and_average() -> None:
    grouping = {"groups": [_group("crawl", _share(0.9, 0.85, 0.94)), _group("b", _share(1, 1, 1))]}
    assert wording.gaps(grouping, EVERYONE) == [
        "crawl: right first answers 90.0 % of 200 images (85.0 to 94.0 %), "
        "7.0 points below the average of 97.0 %."
    ]


def test_a_gap_that_chance_may_explain_says_so() -> None:
    grouping = {"groups": [_group("few", _share(0.9, 0.7, 0.99, 10))]}
    (said,) = wording.gaps(grouping, EVERYONE)
    assert said.endswith("Chance alone may explain it.")


def test_three_points_are_no_gap_yet_and_what_was_not_measured_is_none() -> None:
    grouping = {"groups": [_group("near", _share(0.941, 0.9, 0.97)), _group("none", None)]}
    assert wording.gaps(grouping, EVERYONE) == []


def test_lost_faces_and_inconsistent_answers_are_gaps_too() -> None:
    steady = {"value": 0.2, "low": 0.15, "high": 0.24}
    grouping = {"groups": [_group("c", None, _share(0.9, 0.85, 0.95), steady)]}
    faces, again = wording.gaps(grouping, EVERYONE)
    assert faces.startswith("c: faces found 90.0 % of 200 images")
    assert again.startswith("c: same star again 20.0 % for 7 people in no class")


def test_what_similarities_mean_is_said_of_the_pairs_that_were_measured() -> None:
    pairs = {"reach_50": 0.97, "reach_90": 0.08}
    similarity = {"one_person": pairs, "known": None, "look_alike": None, "different": None}
    assert wording.explained(similarity) == [
        "A similarity of 50 or more is reached by two photos of one person in 97.0 %.",
        "A similarity of 90 or more is reached by two photos of one person in 8.0 %.",
    ]
