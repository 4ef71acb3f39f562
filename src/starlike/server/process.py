"""A worker process as the server holds it."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

from starlike.photo import Limits
from starlike.server import worker
from starlike.server.worker import Answered, Asked, Failed, Ready

LOST = (EOFError, OSError)
"""What talking to a process raises when it has died."""

_LEAVE_SECONDS = 2


class Process:
    """A worker process and this end of the connection to it.

    To make one, `hear`, `ask` and `end` block.
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
        """What the process says once it has loaded its model, or has not."""
        said: Ready | Failed = self._connection.recv()
        return said

    def ask(self, asked: Asked, photos: Sequence[bytes]) -> Answered | Failed:
        """Ask and wait for the answer."""
        self._connection.send(asked)
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
        """End the process at once; who talks to it is told so by one of `LOST`."""
        self._process.kill()

    def end(self) -> None:
        """End the process, which leaves by itself when it waits to be asked."""
        self._connection.close()
        self._process.join(_LEAVE_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()
