"""How every ONNX model here is asked; `onnx_graph` builds them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


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
