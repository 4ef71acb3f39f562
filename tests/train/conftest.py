"""People around random centres: their sample, a recipe that trains in seconds, and a model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike import sample, train
from starlike.recipe import Recipe
from starlike.records import DIMENSIONS
from starlike.sample import Labelled
from starlike.train import Options, Summary

PEOPLE = (
    "Ada", "Ben", "Çelik", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim", "A.J. O'Neil",
)  # fmt: skip
IMAGES, TESTED, VIEWS = 6, 1, 4
TRAINED = IMAGES - TESTED

TINY = Recipe(
    encode_in="photo", width=32, dropout=0.2, learning_rate=0.01, batch=16, epochs=6, refit=False
)
STILL = replace(TINY, views=0.0, borrow=0.0, mix=0.0, noise=0.0, resemblance=0.0)
"""The tiny recipe, with images and labels left as they are."""


@dataclass(frozen=True)
class Trained:
    folder: Path
    summary: Summary
    told: list[tuple[int, int]]


def sample_rows(people: tuple[str, ...] = PEOPLE, images: int = IMAGES) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    rows = []
    for person in people:
        centre = rng.normal(0, 0.12, DIMENSIONS)
        for number in range(images):
            near = (centre + rng.normal(0, 0.03, (2 + VIEWS, DIMENSIONS))).astype(np.float32)
            rows.append(
                {
                    "class": person,
                    "image": f"{person}/{number}.jpg",
                    "source": "crawl",
                    "sha256": f"{person}{number}",
                    "split": "test" if number < TESTED else "train",
                    "status": "kept",
                    "photo": near[0],
                    "crop": near[1],
                    "photo_views": near[2:].ravel(),
                }
            )
    return rows


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people with six images each, one of them to test on."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write(folder, sample_rows(), {})
    return folder


@pytest.fixture(scope="session")
def images(sample_folder: Path) -> Labelled:
    """The training images, encoded in the photo."""
    return sample.select(sample.read(sample_folder), "photo", split="train")


@pytest.fixture(scope="session")
def held_out(sample_folder: Path) -> Labelled:
    return sample.select(sample.read(sample_folder), "photo", split="test")


@pytest.fixture(scope="session")
def train_into(sample_folder: Path) -> Callable[..., Trained]:
    """A function that trains the tiny recipe, changed as it is told, into a folder."""

    def trained(folder: Path, options: Options | None = None, **figures: Any) -> Trained:
        told: list[tuple[int, int]] = []
        summary = train.train(
            sample_folder,
            folder,
            dataclasses.replace(TINY, **figures),
            options,
            progress=lambda *counts: told.append(counts),
        )
        return Trained(folder, summary, told)

    return trained


@pytest.fixture(scope="session")
def trained(
    train_into: Callable[..., Trained], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trained]:
    """A model folder of two hidden layers that no test may change."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    made = train_into(folder, layers=2)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    yield made
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
