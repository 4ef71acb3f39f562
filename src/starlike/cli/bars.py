"""How far a stage is, as bars for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBar

from starlike.cli import show
from starlike.progress import Progress


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A bar on standard error, which appears once it is told how many are done of how many."""
    with progress_by_class(what, 0) as (report, _):
        yield report


@contextmanager
def progress_by_class(
    what: str, each: int
) -> Iterator[tuple[Progress, Callable[[str, int], None]]]:
    """A bar like that of `progress`; and what tells it how many a class has, of `each`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[about]}", style="dim"),
    )
    bar = ProgressBar(*columns, console=show.err)
    task = bar.add_task(what, total=None, about="")

    def report(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    def report_class(name: str, count: int) -> None:
        bar.update(task, about=escape(f"{name} {count:,}/{each:,}"))

    try:
        yield report, report_class
    finally:
        if bar.live.is_started:
            bar.update(task, about="")
            bar.stop()
