"""Face → 128-D encoding, by two encoders that answer the same.

`fast` runs dlib's face ResNet in ONNX; `reference` is `face_recognition` itself.
"""

from starlike.encoding.encoders import (
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
