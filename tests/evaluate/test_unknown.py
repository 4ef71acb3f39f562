from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from starlike.evaluate import evaluate
from starlike.metrics.figures import Recognition
from starlike.records import Floats

Row = dict[str, Any]


@pytest.fixture
def recognition(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    tmp_path: Path,
) -> Callable[..., Recognition]:
    """A function that measures a model to which all of Eve's three photos look like Ada."""

    def measure(nobody_below: float = 0.0) -> Recognition:
        lookalike = [
            row | ({"embedding": centres["Ada"]} if row["class"] == "Eve" else {}) for row in rows
        ]
        folder = make_model(nobody_below=nobody_below)
        return evaluate(folder, make_sample(lookalike), tmp_path / "out").recognition

    return measure


def test_the_star_in_person_is_counted_where_it_is_true_and_where_it_is_not(
    recognition: Callable[..., Recognition], tmp_path: Path
) -> None:
    found = recognition()
    assert (found.in_person_known.hits, found.in_person_known.images) == (4, 4)
    assert found.in_person_unknown is not None
    # Eve and Fay weigh the same, though Eve has more photos.
    assert found.in_person_unknown.value == 0.5
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "of photos of unknown people 50.0 %" in page


def test_a_wrong_star_in_person_does_not_count_as_recognised(
    centres: dict[str, Floats],
    sample_folder: Path,
    make_model: Callable[..., Path],
    tmp_path: Path,
) -> None:
    swapped = centres | {"Ada": centres["Ben"], "Ben": centres["Ada"]}
    found = evaluate(make_model(swapped), sample_folder, tmp_path / "out").recognition
    assert found.in_person_known.hits == 2


def test_wrong_answers_far_from_their_class_are_told_as_likely_under_a_wrong_name(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    tmp_path: Path,
) -> None:
    tested = next(row for row in rows if row["class"] == "Ada" and row["split"] == "test")
    elsewhere = [row | ({"embedding": centres["Ben"]} if row is tested else {}) for row in rows]
    out = tmp_path / "out"
    found = evaluate(make_model(), make_sample(elsewhere), out).recognition.wrong_and_far
    assert found is not None
    assert (found.hits, found.images) == (1, 1)
    assert "Most likely they stand under a wrong name" in (out / "report.html").read_text("utf-8")


def test_where_all_answers_are_right_nothing_is_told_of_wrong_ones(
    recognition: Callable[..., Recognition],
) -> None:
    assert recognition().wrong_and_far is None


@pytest.mark.parametrize(("below", "share"), [(0.0, 0.0), (40.0, 0.5)])
def test_nobody_resembles_those_who_are_below_the_models_threshold(
    recognition: Callable[..., Recognition], below: float, share: float
) -> None:
    found = recognition(nobody_below=below)
    assert found.nobody_known.hits == 0
    assert found.nobody_unknown is not None
    assert found.nobody_unknown.value == share


def test_without_unknown_people_only_known_people_are_counted(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = make_sample([row for row in rows if row["class"] not in ("Eve", "Fay")])
    found = evaluate(make_model(), folder, tmp_path / "out").recognition
    assert found.in_person_known.images == 4
    assert found.in_person_unknown is None
    assert found.nobody_unknown is None
