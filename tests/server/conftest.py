"""What the tests of the server share: the server itself, in a process on a free port."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from PIL import Image

import starlike

_STARTED = re.compile(r"listening on (http://\S+)")
_PATIENCE = 120
_LARGEST_FILE = 2**20


class Server:
    """A server in a process of its own, with a folder of its own for temporary files."""

    def __init__(self, folder: Path, settings: dict[str, object]) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self._log = folder / "log"
        ours = {f"STARLIKE_{name.upper()}": str(value) for name, value in settings.items()}
        with self._log.open("wb") as log:
            self.process = psutil.Popen(
                [sys.executable, "-m", "starlike", "serve", "--port", "0"],
                env=os.environ | {"TMPDIR": str(self.temporary), "STARLIKE_RATE": "0"} | ours,
                stdout=log,
                stderr=log,
            )
        # Photos that went to a file would not fit: everything else that is written is smaller.
        self.process.rlimit(psutil.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
        self.client = httpx.Client(base_url=self._url(), timeout=_PATIENCE)

    def _url(self) -> str:
        for _ in self.patiently("listening"):
            if found := _STARTED.search(self.log()):
                return found[1]
            assert self.process.poll() is None, self.log()
        raise AssertionError

    def log(self) -> str:
        return self._log.read_text()

    def patiently(self, what: str) -> Iterator[None]:
        """Look again and again whether something has come to pass."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            yield
            time.sleep(0.05)
        raise AssertionError(f"not {what} in time: {self.log()}")

    def wait_ready(self, workers: int) -> None:
        for _ in self.patiently("ready"):
            answer = self.client.get("/readyz")
            if answer.status_code == 200 and answer.json()["workers"] == workers:
                return

    def workers(self) -> list[psutil.Process]:
        alive = [
            child for child in self.process.children() if child.status() != psutil.STATUS_ZOMBIE
        ]
        return [child for child in alive if "spawn_main" in " ".join(child.cmdline())]

    def match(self, photo: bytes, **parameters: Any) -> httpx.Response:
        """Ask about one photo as it is."""
        headers = {"Content-Type": "application/octet-stream"}
        return self.client.post("/v1/match", content=photo, params=parameters, headers=headers)

    def form(self, *photos: bytes, **fields: Any) -> httpx.Response:
        """Ask about photos in a form."""
        files = [("photo", (f"secret-{i}.jpg", data)) for i, data in enumerate(photos)]
        return self.client.post("/v1/match", files=files, data=fields)

    def metric(self, name: str) -> float:
        for line in self.client.get("/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def end(self) -> int:
        """Ask the server to end; its exit status."""
        self.client.close()
        self.process.terminate()
        return int(self.process.wait(_PATIENCE))


Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """A function that starts a server with some settings and waits until it is ready."""
    running: list[Server] = []

    def start(**settings: object) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), {"workers": 1} | settings)
        running.append(server)
        server.wait_ready(workers=int(str(settings.get("workers", 1))))
        return server

    yield start
    for server in running:
        if server.process.is_running():
            server.end()


@pytest.fixture(scope="session")
def server(serve: Serve) -> Server:
    """A server with one worker and small limits, for all tests that leave it as it is."""
    return serve(max_bytes="2MiB", max_photos=4, max_pixels=4_000_000, queue=50)


@pytest.fixture(scope="session")
def portrait(astronaut: Path) -> bytes:
    """The astronaut's head and shoulders as a JPEG of some kilobytes, quick to answer."""
    with Image.open(astronaut) as image:
        return saved(image.crop((90, 0, 350, 260)), "JPEG", quality=85)


@pytest.fixture(scope="session")
def model() -> starlike.Model:
    """The model that ships, as the library opens it."""
    return starlike.load_model()


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def run_serve(*options: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """The program with options and settings with which it is to end by itself."""
    ours = {f"STARLIKE_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "starlike", "serve", *options],
        env=os.environ | ours,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
