"""`starlike names`: whom to look for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click
from rich.table import Table
from rich.text import Text

from starlike.cli import bars, show
from starlike.cli.options import ANY_PATH, allow_private, contact
from starlike.names import display

if TYPE_CHECKING:
    from starlike.collect.find_people import Ambiguous

_Gender = Literal["female", "male", "nonbinary"]

SOME_LEFT_OUT = 1
_CANDIDATES = 5
_WIDTH = 120


@click.command()
@click.argument("people", nargs=-1, metavar="[NAME]...", help="Names, or Wikidata ids.")
@click.option(
    "--out", type=ANY_PATH, required=True, metavar="FILE", help="The table to write, as CSV."
)
@click.option(
    "--from",
    "file",
    type=ANY_PATH,
    metavar="FILE",
    help="Names, one a line, or a CSV table of them.",
)
@click.option("--occupation", multiple=True, help="What they are, such as actor. May be repeated.")
@click.option("--country", multiple=True, help="Of which they are citizens. May be repeated.")
@click.option(
    "--born-after",
    type=click.IntRange(min=1, max=9998),
    metavar="YEAR",
    help="Born in a later year.",
)
@click.option(
    "--born-before",
    type=click.IntRange(min=1, max=9999),
    metavar="YEAR",
    help="Born in an earlier year.",
)
@click.option("--gender", type=click.Choice(get_args(_Gender)), help="As Wikidata has it.")
@click.option("--with-portrait", is_flag=True, help="Only those whom Wikidata shows.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=200,
    help="How many, the most famous first.",
)
@click.option("--take-most-famous", is_flag=True, help="Where several people bear a name.")
@contact
@allow_private
def names(  # noqa: PLR0913, PLR0917  one parameter an option
    people: tuple[str, ...],
    out: Path,
    file: Path | None,
    occupation: tuple[str, ...],
    country: tuple[str, ...],
    born_after: int | None,
    born_before: int | None,
    gender: _Gender | None,
    with_portrait: bool,
    limit: int,
    take_most_famous: bool,
    contact: str,
    allow_private: tuple[str, ...],
) -> None:
    """Stage 1: find people on Wikidata, by what they are or by their names."""
    from starlike import collect as stage  # noqa: PLC0415  heavy
    from starlike.collect import find_people  # noqa: PLC0415  heavy
    from starlike.collect.search import Criteria  # noqa: PLC0415  heavy

    criteria = Criteria(
        occupations=occupation,
        countries=country,
        born_after=born_after,
        born_before=born_before,
        gender=gender,
        portrait=with_portrait,
    )
    typed = [stage.Person(display(name)) for name in people if name.strip()]
    listed = stage.read_people(file) if file else []
    options = find_people.Options(
        people=(*typed, *listed),
        criteria=None if criteria == Criteria() else criteria,
        limit=limit,
        most_famous=take_most_famous,
    )
    manners = stage.Manners(contact, allow_private=stage.networks(allow_private))
    with bars.progress("looking up") as progress:
        found = find_people.find(out, options, manners, progress=progress)
    for meaning in found.meanings:
        show.note(f"{meaning.word}: taken as {meaning}")
    if found.ambiguous:
        _show_ambiguous(found.ambiguous)
    if found.unknown:
        show.note(f"nobody on Wikidata has these names: {'; '.join(found.unknown)}")
    if found.people:
        show.say(f"{len(found.people):,} people")
        show.where("table", out)
    if found.ambiguous or found.unknown:
        raise click.exceptions.Exit(SOME_LEFT_OUT)


def _show_ambiguous(ambiguous: Sequence[Ambiguous]) -> None:
    """The names that were left out for several people bear them, with the most famous of those."""
    table = Table(
        title="several people have these names; give the ids, or --take-most-famous",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for heading in ("name", "id", "who"):
        table.add_column(heading, overflow="fold")
    for heading in ("born", "Wikipedias"):
        table.add_column(heading, justify="right")
    for one in ambiguous:
        for place, who in enumerate(one.candidates[:_CANDIDATES]):
            name = one.name if place == 0 else ""
            born = "" if who.born is None else str(who.born)
            about = Text(who.description or who.label)
            table.add_row(Text(name), who.id, about, born, str(who.fame))
        if len(one.candidates) > _CANDIDATES:
            table.add_row("", "", f"and {len(one.candidates) - _CANDIDATES} more", "", "")
    show.out.print(table)
