"""The smallest classifier that a model folder may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from starlike import model
from starlike.records import DIMENSIONS, Floats


def nearest_mean(means: Floats) -> bytes:
    """ONNX: distances to (K, 128) means, softmax of minus 4 times these; known 1 - 0.5 / photos."""
    count = len(means)
    constants: dict[str, npt.NDArray[Any]] = {
        "middle": np.array([1], dtype=np.int64),
        "means": means[None],
        "sharp": np.array(-4, dtype=np.float32),
        "half": np.array(0.5, dtype=np.float32),
        "one": np.array(1, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Unsqueeze", [model.INPUT, "middle"], ["rows"]),
        helper.make_node("Sub", ["rows", "means"], ["apart"]),
        helper.make_node("ReduceL2", ["apart"], [model.DISTANCES], axes=[2], keepdims=0),
        helper.make_node("Mul", [model.DISTANCES, "sharp"], ["scores"]),
        helper.make_node("Softmax", ["scores"], [model.PROBABILITIES], axis=1),
        helper.make_node("Div", ["half", model.PHOTOS], ["doubt"]),
        helper.make_node("Sub", ["one", "doubt"], [model.KNOWN]),
    ]
    inputs = ((model.INPUT, DIMENSIONS), (model.PHOTOS, 1))
    outputs = ((model.PROBABILITIES, count), (model.DISTANCES, count), (model.KNOWN, 1))
    graph = helper.make_graph(
        nodes,
        "classifier",
        _numbers(inputs),
        _numbers(outputs),
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())


def _numbers(names: Sequence[tuple[str, int]]) -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
        for name, width in names
    ]
