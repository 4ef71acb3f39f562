"""The application: what it is put together from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from starlike.server import openapi, page, problems, state
from starlike.server.middleware import HeadAsGet, Observed
from starlike.server.problems import ProblemError
from starlike.server.routes import ROUTERS
from starlike.server.security import SecurityHeaders
from starlike.server.settings import Settings
from starlike.version import __version__

_ABOUT = "Which celebrity do you look like, how much, and why. Photos are held in memory alone."


def create_app(settings: Settings) -> FastAPI:
    """The API and the page. What routes share is `app.state.starlike`, a `state.State`.

    Raises:
        ModelError, PortraitsError, WeightsError: see `state.make`.
    """
    app = FastAPI(
        title="starlike",
        summary=_ABOUT,
        version=__version__,
        license_info={"name": "MIT", "identifier": "MIT"},
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.openapi = partial(openapi.document, app)  # type: ignore[method-assign]
    app.state.starlike = shared = state.make(settings)
    for router in (*ROUTERS, page.router):
        app.include_router(router)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(RequestValidationError, _problem)
    # What is added last sees a request first.
    app.add_middleware(HeadAsGet)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"])
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.add_middleware(Observed, metrics=shared.metrics)
    app.add_middleware(SecurityHeaders, others_may_ask=bool(settings.cors_origins))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    shared = state.of_app(app)
    shared.pool.start()
    yield
    shared.leaving = True
    await shared.pool.close()


async def _problem(_: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        error = problems.invalid(error.errors())
    elif isinstance(error, HTTPException):
        error = problems.of_http(error)
    assert isinstance(error, ProblemError)
    return problems.response(error)
