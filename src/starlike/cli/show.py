"""Answers and figures laid out for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text

from starlike.errors import one_line
from starlike.model import wording
from starlike.progress import Progress
from starlike.records import FaceMatches, Ranking

if TYPE_CHECKING:
    from starlike.collect import Summary
    from starlike.files.leaderboard import Leaderboard
    from starlike.metrics.declaration import Declaration
    from starlike.metrics.figures import Figures

ByClass = Callable[[str, int], None]
"""Hears of a class and how many images it has."""

_BAR = 20
_FEWEST = 20
# Where nobody watches, as in a file, nothing is left out for want of width.
_WIDE = 240

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say_error(message: str) -> None:
    """One line on standard error."""
    err.print(Text.assemble(("starlike: ", "bold red"), one_line(message)))


def note(message: str) -> None:
    """One line on standard error about what is no reason to stop."""
    err.print(Text.assemble(("starlike: ", "bold"), one_line(message)))


def say(message: str) -> None:
    """One line on standard output."""
    out.print(escape(message))


def answer(photo: str, faces: Sequence[FaceMatches]) -> None:
    """The ranked stars of each face in a photo."""
    out.print(Text(photo, style="bold"))
    for number, face in enumerate(faces, start=1):
        if len(faces) > 1:
            box = face.box
            where = f"face {number} of {len(faces)}, at {box.left},{box.top}"
            out.print(Text(f"  {where}, {box.side} pixels wide", style="dim"))
        _ranking(face)


def answer_together(photos: int, ranking: Ranking) -> None:
    """One answer for several photos."""
    out.print(Text(f"{photos} photos together", style="bold"))
    if left_out := photos - ranking.photos:
        shows = "it seems" if left_out == 1 else "they seem"
        out.print(f"  {left_out} left out: {shows} to show somebody else", style="dim")
    _ranking(ranking)


def _ranking(ranking: Ranking) -> None:
    if said := wording.verdict(ranking.verdict, ranking.matches[0].name):
        out.print(Text(f"  {said}"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("", justify="right", width=4)
    table.add_column("star")
    table.add_column("similarity", justify="right")
    table.add_column("", width=_BAR)
    table.add_column("probability", justify="right")
    for rank, match in enumerate(ranking.matches, start=1):
        style = "bold" if rank == 1 else ""
        table.add_row(
            str(rank),
            Text(match.name, style=style),
            wording.similarity(match.similarity),
            _bar(match.similarity / 100),
            wording.probability(match.probability),
        )
    out.print(table)
    out.print()


def _bar(share: float) -> Text:
    return Text("━" * round(share * _BAR), "magenta")


def _percent(share: float) -> str:
    return "< 0.1 %" if share < 0.001 else f"{100 * share:.1f} %"


def counts(title: str, numbers: Mapping[str, int]) -> None:
    """Names with numbers, largest first."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("", justify="right")
    for name, number in sorted(numbers.items(), key=lambda item: -item[1]):
        table.add_row(name.replace("_", " "), f"{number:,}")
    out.print(table)


def collected(summary: Summary, per_class: int) -> None:
    """What was collected: images by status and by class, and sources that failed."""
    counts("images by status", summary.statuses)
    table = Table(
        title=f"images by person, of {per_class:,} wanted",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    table.add_column("")
    table.add_column("kept", justify="right")
    table.add_column("left out")
    for one in sorted(summary.classes, key=lambda one: one.kept)[:_FEWEST]:
        others = one.others.most_common()
        why = ", ".join(f"{status.replace('_', ' ')} {number:,}" for status, number in others)
        table.add_row(Text(one.name), f"{one.kept:,}", why)
    out.print(table)
    if len(summary.classes) > _FEWEST:
        say(f"and {len(summary.classes) - _FEWEST:,} more, with no fewer images")
    for source, troubles in summary.troubles.items():
        name, reason = next(iter(troubles.items()))
        more = f", and {len(troubles) - 1:,} more" if len(troubles) > 1 else ""
        note(f"{source} failed for {name}{more}: {reason}; run this again to go on")
    people = len(summary.classes)
    say(f"{people:,} people; {summary.statuses['kept']:,} images kept")
    where("manifest", summary.manifest)
    where("attribution", summary.attribution)


def figures(measured: Figures) -> None:
    """The methods of an evaluation beside each other, and the groups that fare worse."""
    from starlike.evaluate import comparison, wording  # noqa: PLC0415  heavy

    table = Table(
        title=f"{measured.about.classes:,} people, {measured.about.test_images:,} held-out images",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    table.add_column("")
    for method in measured.methods:
        table.add_column(method.name, justify="right")
    for line in comparison.lines(measured):
        table.add_row(
            _over(line.declared.heading, line.declared.term),
            *(_over(cell.text, cell.interval, cell.better) for cell in line.cells),
        )
    out.print(table)
    if over_models := wording.over_models(measured):
        say(over_models)
    for group in comparison.tables(measured):
        for gap in group.gaps:
            say(f"{group.title}, {gap}")


def _over(text: str, below: str, better: bool = False) -> Text:
    """A text, and what is less important in a line below it, where there is any."""
    upper = Text(text, style="green" if better else "")
    return upper.append(f"\n{below}", "dim") if below not in {"", text.lower()} else upper


def leaderboard(board: Leaderboard) -> None:
    """Every candidate, best first, with the spread over folds; the chosen one is marked."""
    columns = list(board.columns())
    console = out if out.is_terminal else Console(highlight=False, width=_WIDE)
    table, hidden = _leaderboard(board, columns), []
    while columns and console.measure(table).minimum > console.width:
        hidden.append(columns.pop().term)
        table = _leaderboard(board, columns)
    console.print(table)
    if hidden:
        say(f"not shown, for want of width: {', '.join(reversed(hidden))}")


def _leaderboard(board: Leaderboard, columns: Sequence[Declaration]) -> Table:
    table = Table(
        title=f"{board.classes:,} people, {board.images:,} training images, {board.folds} folds: "
        "mean ± standard deviation",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    table.add_column("", no_wrap=True)
    for figure in columns:
        style = "" if figure.repeatable else "dim"
        table.add_column(figure.term, justify="right", style=style)
    for row in board.rows:
        table.add_row(
            f"{'→' if row.name == board.chosen else ' '} {row.name}",
            *(_unbroken(row.text(figure)) for figure in columns),
            style="bold" if row.name == board.chosen else "",
        )
    return table


def _unbroken(text: str) -> str:
    """A text that is not wrapped between a number and its unit."""
    return text.replace(" ", "\u00a0")


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
    bar = ProgressBar(*columns, console=err)
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


def where(label: str, path: Path) -> None:
    """Say where something was written."""
    out.print(Text.assemble((f"{label}: ", "dim"), str(path)))
