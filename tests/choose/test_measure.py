from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from starlike.choose import measure
from starlike.choose.folds import Fold
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.leaderboard import OfGroup
from starlike.files.pairs import CHOOSE, Half, Pair
from starlike.files.sample import Labelled
from starlike.metrics import catalogue
from starlike.records import Floats

CLASSES = tuple("abcdef")
FIGURES = catalogue.built_in()


@dataclass(frozen=True)
class Reads:
    """Scores a class by the embedding's number of that place."""

    probabilities: bool
    size_bytes: int = 24

    def scores(self, embeddings: Floats) -> Floats:
        return embeddings[:, : len(CLASSES)]


def labelled(classes: tuple[str, ...], labels: list[int], scores: list[list[float]]) -> Labelled:
    embeddings = np.zeros((len(labels), 128), np.float32)
    embeddings[:, : len(CLASSES)] = np.asarray(scores)
    names = tuple(map(str, range(len(labels))))
    views = np.zeros((len(labels), 0, 128), np.float32)
    return Labelled(
        classes=classes,
        labels=np.array(labels),
        embeddings=embeddings,
        augmented=views,
        images=names,
        sources=names,
        card=DLIB_RESNET,
    )


SURE = [0.75, 0.05, 0.05, 0.05, 0.05, 0.05]
LAST_IS_TRUE = [0.5, 0.2, 0.12, 0.1, 0.08, 0.0]
FOLD = Fold(
    learning=labelled(CLASSES, [0, 0, 0, 1, 2, 3, 4, 5], [[0.0] * 6] * 8),
    known=labelled(CLASSES, [0, 1, 5, 0], [SURE, LAST_IS_TRUE, LAST_IS_TRUE, SURE]),
    unknown=labelled(("x", "y"), [0, 0, 1, 1], [SURE, SURE, SURE, SURE[::-1]]),
)


def test_figures_of_a_small_example() -> None:
    result = measure.result(Reads(probabilities=True), FOLD, 1, 2.5, FIGURES)
    assert (result.fold, result.images) == (1, 4)
    assert result.by_images == (OfGroup("1–2", 0, 2), OfGroup("3–4", 2, 2))
    assert result.figures["answer_ms"] > 0
    assert {key: value for key, value in result.figures.items() if key != "answer_ms"} == {
        "top_1": 0.5,
        "top_5": 0.75,
        "calibration_error": pytest.approx(0.375),
        "top_1_agreement": 0.5,
        "top_5_agreement": pytest.approx(0.9),
        "false_agreement": 0.5,
        "top_star_share": 0.75,
        "train_seconds": 2.5,
        "size_bytes": 24.0,
    }


def test_pairs_are_asked_about_with_the_photos_that_were_not_learned_from() -> None:
    # Of the known, a (two photos), b and f have one; of the unknown, y stands as far from the end.
    half = Half(
        file=Path("pairs.csv"),
        name=CHOOSE,
        groups=(
            (Pair(a="a", b="b", kind="lookalike"), Pair(a="b", b="c", kind="lookalike")),
            (Pair(a="f", b="y", kind="kin"),),
        ),
        put_aside=0,
    )
    found = measure.result(Reads(probabilities=True), FOLD, 0, 0.0, FIGURES, half).figures
    # a finds b in the middle of five equal ones, b finds a first and c second; c has no photo.
    assert found["lookalike_place"] == 2
    assert found["lookalike_reciprocal"] == pytest.approx((1 / 3 + 1 + 1 / 2) / 3)
    # y, whose photos have f in the middle of five others and first, is in no class of the fold.
    assert found["kin_place"] == 2.5


def test_without_pairs_likeness_is_not_measured() -> None:
    result = measure.result(Reads(probabilities=True), FOLD, 0, 0.0, FIGURES)
    assert not [key for key in result.figures if key.startswith(("lookalike", "kin"))]


def test_what_gives_no_probability_has_no_calibration_error() -> None:
    result = measure.result(Reads(probabilities=False), FOLD, 0, 0.0, FIGURES)
    assert "calibration_error" not in result.figures
