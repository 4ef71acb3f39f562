"""Leaderboards made by hand, for the tests of the file and of the stage that writes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.leaderboard import Basis, Leaderboard, OfGroup, Result, Row
from starlike.files.recipe import Recipe
from starlike.metrics import catalogue


@pytest.fixture
def make_result() -> Callable[..., Result]:
    def make(
        fold: int = 0, top_1: float = 0.9, by_images: tuple[OfGroup, ...] = (), **figures: float
    ) -> Result:
        usual = {"top_5": 1.0, "top_1_agreement": 0.2, "train_seconds": 1.5, "size_bytes": 4000.0}
        measured = {"top_1": top_1, **usual, **figures}
        return Result(fold=fold, images=100, figures=measured, by_images=by_images)

    return make


@pytest.fixture
def network_row(make_result: Callable[..., Result]) -> Callable[..., Row]:
    """A function that makes a network's row of a depth and width, with a top-1 a fold."""

    def make(layers: int, width: int, *top_1: float) -> Row:
        results = tuple(make_result(fold, value) for fold, value in enumerate(top_1))
        settings = Recipe(layers=layers, width=width).to_dict()
        return Row(f"{layers} × {width}", "network", "", settings, results)

    return make


@pytest.fixture
def make_board() -> Callable[..., Leaderboard]:
    def make(*rows: Row, seed: int = 0, folds: int = 2) -> Leaderboard:
        return Leaderboard(
            basis=Basis(sample="same", encoder=DLIB_RESNET, embed_from="photo", seed=seed),
            classes=16,
            images=80,
            folds=folds,
            declared=tuple(one.declaration for one in catalogue.built_in()),
            rows=rows,
        )

    return make
