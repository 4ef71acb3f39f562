"""Photo → faces → embeddings. Two doors: `Detector` finds faces, `Encoder` embeds them."""

from starlike.faces.base import (
    DEFAULT_DETECTOR,
    DETECTORS,
    ENCODERS,
    Detector,
    Encoder,
    make_detector,
    make_encoder,
)

__all__ = [
    "DEFAULT_DETECTOR",
    "DETECTORS",
    "ENCODERS",
    "Detector",
    "Encoder",
    "make_detector",
    "make_encoder",
]
