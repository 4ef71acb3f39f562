"""What threads cannot share, each of them has for itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


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
