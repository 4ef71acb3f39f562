"""Asynchronous work side by side, of which nothing is left running."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def side_by_side(jobs: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do jobs at the same time; where one fails, or all are to end, the others are ended too."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await asyncio.gather(*tasks)
    finally:
        await stopped(tasks)


async def stopped(tasks: Iterable[asyncio.Task[None]]) -> None:
    """End tasks, and wait until they have."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
