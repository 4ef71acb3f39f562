"""`GET /healthz`, `/readyz` and `/metrics`: for those who run the server."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from starlike.server import metrics, openapi, schemas, state
from starlike.server.problems import ProblemError

router = APIRouter(tags=["operations"])

_NO_STORE = {"Cache-Control": "no-store"}


@router.get(
    "/healthz",
    operation_id="healthz",
    summary="Say whether the server is alive",
    response_model=schemas.Health,
    responses=openapi.problem("internal"),
)
async def healthz() -> JSONResponse:
    """The server is alive when it answers at all."""
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Say whether photos are answered",
    response_model=schemas.Readiness,
    responses=openapi.problem("internal", "not_ready"),
)
async def readyz(request: Request) -> JSONResponse:
    """Ready when a worker has loaded its model, until the server is told to end."""
    shared = state.of(request)
    if shared.leaving:
        raise ProblemError("not_ready", "the server is about to end")
    if not shared.pool.ready:
        raise ProblemError("not_ready", "no worker has loaded its model yet", {"Retry-After": "2"})
    return JSONResponse({"status": "ready", "workers": shared.pool.ready}, headers=_NO_STORE)


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Show the metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **openapi.problem("internal"),
    },
)
async def show_metrics(request: Request) -> Response:
    """Metrics in Prometheus's text format."""
    return Response(state.of(request).metrics.text(), media_type=metrics.MEDIA_TYPE)
