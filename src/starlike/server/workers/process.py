"""A worker process as the server holds it."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

from starlike.photo import Limits
from starlike.server.workers import worker
from starlike.server.workers.worker import Answered, Comparing, Failed, Ready, Task

LOST = (EOFError, OSError)
"""What talking to a process raises when it has died."""

_LEAVE_SECONDS = 2


class Process:
    """A worker process and this end of the connection to it.

    The constructor, `hear`, `ask` and `end` block: call them in a thread.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=worker.run, args=(theirs, folder, limits), daemon=True
        )
        self._process.start()
        # Only without a copy of it here does this end hear when the process dies.
        theirs.close()

    def hear(self) -> Ready | Failed:
        """Wait until the process has loaded its model, or says why it cannot."""
        said: Ready | Failed = self._connection.recv()
        return said

    def ask(self, task: Task | Comparing, photos: Sequence[bytes]) -> Answered | Failed:
        """Have photos answered, and wait for the answer."""
        self._connection.send(task)
        for data in photos:
            self._connection.send_bytes(data)
        said: Answered | Failed = self._connection.recv()
        return said

    async def death(self) -> None:
        """Wait until the process is dead."""
        loop, dead = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, dead.set)
        try:
            await dead.wait()
        finally:
            loop.remove_reader(self._process.sentinel)

    def kill(self) -> None:
        """End the process at once; whoever is talking to it gets one of the errors in `LOST`."""
        self._process.kill()

    def end(self) -> None:
        """End the process: one that waits for a task leaves by itself, any other is killed."""
        self._connection.close()
        self._process.join(_LEAVE_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()
