"""`starlike match`: photos in, stars out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

import click

from starlike.cli.options import ANY_PATH, detector, encoder
from starlike.cli.photos import Models, print_json, walk
from starlike.errors import NamesError, NoFaceError, PhotoError
from starlike.model import among, answer
from starlike.model.among import Among
from starlike.names import compare_key, listed, read_names, split_names
from starlike.pipeline import Model
from starlike.records import Embedding, FaceMatches, Ranking

SOME_UNANSWERED = 1


@click.command()
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    metavar="PHOTO...",
    help="Photos, folders of photos, or - for standard input.",
)
@click.option("--top", type=click.IntRange(min=1), default=5, help="How many stars to name.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a photo.")
@click.option("--model", type=ANY_PATH, metavar="DIR", help="A model folder of your own.")
@click.option("--together", is_flag=True, help="One answer for several photos of one person.")
@click.option(
    "--among",
    "groups",
    multiple=True,
    metavar="GROUP|FILE",
    help="Name only these people: a group of the model, or a file with one name a line. "
    "May be given several times.",
)
@detector
@encoder
def match(  # noqa: PLR0913, PLR0917  one parameter an option
    photos: tuple[str, ...],
    top: int,
    as_json: bool,
    model: Path | None,
    together: bool,
    groups: tuple[str, ...],
    detector: str,
    encoder: str,
) -> None:
    """Say which celebrities the faces in photos resemble."""
    names = walk(photos)
    first = list(islice(names, 2))
    models = Models(model, detector=detector, encoder=encoder, alone=len(first) == 1)
    opened = models.of_this_thread()
    chosen = _among(opened, groups) if groups else None
    show = _AsJson() if as_json else _ForPeople(together=together)
    asking = _Asking(opened, show, top=top, among=chosen, together=together)
    for name, found in models.embed(chain(first, names)):
        asking.answer(name, found)
    asking.finish()
    if asking.unanswered:
        raise click.exceptions.Exit(SOME_UNANSWERED)


def _among(model: Model, wanted: Sequence[str]) -> Among:
    """Whom answers may name, by groups, people and files of names."""
    of_model = {compare_key(group) for group in model.classes.groups}
    names: list[str] = []
    for one in wanted:
        is_file = compare_key(one) not in of_model and Path(one).is_file()
        names += _listed(model, Path(one)) if is_file else [one]
    return model.among(names)


def _listed(model: Model, file: Path) -> tuple[str, ...]:
    """The names in a file that the model knows; the others are mentioned."""
    known, unknown = split_names(read_names(file), model.classes.names)
    if not known:
        raise NamesError(
            f"{file}: the model knows nobody in this list; {among.choice(model.classes.groups)}"
        )
    if unknown:
        from starlike.cli import show  # noqa: PLC0415  as in `_ForPeople`

        shown = listed(unknown)
        show.note(f"{file}: left out, for the model does not know them: {len(unknown)} ({shown})")
    return known


class _Show(Protocol):
    """Answers as they are asked for: for people, or as JSON."""

    def photo(self, name: str, faces: Sequence[FaceMatches]) -> None: ...

    def together(self, names: Sequence[str], ranking: Ranking) -> None: ...

    def failure(self, name: str | None, error: PhotoError) -> None:
        """What went wrong with a photo, or where there is no name with all of them together."""


class _AsJson:
    def photo(self, name: str, faces: Sequence[FaceMatches]) -> None:
        print_json(answer.of_photo(name, faces))

    def together(self, names: Sequence[str], ranking: Ranking) -> None:
        print_json(answer.of_several(names, ranking))

    def failure(self, name: str | None, error: PhotoError) -> None:
        failed = answer.of_several_failed(error) if name is None else answer.of_failure(name, error)
        print_json(failed)


class _ForPeople:
    def __init__(self, *, together: bool) -> None:
        from starlike.cli import show  # noqa: PLC0415  JSON needs nothing that lays out

        self._show, self._together = show, together

    def photo(self, name: str, faces: Sequence[FaceMatches]) -> None:
        if not self._together:  # then people are shown the one answer for all photos alone
            self._show.answer(name, faces)

    def together(self, names: Sequence[str], ranking: Ranking) -> None:
        self._show.answer_together(len(names), ranking)

    def failure(self, name: str | None, error: PhotoError) -> None:  # noqa: ARG002  it is in the error
        self._show.say_error(str(error))


class _Asking:
    """Answers photo after photo, and keeps what an answer for all of them together needs."""

    def __init__(
        self, model: Model, show: _Show, *, top: int, among: Among | None, together: bool
    ) -> None:
        self._model, self._show, self._top, self._among = model, show, top, among
        self._together: list[tuple[str, Embedding]] | None = [] if together else None
        self.unanswered = 0

    def answer(self, name: str, embeddings: list[Embedding] | PhotoError) -> None:
        """Show what a photo's faces resemble, or why there are none."""
        if isinstance(embeddings, PhotoError):
            self.unanswered += 1
            self._show.failure(name, embeddings)
            return
        if self._together is not None:
            self._together.append((name, embeddings[0]))
        faces = self._model.rank_faces(embeddings, top=self._top, among=self._among)
        self._show.photo(name, faces)

    def finish(self) -> None:
        """The one answer for all photos, where it was asked for."""
        if self._together is None:
            return
        if not self._together:
            error = NoFaceError("none of the photos shows a face that could be used")
            self._show.failure(None, error)
            return
        names, embeddings = zip(*self._together, strict=True)
        ranking = self._model.rank_together(embeddings, top=self._top, among=self._among)
        self._show.together(names, ranking)
