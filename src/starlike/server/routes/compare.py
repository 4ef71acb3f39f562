"""`POST /v1/compare`: how alike the people in photos are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from starlike.server import answering, openapi, schemas
from starlike.server.schemas import CompareQuestion

router = APIRouter(tags=["answers"])


@router.post(
    "/v1/compare",
    operation_id="compare",
    summary="Say how alike the people in photos are",
    response_model=schemas.Comparison,
    responses=openapi.problem(*openapi.OF_PHOTOS, "too_few_photos"),
    openapi_extra=openapi.body(CompareQuestion, fewest=2),
)
async def compare(request: Request, asked: Annotated[CompareQuestion, Query()]) -> JSONResponse:
    """Send two photos or more in a form, of which the largest faces are compared.

    With `child`, in the form or in the address, there are three or more, and the first is the
    child's. A photo that cannot be used is an entry with an `error`, and the others are compared;
    if too few are left, or the child's is not among them, the response is a problem of that code.
    """
    answered, _ = await answering.compare(request, asked)
    return JSONResponse(answered, headers={"Cache-Control": "no-store"})
