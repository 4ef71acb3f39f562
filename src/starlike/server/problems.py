"""What may go wrong, in the words of the API: problem details with stable codes (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status, and what it is called whatever the case at hand."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "bad_request": Kind(400, "The request cannot be read"),
    "not_found": Kind(404, "There is nothing here"),
    "not_allowed": Kind(405, "This cannot be asked in this way"),
    "upload_timeout": Kind(408, "The request took too long to arrive"),
    "too_large": Kind(413, "The photo is too large"),
    "too_many_photos": Kind(413, "Too many photos at once"),
    "media_type": Kind(415, "The request is neither a photo nor a form"),
    "not_a_photo": Kind(415, "This is not a photo of a known format"),
    "invalid": Kind(422, "A parameter cannot be used"),
    "names": Kind(422, "There is no such group or person"),
    "no_photo": Kind(422, "There is no photo in the request"),
    "too_few_photos": Kind(422, "Too few photos to compare"),
    "empty": Kind(422, "The photo is empty"),
    "broken": Kind(422, "The photo is broken"),
    "no_face": Kind(422, "No face was found"),
    "rate": Kind(429, "Too many requests of one client"),
    "internal": Kind(500, "Something went wrong here"),
    "busy": Kind(503, "All workers are busy"),
    "worker_lost": Kind(503, "The worker was lost"),
    "not_ready": Kind(503, "Not ready"),
    "timeout": Kind(504, "The answer took too long"),
}
"""Every kind by its code. Codes stay; `docs/operations.md` explains each."""


class ProblemError(Exception):
    """A request that ends with a problem document.

    Args:
        code: one of `KINDS`.
        detail: one line that says what is wrong in this case and what to do.
        headers: more headers of the response.
    """

    def __init__(self, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers = code, detail, dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status


def document(code: str, detail: str) -> dict[str, Any]:
    """A problem document. `type` is the address, below the server's, of what explains the kind."""
    kind = KINDS[code]
    return {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "code": code,
    }


def response(error: ProblemError) -> Response:
    """The response for a problem."""
    content = json.dumps(document(error.code, error.detail), ensure_ascii=False)
    headers = {"Cache-Control": "no-store"} | error.headers
    return Response(content, error.status, headers, MEDIA_TYPE)


def invalid(errors: Iterable[Any]) -> ProblemError:
    """The problem of parameters, from what Pydantic has against them, without what was given."""
    wrong = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in errors)
    return ProblemError("invalid", "; ".join(wrong))


def of_photo(error: Mapping[str, str]) -> ProblemError:
    """The problem of a photo without an answer, by the `error` of its record."""
    return ProblemError(error["code"] if error["code"] in KINDS else "internal", error["message"])


def of_http(error: HTTPException) -> ProblemError:
    """The problem of what the framework itself refuses: an unknown address, a wrong method."""
    headers = dict(error.headers or {})
    if error.status_code == 405:
        allowed = headers.get("Allow", "")
        headers["Allow"] = allowed.replace("GET", "GET, HEAD") if "HEAD" not in allowed else allowed
        return ProblemError("not_allowed", f"ask by {headers['Allow']}", headers)
    code = "not_found" if error.status_code == 404 else "bad_request"
    return ProblemError(code, KINDS[code].title, headers)
