"""A folder of class folders → the images in it."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from starlike.errors import SampleError

# A name of letters and a running number says where an image came from: vggface_003.jpg.
_SOURCE = re.compile(r"(?P<source>[^\W\d_][^_]*)_\d+$")


@dataclass(frozen=True, slots=True)
class Listed:
    """One file: its class, its path, and its path below the folder with forward slashes."""

    name: str
    file: Path
    image: str
    source: str


def listing(folder: Path) -> list[Listed]:
    """Every file one level below a class folder, by class and file name.

    Every file counts, whatever its ending: what is no image gets a row that says so. Names are
    taken in Unicode's composed form, so that one person has one class on every file system.
    Files whose name begins with a dot are passed over.

    Raises:
        SampleError: the folder is missing or holds no class folder with a file.
    """
    if not folder.is_dir():
        raise SampleError(f"{folder}: there is no such folder")
    try:
        found = [
            _listed(folder, file)
            for class_folder in folder.iterdir()
            if class_folder.is_dir() and not class_folder.name.startswith(".")
            for file in class_folder.iterdir()
            if not file.name.startswith(".") and not file.is_dir()
        ]
    except OSError as error:
        raise SampleError(f"{error.filename}: cannot be looked into ({error.strerror})") from error
    if not found:
        raise SampleError(f"{folder}: expected folders named for people, with their images inside")
    return sorted(found, key=lambda listed: (listed.name, listed.image))


def _listed(folder: Path, file: Path) -> Listed:
    name = unicodedata.normalize("NFC", _text(file.parent.name))
    match = _SOURCE.match(file.stem)
    source = _text(match["source"]) if match else "folder"
    return Listed(name, file, _text(file.relative_to(folder).as_posix()), source)


def _text(path: str) -> str:
    """A path without what is no text: its bytes that are not UTF-8 are spelled out."""
    return os.fsencode(path).decode(errors="backslashreplace")
