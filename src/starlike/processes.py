"""Where work runs: the door `Executor`, the processes of this machine, and what each of them does.

Another engine is one more class: it takes a task and items, and tells of each item once.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar, runtime_checkable

from starlike.threads import cores

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 8
"""Small items that a process has at once, so that it need not wait for the next one."""

_SMALL = 2048
"""Bytes of a small item: eight of them fit into a pipe though nobody reads."""


@runtime_checkable
class Executor(Protocol):
    """Runs a task over many items."""

    def map_unordered(
        self,
        task: Callable[[Item], Result],
        items: Iterable[Item],
        on_result: Callable[[Item, Result], None],
        on_killed: Callable[[Item], None],
    ) -> None:
        """Run a task over every item, and tell the results as they come, in any order.

        Each item is told of once, by a call in this process. What is told may be kept at once, so
        that a run that is cut off has lost only what was in hand. An error that the task or a call
        raises ends the work, and is raised here.

        Args:
            task: is pickled once for each process that works, and may keep there what costs time
                to make; its results depend on the item alone.
            items: are pickled; taken up as they are needed, so there may be any number.
            on_result: takes an item and what the task gave.
            on_killed: takes an item over which a process died though it was the only one at work.
        """


class LocalExecutor:
    """Processes of this machine.

    They end with the process that started them, even if it is killed, and never hear an interrupt:
    it is the main one's to answer.
    """

    def __init__(self, workers: int = 0) -> None:
        """Say how many.

        Args:
            workers: processes; 0 for as many as there are cores.
        """
        self.workers = workers or cores()

    def map_unordered(
        self,
        task: Callable[[Item], Result],
        items: Iterable[Item],
        on_result: Callable[[Item, Result], None],
        on_killed: Callable[[Item], None],
    ) -> None:
        """See `Executor`. What a process was at that died is done again, each item alone."""
        waiting, pool = _Waiting(items), _Pool(task, self.workers)
        try:
            while dropped := pool.work(waiting, on_result):
                for item in dropped:
                    if pool.work(_Waiting([item]), on_result):
                        on_killed(item)
        finally:
            pool.close()


class _Waiting(Iterator[Item]):
    """Items to do; some may be put back before the others."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items, self._back = iter(items), deque[Item]()

    def __next__(self) -> Item:
        return self._back.popleft() if self._back else next(self._items)

    def put_back(self, items: Iterable[Item]) -> None:
        self._back.extendleft(reversed(list(items)))


class _Pool:
    """Worker processes, started when there is an item for them."""

    def __init__(self, task: Callable[[Any], Any], workers: int) -> None:
        self._task, self._most = pickle.dumps(task), workers
        self._workers: list[_Worker] = []

    def work(self, items: _Waiting[Item], on_result: Callable[[Item, Any], None]) -> list[Item]:
        """Do the items until there are no more, or until a process dies.

        Where one does, the others finish what they were given.

        Returns:
            What those were at that died.
        """
        dropped: list[Item] = []
        self._give_out(items)
        while busy := [worker for worker in self._workers if worker.given]:
            ready = wait([worker.connection for worker in busy])
            for worker in busy:
                if worker.connection not in ready:
                    continue
                try:
                    data = worker.connection.recv_bytes()
                except (EOFError, OSError):
                    dropped.append(worker.given.popleft())
                    items.put_back(worker.given)
                    self._end(worker)
                    continue
                item, (done, result) = worker.given.popleft(), pickle.loads(data)
                if not done:
                    raise result
                on_result(item, result)
            if not dropped:
                self._give_out(items)
        return dropped

    def close(self) -> None:
        """End all processes, whatever they have in hand."""
        for worker in list(self._workers):
            self._end(worker)

    def _give_out(self, items: _Waiting[Any]) -> None:
        """Give every process as many items as it may have, one each before a second."""
        for item in items:
            data = pickle.dumps(item)
            worker = self._with_room(len(data))
            if worker is None:
                items.put_back([item])
                return
            try:
                worker.connection.send_bytes(data)
            except OSError:  # it is dead
                items.put_back([item])
                if worker.given:
                    return
                self._end(worker)
            else:
                worker.given.append(item)

    def _with_room(self, size: int) -> _Worker | None:
        """Who can take an item of so many bytes.

        Only small ones are given ahead of time: of a large one and a large result, this process
        and the other might each wait for the other to read.
        """
        if all(worker.given for worker in self._workers) and len(self._workers) < self._most:
            self._workers.append(_Worker(self._task))
        worker = min(self._workers, key=lambda worker: len(worker.given))
        ahead = len(worker.given)
        return worker if not ahead or (ahead < _AHEAD and size <= _SMALL) else None

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end()


class _Worker:
    """A process that answers items in the order in which they were given."""

    def __init__(self, task: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.given = deque[Any]()
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(task, theirs), daemon=True)
        with _without_interrupts():
            self._process.start()
        theirs.close()

    def end(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _work(task: bytes, connection: Connection) -> None:
    """Answer each item with whether it is done, and the result or the error."""
    leave_with_parent()
    call: Callable[[Any], Any] | None = None
    while True:
        try:
            data = connection.recv_bytes()
        except EOFError:
            return
        try:
            call = call or pickle.loads(task)
            outcome = pickle.dumps((True, call(pickle.loads(data))))
        except Exception as error:
            error.add_note(traceback.format_exc())
            outcome = _error(error)
        connection.send_bytes(outcome)


def _error(error: Exception) -> bytes:
    """An error as bytes, or what it says where it cannot travel."""
    try:
        data = pickle.dumps((False, error))
        pickle.loads(data)
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return data


def leave_with_parent() -> None:
    """End this process when the one that started it is gone: killed, it cannot tell anybody."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process started in this block never hears an interrupt."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
