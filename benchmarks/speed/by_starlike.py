"""What starlike does with photos one by one: `views` as the shipped model is asked, or `single`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

import cv2

import starlike
from benchmarks.speed import wire
from starlike.faces import make_detector, make_encoder


def open_up(*, single: bool) -> tuple[dict[str, str], Callable[[str], int]]:
    """The versions of all that answers, and the way from a file to its ranked stars."""
    cv2.setNumThreads(1)
    detector, encoder = make_detector(threads=1), make_encoder(threads=1)
    model = starlike.load_model(detector=detector, encoder=encoder, threads=1)
    facts = {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "pillow": version("pillow"),
        "onnxruntime": version("onnxruntime"),
        "opencv": cv2.__version__,
        "starlike": starlike.__version__,
        "detector": detector.name,
    }

    def by_views(photo: str) -> int:
        try:
            return len(model.match(photo))
        except starlike.NoFaceError:
            return 0

    def by_one(photo: str) -> int:
        opened = model.open(photo)
        embeddings = encoder.embed(opened, detector.detect(opened), "photo")
        return len(model.rank_faces(embeddings))

    return facts, by_one if single else by_views


if __name__ == "__main__":
    wire.answer_all(partial(open_up, single=sys.argv[1:] == ["single"]))
