"""Where the networks of `face_recognition` lie on this machine.

Only the reference encoder and `tools` need them: see `weights` for those that come with the
program. They come with the `face_recognition_models` package, which is looked up without importing
it: importing it needs `pkg_resources`, which setuptools no longer has.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from starlike.errors import WeightsError

RESNET = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS_5 = "shape_predictor_5_face_landmarks.dat"
LANDMARKS_68 = "shape_predictor_68_face_landmarks.dat"
CNN_DETECTOR = "mmod_human_face_detector.dat"


def path(name: str) -> Path:
    """The path of one of the package's files.

    Raises:
        WeightsError: the package or the file is missing.
    """
    spec = importlib.util.find_spec("face_recognition_models")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        file = Path(folder) / "models" / name
        if file.is_file():
            return file
    raise WeightsError(
        f"{name} is missing; install it with: pip install --no-deps face_recognition_models==0.3.0"
    )
