"""Analysing many images side by side, each once, whatever happens on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from starlike.errors import SampleError
from starlike.faces import Detector, Encoder, make_detector, make_encoder
from starlike.files import digest
from starlike.prepare.analysis import Analysis, analyse
from starlike.prepare.cache import Cache
from starlike.processes import leave_with_parent
from starlike.progress import Progress

_AHEAD = 4

_MOST_DEADLY = 5
"""Images over which workers may die before it is taken for the machine's fault."""

_KILLED = "the process that looked at it was killed, perhaps for memory"


def content_of(file: Path) -> str | None:
    """The SHA-256 of a file, or None where it cannot be read or is no regular file."""
    try:
        return digest.sha256(file.read_bytes()) if file.is_file() else None
    except OSError:
        return None


def analyse_all(
    files: Sequence[tuple[str, Path]], cache: Cache, *, workers: int, progress: Progress
) -> dict[str, Analysis]:
    """Analyse each content once and put it into the cache as it is done.

    Where a worker process dies, what it may have had in hand is taken up again, each image alone.

    Args:
        files: a SHA-256 and a file that has it.
        cache: holds what was done before, and takes what is done now.
        workers: processes; 0 for as many as there are cores.
        progress: told of each image.

    Returns:
        What is to be said of images over which a worker died though they were alone. They are not
        in the cache: the next run tries them again.

    Raises:
        SampleError: workers died again and again.
    """
    todo = dict(files)
    total = len(todo)
    for content in cache.known(todo):
        del todo[content]
    deadly: dict[str, Analysis] = {}

    def tell() -> None:
        progress(total - len(todo), total)

    tell()
    while todo:
        for content in _until_one_dies(todo, workers or os.cpu_count() or 1, cache, tell):
            alone = {content: todo.pop(content)}
            _until_one_dies(alone, 1, cache, tell)
            if alone:
                deadly[content] = Analysis(error=("killed", _KILLED))
            if len(deadly) > _MOST_DEADLY:
                raise SampleError(
                    f"worker processes were killed over {len(deadly)} images, the last of them "
                    f"{alone[content]}, perhaps for memory; free some and run the same command "
                    "again: it goes on where it was"
                )
            tell()
    return deadly


def _until_one_dies(
    todo: dict[str, Path], workers: int, cache: Cache, tell: Callable[[], None]
) -> list[str]:
    """Analyse what is to do, taking from it what is done; what a worker had in hand that died."""
    workers = min(workers, len(todo))
    waiting = iter(list(todo.items()))
    running: dict[Future[Analysis], str] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, leave_with_parent) as pool:
        try:
            with _without_interrupts():
                while len(running) < workers * _AHEAD and (item := next(waiting, None)):
                    running[pool.submit(_analyse_file, *item)] = item[0]
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    analysis = future.result()
                    content = running.pop(future)
                    cache.put(content, analysis)
                    todo.pop(content)
                    if item := next(waiting, None):
                        running[pool.submit(_analyse_file, *item)] = item[0]
                tell()
        except BrokenProcessPool:
            # Images are taken up in the order in which they were given out.
            return [c for f, c in running.items() if not f.done() or f.exception()][:workers]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return []


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started in this block never hear an interrupt: it is the main one's to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def _looking() -> tuple[Detector, Encoder]:
    import cv2  # noqa: PLC0415  only in a worker

    cv2.setNumThreads(1)
    return make_detector(), make_encoder()


def _analyse_file(content: str, file: Path) -> Analysis:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SampleError(f"{file}: it was there before, but cannot be read now") from error
    return analyse(data, int(content[:8], 16), *_looking())
