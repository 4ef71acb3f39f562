"""What the addresses of the page send, with and without JavaScript."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from starlike import image_kind, reports
from starlike.server.page import assets
from starlike.server.problems import ProblemError
from starlike.server.settings import Settings

SCRIPT = {"X-Requested-With": "starlike"}
"""The header by which the page's own script asks for an answer to put into the page."""

EACH_TIME, NEVER = "no-cache", "no-store"
"""Pages are asked for anew each time; answers are not to be kept."""

# How photos begin that browsers do not draw: a script tests it on bytes, each taken for a letter.
_NOT_DRAWN = "|".join(
    kind.beginning.pattern.decode("latin-1")
    for kind in image_kind.KINDS.values()
    if not kind.in_browsers
)


def of_script(request: Request) -> bool:
    """Whether the page's own script asks."""
    return all(request.headers.get(name) == value for name, value in SCRIPT.items())


def for_scripts(settings: Settings) -> dict[str, Any]:
    """What the scripts of a page that takes photos must know."""
    return {"limits": settings, "not_drawn": _NOT_DRAWN}


def page(
    template: str, status: int = 200, cache_control: str = EACH_TIME, **values: Any
) -> HTMLResponse:
    """A template of the page, filled."""
    file = f"server/page/templates/{template}.html.j2"
    text = reports.render(file, assets=assets.read().root, **values)
    return HTMLResponse(text, status, {"Cache-Control": cache_control})


def answer(request: Request, template: str, **values: Any) -> HTMLResponse:
    """An answer: a page of its own, or where the script asks what to put into its page."""
    name = f"{template}_fragment" if of_script(request) else template
    return page(name, cache_control=NEVER, **values)


def trouble(request: Request, error: ProblemError, start: str = "/") -> HTMLResponse:
    """The page that says why there is no answer.

    Args:
        request: the one without an answer.
        error: why.
        start: where to ask again.

    Raises:
        ProblemError: the error itself, where the script asks.
    """
    if of_script(request):
        raise error
    made = page("trouble", error.status, NEVER, code=error.code, start=start)
    made.headers.update(error.headers)
    return made
