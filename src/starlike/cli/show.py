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
from starlike.records import ChildLikeness, Comparison, FaceMatches, Ranking

_BAR = 20
_SHORT_BAR = 10
_WIDE = 64
"""A table of pairs has bars from this width on, in columns."""

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
    table = _plain_table()
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


def comparison(compared: Comparison) -> None:
    """How alike the people in photos are; and whom of the others the first resembles."""
    names = _distinct([photo.name for photo in compared.photos])
    for name, photo in zip(names, compared.photos, strict=True):
        if said := wording.largest_face(name, photo.faces):
            out.print(Text(said, style="dim"))
    if compared.child:
        _child(compared, compared.child, names)
    elif len(compared.pairs) == 1:
        (pair,) = compared.pairs
        out.print(wording.pair_with_number(pair.verdict, pair.similarity))
    else:
        _pairs(compared, names)


def _child(compared: Comparison, child: ChildLikeness, names: Sequence[str]) -> None:
    level = [names[place] for place in child.nearest[: child.level]]
    out.print(Text(f"{wording.child(names[0], level)}. {wording.child_reason(level)}".strip()))
    table = _plain_table()
    table.add_column("", justify="right", width=4)
    table.add_column("similarity", justify="right", no_wrap=True)
    table.add_column("", width=_SHORT_BAR)
    table.add_column("photo", overflow="fold")
    for rank, place in enumerate(child.nearest, start=1):
        similarity = float(compared.similarities[0, place])
        table.add_row(
            str(rank),
            wording.similarity(similarity),
            _bar(similarity / 100, _SHORT_BAR),
            Text(names[place], style="bold" if rank <= child.level else ""),
        )
    out.print(table)


def _pairs(compared: Comparison, names: Sequence[str]) -> None:
    """The photos by number, and every pair of them, most similar first."""
    for number, name in enumerate(names, start=1):
        out.print(Text(f"{number:4}  {name}"))
    table = _plain_table()
    table.add_column("photos", no_wrap=True)
    table.add_column("similarity", justify="right", no_wrap=True)
    wide = out.width >= _WIDE
    if wide:
        table.add_column("", width=_SHORT_BAR)
    table.add_column("")
    for pair in sorted(compared.pairs, key=lambda pair: -pair.similarity):
        table.add_row(
            f"{pair.first + 1} and {pair.second + 1}",
            wording.similarity(pair.similarity),
            *([_bar(pair.similarity / 100, _SHORT_BAR)] if wide else []),
            wording.pair_in_short(pair.verdict),
        )
    out.print(table)


def _plain_table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")


def _distinct(names: Sequence[str]) -> list[str]:
    """The last parts of paths, as many as tell them apart; whole paths of the same file twice."""
    parts = [Path(name).parts for name in names]
    for count in range(1, max(map(len, parts)) + 1):
        ends = [str(Path(*one[-count:])) for one in parts]
        if len(set(ends)) == len(set(names)):
            return ends
    return list(names)


def _bar(share: float, width: int = _BAR) -> Text:
    return Text("━" * round(share * width), "magenta")
