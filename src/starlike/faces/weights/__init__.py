"""The networks that come with the program: see `ORIGIN.md` beside this file."""

from __future__ import annotations

from pathlib import Path

from starlike.errors import WeightsError
from starlike.files import digest

RESNET = "dlib_face_recognition_resnet_model_v1.onnx"
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
CNN_DETECTOR = "mmod_human_face_detector.onnx"

FOLDER = Path(__file__).parent
SUMS = "SHA256SUMS"


def path(name: str) -> Path:
    """The path of one of these files, which is what `SHA256SUMS` says: 15 ms for the largest.

    Raises:
        WeightsError: it is missing or damaged.
    """
    try:
        lines = (FOLDER / SUMS).read_text(encoding="ascii").splitlines()
        sums = {file: sha for sha, _, file in (line.partition("  ") for line in lines)}
        whole = sums[name] == digest.sha256((FOLDER / name).read_bytes())
    except (OSError, UnicodeDecodeError, KeyError):
        whole = False
    if not whole:
        raise WeightsError(
            f"{FOLDER / name}: missing or damaged; mend it with: "
            "pip install --force-reinstall --no-deps starlike"
        )
    return FOLDER / name
