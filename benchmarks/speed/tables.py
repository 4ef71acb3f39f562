"""A report as tables in Markdown, for the terminal, the documents and the README."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from benchmarks.speed.contenders import LIBRARY, STARLIKE, WITH_BLAS
from benchmarks.speed.report import Command, OverFolder, Report, Row, Task

_SECOND = 1000
# Programs and libraries as their makers write them.
_SHOWN = {LIBRARY: f"`{LIBRARY}`", WITH_BLAS: f"`{LIBRARY}`, dlib with BLAS"}

Cells = Sequence[str]
_Kind = TypeVar("_Kind", Row, Command, OverFolder)


def short(report: Report) -> str:
    """What most people want to know: starlike beside `face_recognition`."""
    rows: list[Cells] = []
    for task in report.photos:
        first, ours = _of(task.rows, LIBRARY), _of(task.rows, STARLIKE)
        rows.append(
            (
                f"a photo {task.name}, {task.width}×{task.height}",
                _time(first.milliseconds),
                _time(ours.milliseconds),
                times(ours.times),
            )
        )
    loop, over = (_of(report.folder, name) for name in (LIBRARY, STARLIKE))
    own, match = (_of(report.commands, name) for name in (LIBRARY, STARLIKE))
    rows += [
        (
            f"a folder of {_folder(report)}",
            f"{loop.seconds:.0f} s",
            f"{over.seconds:.0f} s",
            times(over.times),
        ),
        (
            "a first answer, the whole command",
            _time(own.milliseconds),
            _time(match.milliseconds),
            times(1 / match.share),
        ),
    ]
    return _table(("", _SHOWN[LIBRARY], STARLIKE, "times as fast"), rows)


def photos(report: Report) -> str:
    """Single photos by size."""
    return _tasks(report.photos)


def pictures(report: Report) -> str:
    """Pictures without faces, and of groups."""
    return _tasks(report.pictures)


def starts(report: Report) -> str:
    """Cold and warm."""
    return _table(
        ("by", "first answer, fresh process", "later answers", "MiB"),
        [
            (
                _shown(one.contender),
                _time(one.cold_milliseconds),
                _time(one.warm_milliseconds),
                f"{one.mebibytes:.0f}",
            )
            for one in report.starts
        ],
    )


def commands(report: Report) -> str:
    """Whole commands for one photo."""
    return _table(
        ("command", "time", "of the first", "MiB"),
        [
            (
                _COMMANDS[one.contender],
                _time(one.milliseconds),
                f"{100 * one.share:.0f} %",
                f"{one.mebibytes:.0f}",
            )
            for one in report.commands
        ],
    )


_COMMANDS = {
    LIBRARY: "`face_recognition KNOWN PHOTO`, one known person",
    WITH_BLAS: "the same, dlib with BLAS",
    STARLIKE: "`starlike match PHOTO`",
}


def folder(report: Report) -> str:
    """Whole commands over a folder."""
    return _table(
        (_folder(report), "s", "photos a second", "times as fast", "MiB"),
        [
            (
                _OVER_FOLDER[one.contender],
                f"{one.seconds:.0f}",
                f"{report.settings.folder / one.seconds:.1f}",
                times(one.times),
                f"{one.mebibytes:.0f}",
            )
            for one in report.folder
        ],
    )


_OVER_FOLDER = {
    LIBRARY: "a loop over the files with `face_recognition`",
    WITH_BLAS: "the same, dlib with BLAS",
    STARLIKE: "`starlike match FOLDER --json`",
}


def about(report: Report) -> str:
    """When, on what machine and with which versions it was measured."""
    settings = report.settings
    measured = f"{settings.photos} photos of each size, {settings.runs} fresh processes"
    rows: list[Cells] = [("date", report.date), ("measured", measured), *report.machine.items()]
    rows += [
        (_shown(name), ", ".join(f"{part} {number}" for part, number in versions.items()))
        for name, versions in report.versions.items()
    ]
    return _table(("", ""), rows)


TABLES: Mapping[str, tuple[str, Callable[[Report], str]]] = {
    "photos": ("Single photos by size, one thread", photos),
    "pictures": ("Without faces, and groups; one thread", pictures),
    "starts": ("Cold and warm, one thread", starts),
    "commands": ("A whole command for one photo", commands),
    "folder": ("A whole command for a folder", folder),
    "about": ("Machine and versions", about),
}
"""Each by the part of the report that it shows, with what stands above it."""


def whole(report: Report) -> str:
    """All tables that there are figures for, each with its heading."""
    return "\n".join(
        f"## {heading}\n\n{table(report)}"
        for part, (heading, table) in TABLES.items()
        if getattr(report, part, True)
    )


def times(number: float) -> str:
    """How many times as fast, with the digits that count."""
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"


def _tasks(tasks: Sequence[Task]) -> str:
    heads = ("pictures", "number", "by", "time", "times as fast (95 %)", "faces", "MiB")
    return _table(heads, [cells for task in tasks for cells in _task(task)])


def _task(task: Task) -> Iterator[Cells]:
    for place, row in enumerate(task.rows):
        yield (
            "" if place else f"{task.name}, {task.width}×{task.height}",
            "" if place else str(task.pictures),
            _shown(row.contender),
            _time(row.milliseconds),
            f"{times(row.times)} ({times(row.low)}–{times(row.high)})" if place else "1",
            str(row.faces),
            f"{row.mebibytes:,.0f}",
        )


def _of(rows: Sequence[_Kind], contender: str) -> _Kind:
    return next(row for row in rows if row.contender == contender)


def _folder(report: Report) -> str:
    cores = report.settings.cores
    return f"{report.settings.folder:,} photos, on {cores} core{'s' if cores > 1 else ''}"


def _shown(contender: str) -> str:
    return _SHOWN.get(contender, contender)


def _time(milliseconds: float) -> str:
    """Milliseconds, or seconds where these are many."""
    if milliseconds >= 10 * _SECOND:
        return f"{milliseconds / _SECOND:.1f} s"
    return f"{milliseconds:,.0f} ms"


def _table(heads: Cells, rows: Sequence[Cells]) -> str:
    """Columns of numbers are set to the right."""
    rule = ["---:" if _are_numbers(column) else "---" for column in zip(*rows, strict=True)]
    return "".join(f"| {' | '.join(line)} |\n" for line in [heads, rule, *rows])


def _are_numbers(column: Cells) -> bool:
    return all(cell[0].isdigit() for cell in column if cell)
