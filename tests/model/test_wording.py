"""What people are told, in the page and in the terminal."""

from __future__ import annotations

import pytest

from starlike.model import wording


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "below 0.1 %"), (0.00099, "below 0.1 %"), (0.001, "0.1 %"), (1.0, "100.0 %")],
)
def test_a_very_small_probability_is_not_called_nothing(share: float, text: str) -> None:
    assert wording.probability(share) == text


def test_similarities_are_whole_numbers() -> None:
    assert [wording.similarity(value) for value in (0.0, 61.4, 99.6)] == ["0", "61", "100"]


def test_only_a_resemblance_needs_no_sentence() -> None:
    assert wording.verdict("in_person", "Ada") == "This seems to be Ada in person."
    assert "resembles this face" in wording.verdict("nobody", "Ada")
    assert wording.verdict("resembles", "Ada") == ""


@pytest.mark.parametrize(
    ("photos", "agreeing", "text"),
    [
        (1, 1, ""),
        (3, 3, "One answer from 3 photos together."),
        (3, 2, "One answer from 2 of 3 photos: one was left out, as it could not be used or shows"),
        (5, 3, "One answer from 3 of 5 photos: 2 were left out, as they could not be used or show"),
    ],
)
def test_how_many_photos_count_is_said(photos: int, agreeing: int, text: str) -> None:
    assert wording.together(photos, agreeing).startswith(text)
    assert bool(text) == bool(wording.together(photos, agreeing))
