"""Worker processes behind a bounded queue: an answer in time, or a clean refusal."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from starlike.photo import Limits
from starlike.server.metrics import Metrics
from starlike.server.problems import ProblemError
from starlike.server.workers.process import LOST, Process
from starlike.server.workers.worker import Answered, Comparing, Failed, Ready, Task

_log = logging.getLogger(__name__)

# A model is opened within seconds, on a busy machine too.
_START_SECONDS = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

# What an answer is taken to cost until some were given, and how much the newest one counts.
_FIRST_GUESS, _NEWEST = 0.5, 0.1

Said = TypeVar("Said")


class _Job:
    """A request's photos on their way to a worker and its answer on the way back."""

    def __init__(self, task: Task | Comparing, photos: Sequence[bytes]) -> None:
        self.task, self.photos = task, photos
        self.begun = asyncio.Event()
        self.answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()

    def succeed(self, answer: Answered) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, code: str, detail: str, **headers: str) -> None:
        if not self.answer.done():
            self.answer.set_exception(ProblemError(code, detail, headers))


class Pool:
    """Worker processes, each with its own model, and the queue of requests before them.

    Its methods belong to one event loop.

    Attributes:
        workers: how many there are to be.
        ready: how many have loaded their model.
        busy: how many are answering.
        waiting: how many requests wait for one.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        *,
        workers: int,
        queue: int,
        timeout: float,
        metrics: Metrics,
    ) -> None:
        self._folder, self._limits = folder, limits
        self._capacity, self._timeout, self._metrics = workers + queue, timeout, metrics
        self.workers, self.ready, self.busy, self.waiting = workers, 0, 0, 0
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._mean_seconds = _FIRST_GUESS
        self._threads = ThreadPoolExecutor(2 * workers, "starlike-pool")
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the workers; `ready` tells how far they are."""
        self._tasks = [asyncio.create_task(self._keep_a_worker()) for _ in range(self.workers)]

    async def close(self) -> None:
        """End the workers; what is still in hand is given up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown()

    def check(self) -> None:
        """Refuse a request that cannot be taken, before its photos are read.

        Raises:
            ProblemError: busy.
        """
        if self.waiting + self.busy >= self._capacity:
            raise self._busy("all workers are busy and the queue is full")

    async def answer(self, task: Task | Comparing, photos: Sequence[bytes]) -> Answered:
        """Ask a worker as soon as one is free.

        Raises:
            ProblemError: busy, timeout, worker_lost or internal.
        """
        self.check()
        job = _Job(task, photos)
        self.waiting += 1
        self._jobs.put_nowait(job)
        try:
            await asyncio.wait_for(job.begun.wait(), self._timeout)
            return await job.answer
        except TimeoutError:
            raise self._busy("no worker became free in time") from None
        finally:
            if not job.begun.is_set():
                self.waiting -= 1
            job.photos = ()
            job.answer.cancel()

    def _busy(self, detail: str) -> ProblemError:
        wait = math.ceil((self.waiting + 1) * self._mean_seconds / self.workers)
        return ProblemError(
            "busy", f"{detail}; try again in a moment", {"Retry-After": str(max(1, wait))}
        )

    async def _keep_a_worker(self) -> None:
        """Replace a worker whenever it is lost."""
        pause = _FIRST_PAUSE
        while True:
            process = await self._in_thread(lambda: Process(self._folder, self._limits))
            try:
                if await self._is_ready(process):
                    pause = _FIRST_PAUSE
                    await self._use(process)
                    continue
            finally:
                await asyncio.shield(self._in_thread(process.end))
            self._metrics.replaced.labels("start").inc()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _is_ready(self, process: Process) -> bool:
        try:
            said = await self._within(_START_SECONDS, process, process.hear)
        except (*LOST, TimeoutError):
            said = Failed("it ended or hung while it loaded the model")
        if isinstance(said, Failed):
            _log.error("a worker cannot start: %s", said.reason)
        return isinstance(said, Ready)

    async def _use(self, process: Process) -> None:
        """Let a worker answer until it is lost."""
        self.ready += 1
        died = asyncio.ensure_future(process.death())
        try:
            while job := await self._next(died):
                if not job.answer.done() and not await self._ask(process, job):
                    return
            self._lost("died")
        finally:
            died.cancel()
            self.ready -= 1

    async def _next(self, died: asyncio.Future[None]) -> _Job | None:
        """The next job, or None where the worker dies before there is one."""
        getting = asyncio.ensure_future(self._jobs.get())
        either: set[asyncio.Future[Any]] = {getting, died}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return getting.result() if getting.done() else None
        finally:
            getting.cancel()

    async def _ask(self, process: Process, job: _Job) -> bool:
        """Have a job answered; whether the worker is still there afterwards."""
        task, photos = job.task, job.photos
        job.begun.set()
        self.waiting -= 1
        self.busy += 1
        start = time.perf_counter()
        try:
            said = await self._within(self._timeout, process, lambda: process.ask(task, photos))
        except TimeoutError:
            job.fail("timeout", f"no answer within {self._timeout:g} seconds; send fewer photos")
            return self._lost("timeout")
        except LOST:
            job.fail("worker_lost", "the worker was lost; ask again", **{"Retry-After": "1"})
            return self._lost("died")
        finally:
            self.busy -= 1
        self._took(time.perf_counter() - start)
        if isinstance(said, Failed):
            _log.error("a request was not answered: %s", said.reason)
            job.fail("internal", "the photos could not be answered; the reason is in the log")
        else:
            job.succeed(said)
        return True

    def _lost(self, reason: str) -> bool:
        _log.warning("a worker is replaced: %s", reason)
        self._metrics.replaced.labels(reason).inc()
        return False

    def _took(self, seconds: float) -> None:
        self._mean_seconds += _NEWEST * (seconds - self._mean_seconds)
        self._metrics.answer_seconds.observe(seconds)

    async def _within(self, seconds: float, process: Process, talk: Callable[[], Said]) -> Said:
        """Talk to a worker in a thread; one that takes too long is killed.

        Raises:
            TimeoutError: it took too long.
        """
        talking = asyncio.ensure_future(self._in_thread(talk))
        try:
            done, _ = await asyncio.wait({talking}, timeout=seconds)
            if done:
                return talking.result()
            raise TimeoutError
        finally:
            if not talking.done():
                process.kill()
                # The thread must have let go of the connection before anybody closes it.
                await asyncio.gather(talking, return_exceptions=True)

    async def _in_thread(self, call: Callable[[], Said]) -> Said:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
