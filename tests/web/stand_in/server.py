"""A real web server on loopback, in a thread of its own, that keeps what it was asked."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class StandIn:
    """The server: give it routes, use it as a context manager, and ask it at `url`."""

    routes: Iterable[web.RouteDef]
    asked: list[Asked] = field(default_factory=list)
    host: str = "127.0.0.1"
    url: str = ""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def counts(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(one.path for one in self.asked)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _start(self) -> web.AppRunner:
        app = web.Application(middlewares=[self._note])
        app.add_routes(self.routes)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, self.host, 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return runner

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append(Asked(request.path, dict(request.query), dict(request.headers)))
        try:
            return await handler(request)
        except ConnectionError:  # whoever asked has left
            return web.Response()
