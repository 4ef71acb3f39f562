"""`GET /v1/classes` and the portraits: whom the model knows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from starlike.server import openapi, schemas, state
from starlike.server.problems import ProblemError
from starlike.server.schemas import Search

router = APIRouter(tags=["the model"])

_A_DAY = {"Cache-Control": "public, max-age=86400"}
_FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}


@router.get(
    "/v1/classes",
    operation_id="classes",
    summary="Name the people whom the model knows",
    response_model=schemas.Classes,
    responses=openapi.problem("invalid", "internal"),
)
async def classes(request: Request, search: Annotated[Search, Query()]) -> JSONResponse:
    """All groups, and the classes page by page in the order of the model, with their portraits.

    Where `next` is a number there are more: ask again with it as `cursor`.
    """
    shared = state.of(request)
    found = shared.people.find(search.q, search.cursor, search.limit)
    groups = shared.classes.groups.items()
    content = {
        "groups": [{"name": name, "people": len(names)} for name, names in groups],
        "classes": found.people,
        "next": found.next,
    }
    return JSONResponse(content, headers=_FIVE_MINUTES)


@router.get(
    "/v1/portraits/{number}.jpg",
    operation_id="portrait",
    summary="Show a star",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The portrait",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        },
        **openapi.problem("not_found", "invalid", "internal"),
    },
)
async def portrait_file(request: Request, number: int) -> Response:
    """The picture of the class of that number, as `/v1/classes` counts them from 0 on."""
    file = state.of(request).people.portrait_file(number)
    if file is None:
        raise ProblemError("not_found", "there is no portrait of that number")
    return FileResponse(file, media_type="image/jpeg", headers=_A_DAY)
