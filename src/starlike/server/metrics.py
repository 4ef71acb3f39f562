"""What the server counts and measures, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "starlike_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "starlike_request_seconds",
            "Seconds from a request's first byte to the end of the response.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "starlike_answer_seconds",
            "Seconds that workers took over the photos of a request.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.photos = Counter(
            "starlike_photos",
            "Photos by outcome: answered, or the code of the error.",
            ("outcome",),
            registry=self.registry,
        )
        self.replaced = Counter(
            "starlike_workers_replaced",
            "Workers replaced, by reason: died, timeout, or start where they could not.",
            ("reason",),
            registry=self.registry,
        )

    def watch(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Show a number that is read when it is asked for."""
        Gauge(f"starlike_{name}", about, registry=self.registry).set_function(read)

    def count_photos(self, records: Sequence[dict[str, Any]]) -> None:
        """Count the photos of an answer by what came of them."""
        for record in records:
            error = record["error"]
            self.photos.labels(error["code"] if error else "answered").inc()

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)
