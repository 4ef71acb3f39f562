from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.evaluate import groups, questions
from starlike.evaluate.groups import Part
from starlike.evaluate.questions import Questions
from starlike.files import sample
from starlike.metrics import Answered, Mean, Share, catalogue
from starlike.metrics.declaration import Figure, InGroups
from starlike.metrics.figures import Grouping
from tests import samples
from tests.evaluate.conftest import KNOWN

Row = dict[str, Any]
Parts = dict[str, list[Part]]
NO_GROUPS: Mapping[str, Sequence[str]] = {}


@pytest.fixture
def split_up(
    make_sample: Callable[[Sequence[Row]], Path],
) -> Callable[..., tuple[Parts, Questions]]:
    def split_up(
        rows: Sequence[Row],
        class_groups: Mapping[str, Sequence[str]] = NO_GROUPS,
        *,
        unknown: Sequence[str] = (),
    ) -> tuple[Parts, Questions]:
        folder = make_sample(rows)
        samples.forget(folder, *unknown)
        opened = sample.read(folder)
        asked = questions.of_sample(opened, "photo", KNOWN, KNOWN)
        return groups.parts(opened, asked, np.array([1, 3, 3, 60]), class_groups), asked

    return split_up


def _sizes(parts: Sequence[Part]) -> dict[str, int]:
    return {part.name: int(part.known.sum()) for part in parts}


def _of_test(rows: Sequence[Row], **values: Sequence[Any]) -> list[Row]:
    """The rows, with other values in those of the four test images of known people."""
    tested = [row for row in rows if row["class"] in KNOWN and row["split"] == "test"]
    changed = {
        row["image"]: {name: given[number] for name, given in values.items()}
        for number, row in enumerate(tested)
    }
    return [row | changed.get(row["image"], {}) for row in rows]


def test_images_are_grouped_by_everything_that_is_known_of_them(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    changed = _of_test(
        rows,
        source=["a", "b", "b", "a"],
        face_px=[59, 60, 149, 500],
        sharpness=[10.0, 20.0, 30.0, 40.0],
    )
    parts, _ = split_up(changed)
    assert set(parts) == {"source", "training images", "face size", "sharpness"}
    assert _sizes(parts["training images"]) == {"1–2": 1, "3–4": 2, "50 or more": 1}
    assert _sizes(parts["face size"]) == {
        "below 60 pixels": 1,
        "60–99 pixels": 1,
        "100–149 pixels": 1,
        "150 pixels or more": 1,
    }
    assert list(_sizes(parts["sharpness"]).values()) == [1, 1, 2]
    by_source = _sizes(parts["source"])
    assert (by_source["a"], by_source["b"]) == (2, 2)


def test_faces_are_found_or_not_in_images_that_could_be_opened(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    lost = {
        "class": "Ada",
        "image": "Ada/x.jpg",
        "source": "crawl",
        "width": 300,
        "faces": 0,
        "status": "no_face",
    }
    unopened = lost | {"image": "Ada/y.jpg", "width": 0, "status": "broken"}
    parts, _ = split_up([*rows, lost, unopened])
    found = {part.name: part.faces_found for part in parts["source"]}
    assert found["crawl"] is not None
    assert found["album"] is not None
    crawled = sum(row["source"] == "crawl" for row in rows)
    assert (found["crawl"].hits, found["crawl"].images) == (crawled, crawled + 1)
    assert found["album"].value == 1.0


def test_what_nothing_is_known_of_makes_no_groups(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    parts, _ = split_up(rows, unknown=("face_px", "sharpness", "width"))
    assert set(parts) == {"source", "training images"}
    assert all(part.faces_found is None for part in parts["source"])


def test_groups_of_classes_may_overlap_and_the_rest_is_one_more(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    parts, _ = split_up(rows, {"well-known": ["Ada", "Ben"], "a": ["Ada"], "empty": ["Nobody"]})
    assert _sizes(parts["people"]) == {"well-known": 2, "a": 1, "everyone else": 2}


def test_no_rest_is_made_where_groups_hold_everyone(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    parts, _ = split_up(rows, {"all": list(KNOWN)})
    assert _sizes(parts["people"]) == {"all": 4}


def _of_fewer(fewest: int) -> tuple[Figure, ...]:
    """The figures, each measured of groups of so many images or people."""
    return tuple(
        replace(one, declaration=replace(one.declaration, in_groups=InGroups(fewest)))
        for one in catalogue.built_in()
        if one.declaration.in_groups
    )


def _measured(
    parts: Parts,
    asked: Questions,
    wrong: Sequence[int] = (),
    figures: Sequence[Figure] = catalogue.built_in(),
) -> dict[str, Grouping]:
    """Figures of a method that knows everyone but some test images, and names one star else."""
    known = np.full((len(asked.known), len(KNOWN)), 0.01, dtype=np.float32)
    for row, label in enumerate(asked.known.labels):
        known[row, (label + (row in wrong)) % len(KNOWN)] = 0.97
    people = asked.unknown_people
    others = np.tile(np.array([[1, 0, 0, 0]], dtype=np.float32), (len(people), 1))
    said = Answered(
        scores=known,
        labels=asked.known.labels,
        probabilities=True,
        unknown_scores=others,
        unknown_people=people,
        of_two_scores=others[:0],
        of_two_people=people[:0],
    )
    return {one.by: one for one in groups.measured(parts, [said], figures)}


def test_a_group_is_measured_on_its_own_images_and_people(
    split_up: Callable[..., tuple[Parts, Questions]],
    rows: list[Row],
) -> None:
    parts, asked = split_up(_of_test(rows, source=["a", "b", "b", "a"]))
    found = _measured(parts, asked, wrong=[1], figures=_of_fewer(1))["source"]
    by_source = {group.name: group for group in found.groups}
    a, b = (by_source[name].methods[0]["top_1"] for name in "ab")
    assert isinstance(a, Share)
    assert isinstance(b, Share)
    assert (a.hits, a.images, b.hits, b.images) == (2, 2, 1, 2)
    # Unknown people's photos come from other sources: Eve has two from the crawl, Fay one.
    crawl = by_source["crawl"]
    assert crawl.images == 0
    assert "top_1" not in crawl.methods[0]
    agreement = crawl.methods[0]["top_1_agreement"]
    assert isinstance(agreement, Mean)
    assert (agreement.people, agreement.value) == (1, 1.0)
    assert "top_1_agreement" not in by_source["album"].methods[0]


def test_agreement_is_measured_of_enough_people_alone(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    parts, asked = split_up(rows)
    assert all(
        "top_1_agreement" not in group.methods[0]
        for group in _measured(parts, asked)["source"].groups
    )


def test_calibration_is_measured_of_large_groups_alone(
    split_up: Callable[..., tuple[Parts, Questions]], rows: list[Row]
) -> None:
    parts, asked = split_up(rows)
    small = _measured(parts, asked)["face size"].groups[0].methods[0]
    assert "calibration_error" not in small
    large = _measured(parts, asked, figures=_of_fewer(4))["face size"].groups[0].methods[0]
    assert large["calibration_error"].value == pytest.approx(0.03, abs=1e-6)
