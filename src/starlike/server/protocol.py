"""HTTP over a connection, which may not be held for ever without asking anything."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """Uvicorn's, which by itself waits without end for the first request and for a late rest.

    A connection is closed that for some time is in the middle of no request: because its headers
    do not come to an end, or because it goes on sending what was answered long ago.
    """

    seconds: ClassVar[float]

    _watch: asyncio.TimerHandle | None = None
    _watched: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to watch."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
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
    """The protocol, which waits so long and at most twice as long for a request."""
    return type("Protocol", (Protocol,), {"seconds": seconds})
