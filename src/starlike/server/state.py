"""What the routes of a server share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request

from starlike.faces import weights
from starlike.files import portrait_folder
from starlike.metrics import figures
from starlike.metrics.figures import Similarity
from starlike.model import store
from starlike.model.classes import Classes
from starlike.server.limits import Memory, Rate
from starlike.server.metrics import Metrics
from starlike.server.people import People
from starlike.server.settings import Settings
from starlike.server.workers.pool import Pool


@dataclass(kw_only=True, slots=True)
class State:
    """Found by every route as `request.app.state.starlike`, or by `of(request)`.

    Attributes:
        settings: of the server.
        classes: the class dictionary of the model.
        people: its classes as they are shown, with their portraits.
        similarity: how similar pairs of photos were measured to be; None where nothing was.
        pool: the workers.
        memory: what all requests together may hold.
        rate: how often a client may ask.
        metrics: what is counted.
        leaving: whether the server was told to end.
    """

    settings: Settings
    classes: Classes
    people: People
    similarity: Similarity | None
    pool: Pool
    memory: Memory
    rate: Rate
    metrics: Metrics
    leaving: bool = False

    @property
    def folder(self) -> Path:
        """The model folder."""
        return self.settings.model


def of(request: Request) -> State:
    """The state of the server that a request came to."""
    app: FastAPI = request.app
    return of_app(app)


def of_app(app: FastAPI) -> State:
    """The state of the server that an application is."""
    state: State = app.state.starlike
    return state


def make(settings: Settings) -> State:
    """The state of a server that is about to start, with its workers not yet started.

    Raises:
        ModelError, PortraitsError, WeightsError: a folder cannot be used, or a network is missing.
    """
    store.verify(settings.model)
    weights.path(weights.RESNET)
    metrics = Metrics()
    pool = Pool(
        settings.model,
        settings.limits,
        workers=settings.worker_count,
        queue=settings.queue_length,
        timeout=settings.timeout,
        metrics=metrics,
    )
    metrics.watch("workers", "Workers there are to be.", lambda: pool.workers)
    metrics.watch("workers_ready", "Workers that have loaded their model.", lambda: pool.ready)
    metrics.watch("workers_busy", "Workers that are answering.", lambda: pool.busy)
    metrics.watch("queue_depth", "Requests that wait for a worker.", lambda: pool.waiting)
    memory = Memory(int(settings.memory))
    metrics.watch("upload_bytes", "Bytes of photos that are held.", lambda: memory.held)
    classes = store.read_classes(settings.model)
    return State(
        settings=settings,
        classes=classes,
        people=People(classes, portrait_folder.opened(settings.portraits_folder)),
        similarity=_similarity(settings.model / store.METRICS),
        pool=pool,
        memory=memory,
        rate=Rate(settings.rate),
        metrics=metrics,
    )


def _similarity(file: Path) -> Similarity | None:
    return figures.read(file).similarity if file.is_file() else None
