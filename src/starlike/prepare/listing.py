"""A folder of class folders → the images in it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlike.errors import SampleError
from starlike.files import manifest
from starlike.names import composed

# A name of letters and a running number says where an image came from: vggface_003.jpg.
_SOURCE = re.compile(r"(?P<source>[^\W\d_][^_]*)_\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file of a class folder.

    Attributes:
        name: its class.
        file: its path, as the file system has it.
        image: its path below the folder, with forward slashes.
        source: where it came from, as the manifest says; else by its name.
        portrait: whether the manifest calls it a portrait, which surely shows the person.
    """

    name: str
    file: str
    image: str
    source: str
    portrait: bool = False


def listing(folder: Path) -> list[Listed]:
    """Every file one level below a class folder, by class and file name.

    Every file counts, whatever its ending: what is no image gets a row that says so. Names are
    taken in Unicode's composed form, so that one person has one class on every file system.
    Files whose name begins with a dot are passed over. Files that the folder's manifest does not
    name count as well; what it says that is no file here is passed over.

    Raises:
        SampleError: the folder is missing or holds no class folder with a file, or its manifest is
            damaged.
    """
    if not folder.is_dir():
        raise SampleError(f"{folder}: there is no such folder")
    told = {
        composed(row["image"]): row
        for row in manifest.read(folder)
        if row["status"] == manifest.KEPT and row["image"]
    }
    try:
        found = [
            _listed(folder, file, told)
            for class_folder in folder.iterdir()
            if class_folder.is_dir() and not class_folder.name.startswith(".")
            for file in class_folder.iterdir()
            if not file.name.startswith(".") and not file.is_dir()
        ]
    except OSError as error:
        raise SampleError(f"{error.filename}: cannot be read ({error.strerror})") from error
    if not found:
        raise SampleError(f"{folder}: expected folders named for people, with their images inside")
    return sorted(found, key=lambda listed: (listed.name, listed.image))


def _listed(folder: Path, file: Path, told: dict[str, dict[str, Any]]) -> Listed:
    name = composed(_text(file.parent.name))
    image = _text(file.relative_to(folder).as_posix())
    match = _SOURCE.match(file.stem)
    by_name = _text(match["source"]) if match else "folder"
    row = told.get(composed(image), {})
    return Listed(
        name=sys.intern(name),
        file=str(file),
        image=image,
        source=sys.intern(row.get("source") or by_name),
        portrait=bool(row.get("portrait")),
    )


def _text(path: str) -> str:
    """A path without what is no text: its bytes that are not UTF-8 are spelled out."""
    return os.fsencode(path).decode(errors="backslashreplace")
