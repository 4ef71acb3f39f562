"""What every ONNX model here has in common: how it is written, and how it is asked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import onnx

_OPSET, _IR_VERSION = 17, 9


def serialise(
    name: str,
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
) -> bytes:
    """A checked model as bytes, the same ones for the same graph."""
    import onnx  # noqa: PLC0415  heavy, and answering needs none of it
    from onnx import helper  # noqa: PLC0415

    model = helper.make_model(
        helper.make_graph(nodes, name, inputs, outputs, constants),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="starlike",
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def open_session(model: Path | bytes, *, threads: int = 1) -> Any:
    """A session of ONNX Runtime on the CPU, for a file or for a serialised model.

    Args:
        model: the model.
        threads: that one question may use; 0 for as many as there are cores.
    """
    # ONNX Runtime reports its use to its makers, unless it is told not to before it is loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415  heavy

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
