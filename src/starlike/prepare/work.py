"""Analysing many images side by side, each once, whatever happens on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from starlike import encoding, networks
from starlike.encoding import FastEncoder
from starlike.errors import SampleError
from starlike.prepare.analysis import Analysis, analyse
from starlike.prepare.cache import Cache
from starlike.progress import Progress
from starlike.workers import leave_with_parent

_AHEAD = 4


def content_of(file: Path) -> str | None:
    """The SHA-256 of a file, or None where it cannot be read or is no regular file."""
    try:
        return networks.sha256(file.read_bytes()) if file.is_file() else None
    except OSError:
        return None


def analyse_all(
    files: Sequence[tuple[str, Path]], cache: Cache, *, workers: int, progress: Progress
) -> None:
    """Analyse each content once and put it into the cache as it is done.

    Args:
        files: a SHA-256 and a file that has it.
        cache: holds what was done before, and takes what is done now.
        workers: processes; 0 for as many as there are cores.
        progress: told of each image.

    Raises:
        SampleError: a worker process was killed.
    """
    todo = dict(files)
    total = len(todo)
    for content in cache.known(todo):
        del todo[content]
    done = total - len(todo)
    progress(done, total)
    if not todo:
        return
    encoding.graph_file()  # built once, before the workers all want it
    workers = min(workers or os.cpu_count() or 1, len(todo))
    waiting = iter(todo.items())
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
                    cache.put(running.pop(future), analysis)
                    done += 1
                    if item := next(waiting, None):
                        running[pool.submit(_analyse_file, *item)] = item[0]
                progress(done, total)
        except BrokenProcessPool:
            # Images are taken up in the order in which they were given out.
            in_hand = " or ".join(
                str(todo[content]) for content in list(running.values())[:workers]
            )
            raise SampleError(
                f"a worker process was killed, perhaps for memory, over {in_hand}; run the same "
                "command again with fewer --workers: it goes on where it was; if that does not "
                "help, take the image away"
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
def _encoder() -> FastEncoder:
    import cv2  # noqa: PLC0415  only in a worker

    cv2.setNumThreads(1)
    return FastEncoder()


def _analyse_file(content: str, file: Path) -> Analysis:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SampleError(f"{file}: it was there before, but cannot be read now") from error
    return analyse(data, int(content[:8], 16), _encoder())
