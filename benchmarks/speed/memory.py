"""How much memory processes take at most, looked at while they run."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil

MEBIBYTE = 2**20
_SECONDS = 0.1


class Peaks:
    """The most resident bytes seen of each process together with its children.

    Pages that they share count for each. A peak that is over between two looks is not seen.
    """

    def __init__(self, processes: Mapping[str, int]) -> None:
        """Begin with none.

        Args:
            processes: the ids of processes, by any names.
        """
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._bytes = dict.fromkeys(processes, 0)

    def look(self) -> None:
        """Look once."""
        for name, process in self._processes.items():
            self._bytes[name] = max(self._bytes[name], _resident(process))

    def mebibytes(self, name: str) -> float:
        """The peak so far."""
        return self._bytes[name] / MEBIBYTE


def _resident(process: psutil.Process) -> int:
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


@contextmanager
def peaks(processes: Mapping[str, int]) -> Iterator[Peaks]:
    """Look at processes many times a second until the block ends."""
    seen, over = Peaks(processes), threading.Event()

    def go_on() -> None:
        while not over.wait(_SECONDS):
            seen.look()

    looking = threading.Thread(target=go_on, daemon=True)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()
        seen.look()
