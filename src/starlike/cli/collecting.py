"""`starlike collect`: names in, images out, each with where it came from and its licence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from starlike.cli import show

SOME_MISSING = 1

Contact = Annotated[
    str,
    typer.Option(
        envvar="STARLIKE_CONTACT",
        metavar="ADDRESS",
        help="An e-mail address or web page, sent to every server that is contacted.",
    ),
]
AllowPrivate = Annotated[
    list[str] | None,
    typer.Option(
        envvar="STARLIKE_ALLOW_PRIVATE",
        metavar="NETWORK",
        help="A private network that may be asked, such as 10.1.0.0/16. May be given several "
        "times.",
    ),
]


class CollectCommand(TyperCommand):
    """Its help lists the image sources there are: looked up when it is shown, not before."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from starlike.web import sources  # noqa: PLC0415  heavy

        known = "; ".join(f"{usage}: {about}" for usage, about in sources.usages())
        (source,) = (param for param in self.params if param.name == "source")
        source.help = (  # type: ignore[attr-defined]
            f"Where to look, best first. May be given several times. Known are {known}. A source "
            f"of your own is package.module:name.  [default: {', '.join(sources.DEFAULT)}]"
        )
        super().format_help(ctx, formatter)


def collect(  # noqa: PLR0913, PLR0917  one parameter an option
    names: Annotated[
        Path,
        typer.Argument(
            metavar="NAMES", help="The table that names wrote, or a file with one name a line."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the images are written.")],
    contact: Contact = "",
    per_class: Annotated[int, typer.Option(min=1, help="Images of each person.")] = 50,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE",
            help="Where to look, best first; may be given several times.",
        ),
    ] = None,
    licence: Annotated[
        str, typer.Option(metavar="CODES", help="Licences, such as cc0,cc-by; or open, any.")
    ] = "any",
    rate: Annotated[
        float, typer.Option(min=0, help="Requests a second to one host; 0 for no limit.")
    ] = 5.0,
    at_once: Annotated[int, typer.Option(min=1, max=256, help="Downloads at a time.")] = 16,
    per_host: Annotated[
        int, typer.Option(min=1, max=256, help="Connections to one host at a time.")
    ] = 4,
    max_mb: Annotated[int, typer.Option(min=1, help="Larger files, in MB, are left.")] = 25,
    min_side: Annotated[
        int, typer.Option(min=1, help="Images with a shorter side, in pixels, are left.")
    ] = 64,
    allow_private: AllowPrivate = None,
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
        allow_private=stage.networks(allow_private or ()),
    )
    people = stage.read_people(names)
    try:
        with show.progress_by_class("collecting", per_class) as (progress, by_class):
            summary = stage.collect(
                people, out, manners, options, progress=progress, by_class=by_class
            )
    except KeyboardInterrupt:
        show.note("interrupted; the same command goes on where it was")
        raise
    show.collected(summary, per_class)
    if summary.without or summary.troubles:
        raise typer.Exit(SOME_MISSING)
