"""A trained Keras network → the ONNX classifier that answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from starlike import onnx_model
from starlike.errors import TrainError
from starlike.model import DISTANCES, INPUT, PROBABILITIES
from starlike.records import DIMENSIONS, Floats

_Wide = npt.NDArray[np.float64]

TOLERANCE = 1e-4
"""A difference between Keras's and ONNX's probabilities that no rounding explains.

Rounding in Keras's single precision is usually below 1e-5, and training tells how much it was.
"""


def to_onnx(network: Any, means: Floats) -> bytes:
    """The network as ONNX, with the distances to the class means as a second output.

    Batch Normalization is folded into the Dense layer before it: in answering both are linear.

    Args:
        network: what `network.build` made, trained.
        means: (K, 128) float32.

    Returns:
        A serialised model: `encodings` (N, 128) → `probabilities` (N, K), `distances` (N, K).
    """
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []
    _add_probabilities(nodes, constants, network)
    _add_distances(nodes, constants, means)
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", len(means)])
        for name in (PROBABILITIES, DISTANCES)
    ]
    asked = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["N", DIMENSIONS])
    return onnx_model.serialise("classifier", nodes, constants, [asked], outputs)


def _add_probabilities(
    nodes: list[onnx.NodeProto], constants: list[onnx.TensorProto], network: Any
) -> None:
    """The layers; the last one in double precision, for its logits are large and near each other.

    Its weights are stored in single precision all the same: ONNX Runtime widens them once.
    """
    *hidden, (weights, biases, _) = _dense_layers(network)
    tip = INPUT
    for number, (inner_weights, inner_biases, elu) in enumerate(hidden):
        names = [f"weights_{number}", f"biases_{number}"]
        constants += [
            numpy_helper.from_array(values, name)
            for values, name in zip((inner_weights, inner_biases), names, strict=True)
        ]
        nodes.append(helper.make_node("Gemm", [tip, *names], [f"dense_{number}"]))
        tip = f"dense_{number}"
        if elu:
            nodes.append(helper.make_node("Elu", [tip], [f"elu_{number}"], alpha=1.0))
            tip = f"elu_{number}"
    constants += [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(biases, "biases"),
    ]
    wide = {name: f"{name}_wide" for name in (tip, "weights", "biases")}
    nodes += [
        helper.make_node("Cast", [name], [widened], to=TensorProto.DOUBLE)
        for name, widened in wide.items()
    ]
    nodes += [
        helper.make_node("Gemm", list(wide.values()), ["logits"]),
        helper.make_node("Softmax", ["logits"], ["softmax"], axis=1),
        helper.make_node("Cast", ["softmax"], [PROBABILITIES], to=TensorProto.FLOAT),
    ]


def _dense_layers(network: Any) -> list[tuple[Floats, Floats, bool]]:
    """Weights, biases and whether an ELU follows, with normalisation folded in."""
    folded: list[tuple[_Wide, _Wide, bool]] = []
    for layer in network.layers:
        kind = type(layer).__name__
        values: list[_Wide] = [np.asarray(v, dtype=np.float64) for v in layer.get_weights()]
        if kind == "Dense":
            folded.append((values[0], values[1], False))
        elif kind == "BatchNormalization":
            weights, biases, _ = folded.pop()
            gamma, beta, mean, variance = values
            scale = gamma / np.sqrt(variance + layer.epsilon)
            folded.append((weights * scale, (biases - mean) * scale + beta, False))
        elif kind == "ELU":
            folded[-1] = (*folded[-1][:2], True)
        elif kind not in ("Dropout", "InputLayer"):
            raise TrainError(f"a layer of kind {kind} cannot be exported")
    return [(w.astype(np.float32), b.astype(np.float32), elu) for w, b, elu in folded]


def _add_distances(
    nodes: list[onnx.NodeProto], constants: list[onnx.TensorProto], means: Floats
) -> None:
    """Euclidean distances by |x|² - 2 x·m + |m|², never below zero."""
    squares = (means.astype(np.float64) ** 2).sum(axis=1).astype(np.float32)
    constants += [
        numpy_helper.from_array(np.ascontiguousarray(-2 * means.T, dtype=np.float32), "means"),
        numpy_helper.from_array(squares, "mean_squares"),
        numpy_helper.from_array(np.array(0, dtype=np.float32), "zero"),
    ]
    nodes += [
        helper.make_node("ReduceL2", [INPUT], ["norms"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["norms", "norms"], ["norm_squares"]),
        helper.make_node("Gemm", [INPUT, "means", "mean_squares"], ["products"]),
        helper.make_node("Add", ["products", "norm_squares"], ["squares"]),
        helper.make_node("Max", ["squares", "zero"], ["positive"]),
        helper.make_node("Sqrt", ["positive"], [DISTANCES]),
    ]


def check(network: Any, exported: bytes, encodings: Floats) -> float:
    """The largest difference between the two over encodings (N, 128).

    Raises:
        TrainError: it is above the tolerance.
    """
    session = onnx_model.open_session(exported, threads=0)
    (answered,) = session.run([PROBABILITIES], {INPUT: encodings})
    expected = network.predict(encodings, batch_size=1024, verbose=0)
    difference = float(np.abs(answered - np.asarray(expected)).max())
    if not difference <= TOLERANCE:
        raise TrainError(f"the exported classifier differs from the network by {difference:.1e}")
    return difference
