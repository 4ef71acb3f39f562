"""`GET /problems/CODE`: what the `type` of a problem document leads to."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from starlike.server import openapi, schemas
from starlike.server.problems import KINDS, ProblemError

router = APIRouter(tags=["operations"])


@router.get(
    "/problems/{code}",
    operation_id="problem",
    summary="Say what a code means",
    response_model=schemas.ProblemKind,
    responses=openapi.problem("not_found", "internal"),
)
async def problem(code: str) -> JSONResponse:
    """The kind of problem that has this code."""
    if (kind := KINDS.get(code)) is None:
        raise ProblemError("not_found", "there is no problem of that code")
    return JSONResponse({"code": code, "title": kind.title, "status": kind.status})
