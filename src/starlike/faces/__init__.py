"""Face → 128-D embedding, by two encoders that answer the same.

`fast` runs dlib's face ResNet in ONNX; `reference` is `face_recognition` itself.
"""

from starlike.faces.encode import (
    ENCODERS,
    Encoder,
    EncoderName,
    FastEncoder,
    ReferenceEncoder,
    graph_file,
    make,
)

__all__ = [
    "ENCODERS",
    "Encoder",
    "EncoderName",
    "FastEncoder",
    "ReferenceEncoder",
    "graph_file",
    "make",
]
