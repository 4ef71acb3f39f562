"""`GET /v1/model`: what answers here, and how good it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse

from starlike.model import classes, store
from starlike.server import openapi, schemas, state
from starlike.version import __version__

router = APIRouter(tags=["the model"])


@router.get(
    "/v1/model",
    operation_id="model",
    summary="Show the model's card and figures",
    response_model=schemas.Model,
    responses=openapi.problem("internal"),
)
async def model(request: Request) -> JSONResponse:
    """The model's facts, its card in Markdown, and its figures as they were measured."""
    shared = state.of(request)
    card = _text(shared.folder / store.CARD)
    figures: Any = _text(shared.folder / store.METRICS)
    content = {
        "version": __version__,
        "format": classes.FORMAT_VERSION,
        "classes": len(shared.classes.names),
        "trained_on": shared.classes.trained_on,
        "embed_from": shared.classes.embed_from,
        "sample": shared.classes.sample,
        "card": card,
        "figures": None if figures is None else json.loads(figures),
    }
    return JSONResponse(content, headers={"Cache-Control": "public, max-age=300"})


def _text(file: Path) -> str | None:
    """A file of the model folder, sealed as a whole; None where it has none."""
    return file.read_text(encoding="utf-8") if file.is_file() else None
