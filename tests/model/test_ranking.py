"""What is said of a face: who comes first, how probable, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from starlike.model import ranking
from starlike.records import Ranking


def ranked(**changes: Any) -> Ranking:
    """A face most like Bo, with some things changed."""
    asked: dict[str, Any] = {
        "names": ("Bo", "Ada", "Cy"),
        "probabilities": (0.7, 0.2, 0.1),
        "shares": (0.7, 0.2, 0.1),
        "similarities": (80, 60, 40),
        "known": 0.5,
        "photos": 1,
        "nobody_below": 50.0,
    } | changes
    for name in ("probabilities", "shares", "similarities"):
        asked[name] = np.array(asked[name], dtype=np.float32)
    return ranking.of_face(**asked)


def test_classes_keep_the_order_in_which_they_were_found() -> None:
    assert [match.name for match in ranked().matches] == ["Bo", "Ada", "Cy"]


def test_shares_are_what_is_shown() -> None:
    one = ranked(probabilities=(0.06, 0.02, 0.0), shares=(0.75, 0.25, 0.0))
    assert [match.probability for match in one.matches] == pytest.approx([0.75, 0.25, 0])


def test_nobody_is_there_in_person_where_it_cannot_be_told_who_is_known() -> None:
    one = ranked(known=None, probabilities=(1.0, 0.0, 0.0), shares=(1.0, 0.0, 0.0))
    assert one.known_probability is None
    assert one.verdict == "resembles"


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
    one = ranked(names=("Ada",), probabilities=(0.2,), shares=(1.0,), similarities=(60,), known=1.0)
    assert one.matches[0].probability == pytest.approx(1)
    assert one.verdict == "resembles"
