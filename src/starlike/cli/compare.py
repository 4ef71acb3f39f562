"""`starlike compare`: how alike the people in photos are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from starlike.cli.options import ANY_PATH, detector, encoder
from starlike.cli.photos import Models, print_json, walk
from starlike.errors import PhotoError, TooManyPhotosError
from starlike.model import answer, comparing
from starlike.model.comparing import Tried
from starlike.pipeline import Model

SOME_UNANSWERED = 1
_MOST = 100
"""Photos: they have nearly five thousand pairs."""


@click.command()
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    metavar="PHOTO...",
    help="Two photos or more, folders of photos, or - for standard input.",
)
@click.option(
    "--child",
    is_flag=True,
    help="The first photo shows a child: which of the others does it look like?",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--model", type=ANY_PATH, metavar="DIR", help="A model folder of your own.")
@detector
@encoder
def compare(
    photos: tuple[str, ...],
    child: bool,
    as_json: bool,
    model: Path | None,
    detector: str,
    encoder: str,
) -> None:
    """Say how alike the people in photos are, by the largest face of each."""
    names = list(islice(walk(photos), _MOST + 1))
    comparing.check(len(names), child=child)
    if len(names) > _MOST:
        raise TooManyPhotosError(f"at most {_MOST} photos can be compared at once; give fewer")
    models = Models(model, detector=detector, encoder=encoder, alone=False)
    opened = models.of_this_thread()
    tried = list(models.embed(names))
    if as_json:
        _print(opened, tried, child=child)
    else:
        _show(opened, tried, child=child)
    if any(isinstance(found, PhotoError) for _, found in tried):
        raise click.exceptions.Exit(SOME_UNANSWERED)


def _print(model: Model, tried: Sequence[Tried], *, child: bool) -> None:
    try:
        usable = comparing.usable(tried, child=child)
    except PhotoError as error:
        print_json(answer.of_comparison_failed(tried, error))
    else:
        print_json(answer.of_comparison(tried, model.compare_faces(usable, child=child)))


def _show(model: Model, tried: Sequence[Tried], *, child: bool) -> None:
    from starlike.cli import show  # noqa: PLC0415  JSON needs nothing that lays out

    for _, found in tried:
        if isinstance(found, PhotoError):
            show.say_error(str(found))
    try:
        usable = comparing.usable(tried, child=child)
    except PhotoError:  # it is among those that were told
        return
    show.comparison(model.compare_faces(usable, child=child))
