"""An ONNX model, built node by node. It needs `onnx`, which answering does without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

Shape = Sequence[int | str]
"""Sizes; a word where any size will do, as `N` for the images of a batch."""

_OPSET, _IR_VERSION = 17, 9


class Graph:
    """A graph as it grows. Every method returns the name of the tensor that it adds."""

    def __init__(self, name: str) -> None:
        """An empty graph of some name."""
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, shape: Shape, kind: npt.DTypeLike = np.float32) -> str:
        """What the model is asked."""
        self._inputs.append(_described(name, shape, kind))
        return name

    def constant(self, values: Any, name: str = "", kind: npt.DTypeLike = np.float32) -> str:
        """Numbers that belong to the model; without a name they get a number."""
        name = name or f"constant_{len(self._constants)}"
        array: npt.NDArray[Any] = np.asarray(values, dtype=kind, order="C")
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, operation: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """A node with one output, which without a name gets a number.

        Args:
            operation: an operator of ONNX, such as `Gemm`.
            inputs: names of tensors.
            name: of the output.
            attributes: of the operator.
        """
        name = name or f"tensor_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))
        return name

    def cast(self, tensor: str, kind: npt.DTypeLike, name: str = "") -> str:
        """A tensor's numbers as another type."""
        return self.add("Cast", tensor, name=name, to=_type(kind))

    def output(self, name: str, shape: Shape, kind: npt.DTypeLike = np.float32) -> str:
        """A tensor that was added, as an answer of the model."""
        self._outputs.append(_described(name, shape, kind))
        return name

    def serialise(self) -> bytes:
        """The model, checked; the same bytes for the same graph."""
        model = helper.make_model(
            helper.make_graph(
                self._nodes, self._name, self._inputs, self._outputs, self._constants
            ),
            opset_imports=[helper.make_opsetid("", _OPSET)],
            ir_version=_IR_VERSION,
            producer_name="starlike",
        )
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def _described(name: str, shape: Shape, kind: npt.DTypeLike) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, _type(kind), list(shape))


def _type(kind: npt.DTypeLike) -> int:
    return int(helper.np_dtype_to_tensor_dtype(np.dtype(kind)))
