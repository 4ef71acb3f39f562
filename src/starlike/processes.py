"""What every worker process does, whichever stage started it."""

from __future__ import annotations

import multiprocessing
import os
import threading


def leave_with_parent() -> None:
    """End this process when the one that started it is gone: killed, it cannot tell anybody."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
