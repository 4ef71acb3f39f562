"""Turn dlib's CNN face detector into an ONNX graph that gives the same scores.

The graph takes images as they are, (N, H, W, 3) uint8 RGB of any size from 29 pixels on, and
returns maps of scores, (N, h, w) float32: one score for every eighth pixel of the image.
"""

from __future__ import annotations

import numpy as np

from starlike.errors import WeightsError
from starlike.faces.score_maps import INPUT, OUTPUT
from starlike.onnx_graph import Graph
from starlike.records import Floats
from tools.dlib_weights import Convolution, Network, Relu
from tools.folding import folded, taking_pixels

# ONNX Runtime computes channels in blocks of so many, and is a third slower where some are left.
_BLOCK = 16


def build(network: Network) -> bytes:
    """The network as a serialised ONNX model.

    Raises:
        WeightsError: its layers are not those of dlib's face detector.
    """
    match folded(network.layers):
        case [Convolution() as first, *rest, Convolution() as last]:
            layers = [taking_pixels(first, network.means), *rest, last]
        case _:
            raise WeightsError("the face detector does not begin or end as it should")
    graph = Graph("face_detector")
    graph.input(INPUT, ["N", "H", "W", 3], np.uint8)
    tip = graph.add("Transpose", graph.cast(INPUT, np.float32), perm=[0, 3, 1, 2])
    channels = 3
    for layer in layers:
        match layer:
            case Convolution() if layer is last:
                tip = _convolve(graph, tip, _with_inputs(layer, channels))
            case Convolution():
                padded = _in_blocks(_with_inputs(layer, channels))
                channels = len(padded.filters)
                tip = _convolve(graph, tip, padded)
            case Relu():
                tip = graph.add("Relu", tip)
            case _:
                raise WeightsError("the face detector's layers are of an unknown kind")
    axes = graph.constant([1], kind=np.int64)
    graph.add("Squeeze", tip, axes, name=OUTPUT)
    graph.output(OUTPUT, ["N", "h", "w"])
    return graph.serialise()


def _convolve(graph: Graph, tip: str, layer: Convolution) -> str:
    return graph.add(
        "Conv",
        tip,
        graph.constant(layer.filters),
        graph.constant(layer.biases),
        kernel_shape=[layer.filters.shape[2]] * 2,
        strides=[layer.stride] * 2,
        pads=[layer.padding] * 4,
    )


def _in_blocks(layer: Convolution) -> Convolution:
    """The layer with filters of zeros behind the last, up to a whole block."""
    missing = -len(layer.filters) % _BLOCK
    return Convolution(
        _padded(layer.filters, 0, missing),
        _padded(layer.biases, 0, missing),
        layer.stride,
        layer.padding,
    )


def _with_inputs(layer: Convolution, channels: int) -> Convolution:
    """The layer made to take as many channels as the one before gives, zeros behind its own."""
    missing = channels - layer.filters.shape[1]
    if missing < 0:
        raise WeightsError("the face detector's layers do not fit each other")
    return Convolution(
        _padded(layer.filters, 1, missing), layer.biases, layer.stride, layer.padding
    )


def _padded(values: Floats, axis: int, missing: int) -> Floats:
    ends = [(0, missing if number == axis else 0) for number in range(values.ndim)]
    return np.pad(values, ends)
