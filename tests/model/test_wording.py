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


def test_a_pair_is_said_at_length_and_in_short() -> None:
    assert (
        wording.pair_with_number("resemble", 62.6) == "These two resemble each other (63 of 100)."
    )
    assert wording.pair("one_person") == "These two seem to be the same person"
    assert wording.pair_in_short("unlike") == "do not look much alike"


def test_whom_a_child_looks_like_is_said_only_where_it_is_clear() -> None:
    assert wording.child("The child", ["a"]) == "The child looks most like a"
    assert wording.child_reason(["a"]) == ""
    assert wording.child("The child", ["a", "b", "c"]) == "Too close to call"
    assert wording.child_reason(["a", "b", "c"]).startswith("It may be a, b or c: other photos")


def test_which_face_counts_is_said_where_there_are_several() -> None:
    assert wording.largest_face("a.jpg", 1) == ""
    assert wording.largest_face("a.jpg", 3) == "a.jpg shows 3 faces; the largest is compared."
