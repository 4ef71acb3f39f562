"""How a long stage reports how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Hears how many are done, and of how many."""


def silent(*_report: object) -> None:
    """Report to nobody: for whoever takes a function that reports."""
