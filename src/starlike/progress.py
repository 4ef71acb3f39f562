"""How a long stage tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


def silent(*_told: object) -> None:
    """Whatever is told, pass it on to nobody."""
