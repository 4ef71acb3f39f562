"""A small world: people around random centres, their sample, and a model that knows some."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from starlike import model, sample, storage
from starlike.model import TRAINING, Classes
from starlike.records import DIMENSIONS, Floats

KNOWN = ("Ada", "Ben", "Çelik", "Dan")
STRANGERS = ("Eve", "Fay")
Row = dict[str, Any]


@pytest.fixture
def centres() -> dict[str, Floats]:
    """Where each person's encodings lie, far from everyone else's."""
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, 0.12, (len(KNOWN + STRANGERS), DIMENSIONS)).astype(np.float32)
    return dict(zip(KNOWN + STRANGERS, drawn, strict=True))


@pytest.fixture
def rows(centres: dict[str, Floats]) -> list[Row]:
    """Four images of each known person, one of them to test on; three or two of each stranger."""
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
                    "photo": near,
                    "crop": near,
                    "photo_views": [],
                }
            )
    return made


@pytest.fixture
def make_sample(tmp_path: Path) -> Callable[[Sequence[Row]], Path]:
    def make(rows: Sequence[Row]) -> Path:
        folder = tmp_path / "sample"
        sample.write(folder, rows, {})
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
        storage.write_bytes(folder / model.CLASSIFIER, _classifier(np.stack(list(known.values()))))
        classes = {"trained_on": "train", "sample": "other", "encode_in": "photo"} | facts
        made = Classes(tuple(known), (3,) * len(known), **classes)
        storage.write_text(folder / model.CLASSES, made.to_json())
        if recipe is not None:
            storage.write_text(folder / TRAINING, json.dumps({"recipe": recipe}))
        model.seal(folder)
        return folder

    return make


@pytest.fixture
def model_folder(make_model: Callable[..., Path], sample_folder: Path) -> Path:
    """A model that was trained on the training part of the sample."""
    return make_model(sample=sample.identity(sample.read(sample_folder)))


def _classifier(means: Floats) -> bytes:
    """ONNX: distances to the means, and the softmax of minus ten times these.

    A face is known where it is nearer than 0.5 to a mean, the more so of several photos.
    """
    constants: dict[str, npt.NDArray[Any]] = {
        "middle": np.array([1], dtype=np.int64),
        "means": means[None],
        "sharp": np.array(-10, dtype=np.float32),
        "line": np.array(0.5, dtype=np.float32),
        "steep": np.array(20, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Unsqueeze", ["encodings", "middle"], ["rows"]),
        helper.make_node("Sub", ["rows", "means"], ["apart"]),
        helper.make_node("ReduceL2", ["apart"], ["distances"], axes=[2], keepdims=0),
        helper.make_node("Mul", ["distances", "sharp"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        helper.make_node("ReduceMin", ["distances"], ["nearest"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["line", "nearest"], ["near"]),
        helper.make_node("Mul", ["near", "photos"], ["nearer"]),
        helper.make_node("Mul", ["nearer", "steep"], ["certain"]),
        helper.make_node("Sigmoid", ["certain"], ["known"]),
    ]
    graph = helper.make_graph(
        nodes,
        "classifier",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
            for name, width in (("encodings", DIMENSIONS), ("photos", 1))
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
            for name, width in (
                ("probabilities", len(means)),
                ("distances", len(means)),
                ("known", 1),
            )
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())
