"""The smallest classifiers that a model folder may have: the nearest class mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from starlike import onnx_model
from starlike.model import store
from starlike.records import DIMENSIONS, Floats


def nearest_mean(means: Floats) -> bytes:
    """ONNX: distances to (K, 128) means, softmax of minus 4 times these; known 1 - 0.5 / photos."""
    known = [
        helper.make_node("Div", ["half", store.PHOTOS], ["doubt"]),
        helper.make_node("Sub", ["one", "doubt"], [store.KNOWN]),
    ]
    return _classifier(means, 4, known, half=0.5, one=1)


def nearest_mean_within_reach(means: Floats) -> bytes:
    """ONNX: distances to (K, 128) means, and the softmax of minus ten times these.

    A face is known where it is nearer than 0.5 to a mean, the more so of several photos.
    """
    known = [
        helper.make_node("ReduceMin", [store.DISTANCES], ["nearest"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["line", "nearest"], ["near"]),
        helper.make_node("Mul", ["near", store.PHOTOS], ["nearer"]),
        helper.make_node("Mul", ["nearer", "steep"], ["certain"]),
        helper.make_node("Sigmoid", ["certain"], [store.KNOWN]),
    ]
    return _classifier(means, 10, known, line=0.5, steep=20)


def _classifier(
    means: Floats, sharpness: float, known: Sequence[onnx.NodeProto], **constants: float
) -> bytes:
    floats = {"means": means[None], "sharp": -sharpness, **constants}
    tensors: dict[str, npt.NDArray[Any]] = {
        name: np.asarray(value, dtype=np.float32) for name, value in floats.items()
    }
    tensors["middle"] = np.array([1], dtype=np.int64)
    nodes = [
        helper.make_node("Unsqueeze", [store.INPUT, "middle"], ["rows"]),
        helper.make_node("Sub", ["rows", "means"], ["apart"]),
        helper.make_node("ReduceL2", ["apart"], [store.DISTANCES], axes=[2], keepdims=0),
        helper.make_node("Mul", [store.DISTANCES, "sharp"], ["scores"]),
        helper.make_node("Softmax", ["scores"], [store.PROBABILITIES], axis=1),
        *known,
    ]
    return onnx_model.serialise(
        "classifier",
        nodes,
        [numpy_helper.from_array(tensor, name) for name, tensor in tensors.items()],
        _numbers({store.INPUT: DIMENSIONS, store.PHOTOS: 1}),
        _numbers(
            {
                store.PROBABILITIES: len(means),
                store.DISTANCES: len(means),
                store.KNOWN: 1,
            }
        ),
    )


def _numbers(widths: dict[str, int]) -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
        for name, width in widths.items()
    ]
