"""The photos and fields of a request, read within limits and into memory alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from starlike.server.forms import Form, too_large
from starlike.server.limits import Share
from starlike.server.problems import ProblemError
from starlike.server.settings import Settings


@dataclass(slots=True)
class Upload:
    """What a request held.

    Attributes:
        photos: the bytes of each photo, in the order sent; there may be none.
        fields: the values of each other field of a form by its name, in the order sent.
    """

    photos: list[bytes]
    fields: dict[str, list[str]] = field(default_factory=dict)


async def read_photos(request: Request, settings: Settings, share: Share) -> Upload:
    """Read the body of a request: a form with parts `photo`, or a photo as it is.

    Names of files are passed over unread. Nothing is written to disk.

    Args:
        request: whose body was not read yet.
        settings: the limits of a request.
        share: pays for the bytes, which are held as long as the share is.

    Raises:
        ProblemError: the body is beyond a limit, cannot be read, or comes too slowly.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError("media_type", "send the body as it is, without Content-Encoding")
    try:
        async with asyncio.timeout(settings.upload_timeout):
            if kind == b"multipart/form-data":
                return await _read_form(request, options.get(b"boundary", b""), settings, share)
            if kind.startswith(b"image/") or kind == b"application/octet-stream":
                return Upload([await _read_raw(request, int(settings.max_bytes), share)])
    except TimeoutError:
        raise ProblemError(
            "upload_timeout",
            f"the request did not arrive within {settings.upload_timeout:g} seconds; "
            "send smaller photos",
            {"Connection": "close"},
        ) from None
    except ClientDisconnect:
        raise ProblemError("bad_request", "the request was cut off") from None
    raise ProblemError(
        "media_type",
        "send a photo as image/* or application/octet-stream, or photos as multipart/form-data",
    )


async def _read_raw(request: Request, max_bytes: int, share: Share) -> bytes:
    if _content_length(request) > max_bytes:
        raise too_large(max_bytes)
    body = bytearray()
    async for piece in _pieces(request, share):
        if len(body) + len(piece) > max_bytes:
            raise too_large(max_bytes)
        body += piece
    return bytes(body)


async def _read_form(request: Request, boundary: bytes, settings: Settings, share: Share) -> Upload:
    form = Form(boundary, settings.max_photos, int(settings.max_bytes))
    if _content_length(request) > form.longest:
        raise too_large(int(settings.max_bytes))
    async for piece in _pieces(request, share):
        form.write(piece)
    form.finish()
    return Upload(form.photos, form.fields)


async def _pieces(request: Request, share: Share) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        share.take(len(piece))
        yield piece


def _content_length(request: Request) -> int:
    """The length of the body by its header; 0 where there is none."""
    given = request.headers.get("content-length", "")
    return int(given) if given.isdecimal() else 0
