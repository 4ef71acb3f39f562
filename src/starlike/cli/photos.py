"""Photos as commands are given them, embedded by as many models as there is work for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from starlike import pipeline
from starlike.errors import PhotoEmptyError, PhotoError
from starlike.image_kind import EXTENSIONS
from starlike.pipeline import Model
from starlike.records import Embedding
from starlike.threads import PerThread, cores, map_in_order

_STANDARD_INPUT = "-"
_MOST_AT_ONCE = 16
"""Photos: each has a model of its own, of some 50 MB."""


class Models:
    """A model for each thread that photos are embedded in.

    One photo is answered by all cores together; of many, each core answers its own.

    Args:
        folder, detector, encoder: as `pipeline.load_model` takes them.
        alone: whether there is one photo.
    """

    def __init__(self, folder: Path | None, *, detector: str, encoder: str, alone: bool) -> None:
        self._at_once = 1 if alone else min(cores(), _MOST_AT_ONCE)
        threads = cores() if alone else 1
        self.of_this_thread: PerThread[Model] = PerThread(
            lambda: pipeline.load_model(folder, detector=detector, encoder=encoder, threads=threads)
        )

    def embed(self, names: Iterable[str]) -> Iterator[tuple[str, list[Embedding] | PhotoError]]:
        """The faces in each photo, or why there are none, in the order given."""
        return map_in_order(lambda name: _embed(self.of_this_thread(), name), names, self._at_once)


def walk(photos: Sequence[str]) -> Iterator[str]:
    """The photos as given, and for a folder those anywhere in it, by path."""
    for given in photos:
        folder = Path(given)
        if given == _STANDARD_INPUT or not folder.is_dir():
            yield given
            continue
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in EXTENSIONS)
        yield from map(str, found or [folder])


def _embed(model: Model, name: str) -> list[Embedding] | PhotoError:
    """The faces in a photo, or why there are none."""
    try:
        if name == _STANDARD_INPUT:
            return model.embed(sys.stdin.buffer, name="standard input")
        if Path(name).is_dir():
            raise PhotoEmptyError(f"{name}: the folder holds no photo")
        return model.embed(name)
    except PhotoError as error:
        return error


def print_json(record: dict[str, Any]) -> None:
    """One line on standard output."""
    # Names of files may hold bytes that are no text; JSON's escapes carry them unharmed.
    sys.stdout.write(json.dumps(record, ensure_ascii=not _is_text(record)) + "\n")
    sys.stdout.flush()


def _is_text(record: dict[str, Any]) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
