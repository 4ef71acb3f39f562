"""A report as a plot: how long each contender takes for a picture of each kind."""

from __future__ import annotations

from matplotlib.axes import Axes

from benchmarks.speed.contenders import LIBRARY, SINGLE, STARLIKE, WITH_BLAS
from benchmarks.speed.report import Report, Task
from benchmarks.speed.tables import times
from starlike.reports import plotting

_MARKS = {
    LIBRARY: (plotting.ORANGE, "s"),
    WITH_BLAS: (plotting.SOFT, "D"),
    STARLIKE: (plotting.BLUE, "o"),
    SINGLE: (plotting.GREEN, "^"),
}
_TICKS = {10: "10 ms", 100: "100 ms", 1000: "1 s", 10_000: "10 s", 100_000: "100 s"}
_ROW_INCHES, _REST_INCHES = 0.55, 1.5


def png(report: Report) -> bytes:
    """The plot, as the bytes of a PNG."""
    tasks = [*report.photos, *report.pictures]

    def draw(axes: Axes) -> str:
        for place, task in enumerate(tasks):
            _draw_task(axes, place, task)
        axes.set_yticks(range(len(tasks)), [_label(task) for task in tasks])
        axes.set_ylim(len(tasks) - 0.5, -0.5)
        _scale(axes, [row.milliseconds for task in tasks for row in task.rows])
        # As wide as the plot with its labels, for the names are long.
        axes.figure.legend(loc="outside lower left", ncols=2)
        return "From a file to the embeddings of its faces, one thread"

    return plotting.png(draw, height=_REST_INCHES + _ROW_INCHES * len(tasks))


def _draw_task(axes: Axes, place: int, task: Task) -> None:
    taken = [row.milliseconds for row in task.rows]
    axes.plot([min(taken), max(taken)], [place, place], color=plotting.GRID, linewidth=3, zorder=1)
    for row in task.rows:
        colour, mark = _MARKS[row.contender]
        axes.plot(
            row.milliseconds,
            place,
            mark,
            color=colour,
            markersize=8,
            label="_" if place else row.contender,
            zorder=2,
        )
        if row.contender == STARLIKE:
            axes.annotate(
                f"×{times(row.times)}",
                (row.milliseconds, place),
                (0, 8),
                textcoords="offset points",
                horizontalalignment="center",
                fontsize=9.5,
                color=colour,
            )


def _label(task: Task) -> str:
    return f"{task.name}\n{task.width}×{task.height}"


def _scale(axes: Axes, taken: list[float]) -> None:
    axes.set_xscale("log")
    low, high = min(taken) / 1.5, max(taken) * 1.5
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    axes.set_xticks(ticks, [_TICKS[tick] for tick in ticks])
    axes.set_xlim(low, high)
    axes.set_xlabel("time for a picture; ×: starlike, times as fast as face_recognition")
    axes.grid(visible=True, axis="x", color=plotting.GRID)
