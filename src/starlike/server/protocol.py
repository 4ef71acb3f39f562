"""HTTP over a connection that nobody may hold open for ever without asking anything."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """Uvicorn's protocol, with a limit to how long a connection may be idle.

    By itself Uvicorn waits without end for the first request, and for the rest of one that was
    answered early. Here a connection is closed that has not been in the middle of a request for
    some time: because its headers do not come to an end, or because it goes on sending what was
    answered long ago.

    Attributes:
        seconds: how often to look; a connection that is idle at two looks in a row is closed.
    """

    seconds: ClassVar[float]

    _watch: asyncio.TimerHandle | None = None
    _watched: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, and look from time to time whether anything comes of it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection that is closed, and stop looking at it."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Close the connection if nothing has come of it since the last look."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._watch is not None and self._watched is self.cycle:
            self.transport.close()
            return
        self._watched = self.cycle if idle else None
        self._watch = self.loop.call_later(self.seconds, self._look)


def patient(seconds: float) -> type[Protocol]:
    """The protocol that waits for a request for at least so long, and at most twice as long."""
    return type("Protocol", (Protocol,), {"seconds": seconds})
