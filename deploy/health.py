"""Leave with 0 where the server of this container answers photos: its health check.

A file, because some engines take a command apart at its blanks.
"""

from __future__ import annotations

import http.client
import os

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["STARLIKE_PORT"]), timeout=4)
try:
    connection.request("GET", "/readyz")
    ready = connection.getresponse().status == 200
except (OSError, http.client.HTTPException):
    ready = False
raise SystemExit(not ready)
