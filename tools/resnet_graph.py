"""Turn dlib's face ResNet into an ONNX graph that gives the same 128 numbers.

The graph takes aligned face chips as they are, (N, 150, 150, 3) uint8 RGB, and returns embeddings,
(N, 128) float32.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from starlike.errors import WeightsError
from starlike.faces.align import CHIP_SIDE
from starlike.faces.onnx_encoder import INPUT, OUTPUT
from starlike.onnx_graph import Graph
from tools.dlib_weights import AddShortcut, Convolution, Dense, Layer, Network, Pool, Relu
from tools.folding import folded, taking_pixels


@dataclass(slots=True)
class _Stack:
    """The network so far: `tip` names the newest tensor, `channels` and `side` are its shape."""

    tip: str = INPUT
    channels: int = 3
    side: int = CHIP_SIDE
    graph: Graph = field(default_factory=lambda: Graph("face_resnet"))

    def apply(self, operation: str, *inputs: str, **attributes: Any) -> str:
        self.tip = self.graph.add(operation, *inputs, **attributes)
        return self.tip

    def pad(self, tensor: str, *, channels: int = 0, side: int = 0) -> str:
        """Zeros behind the last channel, and below and to the right of the plane."""
        if not channels and not side:
            return tensor
        ends = self.graph.constant([0, 0, 0, 0, 0, channels, side, side], kind=np.int64)
        return self.apply("Pad", tensor, ends)

    def convolve(self, layer: Convolution) -> None:
        filters = layer.filters
        size = filters.shape[2]
        self.apply(
            "Conv",
            self.tip,
            self.graph.constant(filters),
            self.graph.constant(layer.biases),
            kernel_shape=[size, size],
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )
        self.channels = filters.shape[0]
        self.side = (self.side + 2 * layer.padding - size) // layer.stride + 1

    def pool(self, layer: Pool) -> None:
        self.apply(
            "MaxPool" if layer.kind == "max" else "AveragePool",
            self.tip,
            kernel_shape=[layer.size] * 2,
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )
        self.side = (self.side + 2 * layer.padding - layer.size) // layer.stride + 1

    def residual(self, first: Convolution, second: Convolution, shrink: Pool | None) -> None:
        """Two convolutions beside a shortcut, which a `shrink` halves. dlib pads the smaller side.

        The shortcut lacks channels, and in the last blocks the convolutions lack a row and column.
        """
        shortcut, channels, side = self.tip, self.channels, self.side
        self.convolve(first)
        self.apply("Relu", self.tip)
        self.convolve(second)
        branch, branch_side = self.tip, self.side
        if shrink:
            self.tip, self.side = shortcut, side
            self.pool(shrink)
            shortcut, side = self.tip, self.side
            shortcut = self.pad(shortcut, channels=self.channels - channels)
            branch = self.pad(branch, side=side - branch_side)
            self.side = side
        self.apply("Relu", self.apply("Add", branch, shortcut))


def _add_blocks(stack: _Stack, layers: list[Layer]) -> None:
    """The residual blocks, which are all that stands between the stem and the head."""
    while layers:
        match layers:
            case [
                Convolution() as first,
                Relu(),
                Convolution() as second,
                Pool() as shrink,
                AddShortcut(),
                Relu(),
                *rest,
            ]:
                stack.residual(first, second, shrink)
            case [
                Convolution() as first,
                Relu(),
                Convolution() as second,
                AddShortcut(),
                Relu(),
                *rest,
            ]:
                stack.residual(first, second, None)
            case _:
                raise WeightsError("the face network's layers are in an unknown order")
        layers = rest


def build(network: Network) -> bytes:
    """The network as a serialised ONNX model.

    Raises:
        WeightsError: its layers are not those of dlib's face ResNet.
    """
    match folded(network.layers):
        case [Convolution() as stem, Relu(), Pool() as shrink, *blocks, Pool(), Dense() as head]:
            stack = _Stack()
        case _:
            raise WeightsError("the face network does not begin or end as it should")
    stack.graph.input(INPUT, ["N", CHIP_SIDE, CHIP_SIDE, 3], np.uint8)
    stack.apply("Transpose", stack.graph.cast(INPUT, np.float32), perm=[0, 3, 1, 2])
    stack.convolve(taking_pixels(stem, network.means))
    stack.apply("Relu", stack.tip)
    stack.pool(shrink)
    _add_blocks(stack, blocks)
    stack.apply("GlobalAveragePool", stack.tip)
    stack.apply("Flatten", stack.tip)
    stack.graph.add("MatMul", stack.tip, stack.graph.constant(head.weights), name=OUTPUT)
    stack.graph.output(OUTPUT, ["N", head.weights.shape[1]])
    return stack.graph.serialise()
