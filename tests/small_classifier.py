"""The smallest classifiers that a model folder may have: the nearest class mean."""

from __future__ import annotations

import numpy as np

from starlike.model import store
from starlike.onnx_graph import Graph
from starlike.records import Floats


def nearest_mean(means: Floats) -> bytes:
    """ONNX: distances to (K, D) means, softmax of minus 4 times these; known 1 - 0.5 / photos."""
    graph = _graph(means, 4)
    doubt = graph.add("Div", graph.constant(0.5), store.PHOTOS)
    graph.add("Sub", graph.constant(1), doubt, name=store.KNOWN)
    return _finished(graph, len(means))


def nearest_mean_within_reach(means: Floats) -> bytes:
    """ONNX: distances to (K, D) means, and the softmax of minus ten times these.

    A face is known where it is nearer than 0.5 to a mean, the more so of several photos.
    """
    graph = _graph(means, 10)
    nearest = graph.add("ReduceMin", store.DISTANCES, axes=[1], keepdims=1)
    near = graph.add("Sub", graph.constant(0.5), nearest)
    nearer = graph.add("Mul", near, store.PHOTOS)
    certain = graph.add("Mul", nearer, graph.constant(20))
    graph.add("Sigmoid", certain, name=store.KNOWN)
    return _finished(graph, len(means))


def _graph(means: Floats, sharpness: float) -> Graph:
    graph = Graph("classifier")
    graph.input(store.INPUT, ["N", means.shape[1]])
    graph.input(store.PHOTOS, ["N", 1])
    rows = graph.add("Unsqueeze", store.INPUT, graph.constant([1], kind=np.int64))
    apart = graph.add("Sub", rows, graph.constant(means[None]))
    graph.add("ReduceL2", apart, name=store.DISTANCES, axes=[2], keepdims=0)
    scores = graph.add("Mul", store.DISTANCES, graph.constant(-sharpness))
    graph.add("Softmax", scores, name=store.PROBABILITIES, axis=1)
    return graph


def _finished(graph: Graph, classes: int) -> bytes:
    for name, width in ((store.PROBABILITIES, classes), (store.DISTANCES, classes)):
        graph.output(name, ["N", width])
    graph.output(store.KNOWN, ["N", 1])
    return graph.serialise()
