"""A small model folder: the nearest of four class means."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model import store
from starlike.model.classes import Classes
from starlike.model.classifier import Classifier
from starlike.records import Floats
from tests.small_classifier import nearest_mean

DIMENSIONS = 128
NAMES = ("Ada", "Çelik", "A.J. O'Neil", "Zoe")
FACTS: dict[str, Any] = {
    "card": DLIB_RESNET,
    "embed_from": "photo",
    "trained_on": "train",
    "sample": "f" * 64,
}
Made = Callable[..., Path]


def centres(count: int) -> Floats:
    """One embedding a class, far from the others."""
    return np.eye(count, DIMENSIONS, dtype=np.float32)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A function that makes and seals a model folder."""

    def make(names: Sequence[str] = NAMES, outputs: int | None = None, **facts: Any) -> Path:
        folder = tmp_path / "model"
        folder.mkdir()
        counts = tuple(range(1, len(names) + 1))
        classes = Classes(names=tuple(names), images=counts, **FACTS)
        dictionary = json.loads(classes.to_json()) | facts
        (folder / store.CLASSES).write_text(json.dumps(dictionary), encoding="utf-8")
        (folder / store.CLASSIFIER).write_bytes(nearest_mean(centres(outputs or len(names))))
        (folder / store.METRICS).write_text("{}", encoding="utf-8")
        (folder / store.CARD).write_text("# A card\n", encoding="utf-8")
        store.seal(folder)
        return folder

    return make


@pytest.fixture
def opened(made: Made) -> Classifier:
    return store.open_folder(made())


@pytest.fixture
def between() -> Floats:
    """Two embeddings: nearest to Ada, then to the next ones; and the other way round."""
    weights = np.array([[0.9, 0.6, 0.3, 0.0], [0.0, 0.3, 0.6, 0.9]], dtype=np.float32)
    return np.asarray(weights @ centres(4), dtype=np.float32)
