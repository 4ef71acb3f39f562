"""Analysing many images side by side, each once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlike.errors import SampleError
from starlike.prepare.analysis import Analysis, Failure
from starlike.prepare.cache import Cache
from starlike.prepare.rules.base import CANNOT_BE_READ, WAS_KILLED
from starlike.prepare.task import Known, LookAt, Looked, MakesDetector, MakesEncoder
from starlike.processes import Executor
from starlike.progress import Progress

_MOST_DEADLY = 5
"""Images over which workers may die before it is taken for the machine's fault."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the files hold.

    Attributes:
        of_files: the SHA-256 of each file that could be read; its analysis is in the cache.
        killed: the files over which a worker died though it was the only one. They are not in the
            cache: the next run tries them again.
    """

    of_files: dict[str, str] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)

    def analyses(self, files: Sequence[str], cache: Cache) -> list[Analysis]:
        """What the files hold, each that cannot be told of with the reason."""
        known = cache.get(sorted({self.of_files[file] for file in files if file in self.of_files}))
        return [
            known[self.of_files[file]]
            if file in self.of_files
            else Analysis(failure=self._failure(file))
            for file in files
        ]

    def _failure(self, file: str) -> Failure:
        return WAS_KILLED if file in self.killed else CANNOT_BE_READ


def analyse_all(
    files: Sequence[str],
    cache: Cache,
    executor: Executor,
    *,
    detector: MakesDetector,
    encoder: MakesEncoder,
    progress: Progress,
) -> Contents:
    """Read every file once, and put the analysis of what is new into the cache as it is done.

    Args:
        files: their paths.
        cache: holds what was done before, and takes what is done now.
        executor: where the files are read and analysed: this process reads none.
        detector: finds faces.
        encoder: embeds them.
        progress: told of each file.

    Raises:
        SampleError: workers died again and again.
    """
    found = Contents()
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        progress(done, len(files))

    def take(file: str, looked: Looked) -> None:
        if looked.content is not None:
            if looked.analysis is not None:
                cache.put(looked.content, looked.analysis)
            found.of_files[file] = looked.content
        tell()

    def give_up(file: str) -> None:
        found.killed.add(file)
        if len(found.killed) > _MOST_DEADLY:
            raise SampleError(
                f"worker processes were killed over {len(found.killed)} images, the last of them "
                f"{file}, possibly for lack of memory; free some and run the same command again: "
                "it goes on where it was"
            )
        tell()

    progress(0, len(files))
    task = LookAt(detector, encoder, Known(cache.known()))
    executor.map_unordered(task, files, take, give_up)
    return found
