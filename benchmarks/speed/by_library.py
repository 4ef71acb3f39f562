"""What `face_recognition` does: `answer` for photos, `loop` over a folder, its own `command`.

It runs in any environment that has `face_recognition`, such as one whose dlib was built with BLAS.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType
from typing import Any

from benchmarks.speed import wire


def library(module: str = "face_recognition") -> Any:
    """Import the library.

    Its models import `pkg_resources`, which setuptools dropped in its release 82, and need one
    function of it. One that gives it stands in, which also spares the library the third of a
    second that importing the real one takes.

    Raises:
        ImportError: it is not installed, or cannot be loaded.
    """
    resources = ModuleType("pkg_resources")
    resources.resource_filename = _path_of_data  # type: ignore[attr-defined]
    sys.modules["pkg_resources"] = resources
    try:
        return importlib.import_module(module)
    except (ImportError, SystemExit) as error:
        raise ImportError(
            f"{sys.executable} cannot import face_recognition ({error}); where it is missing: pip "
            "install --no-deps face_recognition==1.3.0 face_recognition_models==0.3.0"
        ) from None


def _path_of_data(package: str, name: str) -> str:
    (folder,) = importlib.import_module(package).__path__
    return os.path.join(folder, name)  # noqa: PTH118  as the library does


def open_up() -> tuple[dict[str, str], Callable[[str], int]]:
    """The versions of all that answers, and the library's default road, as its README has it."""
    recognition = library()
    dlib = importlib.import_module("dlib")
    facts = {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "pillow": version("pillow"),
        "dlib": f"{dlib.__version__}, {'with' if dlib.DLIB_USE_BLAS else 'without'} BLAS",
        "face_recognition": version("face_recognition"),
    }

    def answer(photo: str) -> int:
        return len(recognition.face_encodings(recognition.load_image_file(photo)))

    return facts, answer


def loop(folder: str) -> None:
    """The plain loop over the files of a folder that the library's examples show."""
    recognition = library()
    for name in sorted(os.listdir(folder)):  # noqa: PTH208  as the library's own command
        image = recognition.load_image_file(os.path.join(folder, name))  # noqa: PTH118
        print(name, len(recognition.face_encodings(image)))


def main() -> None:
    """Do what the first word says."""
    mode, *words = sys.argv[1:]
    if mode == "answer":
        wire.answer_all(open_up)
    elif mode == "loop":
        loop(*words)
    else:
        library("face_recognition.face_recognition_cli").main(words)


if __name__ == "__main__":
    main()
