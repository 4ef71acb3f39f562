"""`starlike collect`: names in, images out, each with where it came from and its licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from starlike import extras
from starlike.cli import bars, show, tables
from starlike.cli.options import ANY_PATH, allow_private, contact

SOME_MISSING = 1


class _Command(click.Command):
    """Its help lists the image sources there are: looked up when it is shown, not before."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        (source,) = (param for param in self.params if param.name == "source")
        source.help = f"Where to look, best first. May be given several times. {_sources()}"
        super().format_help(ctx, formatter)


def _sources() -> str:
    try:
        from starlike.web import sources  # noqa: PLC0415  heavy
    except ModuleNotFoundError:
        return (
            f"Which sources there are is told once they are installed: {extras.command('collect')}"
        )
    known = "; ".join(f"{usage}: {about}" for usage, about in sources.usages())
    return (
        f"Known are {known}. A source of your own is package.module:name.  "
        f"[default: {', '.join(sources.DEFAULT)}]"
    )


@click.command(cls=_Command)
@click.argument(
    "names",
    type=ANY_PATH,
    help="The table that names wrote, or a file with one name a line.",
)
@click.option(
    "--out",
    type=ANY_PATH,
    required=True,
    metavar="FOLDER",
    help="Where the images are written.",
)
@contact
@click.option("--per-class", type=click.IntRange(min=1), default=50, help="Images of each person.")
@click.option(
    "--source",
    multiple=True,
    metavar="SOURCE",
    help="Where to look.",  # said more fully where the help is shown
)
@click.option(
    "--licence",
    default="any",
    metavar="CODES",
    help="Licences, such as cc0,cc-by; or open, any.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0),
    default=5.0,
    help="Requests a second to one host; 0 for no limit.",
)
@click.option(
    "--at-once", type=click.IntRange(min=1, max=256), default=16, help="Downloads at a time."
)
@click.option(
    "--per-host",
    type=click.IntRange(min=1, max=256),
    default=4,
    help="Connections to one host at a time.",
)
@click.option(
    "--max-mb", type=click.IntRange(min=1), default=25, help="Larger files, in MB, are left."
)
@click.option(
    "--min-side",
    type=click.IntRange(min=1),
    default=64,
    help="Images with a shorter side, in pixels, are left.",
)
@allow_private
def collect(  # noqa: PLR0913, PLR0917  one parameter an option
    names: Path,
    out: Path,
    contact: str,
    per_class: int,
    source: tuple[str, ...],
    licence: str,
    rate: float,
    at_once: int,
    per_host: int,
    max_mb: int,
    min_side: int,
    allow_private: tuple[str, ...],
) -> None:
    """Stage 1: find and download images of people."""
    from starlike import collect as stage  # noqa: PLC0415  heavy
    from starlike.web import sources  # noqa: PLC0415

    options = stage.Options(
        sources=source or sources.DEFAULT,
        per_class=per_class,
        licences=licence,
        limits=stage.Limits(min_side=min_side),
    )
    manners = stage.Manners(
        contact,
        rate=rate,
        per_host=per_host,
        at_once=at_once,
        max_bytes=max_mb * 10**6,
        allow_private=stage.networks(allow_private),
    )
    people = stage.read_people(names)
    try:
        with bars.progress_by_class("collecting", per_class) as (progress, by_class):
            summary = stage.collect(
                people, out, manners, options, progress=progress, by_class=by_class
            )
    except KeyboardInterrupt:
        show.note("interrupted; the same command goes on where it was")
        raise
    tables.collected(summary, per_class)
    if summary.without or summary.troubles:
        raise click.exceptions.Exit(SOME_MISSING)
