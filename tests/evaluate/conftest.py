"""A small world: people around random centres, their sample, and a model that knows some."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample, storage
from starlike.metrics import Mean, Share
from starlike.metrics.figures import Method
from starlike.model import store
from starlike.model.classes import Classes
from starlike.model.store import TRAINING
from starlike.records import Floats
from tests import samples
from tests.small_classifier import nearest_mean_within_reach

DIMENSIONS = 128
KNOWN = ("Ada", "Ben", "Çelik", "Dan")
UNKNOWN = ("Eve", "Fay")
Row = dict[str, Any]


def hits(method: Method, key: str = "top_1") -> tuple[int, int]:
    """How many of how many images a share is of."""
    found = method.figures[key]
    assert isinstance(found, Share)
    return found.hits, found.images


def mean(method: Method, key: str = "top_1_agreement") -> tuple[int, float]:
    """Of how many people a mean is, and the mean."""
    found = method.figures[key]
    assert isinstance(found, Mean)
    return found.people, found.value


@pytest.fixture
def centres() -> dict[str, Floats]:
    """Where each person's embeddings lie, far from everyone else's."""
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, 0.12, (len(KNOWN + UNKNOWN), DIMENSIONS)).astype(np.float32)
    return dict(zip(KNOWN + UNKNOWN, drawn, strict=True))


@pytest.fixture
def rows(centres: dict[str, Floats]) -> list[Row]:
    """Four images of each known person, one of them to test on; three or two of each other."""
    rng = np.random.default_rng(2)
    made: list[Row] = []
    for person, centre in centres.items():
        for number in range(3 if person == "Eve" else 2 if person == "Fay" else 4):
            near = centre + rng.normal(0, 0.01, DIMENSIONS).astype(np.float32)
            made.append(
                {
                    "class": person,
                    "image": f"{person}/{number}.jpg",
                    "source": "crawl" if number else "album",
                    "sha256": f"{person}{number}",
                    "split": "train" if number else "test",
                    "status": "kept",
                    "width": 300,
                    "faces": 1,
                    "face_px": 80,
                    "sharpness": 200.0,
                    "embedding": near,
                    "crop_embedding": near,
                    "augmented_embeddings": [],
                }
            )
    return made


@pytest.fixture
def make_sample(tmp_path: Path) -> Callable[[Sequence[Row]], Path]:
    def make(rows: Sequence[Row]) -> Path:
        folder = tmp_path / "sample"
        samples.write(folder, rows)
        return folder

    return make


@pytest.fixture
def sample_folder(rows: list[Row], make_sample: Callable[[Sequence[Row]], Path]) -> Path:
    return make_sample(rows)


@pytest.fixture
def make_model(tmp_path: Path, centres: dict[str, Floats]) -> Callable[..., Path]:
    """A function that makes a model folder which takes each person's face to be where `at` says."""

    def make(
        at: dict[str, Floats] | None = None,
        *,
        called: str = "model",
        knows: Sequence[str] = KNOWN,
        recipe: dict[str, Any] | None = None,
        **facts: Any,
    ) -> Path:
        folder = tmp_path / called
        known = {name: (at or centres)[name] for name in knows}
        storage.write_bytes(
            folder / store.CLASSIFIER,
            nearest_mean_within_reach(np.stack(list(known.values()))),
        )
        classes: dict[str, Any] = {
            "card": DLIB_RESNET,
            "trained_on": "train",
            "sample": "other",
            "embed_from": "photo",
        } | facts
        made = Classes(names=tuple(known), images=(3,) * len(known), **classes)
        storage.write_text(folder / store.CLASSES, made.to_json())
        if recipe is not None:
            storage.write_text(folder / TRAINING, json.dumps({"recipe": recipe}))
        store.seal(folder)
        return folder

    return make


@pytest.fixture
def model_folder(make_model: Callable[..., Path], sample_folder: Path) -> Path:
    """A model that was trained on the training part of the sample."""
    return make_model(sample=sample.identity(sample.read(sample_folder)))
