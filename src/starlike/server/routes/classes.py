"""`GET /v1/classes` and the portraits: whom the model knows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from starlike.files.portrait_folder import Portrait
from starlike.server import openapi, schemas, state
from starlike.server.problems import ProblemError
from starlike.server.state import State

router = APIRouter(tags=["the model"])

_A_DAY = {"Cache-Control": "public, max-age=86400"}
_FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}


@router.get(
    "/v1/classes",
    operation_id="classes",
    summary="Name everybody whom the model knows",
    response_model=schemas.Classes,
    responses=openapi.problem("internal"),
)
async def classes(request: Request) -> JSONResponse:
    """All groups, and all classes in the order of the model, with their portraits."""
    shared = state.of(request)
    known = shared.classes
    groups_of: defaultdict[str, list[str]] = defaultdict(list)
    for group, names in known.groups.items():
        for name in names:
            groups_of[name].append(group)
    people = zip(known.names, known.images, strict=True)
    content = {
        "groups": [{"name": name, "people": len(names)} for name, names in known.groups.items()],
        "classes": [
            {
                "name": name,
                "images": images,
                "groups": groups_of[name],
                "portrait": portrait(shared, number),
            }
            for number, (name, images) in enumerate(people)
        ],
    }
    return JSONResponse(content, headers=_FIVE_MINUTES)


def portrait(shared: State, number: int) -> dict[str, Any] | None:
    """The portrait of the class of that number, where there is one."""
    found = shared.portraits.portrait(shared.classes.names[number])
    return None if found is None else _shown(found, number)


def _shown(found: Portrait, number: int) -> dict[str, Any]:
    return {
        "url": f"/v1/portraits/{number}.jpg",
        "attribution": found.attribution,
        "licence": found.licence,
        "licence_url": found.licence_url,
        "page_url": found.page_url,
    }


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
    """The picture of the class of that number, as `/v1/classes` has them from 0 on."""
    shared = state.of(request)
    names = shared.classes.names
    found = shared.portraits.portrait(names[number]) if 0 <= number < len(names) else None
    if found is None:
        raise ProblemError("not_found", "there is no portrait of that number")
    return FileResponse(shared.portraits.file(found), media_type="image/jpeg", headers=_A_DAY)
