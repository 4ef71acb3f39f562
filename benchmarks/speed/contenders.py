"""Who is timed, and the processes in which they answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import wire

ROOT = Path(__file__).parents[2]
LIBRARY = "face_recognition"
WITH_BLAS = "face_recognition, dlib with BLAS"
STARLIKE = "starlike"
SINGLE = "starlike, single embedding"

# For all libraries that would start threads of their own.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Contender:
    """One way to embed the faces of photos.

    Attributes:
        name: as tables have it.
        answering: the words of a command that answers photo after photo: see `wire`.
        command: those of a whole command for one photo, but for the photo; None where it has none.
        over_folder: those of one over all photos of a folder, but for the folder.
    """

    name: str
    answering: tuple[str, ...]
    command: tuple[str, ...] | None = None
    over_folder: tuple[str, ...] | None = None


def contenders(known: Path, with_dlib: Path | None) -> list[Contender]:
    """All of them, `face_recognition` as it is installed here first.

    Args:
        known: a folder with a photo of one person, which `face_recognition`'s own command needs.
        with_dlib: another Python that has `face_recognition`, on another dlib.
    """
    own = (sys.executable, "-m")
    module = "benchmarks.speed.by_library"

    def library(name: str, python: str) -> Contender:
        words = (python, "-m", module)
        return Contender(
            name, (*words, "answer"), (*words, "command", str(known)), (*words, "loop")
        )

    return [
        library(LIBRARY, sys.executable),
        *([library(WITH_BLAS, str(with_dlib))] if with_dlib else []),
        Contender(
            STARLIKE,
            (*own, "benchmarks.speed.by_starlike", "views"),
            (*own, "starlike", "match"),
            (*own, "starlike", "match", "--json"),
        ),
        Contender(SINGLE, (*own, "benchmarks.speed.by_starlike", "single")),
    ]


@dataclass(frozen=True)
class Answer:
    """How many faces were embedded, the seconds that took, and those of the processor."""

    faces: int
    seconds: float
    busy: float


class Worker:
    """A process in which a contender answers on one thread."""

    def __init__(self, contender: Contender) -> None:
        """Start it; it imports what it needs while nobody waits."""
        self.name = contender.name
        self._process = subprocess.Popen(
            contender.answering,
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._process.pid

    def facts(self) -> dict[str, str]:
        """The versions of what answers.

        Raises:
            SystemExit: it cannot answer; a line says why.
        """
        return dict(self._reply(wire.FACTS))

    def ask(self, photo: Path) -> Answer:
        """Have it embed the faces of a photo.

        Raises:
            SystemExit: as for `facts`.
        """
        return Answer(**self._reply(str(photo)))

    def _reply(self, asked: str) -> Any:
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        try:
            into.write(json.dumps(asked) + "\n")
            into.flush()
        except BrokenPipeError:
            pass  # it said why before it ended
        line = out.readline()
        reply = json.loads(line) if line else {"error": "it ended without an answer"}
        if "error" in reply:
            raise SystemExit(f"bench: {self.name}: {reply['error']}")
        return reply

    def end(self) -> None:
        """Have it end, and wait for that."""
        # What it never took up may be left in the pipe.
        self._process.communicate()


@contextmanager
def working(those: Sequence[Contender]) -> Iterator[Mapping[str, Worker]]:
    """A fresh worker of each contender, by name, until the block ends."""
    with ExitStack() as stack:
        workers = {}
        for contender in those:
            workers[contender.name] = Worker(contender)
            stack.callback(workers[contender.name].end)
        yield workers
