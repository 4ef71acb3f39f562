"""A small sample to choose on, and a base recipe that trains in a second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from starlike.choose import Options
from starlike.files import sample
from starlike.files.sample import Labelled
from tests import samples
from tests.classifiers.conftest import TINY, sample_rows
from tests.leaderboards import make_board, make_result, network_row

__all__ = ["make_board", "make_result", "network_row"]

PEOPLE = tuple(f"Person {number:02}" for number in range(16))
BASE = replace(TINY, epochs=3, batch=32, width=16)
QUICK = Options(folds=2, quick=True, recipe=BASE)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen people with six images each, one of them to test on; and two people with fewer."""
    folder = tmp_path_factory.mktemp("choose") / "sample"
    rows = sample_rows(PEOPLE, 6) + sample_rows(("Single",), 2) + sample_rows(("Pair",), 3)
    folder.mkdir()
    samples.write(folder, rows)
    return folder


@pytest.fixture(scope="session")
def images(sample_folder: Path) -> Labelled:
    return sample.select(sample.read(sample_folder), "photo", split="train")
