from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.evaluate import questions
from starlike.evaluate.questions import Questions
from starlike.files import sample
from starlike.records import EmbedFrom
from tests.evaluate.conftest import KNOWN, UNKNOWN

Row = dict[str, Any]


@pytest.fixture
def ask(make_sample: Callable[[Sequence[Row]], Path]) -> Callable[..., Questions]:
    def ask(rows: Sequence[Row], embed_from: EmbedFrom = "photo") -> Questions:
        table = sample.read(make_sample(rows))
        return questions.of_sample(table, embed_from, KNOWN, KNOWN)

    return ask


@pytest.fixture
def many(rows: list[Row]) -> list[Row]:
    """Eve with six photos, Fay with two."""
    eve = next(row for row in rows if row["class"] == "Eve")
    rng = np.random.default_rng(3)
    return rows + [
        eve
        | {
            "image": f"Eve/more{number}.jpg",
            "sha256": f"more{number}",
            "embedding": eve["embedding"] + rng.normal(0, 0.01, 128).astype(np.float32),
        }
        for number in range(3)
    ]


def test_test_images_and_unknown_people_in_both_splits_are_asked_about(
    ask: Callable[..., Questions], rows: list[Row]
) -> None:
    asked = ask(rows)
    assert asked.unknown is not None
    assert (len(asked.train), len(asked.known), len(asked.unknown)) == (12, 4, 5)
    assert asked.unknown.classes == UNKNOWN
    assert asked.unknown_embeddings.shape == (5, 128)


def test_other_embeddings_ask_about_the_same_images(
    ask: Callable[..., Questions], rows: list[Row]
) -> None:
    moved = [row | {"crop_embedding": row["embedding"] + np.float32(1)} for row in rows]
    photo, crop = ask(moved), ask(moved, "crop")
    assert crop.known.images == photo.known.images
    np.testing.assert_allclose(crop.known.embeddings, photo.known.embeddings + 1, atol=1e-6)


def test_four_different_photos_of_one_person_are_drawn_the_same_every_time(
    ask: Callable[..., Questions], many: list[Row]
) -> None:
    asked = ask(many)
    assert asked.unknown is not None
    assert len(asked.fours) > 1
    assert all(len(set(four)) == 4 for four in asked.fours.tolist())
    names = np.array(asked.unknown.classes)[asked.unknown.labels[asked.fours]]
    assert set(names.ravel()) == {"Eve"}
    np.testing.assert_array_equal(asked.fours, ask(many).fours)


def test_two_photos_at_once_are_the_mean_of_their_embeddings(
    ask: Callable[..., Questions], many: list[Row]
) -> None:
    asked = ask(many)
    draws = len(asked.fours)
    two, photos = asked.of_two()
    assert two.shape == (2 * draws, 128)
    assert photos.tolist() == [2] * (2 * draws)
    last = asked.unknown_embeddings[asked.fours[-1]]
    np.testing.assert_allclose(two[draws - 1], last[:2].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(two[-1], last[2:].mean(axis=0), atol=1e-6)


def test_nobody_with_four_photos_leaves_no_two_to_ask_about_at_once(
    ask: Callable[..., Questions], rows: list[Row]
) -> None:
    two, photos = ask(rows).of_two()
    assert two.shape == (0, 128)
    assert photos.shape == (0,)


def test_a_sample_of_known_people_alone_asks_about_nobody_else(
    ask: Callable[..., Questions], rows: list[Row]
) -> None:
    asked = ask([row for row in rows if row["class"] in KNOWN])
    assert asked.unknown is None
    assert asked.unknown_embeddings.shape == (0, 128)
    assert len(asked.fours) == 0
