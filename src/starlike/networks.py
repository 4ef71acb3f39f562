"""Where the networks that find and encode faces lie on this machine.

They come with the `face_recognition_models` package, which is looked up without importing it:
importing it needs `pkg_resources`, which setuptools no longer has.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path

import platformdirs

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
        f"{name} is missing; install it with: pip install face_recognition_models==0.3.0"
    )


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def cache_folder() -> Path:
    """The folder of what can be made again: `STARLIKE_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("STARLIKE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("starlike"))
