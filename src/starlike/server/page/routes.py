"""The addresses of the page: the start, the answer, what there is to read, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from starlike.server import answering, problems, state
from starlike.server.page import assets, responses, view_model
from starlike.server.page.view_model import PortraitOf
from starlike.server.problems import ProblemError
from starlike.server.schemas import Question
from starlike.server.workers.worker import Answered

PREFERRED = "well-known"
"""The group that is chosen at first, where the model has it."""

_TITLES = {PREFERRED: "Well-known people"}
_TOP = 5

# Addresses of static files change with what they hold.
_FOR_GOOD = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """The start: everything with JavaScript happens on it."""
    shared = state.of(request)
    known = shared.classes.groups
    return responses.page(
        "start",
        groups=[
            {"name": name, "title": _title(name), "people": len(people)}
            for name, people in sorted(known.items(), key=lambda item: item[0] != PREFERRED)
        ],
        everybody=len(shared.classes.names),
        chosen=PREFERRED if PREFERRED in known else "",
        **responses.for_scripts(shared.settings),
    )


@router.post("/match")
async def match(request: Request) -> HTMLResponse:
    """The answer to the form: a photo is one answer a face, several are one together.

    The page's script gets what to put into the page, in which it shows the photos itself, or a
    problem document. A plain form gets a page of its own with the photos in it, which is not to be
    kept.
    """
    shared = state.of(request)
    try:
        answered, upload = await answering.answer(request, Question(top=_TOP, together=True))
        pictures = view_model.pictures(upload.photos, shown=not responses.of_script(request))
        filled = answer(answered, pictures, shared.people.portrait)
    except ProblemError as error:
        return responses.trouble(request, error)
    return responses.answer(request, "answer", similarity=shared.similarity, **filled)


@router.get("/match")
async def back() -> Response:
    """Where an answer is asked for again without its photo."""
    return RedirectResponse("/", 303)


@router.get("/privacy")
async def privacy() -> HTMLResponse:
    """What happens to the photo."""
    return responses.page("privacy")


@router.get("/about")
async def about(request: Request) -> HTMLResponse:
    """What the numbers mean."""
    return responses.page("about", similarity=state.of(request).similarity)


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str, request: Request) -> Response:
    """A file of the page."""
    held = assets.read()
    if name not in held.files:
        raise ProblemError("not_found", "there is no such file; reload the page")
    asset = held.files[name]
    lasting = _FOR_GOOD if digest == held.digest else responses.EACH_TIME
    headers = {"ETag": f'"{asset.tag}"', "Cache-Control": lasting}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(asset.data, headers=headers, media_type=asset.media_type)


def answer(answered: Answered, pictures: Sequence[str], portrait: PortraitOf) -> dict[str, Any]:
    """What the templates of an answer are filled with.

    Args:
        answered: the JSON of POST /v1/match, asked for together.
        pictures: each photo as a `data:` URI; empty where the page does not hold it.
        portrait: finds the portraits of stars.

    Raises:
        ProblemError: no photo could be used; the reason is that of the first.
    """
    faces = view_model.faces(answered, portrait)
    if not faces:
        raise problems.of_photo(answered["photos"][0]["error"])
    return {"faces": faces, "photos": view_model.photos(answered, pictures)}


def _title(group: str) -> str:
    return _TITLES.get(group, group.replace("-", " ").capitalize())
