"""`starlike portraits`: a picture of each class that may be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from starlike.cli import bars, show, tables
from starlike.cli.options import ANY_PATH, allow_private, contact
from starlike.model import store
from starlike.names import listed

if TYPE_CHECKING:
    from starlike.portraits import Summary


@click.command()
@click.argument(
    "model",
    type=ANY_PATH,
    required=False,
    help="A model folder; by default the model that ships.",
)
@click.option(
    "--out",
    type=ANY_PATH,
    metavar="DIR",
    help="Where portraits go; by default portraits in the model.",
)
@click.option(
    "--collected",
    type=ANY_PATH,
    metavar="DIR",
    help="Look in a folder that collect wrote, not on Wikimedia Commons.",
)
@click.option(
    "--names",
    type=ANY_PATH,
    metavar="FILE",
    help="Who is meant by each name, as starlike names writes it; by default Wikidata is asked.",
)
@contact
@click.option(
    "--size",
    type=click.IntRange(min=64, max=2048),
    default=512,
    help="Side of a portrait in pixels.",
)
@click.option("--again", is_flag=True, help="Look anew for people who have a portrait.")
@allow_private
def portraits(  # noqa: PLR0913, PLR0917  one parameter an option
    model: Path | None,
    out: Path | None,
    collected: Path | None,
    names: Path | None,
    contact: str,
    size: int,
    again: bool,
    allow_private: tuple[str, ...],
) -> None:
    """Find an openly licensed portrait of each person that a model knows, for the page to show."""
    from starlike import collect as collecting  # noqa: PLC0415  heavy
    from starlike import portraits as stage  # noqa: PLC0415

    if collected:
        place = stage.in_folder(collected)
    else:
        allowed = collecting.networks(allow_private)
        manners = collecting.Manners(contact, allow_private=allowed)
        people = collecting.read_people(names) if names else None
        place = stage.on_the_web(manners, people)
    options = stage.Options(size=size, again=again)
    folder = model or store.default_folder()
    with bars.progress("portraits") as progress:
        summary = stage.portraits(folder, place, out=out, options=options, progress=progress)
    _say(summary)


def _say(summary: Summary) -> None:
    if summary.none:
        tables.counts("people without a portrait", summary.none)
    if summary.ambiguous:
        people = listed(sorted(summary.ambiguous))
        show.note(
            f"names that several people bear: {len(summary.ambiguous)} ({people}); say who is "
            "meant with --names and a table that starlike names wrote"
        )
    show.say(
        f"{summary.found:,} portraits found; {summary.portraits:,} of {summary.classes:,} people "
        "have one"
    )
    show.where("portraits", summary.folder)
