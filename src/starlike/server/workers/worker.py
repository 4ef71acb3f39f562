"""A process that answers: it has a model of its own and takes one request after another."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from starlike import pipeline
from starlike.errors import NoFaceError, PhotoError, StarlikeError
from starlike.model import answer, comparing
from starlike.model.among import Among
from starlike.photo import Limits
from starlike.pipeline import Model
from starlike.processes import leave_with_parent
from starlike.records import Embedding


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is asked about the photos of one request; their bytes follow one by one.

    Attributes:
        photos: how many there are.
        top: how many classes to name for each face.
        among: the classes that may be named; None for all.
        together: whether one more answer is wanted, for all photos of one person.
    """

    photos: int
    top: int
    among: Among | None
    together: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparing:
    """The photos of one request are to be compared; their bytes follow one by one.

    Attributes:
        photos: how many there are.
        child: whether to tell whom of the others the first resembles.
    """

    photos: int
    child: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """Sent once when the model is loaded."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Sent instead of an answer: what went wrong, in one line."""

    reason: str


Answered = dict[str, Any]
"""`photos`, a record each as `starlike match --json` gives it, and `together`; or what
`starlike compare --json` gives. Photos have their `size`, too."""


def run(connection: Connection, folder: Path, limits: Limits) -> None:
    """Answer until the other end of the connection is closed."""
    # The server's signals are the server's to hear: it finishes what is in hand.
    for heard in (signal.SIGINT, signal.SIGTERM):
        signal.signal(heard, signal.SIG_IGN)
    leave_with_parent()
    try:
        model = _load(folder, limits)
    except StarlikeError as error:
        connection.send(Failed(str(error)))
        return
    connection.send(Ready())
    try:
        while True:
            task: Task | Comparing = connection.recv()
            photos = [connection.recv_bytes() for _ in range(task.photos)]
            connection.send(_answer_or_fail(model, photos, task))
            del photos
    except (EOFError, OSError):
        return


def _load(folder: Path, limits: Limits) -> Model:
    import cv2  # noqa: PLC0415  heavy

    cv2.setNumThreads(1)
    model = pipeline.load_model(folder, limits=limits)
    model.warm_up()
    return model


def _answer_or_fail(
    model: Model, photos: Sequence[bytes], task: Task | Comparing
) -> Answered | Failed:
    try:
        return _answer(model, photos, task)
    except Exception as error:  # whatever it is, the next request is to be answered
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Failed(f"{type(error).__name__} at {place.filename}:{place.lineno}")


def _answer(model: Model, photos: Sequence[bytes], task: Task | Comparing) -> Answered:
    found = [_look(model, str(number), data) for number, data in enumerate(photos, start=1)]
    if isinstance(task, Comparing):
        answered = _compare(model, found, task)
    else:
        answered = _match(model, found, task)
    for record, one in zip(answered["photos"], found, strict=True):
        record["size"] = one.size
    return answered


@dataclass(frozen=True, slots=True)
class _Found:
    """What is seen in the photo of that name: its size, and its faces or why there are none."""

    name: str
    size: list[int] | None
    faces: Sequence[Embedding] | PhotoError


def _look(model: Model, name: str, data: bytes) -> _Found:
    size = None
    try:
        opened = model.open(data, name=f"photo {name}")
        size = list(opened.size)
        return _Found(name, size, model.embed(opened))
    except PhotoError as error:
        return _Found(name, size, error)


def _match(model: Model, found: Sequence[_Found], task: Task) -> Answered:
    records, together = [], []
    for one in found:
        if isinstance(one.faces, PhotoError):
            records.append(answer.of_failure(one.name, one.faces))
            continue
        faces = model.rank_faces(one.faces, top=task.top, among=task.among)
        records.append(answer.of_photo(one.name, faces))
        together.append((one.name, one.faces[0]))
    return {
        "photos": records,
        "together": _together(model, together, task) if task.together else None,
    }


def _compare(model: Model, found: Sequence[_Found], task: Comparing) -> Answered:
    tried = [(one.name, one.faces) for one in found]
    try:
        usable = comparing.usable(tried, child=task.child)
    except PhotoError as error:
        return answer.of_comparison_failed(tried, error)
    return answer.of_comparison(tried, model.compare_faces(usable, child=task.child))


def _together(model: Model, found: Sequence[tuple[str, Embedding]], task: Task) -> dict[str, Any]:
    if not found:
        error = NoFaceError("none of the photos shows a face that could be used")
        return answer.of_several_failed(error)
    ranking = model.rank_together(
        [embedding for _, embedding in found], top=task.top, among=task.among
    )
    return answer.of_several([number for number, _ in found], ranking)
