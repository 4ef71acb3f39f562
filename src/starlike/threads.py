"""Threads: a single photo is answered by all cores together, of many each core answers its own."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Made = TypeVar("Made")
Result = TypeVar("Result")

# Photos in hand for each thread: enough that none waits for the one whose turn it is.
_AHEAD = 2


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_in_order(
    call: Callable[[Item], Result], items: Iterable[Item], threads: int
) -> Iterator[tuple[Item, Result]]:
    """Call something for each item, several at once, and give the results in the items' order.

    No more than twice as many items as threads are in hand, so that memory does not grow with
    their number. An error of a call is raised where its result would have been given, and ends the
    rest.

    Args:
        call: may be called by several threads at once.
        items: are taken up as they are needed.
        threads: how many; one calls in this very thread.
    """
    if threads == 1:
        yield from ((item, call(item)) for item in items)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  one photo needs none

    waiting: deque[tuple[Item, Future[Result]]] = deque()
    coming = iter(items)
    pool = ThreadPoolExecutor(threads, "starlike")
    try:
        while True:
            missing = _AHEAD * threads - len(waiting)
            waiting.extend((item, pool.submit(call, item)) for item in islice(coming, missing))
            if not waiting:
                return
            item, future = waiting.popleft()
            yield item, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


class PerThread(Generic[Made]):
    """Calling it gives what `make` made for this thread, at the thread's first call.

    dlib's detectors and predictors keep scratch space, so two threads must not use the same one.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make, self._own = make, threading.local()

    def __call__(self) -> Made:
        """What belongs to this thread."""
        if not hasattr(self._own, "made"):
            self._own.made = self._make()
        made: Made = self._own.made
        return made
