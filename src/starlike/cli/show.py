"""Answers, errors and notes laid out for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from starlike.errors import one_line
from starlike.model import wording
from starlike.records import FaceMatches, Ranking

_BAR = 20

# Nothing that is shown is written with emoji codes, and a table of them takes its time to load.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def say_error(message: str) -> None:
    """One line on standard error."""
    err.print(Text.assemble(("starlike: ", "bold red"), one_line(message)))


def note(message: str) -> None:
    """One line on standard error about what is no reason to stop."""
    err.print(Text.assemble(("starlike: ", "bold"), one_line(message)))


def say(message: str) -> None:
    """One line on standard output."""
    out.print(escape(message))


def where(label: str, path: Path) -> None:
    """Say where something was written."""
    out.print(Text.assemble((f"{label}: ", "dim"), str(path)))


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
