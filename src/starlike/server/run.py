"""The server on its port, from start to end."""

from __future__ import annotations

import logging
import socket
from types import FrameType

import uvicorn

from starlike.errors import SettingsError
from starlike.server import protocol, state
from starlike.server.app import create_app
from starlike.server.settings import Settings
from starlike.server.state import State

_log = logging.getLogger(__name__)

_CONNECTIONS = 1000
_KEEP_ALIVE = 5
_GRACE_SECONDS = 5.0


class _Server(uvicorn.Server):
    """Uvicorn's server, which marks the shared state when it is told to end."""

    def __init__(self, config: uvicorn.Config, shared: State) -> None:
        super().__init__(config)
        self._shared = shared

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._shared.leaving = True
        super().handle_exit(sig, frame)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in hand.

    Uvicorn raises the signal again at the end: `signals.leave_when_told` makes that a clean exit.

    Raises:
        SettingsError: it cannot listen on the address.
        ModelError, PortraitsError, WeightsError: see `create_app`.
    """
    _start_log(settings.log_level)
    app = create_app(settings)
    listening = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        http=protocol.patient(settings.upload_timeout),
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=int(
            settings.upload_timeout + 2 * settings.timeout + _GRACE_SECONDS
        ),
    )
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    _log.info("listening on http://%s:%d with %d workers", shown, port, settings.worker_count)
    _Server(config, state.of_app(app)).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            f"cannot listen on {host}:{port} ({reason}); choose another by --host and --port"
        ) from None


def _start_log(level: str) -> None:
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    # It would quote what was sent.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
