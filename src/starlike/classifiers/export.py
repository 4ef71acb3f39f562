"""A trained network and what it is joined with → the ONNX classifier that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from starlike import onnx_model
from starlike.classifiers.assemble import NEVER, RATIO_SHARE, Strangers
from starlike.classifiers.recognition import Recognition, Wide
from starlike.errors import TrainError
from starlike.model.store import DISTANCES, INPUT, KNOWN, PHOTOS, PROBABILITIES
from starlike.records import DIMENSIONS, Floats

TOLERANCE = 1e-4
"""A difference between Keras's and ONNX's probabilities that no rounding explains.

Rounding in Keras's single precision is usually below 1e-5, and training tells how much it was.
"""


def to_onnx(network: Any, strangers: Strangers) -> bytes:
    """The whole model as ONNX, with the distances to the class means as a further output.

    Batch Normalization is folded into the Dense layer before it: in answering both are linear.

    Args:
        network: what `network.build` made, trained.
        strangers: what it is joined with.

    Returns:
        A serialised model: `embeddings` (N, 128), `photos` (N, 1) → `probabilities` (N, K),
        `distances` (N, K), `known` (N, 1).
    """
    graph = _Graph([], [])
    logits = _add_network(graph, network)
    squares = _add_distances(graph, strangers.means)
    _add_known(graph, strangers.recognition)
    _join(graph, logits, squares, strangers)
    classes = len(strangers.means)
    widths = {INPUT: DIMENSIONS, PHOTOS: 1, PROBABILITIES: classes, DISTANCES: classes, KNOWN: 1}
    told = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
        for name, width in widths.items()
    }
    inputs, outputs = [told.pop(INPUT), told.pop(PHOTOS)], list(told.values())
    return onnx_model.serialise("classifier", graph.nodes, graph.constants, inputs, outputs)


@dataclass(frozen=True, slots=True)
class _Graph:
    """What a graph is made of, as it grows."""

    nodes: list[onnx.NodeProto]
    constants: list[onnx.TensorProto]

    def add(self, kind: str, inputs: Sequence[str], output: str, **figures: Any) -> str:
        """Add a node; returns its output."""
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **figures))
        return output

    def constant(self, name: str, values: Any, kind: type = np.float32) -> str:
        """Add figures of a kind; returns their name."""
        array: npt.NDArray[Any] = np.ascontiguousarray(values, dtype=kind)
        self.constants.append(numpy_helper.from_array(array, name))
        return name


def _add_network(graph: _Graph, network: Any) -> str:
    """The layers, up to the logits.

    The last one is in double precision, for its logits are large and near each other. Its weights
    are stored in single precision all the same: ONNX Runtime widens them once.
    """
    *hidden, (weights, biases, _) = _dense_layers(network)
    tip = INPUT
    for number, (inner_weights, inner_biases, elu) in enumerate(hidden):
        inner = (
            graph.constant(f"weights_{number}", inner_weights),
            graph.constant(f"biases_{number}", inner_biases),
        )
        tip = graph.add("Gemm", [tip, *inner], f"dense_{number}")
        if elu:
            tip = graph.add("Elu", [tip], f"elu_{number}", alpha=1.0)
    names = (tip, graph.constant("weights", weights), graph.constant("biases", biases))
    wide = [graph.add("Cast", [name], f"{name}_wide", to=TensorProto.DOUBLE) for name in names]
    return graph.add("Gemm", wide, "logits")


def _dense_layers(network: Any) -> list[tuple[Floats, Floats, bool]]:
    """Weights, biases and whether an ELU follows, with normalisation folded in."""
    folded: list[tuple[Wide, Wide, bool]] = []
    for layer in network.layers:
        kind = type(layer).__name__
        values: list[Wide] = [np.asarray(v, dtype=np.float64) for v in layer.get_weights()]
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


def _add_distances(graph: _Graph, means: Floats) -> str:
    """Euclidean distances by |x|² - 2 x·m + |m|², never below zero; returns their squares."""
    graph.constant("means", -2 * means.T)
    graph.constant("mean_squares", (means.astype(np.float64) ** 2).sum(axis=1))
    graph.constant("zero", 0)
    graph.add("ReduceL2", [INPUT], "norms", axes=[1], keepdims=1)
    graph.add("Mul", ["norms", "norms"], "norm_squares")
    graph.add("Gemm", [INPUT, "means", "mean_squares"], "products")
    graph.add("Add", ["products", "norm_squares"], "signed_squares")
    squares = graph.add("Max", ["signed_squares", "zero"], "squares")
    graph.add("Sqrt", [squares], DISTANCES)
    return squares


def _add_known(graph: _Graph, found: Recognition) -> None:
    """The chance that a face is one of the classes."""
    ratio, space = found.ratio, found.ratio.space
    graph.constant("axes", space.axes)
    graph.constant("centre", -space.centre @ space.axes)
    graph.constant("ratio_weights", np.concatenate([ratio.linear, ratio.squared]))
    graph.constant("ratio_biases", ratio.constant)
    graph.constant("known_weights", [[found.slope], [found.few]])
    graph.constant("known_bias", [found.offset])
    graph.add("Gemm", [INPUT, "axes", "centre"], "space")
    graph.add("Mul", ["space", "space"], "space_squares")
    graph.add("Concat", ["space", "space_squares"], "with_squares", axis=1)
    graph.add("Gemm", ["with_squares", "ratio_weights", "ratio_biases"], "ratios")
    graph.add("ReduceMax", ["ratios"], "best", axes=[1], keepdims=1)
    graph.add("Reciprocal", [PHOTOS], "per_photo")
    graph.add("Concat", ["best", "per_photo"], "evidence", axis=1)
    graph.add("Gemm", ["evidence", "known_weights", "known_bias"], "known_logit")
    graph.add("Sigmoid", ["known_logit"], KNOWN)


def _join(graph: _Graph, logits: str, squares: str, strangers: Strangers) -> None:
    """Probabilities from the network's logits, in double precision, and what it is joined with."""
    if strangers.offsets is None:
        graph.add("Softmax", [logits], "softmax", axis=1)
        graph.add("Cast", ["softmax"], PROBABILITIES, to=TensorProto.FLOAT)
        return
    graph.constant("ratio_share", RATIO_SHARE)
    graph.constant("focus", -strangers.focus)
    graph.constant("offsets", strangers.offsets)
    graph.constant("one", 1)
    graph.add("Mul", ["ratios", "ratio_share"], "ratio_logits")
    graph.add("Cast", ["ratio_logits"], "ratio_logits_wide", to=TensorProto.DOUBLE)
    # As the network in Keras, which knows its own probabilities and no logits.
    graph.add("LogSoftmax", [logits], "log_softmax", axis=1)
    least = graph.constant("least", np.log(NEVER), np.float64)
    graph.add("Max", ["log_softmax", least], "log_probabilities")
    graph.add("Add", ["log_probabilities", "ratio_logits_wide"], "joined_logits")
    graph.add("Softmax", ["joined_logits"], "softmax", axis=1)
    graph.add("Cast", ["softmax"], "recognised", to=TensorProto.FLOAT)
    graph.add("Mul", [squares, "focus"], "nearness")
    graph.add("Add", ["nearness", "offsets"], "likeness_logits")
    graph.add("Softmax", ["likeness_logits"], "likeness", axis=1)
    graph.add("Sub", ["one", KNOWN], "unknown")
    graph.add("Mul", [KNOWN, "recognised"], "as_known")
    graph.add("Mul", ["unknown", "likeness"], "as_unknown")
    graph.add("Add", ["as_known", "as_unknown"], PROBABILITIES)


def check(whole: Any, exported: bytes, embeddings: Floats) -> float:
    """The largest difference between the two over embeddings (N, 128), each of a single photo.

    Raises:
        TrainError: it is above the tolerance.
    """
    photos = np.ones((len(embeddings), 1), dtype=np.float32)
    session = onnx_model.open_session(exported, threads=0)
    names = [PROBABILITIES, KNOWN]
    answered = session.run(names, {INPUT: embeddings, PHOTOS: photos})
    expected = whole.predict([embeddings, photos], batch_size=1024, verbose=0)
    difference = max(
        float(np.abs(values - np.asarray(expected[name])).max())
        for name, values in zip(names, answered, strict=True)
    )
    if not difference <= TOLERANCE:
        raise TrainError(f"the exported classifier differs from the network by {difference:.1e}")
    return difference
