"""`POST /v1/match`: photos in, stars out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from starlike.server import answering, openapi, problems, schemas
from starlike.server.schemas import Question

router = APIRouter(tags=["answers"])


@router.post(
    "/v1/match",
    operation_id="match",
    summary="Say which stars the faces in photos resemble",
    response_model=schemas.Answer,
    responses=openapi.problem(*openapi.OF_PHOTOS, "names"),
    openapi_extra=openapi.body(Question),
)
async def match(request: Request, asked: Annotated[Question, Query()]) -> JSONResponse:
    """Ask about one photo as it is, or about several in a form.

    The form's fields `top`, `among` and `together` count before those of the address. A photo
    that has no answer is an entry with an `error`; if it is the only one, the response is a
    problem of the same code.
    """
    answered, _ = await answering.answer(request, asked)
    if len(answered["photos"]) == 1 and (error := answered["photos"][0]["error"]):
        raise problems.of_photo(error)
    return JSONResponse(answered, headers={"Cache-Control": "no-store"})
