"""The page for people: the start, the answer for browsers without JavaScript, and its files."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from starlike.server import asking, assets, problems, shown, state
from starlike.server.problems import ProblemError
from starlike.server.routes import classes
from starlike.server.schemas import Question
from starlike.server.state import State
from starlike.server.uploads import Upload
from starlike.server.worker import Answered

PREFERRED = "well-known"
"""The group that is chosen at first, where the model has it."""

_TITLES = {PREFERRED: "Well-known people"}
_TOP = 5

# Addresses of static files change with what they hold; pages are asked for anew each time.
_FOR_GOOD, _EACH_TIME, _NEVER = "public, max-age=31536000, immutable", "no-cache", "no-store"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """The start: everything with JavaScript happens on it."""
    shared = state.of(request)
    known = shared.classes.groups
    return _html(
        "start.html.j2",
        groups=[
            {"name": name, "title": _title(name), "people": len(people)}
            for name, people in sorted(known.items(), key=lambda item: item[0] != PREFERRED)
        ],
        everybody=len(shared.classes.names),
        chosen=PREFERRED if PREFERRED in known else "",
        limits=shared.settings,
        portraits=len(shared.portraits) > 0,
    )


@router.post("/match")
async def match(request: Request) -> HTMLResponse:
    """The answer to a plain form: a photo is one answer a face, several are one together.

    The photos are in the page itself, which is not to be kept.
    """
    try:
        answered, upload = await asking.answer(request, Question(top=_TOP, together=True))
        return _answer(upload, answered, state.of(request))
    except ProblemError as error:
        page = _html("trouble.html.j2", error.status, _NEVER, code=error.code)
        page.headers.update(error.headers)
        return page


@router.get("/match")
async def back() -> Response:
    """Where an answer is asked for again without its photo."""
    return RedirectResponse("/", 303)


@router.get("/privacy")
async def privacy() -> HTMLResponse:
    """What happens to the photo."""
    return _html("privacy.html.j2")


@router.get("/about")
async def about() -> HTMLResponse:
    """What the numbers mean."""
    return _html("about.html.j2")


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str, request: Request) -> Response:
    """A file of the page."""
    held = assets.read()
    if name not in held.files:
        raise ProblemError("not_found", "there is no such file; reload the page")
    asset = held.files[name]
    lasting = _FOR_GOOD if digest == held.digest else _EACH_TIME
    headers = {"ETag": f'"{asset.tag}"', "Cache-Control": lasting}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(asset.data, headers=headers, media_type=asset.media_type)


def _answer(upload: Upload, answered: Answered, shared: State) -> HTMLResponse:
    faces = shown.faces(answered, lambda name: _portrait(name, shared))
    if not faces:
        raise problems.of_photo(answered["photos"][0]["error"])
    return _html(
        "answer.html.j2",
        cache_control=_NEVER,
        title="The answer" if len(faces) == 1 else f"{len(faces)} faces, {len(faces)} answers",
        faces=faces,
        photos=answered["photos"],
        pictures=[shown.picture(photo) for photo in upload.photos],
    )


def _portrait(name: str, shared: State) -> dict[str, Any] | None:
    return classes.portrait(shared, shared.classes.names.index(name))


def _title(group: str) -> str:
    return _TITLES.get(group, group.replace("-", " ").capitalize())


def _html(
    template: str, status: int = 200, cache_control: str = _EACH_TIME, **values: Any
) -> HTMLResponse:
    text = _templates().get_template(template).render(values)
    return HTMLResponse(text, status, {"Cache-Control": cache_control})


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("starlike.server", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["assets"] = assets.read().root
    return environment
