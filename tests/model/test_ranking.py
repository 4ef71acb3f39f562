"""What is said of a face: who comes first, how probable, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from starlike.model import ranking
from starlike.records import Ranking

NAMES = ("Ada", "Bo", "Cy")


def ranked(**changes: Any) -> Ranking:
    """A face most like Bo, with some things changed."""
    asked: dict[str, Any] = {
        "names": NAMES,
        "probabilities": (0.2, 0.7, 0.1),
        "similarities": (60, 80, 40),
        "known": 0.5,
        "photos": 1,
        "top": 3,
        "nobody_below": 50.0,
    } | changes
    for name in ("probabilities", "similarities"):
        asked[name] = np.array(asked[name], dtype=np.float32)
    return ranking.of_face(**asked)


def test_the_most_probable_come_first() -> None:
    assert [match.name for match in ranked().matches] == ["Bo", "Ada", "Cy"]
    assert [match.name for match in ranked(top=2).matches] == ["Bo", "Ada"]


def test_of_equally_probable_ones_the_most_similar_comes_first() -> None:
    one = ranked(probabilities=(0.25, 0.25, 0.5), similarities=(10, 20, 5))
    assert [match.name for match in one.matches] == ["Cy", "Bo", "Ada"]


def test_probabilities_are_shared_out_among_those_asked_about() -> None:
    one = ranked(probabilities=(0.02, 0.06, 0.0))
    assert [match.probability for match in one.matches] == pytest.approx([0.75, 0.25, 0])


def test_shares_are_right_where_all_probabilities_are_tiny() -> None:
    one = ranked(probabilities=(1e-36, 3e-36, 0.0))
    assert [match.probability for match in one.matches] == pytest.approx([0.75, 0.25, 0])


def test_people_of_no_probability_at_all_are_told_by_similarity() -> None:
    one = ranked(probabilities=(0.0, 0.0, 0.0), similarities=(10, 5, 20))
    assert [match.name for match in one.matches] == ["Cy", "Ada", "Bo"]
    assert [match.probability for match in one.matches] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("known", "probability", "similarity", "verdict"),
    [
        (1.0, 0.5, 80, "in_person"),
        (0.5, 1.0, 80, "in_person"),
        (1.0, 0.49, 80, "resembles"),
        (0.7, 0.7, 80, "resembles"),
        (0.0, 1.0, 50, "resembles"),
        (0.0, 1.0, 49, "nobody"),
        (1.0, 1.0, 49, "in_person"),
    ],
)
def test_the_verdict_weighs_known_and_probability_and_then_similarity(
    known: float, probability: float, similarity: float, verdict: str
) -> None:
    one = ranked(
        known=known, probabilities=(probability, 0.0, 0.0), similarities=(similarity, 0, 0)
    )
    assert one.verdict == verdict


def test_someone_known_is_not_taken_for_the_only_one_asked_about() -> None:
    one = ranked(names=("Ada",), probabilities=(0.2,), similarities=(60,), known=1.0)
    assert one.matches[0].probability == pytest.approx(1)
    assert one.verdict == "resembles"
