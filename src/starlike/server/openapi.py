"""How routes document what they take and what goes wrong with them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from starlike.server import problems, schemas, state
from starlike.server.forms import PHOTO

_PROBLEM = "#/components/schemas/Problem"

_DETAILS = {
    "too_large": "a photo may have 16 MiB; make it smaller",
    "no_face": "photo 1: no face was found; try a photo with the face seen from the front",
    "too_few_photos": "comparing takes two photos or more; give another one",
    "busy": "all workers are busy and the queue is full; try again in a moment",
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds after which to ask again.",
        "schema": {"type": "integer"},
    }
}


OF_PHOTOS = (
    "bad_request",
    "upload_timeout",
    "too_large",
    "too_many_photos",
    "media_type",
    "not_a_photo",
    "invalid",
    "no_photo",
    "empty",
    "broken",
    "no_face",
    "rate",
    "internal",
    "busy",
    "worker_lost",
    "timeout",
)
"""What may go wrong with any request that sends photos."""


def problem(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The responses for these codes, with an example each, by status."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        kind = problems.KINDS[code]
        response = by_status.setdefault(
            kind.status,
            {
                "description": kind.title,
                "content": {
                    problems.MEDIA_TYPE: {
                        "schema": {"$ref": _PROBLEM},
                        "examples": {},
                    }
                },
            },
        )
        if kind.status in {429, 503}:
            response["headers"] = _RETRY_AFTER
        detail = _DETAILS.get(code, kind.title)
        examples = response["content"][problems.MEDIA_TYPE]["examples"]
        examples[code] = {"summary": kind.title, "value": problems.document(code, detail)}
    return by_status


def body(question: type[BaseModel], *, fewest: int = 1) -> dict[str, Any]:
    """The request body of a question: a form with photos; where one is enough, or as it is.

    An empty field of a form counts as one that was not sent.

    Args:
        question: what the form may ask.
        fewest: how many photos it takes.
    """
    fields = question.model_json_schema()["properties"]
    for name, field in fields.items():
        if name == "among":
            field["items"].pop("minLength")
        else:
            fields[name] = {"anyOf": [field, {"type": "string", "maxLength": 0}]}
    photo = {"type": "string", "contentMediaType": "application/octet-stream", "format": "binary"}
    form = {
        "type": "object",
        "required": [PHOTO],
        "properties": {
            PHOTO: {
                "type": "array",
                "items": photo,
                "minItems": fewest,
                "description": "One part of this name for each photo.",
            },
            **fields,
        },
        "additionalProperties": False,
    }
    encoding = {PHOTO: {"contentType": "image/*, application/octet-stream"}}
    content: dict[str, Any] = {"multipart/form-data": {"schema": form, "encoding": encoding}}
    if fewest == 1:
        content |= {kind: {"schema": photo} for kind in ("image/*", "application/octet-stream")}
    return {"requestBody": {"required": True, "content": content}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            license_info=app.license_info,
            routes=app.routes,
        )
        for address in ("/v1/match", "/v1/compare"):
            content = made["paths"][address]["post"]["requestBody"]["content"]
            form = content["multipart/form-data"]["schema"]["properties"]
            form[PHOTO]["maxItems"] = state.of_app(app).settings.max_photos
        made["components"]["schemas"]["Problem"] = schemas.Problem.model_json_schema()
        app.openapi_schema = made
    return app.openapi_schema
