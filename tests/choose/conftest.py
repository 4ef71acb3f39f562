"""A small sample to choose on, and a base recipe that trains in a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from starlike.choose import Leaderboard, Options
from starlike.files import sample
from starlike.files.leaderboard import Basis, Result, Row
from starlike.files.sample import Labelled
from tests.classifiers.conftest import TINY, sample_rows

PEOPLE = tuple(f"Person {number:02}" for number in range(16))
BASE = replace(TINY, epochs=3, batch=32, width=16)
QUICK = Options(folds=2, quick=True, recipe=BASE)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen people with six images each, one of them to test on; and two people with fewer."""
    folder = tmp_path_factory.mktemp("choose") / "sample"
    rows = sample_rows(PEOPLE, 6) + sample_rows(("Single",), 2) + sample_rows(("Pair",), 3)
    folder.mkdir()
    sample.write(folder, rows, {})
    return folder


@pytest.fixture(scope="session")
def images(sample_folder: Path) -> Labelled:
    return sample.select(sample.read(sample_folder), "photo", split="train")


@pytest.fixture
def make_result() -> Callable[..., Result]:
    def make(fold: int = 0, top_1: float = 0.9, images: int = 100, **figures: object) -> Result:
        return replace(
            Result(fold, images, top_1, 1.0, None, 0.2, 0.3, 0.0, 0.1, 1.5, 4000, 0.2, ()),
            **figures,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def network_row(make_result: Callable[..., Result]) -> Callable[..., Row]:
    """A function that makes a network's row of a depth and width, with a top-1 a fold."""

    def make(layers: int, width: int, *top_1: float) -> Row:
        results = tuple(make_result(fold, value) for fold, value in enumerate(top_1))
        settings = replace(BASE, layers=layers, width=width).to_dict()
        return Row(f"{layers} × {width}", "network", "", settings, results)

    return make


@pytest.fixture
def make_board() -> Callable[..., Leaderboard]:
    def make(*rows: Row, seed: int = 0, folds: int = 2) -> Leaderboard:
        return Leaderboard(Basis("same", "photo", seed), 16, 80, folds, rows)

    return make
