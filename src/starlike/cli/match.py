"""`starlike match`: photos in, stars out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from starlike import pipeline
from starlike.cli import show
from starlike.errors import NamesError, NoFaceError, PhotoEmptyError, PhotoError
from starlike.image_kind import EXTENSIONS
from starlike.model import among, answer
from starlike.model.among import Among
from starlike.names import compare_key, listed, read_names, split_names
from starlike.pipeline import Model
from starlike.records import Embedding

SOME_UNANSWERED = 1
_STANDARD_INPUT = "-"


def match(  # noqa: PLR0913, PLR0917  one parameter an option
    photos: Annotated[
        list[str],
        typer.Argument(metavar="PHOTO", help="Photos, folders of photos, or - for standard input."),
    ],
    top: Annotated[int, typer.Option(min=1, help="How many stars to name.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a photo.")] = False,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A model folder of your own.")
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One answer for several photos of one person.")
    ] = False,
    among: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP|FILE",
            help="Name only these people: a group of the model, or a file with one name a line. "
            "May be given several times.",
        ),
    ] = None,
    detector: Annotated[
        str,
        typer.Option(metavar="NAME", help="What finds faces: dlib, or package.module:name."),
    ] = "dlib",
    encoder: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What embeds them: fast, reference for face_recognition itself, or "
            "package.module:name.",
        ),
    ] = "fast",
) -> None:
    """Say which celebrities the faces in photos resemble."""
    opened = pipeline.load_model(model, detector=detector, encoder=encoder)
    chosen = _among(opened, among) if among else None
    asking = _Asking(opened, top=top, among=chosen, as_json=as_json, together=together)
    for name in _walk(photos):
        asking.ask(name)
    asking.finish()
    if asking.unanswered:
        raise typer.Exit(SOME_UNANSWERED)


def _among(model: Model, wanted: list[str]) -> Among:
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
        shown = listed(unknown)
        show.note(f"{file}: left out, for the model does not know them: {len(unknown)} ({shown})")
    return known


def _walk(photos: list[str]) -> Iterator[str]:
    """The photos as given, and for a folder those anywhere in it, by path."""
    for given in photos:
        folder = Path(given)
        if given == _STANDARD_INPUT or not folder.is_dir():
            yield given
            continue
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in EXTENSIONS)
        yield from map(str, found or [folder])


class _Asking:
    """Answers photo after photo, and keeps what an answer for all of them together needs."""

    def __init__(
        self, model: Model, *, top: int, among: Among | None, as_json: bool, together: bool
    ) -> None:
        self._model, self._top, self._among, self._as_json = model, top, among, as_json
        self._together: list[tuple[str, Embedding]] | None = [] if together else None
        self.unanswered = 0

    def ask(self, name: str) -> None:
        try:
            embeddings = self._encode(name)
        except PhotoError as error:
            self.unanswered += 1
            self._show_error(error, answer.of_failure(name, error))
            return
        if self._together is not None:
            self._together.append((name, embeddings[0]))
            if not self._as_json:
                return  # people are shown the one answer for all photos alone
        faces = self._model.rank_faces(embeddings, top=self._top, among=self._among)
        if self._as_json:
            _print_json(answer.of_photo(name, faces))
        else:
            show.answer(name, faces)

    def _encode(self, name: str) -> list[Embedding]:
        if name == _STANDARD_INPUT:
            return self._model.embed(sys.stdin.buffer, name="standard input")
        if Path(name).is_dir():
            raise PhotoEmptyError(f"{name}: the folder holds no photo")
        return self._model.embed(name)

    def finish(self) -> None:
        """The one answer for all photos, where it was asked for."""
        if self._together is None:
            return
        names = [name for name, _ in self._together]
        if not names:
            error = NoFaceError("none of the photos shows a face that could be used")
            self._show_error(error, answer.of_several_failed(error))
            return
        embeddings = [embedding for _, embedding in self._together]
        ranking = self._model.rank_together(embeddings, top=self._top, among=self._among)
        if self._as_json:
            _print_json(answer.of_several(names, ranking))
        else:
            show.answer_together(len(names), ranking)

    def _show_error(self, error: PhotoError, as_json: dict[str, Any]) -> None:
        if self._as_json:
            _print_json(as_json)
        else:
            show.say_error(str(error))


def _print_json(record: dict[str, Any]) -> None:
    # Names of files may hold bytes that are no text; JSON's escapes carry them unharmed.
    sys.stdout.write(json.dumps(record, ensure_ascii=not _is_text(record)) + "\n")
    sys.stdout.flush()


def _is_text(record: dict[str, Any]) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
