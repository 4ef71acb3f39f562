"""The smallest classifiers that a model folder may have: the nearest class mean."""

from __future__ import annotations

import numpy as np

from starlike.model import classifier
from starlike.onnx_graph import Graph
from starlike.records import Floats


def nearest_mean(means: Floats) -> bytes:
    """ONNX: distances to (K, D) means, softmax of minus 4 times these; known 1 - 0.5 / photos."""
    graph = _graph(means, 4)
    doubt = graph.add("Div", graph.constant(0.5), classifier.PHOTOS)
    graph.add("Sub", graph.constant(1), doubt, name=classifier.KNOWN)
    return _finished(graph, len(means))


def nearest_mean_within_reach(means: Floats) -> bytes:
    """ONNX: distances to (K, D) means, and the softmax of minus ten times these.

    A face is known where it is nearer than 0.5 to a mean, the more so of several photos.
    """
    graph = _graph(means, 10)
    nearest = graph.add("ReduceMin", classifier.DISTANCES, axes=[1], keepdims=1)
    near = graph.add("Sub", graph.constant(0.5), nearest)
    nearer = graph.add("Mul", near, classifier.PHOTOS)
    certain = graph.add("Mul", nearer, graph.constant(20))
    graph.add("Sigmoid", certain, name=classifier.KNOWN)
    return _finished(graph, len(means))


def _graph(means: Floats, sharpness: float) -> Graph:
    graph = Graph("classifier")
    graph.input(classifier.INPUT, ["N", means.shape[1]])
    graph.input(classifier.PHOTOS, ["N", 1])
    rows = graph.add("Unsqueeze", classifier.INPUT, graph.constant([1], kind=np.int64))
    apart = graph.add("Sub", rows, graph.constant(means[None]))
    graph.add("ReduceL2", apart, name=classifier.DISTANCES, axes=[2], keepdims=0)
    scores = graph.add("Mul", classifier.DISTANCES, graph.constant(-sharpness))
    graph.add("Softmax", scores, name=classifier.PROBABILITIES, axis=1)
    return graph


def _finished(graph: Graph, classes: int) -> bytes:
    for name, width in ((classifier.PROBABILITIES, classes), (classifier.DISTANCES, classes)):
        graph.output(name, ["N", width])
    graph.output(classifier.KNOWN, ["N", 1])
    return graph.serialise()
