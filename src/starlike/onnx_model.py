"""How every ONNX model here is asked; `onnx_graph` builds them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_of_parents: list[Any] = []


class Session:
    """A session of ONNX Runtime on the CPU; it may be asked by several threads.

    The threads of ONNX Runtime do not live on in a forked process, where the first question would
    wait for them for ever: there, the session is made anew.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._made, self._process = make, make(), os.getpid()

    def _own(self) -> Any:
        if self._process != os.getpid():
            # Kept, because ending it would wait for its threads, too.
            _of_parents.append(self._made)
            self._made, self._process = self._make(), os.getpid()
        return self._made

    def run(self, outputs: Sequence[str], inputs: Mapping[str, Any]) -> list[Any]:
        """The named outputs for some inputs."""
        answers: list[Any] = self._own().run(list(outputs), dict(inputs))
        return answers

    @property
    def input_shape(self) -> Sequence[int | str]:
        """Of the first input; a word where any size will do."""
        shape: Sequence[int | str] = self._made.get_inputs()[0].shape
        return shape

    @property
    def output_shape(self) -> Sequence[int | str]:
        """Of the first output."""
        shape: Sequence[int | str] = self._made.get_outputs()[0].shape
        return shape


def open_session(model: Path | bytes, *, threads: int = 1) -> Session:
    """A session for a file or for a serialised model.

    Args:
        model: the model.
        threads: that one question may use; 0 for as many as there are cores.
    """
    # ONNX Runtime reports its use to its makers, unless it is told not to before it is loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415  heavy

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # A thread that waits gives its core to others: to decoding, to another session.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A plan of memory would be kept for every size of image that was ever seen.
    options.enable_mem_pattern = False
    source = model if isinstance(model, bytes) else str(model)
    return Session(
        lambda: onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    )
