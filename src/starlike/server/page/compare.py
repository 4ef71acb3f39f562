"""The address where people are compared."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from starlike.server import answering, state
from starlike.server.page import comparison_view, responses, view_model
from starlike.server.problems import ProblemError
from starlike.server.schemas import CompareQuestion

router = APIRouter(include_in_schema=False)


@router.get("/compare")
async def start(request: Request) -> HTMLResponse:
    """The start: everything with JavaScript happens on it."""
    return responses.page("compare", **responses.for_scripts(state.of(request).settings))


@router.post("/compare")
async def compare(request: Request) -> HTMLResponse:
    """The answer to the form, for the script and for browsers without it as for `/match`."""
    try:
        answered, upload = await answering.compare(request, CompareQuestion.model_validate({}))
    except ProblemError as error:
        return responses.trouble(request, error, start="/compare")
    pictures = view_model.pictures(upload.photos, shown=not responses.of_script(request))
    return responses.answer(
        request,
        "compared",
        similarity=state.of(request).similarity,
        compared=comparison_view.comparison(answered, pictures),
    )
