"""What the stages made, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from starlike.cli import show

if TYPE_CHECKING:
    from starlike.collect import Summary
    from starlike.files.leaderboard import Leaderboard
    from starlike.metrics.declaration import Declaration
    from starlike.metrics.figures import Figures

_FEWEST = 20
# Where nobody watches, as in a file, nothing is left out for want of width.
_WIDE = 320


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="dim"
    )


def counts(title: str, numbers: Mapping[str, int]) -> None:
    """Names with numbers, largest first."""
    table = _table(title)
    table.add_column("")
    table.add_column("", justify="right")
    for name, number in sorted(numbers.items(), key=lambda item: -item[1]):
        table.add_row(name.replace("_", " "), f"{number:,}")
    show.out.print(table)


def collected(summary: Summary, per_class: int) -> None:
    """What was collected: images by status and by class, and sources that failed."""
    counts("images by status", summary.statuses)
    table = _table(f"images by person, of {per_class:,} wanted")
    table.add_column("")
    table.add_column("kept", justify="right")
    table.add_column("left out")
    for one in sorted(summary.classes, key=lambda one: one.kept)[:_FEWEST]:
        others = one.others.most_common()
        why = ", ".join(f"{status.replace('_', ' ')} {number:,}" for status, number in others)
        table.add_row(Text(one.name), f"{one.kept:,}", why)
    show.out.print(table)
    if len(summary.classes) > _FEWEST:
        show.say(f"and {len(summary.classes) - _FEWEST:,} more, with no fewer images")
    for source, troubles in summary.troubles.items():
        name, reason = next(iter(troubles.items()))
        more = f", and {len(troubles) - 1:,} more" if len(troubles) > 1 else ""
        show.note(f"{source} failed for {name}{more}: {reason}; run this again to go on")
    people = len(summary.classes)
    show.say(f"{people:,} people; {summary.statuses['kept']:,} images kept")
    show.where("manifest", summary.manifest)
    show.where("attribution", summary.attribution)


def figures(measured: Figures) -> None:
    """The methods of an evaluation beside each other, and the groups that fare worse."""
    from starlike.evaluate import comparison, wording  # noqa: PLC0415  heavy

    table = _table(
        f"{measured.about.classes:,} people, {measured.about.test_images:,} held-out images"
    )
    table.add_column("")
    for method in measured.methods:
        table.add_column(method.name, justify="right")
    for line in comparison.lines(measured):
        table.add_row(
            _over(line.declared.heading, line.declared.term),
            *(_over(cell.text, cell.interval, cell.better) for cell in line.cells),
        )
    show.out.print(table)
    if over_models := wording.over_models(measured):
        show.say(over_models)
    if measured.about.pairs:
        show.say(f"people who are said to look alike: {measured.about.pairs.in_words}")
    for group in comparison.tables(measured):
        for gap in group.gaps:
            show.say(f"{group.title}, {gap}")


def _over(text: str, below: str, better: bool = False) -> Text:
    """A text, and what is less important in a line below it, where there is any."""
    upper = Text(text, style="green" if better else "")
    return upper.append(f"\n{below}", "dim") if below not in {"", text.lower()} else upper


def leaderboard(board: Leaderboard) -> None:
    """Every candidate, best first, with the spread over folds; the chosen one is marked.

    Headline figures stand first: what there is no room for is left out from the end.
    """
    columns = sorted(board.columns(), key=lambda figure: not figure.headline)
    console = show.out if show.out.is_terminal else Console(highlight=False, width=_WIDE)
    table, hidden = _leaderboard(board, columns), []
    # Measured as if there were room, for else no table is wider than what there is.
    room = console.options.update(max_width=_WIDE)
    while columns and console.measure(table, options=room).minimum > console.width:
        hidden.append(columns.pop().term)
        table = _leaderboard(board, columns)
    console.print(table)
    if hidden:
        show.say(f"not shown, for want of width: {', '.join(reversed(hidden))}")
    if board.pairs:
        show.say(f"people who are said to look alike: {board.pairs.in_words}")


def _leaderboard(board: Leaderboard, columns: Sequence[Declaration]) -> Table:
    table = _table(
        f"{board.classes:,} people, {board.images:,} training images, {board.folds} folds: "
        "mean ± standard deviation"
    )
    names = [f"{'→' if row.name == board.chosen else ' '} {row.name}" for row in board.rows]
    table.add_column("", width=max(map(len, names)))
    for figure in columns:
        style = "" if figure.repeatable else "dim"
        # Headings are wrapped between words, and no number is parted from its unit.
        width = max(map(len, [*figure.term.split(), *(row.text(figure) for row in board.rows)]))
        table.add_column(figure.term, justify="right", style=style, width=width)
    for name, row in zip(names, board.rows, strict=True):
        cells = [row.text(figure) for figure in columns]
        table.add_row(name, *cells, style="bold" if row.name == board.chosen else "")
    return table
