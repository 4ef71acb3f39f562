"""A trained network and what it is joined with → the ONNX classifier that answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from starlike import onnx_model
from starlike.classifiers.assemble import NEVER, RATIO_SHARE, UnknownPeople
from starlike.classifiers.lda_space import Wide
from starlike.classifiers.open_set import OpenSetHead
from starlike.errors import TrainError
from starlike.model.classifier import DISTANCES, INPUT, KNOWN, PHOTOS, PROBABILITIES
from starlike.onnx_graph import Graph
from starlike.records import Floats

TOLERANCE = 1e-4
"""A difference between Keras's and ONNX's probabilities that no rounding explains.

Rounding in Keras's single precision is usually below 1e-5, and training tells how much it was.
"""


def to_onnx(network: Any, unknown: UnknownPeople) -> bytes:
    """The whole model as ONNX, with the distances to the class means as a further output.

    Batch Normalization is folded into the Dense layer before it: in answering both are linear.

    Args:
        network: what `network.build` made, trained.
        unknown: what it is joined with.

    Returns:
        A serialised model: `embeddings` (N, D), `photos` (N, 1) → `probabilities` (N, K),
        `distances` (N, K), `known_probability` (N, 1).
    """
    graph = Graph("classifier")
    graph.input(INPUT, ["N", unknown.means.shape[1]])
    graph.input(PHOTOS, ["N", 1])
    logits = _add_network(graph, network)
    squares = _add_distances(graph, unknown.means)
    _add_known(graph, unknown.open_set)
    _join(graph, logits, squares, unknown)
    classes = len(unknown.means)
    for name, width in ((PROBABILITIES, classes), (DISTANCES, classes), (KNOWN, 1)):
        graph.output(name, ["N", width])
    return graph.serialise()


def _add_network(graph: Graph, network: Any) -> str:
    """The layers, up to the logits.

    The last one is in double precision, for its logits are large and near each other. Its weights
    are stored in single precision all the same: ONNX Runtime widens them once.
    """
    *hidden, (weights, biases, _) = _dense_layers(network)
    tip = INPUT
    for number, (inner_weights, inner_biases, elu) in enumerate(hidden):
        inner = (
            graph.constant(inner_weights, f"weights_{number}"),
            graph.constant(inner_biases, f"biases_{number}"),
        )
        tip = graph.add("Gemm", tip, *inner, name=f"dense_{number}")
        if elu:
            tip = graph.add("Elu", tip, name=f"elu_{number}", alpha=1.0)
    names = (tip, graph.constant(weights, "weights"), graph.constant(biases, "biases"))
    wide = [graph.cast(name, np.float64, f"{name}_wide") for name in names]
    return graph.add("Gemm", *wide, name="logits")


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


def _add_distances(graph: Graph, means: Floats) -> str:
    """Euclidean distances by |x|² - 2 x·m + |m|², never below zero; returns their squares."""
    graph.constant(-2 * means.T, "means")
    graph.constant((means.astype(np.float64) ** 2).sum(axis=1), "mean_squares")
    graph.constant(0, "zero")
    graph.add("ReduceL2", INPUT, name="norms", axes=[1], keepdims=1)
    graph.add("Mul", "norms", "norms", name="norm_squares")
    graph.add("Gemm", INPUT, "means", "mean_squares", name="products")
    graph.add("Add", "products", "norm_squares", name="signed_squares")
    squares = graph.add("Max", "signed_squares", "zero", name="squares")
    graph.add("Sqrt", squares, name=DISTANCES)
    return squares


def _add_known(graph: Graph, found: OpenSetHead) -> None:
    """The chance that a face is one of the classes."""
    ratio, space = found.ratio, found.ratio.space
    graph.constant(space.axes, "axes")
    graph.constant(-space.centre @ space.axes, "centre")
    graph.constant(np.concatenate([ratio.linear, ratio.squared]), "ratio_weights")
    graph.constant(ratio.constant, "ratio_biases")
    graph.constant([[found.slope], [found.few]], "known_weights")
    graph.constant([found.offset], "known_bias")
    graph.add("Gemm", INPUT, "axes", "centre", name="space")
    graph.add("Mul", "space", "space", name="space_squares")
    graph.add("Concat", "space", "space_squares", name="with_squares", axis=1)
    graph.add("Gemm", "with_squares", "ratio_weights", "ratio_biases", name="ratios")
    graph.add("ReduceMax", "ratios", name="best", axes=[1], keepdims=1)
    graph.add("Reciprocal", PHOTOS, name="per_photo")
    graph.add("Concat", "best", "per_photo", name="evidence", axis=1)
    graph.add("Gemm", "evidence", "known_weights", "known_bias", name="known_logit")
    graph.add("Sigmoid", "known_logit", name=KNOWN)


def _join(graph: Graph, logits: str, squares: str, unknown: UnknownPeople) -> None:
    """Probabilities from the network's logits, in double precision, and what it is joined with."""
    if unknown.offsets is None:
        graph.add("Softmax", logits, name="softmax", axis=1)
        graph.cast("softmax", np.float32, PROBABILITIES)
        return
    graph.constant(RATIO_SHARE, "ratio_share")
    graph.constant(-unknown.focus, "focus")
    graph.constant(unknown.offsets, "offsets")
    graph.constant(1, "one")
    graph.add("Mul", "ratios", "ratio_share", name="ratio_logits")
    graph.cast("ratio_logits", np.float64, "ratio_logits_wide")
    # As the network in Keras, which knows its own probabilities and no logits.
    graph.add("LogSoftmax", logits, name="log_softmax", axis=1)
    least = graph.constant(np.log(NEVER), "least", np.float64)
    graph.add("Max", "log_softmax", least, name="log_probabilities")
    graph.add("Add", "log_probabilities", "ratio_logits_wide", name="joined_logits")
    graph.add("Softmax", "joined_logits", name="softmax", axis=1)
    graph.cast("softmax", np.float32, "recognised")
    graph.add("Mul", squares, "focus", name="nearness")
    graph.add("Add", "nearness", "offsets", name="likeness_logits")
    graph.add("Softmax", "likeness_logits", name="likeness", axis=1)
    graph.add("Sub", "one", KNOWN, name="unknown")
    graph.add("Mul", KNOWN, "recognised", name="as_known")
    graph.add("Mul", "unknown", "likeness", name="as_unknown")
    graph.add("Add", "as_known", "as_unknown", name=PROBABILITIES)


def check(whole: Any, exported: bytes, embeddings: Floats) -> float:
    """The largest difference between the two over embeddings (N, D), each of a single photo.

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
