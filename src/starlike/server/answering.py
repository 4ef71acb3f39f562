"""From a request to its answer, for the API and the page alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from starlike.errors import NamesError, TooFewPhotosError
from starlike.model import among, comparing
from starlike.model.among import Among
from starlike.server import problems, state, uploads
from starlike.server.forms import PHOTO
from starlike.server.problems import ProblemError
from starlike.server.schemas import CompareQuestion, Question
from starlike.server.uploads import Upload
from starlike.server.workers.worker import Answered, Comparing, Task

T = TypeVar("T")
Asked = TypeVar("Asked", bound=BaseModel)


async def answer(request: Request, asked: Question) -> tuple[Answered, Upload]:
    """Read the photos of a request and have them answered.

    Args:
        request: whose body was not read yet.
        asked: what the address says; what a form says takes precedence.

    Returns:
        The body of a response of `POST /v1/match`, in which even a single photo without an answer
        is an entry with an error; and what was read.

    Raises:
        ProblemError: there is no answer, and why.
    """

    def task(upload: Upload) -> Task:
        question = _question(asked, upload)
        return Task(
            photos=len(upload.photos),
            top=question.top,
            among=_among(question, request),
            together=question.together,
        )

    return await _answered(request, task)


async def compare(request: Request, asked: CompareQuestion) -> tuple[Answered, Upload]:
    """Read the photos of a request and have them compared.

    Args:
        request: whose body was not read yet.
        asked: what the address says; what a form says takes precedence.

    Returns:
        The body of a response of `POST /v1/compare`; and what was read.

    Raises:
        ProblemError: there is no answer, and why.
    """

    def task(upload: Upload) -> Comparing:
        child = _question(asked, upload).child
        try:
            comparing.check(len(upload.photos), child=child)
        except TooFewPhotosError as error:
            raise ProblemError(error.code, str(error)) from None
        return Comparing(photos=len(upload.photos), child=child)

    answered, upload = await _answered(request, task)
    if answered["error"]:
        raise problems.of_photo(answered["error"])
    return answered, upload


async def _answered(
    request: Request, task_of: Callable[[Upload], Task | Comparing]
) -> tuple[Answered, Upload]:
    """What a worker says of the photos of a request; what is asked may stand in its form."""
    shared = state.of(request)
    shared.rate.take(request.client.host if request.client else "")
    shared.pool.check()
    with shared.memory.share() as share:
        upload = await uploads.read_photos(request, shared.settings, share)
        if not upload.photos:
            raise ProblemError("no_photo", f"send a photo, in a part of the form named {PHOTO}")
        task = task_of(upload)
        answered = await _unless_gone(request, shared.pool.answer(task, upload.photos))
    shared.metrics.count_photos(answered["photos"])
    return answered, upload


def _question(asked: Asked, upload: Upload) -> Asked:
    """What the form asks, and what the address asks where the form says nothing.

    Browsers send a field that was left empty, too.
    """
    given: dict[str, Any] = {}
    for name, sent in upload.fields.items():
        if values := [value for value in sent if value]:
            given[name] = values if name == "among" or len(values) > 1 else values[0]
    try:
        return asked.model_validate({**asked.model_dump(exclude_unset=True), **given})
    except ValidationError as error:
        raise problems.invalid(error.errors()) from None


def _among(question: Question, request: Request) -> Among | None:
    if not question.among:
        return None
    classes = state.of(request).classes
    try:
        return among.among(question.among, classes.names, classes.groups)
    except NamesError as error:
        raise ProblemError("names", str(error)) from None


async def _unless_gone(request: Request, coroutine: Coroutine[Any, Any, T]) -> T:
    """Await it, unless the client goes away: then nobody waits for the answer any more."""
    working = asyncio.ensure_future(coroutine)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ProblemError("bad_request", "the client went away")
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
