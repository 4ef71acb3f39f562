"""What ends the server before and after Uvicorn listens for signals itself."""

from __future__ import annotations

import signal
from types import FrameType


def leave_when_told() -> None:
    """From now on SIGTERM and SIGINT end this process with status 0.

    The first process of a container must ask for that, and early: the kernel keeps a SIGTERM from
    it that it has no handler for. Uvicorn takes over while it serves, and once all is finished
    raises the signals again that it heard.
    """
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
