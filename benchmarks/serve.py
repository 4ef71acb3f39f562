"""Load `starlike serve` at twice what it can carry, and compare it with a plain handler.

First `starlike serve` and a plain FastAPI handler that calls `face_recognition` are asked in turns
by two clients a worker. Then `starlike serve` is sent twice as many requests a second as it had
answered, whatever becomes of them: every response must be the right answer or a clean 503.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import io
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
from fastapi import FastAPI, UploadFile
from PIL import Image

from starlike.faces import make_encoder

ASTRONAUT = Path(__file__).parents[1] / "tests" / "photos" / "astronaut.jpg"
FIRST_PORT = 18_400
PATIENCE = 120.0
MEBIBYTE = 2**20


def plain_app() -> FastAPI:
    """The handler that one writes first: find and encode the faces of an uploaded photo."""
    make_encoder("reference")  # mends the import of the library's models
    library: Any = importlib.import_module("face_recognition")
    app = FastAPI()

    @app.post("/encode")
    def encode(photo: Annotated[UploadFile, ...]) -> list[list[float]]:
        pixels = library.load_image_file(photo.file)
        return [vector.tolist() for vector in library.face_encodings(pixels)]

    return app


@dataclass(frozen=True)
class Server:
    """A server that runs: its name, its process, and how to ask it about a photo."""

    name: str
    process: psutil.Process
    url: str

    def memory(self) -> int:
        """Resident bytes of all its processes; pages that they share count for each."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_info().rss for process in family)


@contextmanager
def running(name: str, port: int, words: Sequence[str], path: str, ready: str) -> Iterator[Server]:
    """A server from when it is ready until the block ends."""
    process = psutil.Popen(
        [sys.executable, *words],
        env=os.environ | {"STARLIKE_RATE": "0", "STARLIKE_LOG_LEVEL": "error"},
        stdout=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(f"{base}{ready}")
        yield Server(name, process, f"{base}{path}")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_until_ready(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"{url} is not ready in time")


def starlike_server(port: int, workers: int) -> Any:
    """`starlike serve` with so many workers."""
    words = ["-m", "starlike", "serve", "--port", str(port), "--workers", str(workers)]
    return running(f"starlike serve, {workers} workers", port, words, "/v1/match", "/readyz")


def plain_server(port: int, workers: int) -> Any:
    """The plain handler under Uvicorn, in so many processes."""
    words = ["-m", "uvicorn", "serve:plain_app", "--factory", "--log-level", "error"]
    words += ["--app-dir", str(Path(__file__).parent), "--port", str(port)]
    words += ["--workers", str(workers)] if workers > 1 else []
    plural = "es" if workers > 1 else ""
    return running(f"plain handler, {workers} process{plural}", port, words, "/encode", "/docs")


@dataclass
class Load:
    """What came of some requests: their statuses, and the seconds of those answered."""

    seconds: list[float] = field(default_factory=list)
    refused_seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, share: int) -> float:
        """Milliseconds within which this share of the answers came, in percent."""
        if len(self.seconds) < 2:
            return float("nan")
        return 1000 * statistics.quantiles(self.seconds, n=100, method="inclusive")[share - 1]


Ask = Callable[[], Awaitable[None]]


def asking(client: httpx.AsyncClient, server: Server, photo: bytes, right: Any, load: Load) -> Ask:
    """A function that asks once and notes what came of it."""

    async def ask() -> None:
        start = time.perf_counter()
        try:
            response = await client.post(server.url, files={"photo": ("x.jpg", photo)})
        except httpx.TransportError as error:
            load.statuses[type(error).__name__] += 1
            return
        seconds = time.perf_counter() - start
        if response.status_code == 200 and response.json() == right:
            load.statuses["right answer"] += 1
            load.seconds.append(seconds)
        elif _is_clean_refusal(response):
            load.statuses["clean 503"] += 1
            load.refused_seconds.append(seconds)
        else:
            load.statuses[f"wrong: {response.status_code}"] += 1

    return ask


def _is_clean_refusal(response: httpx.Response) -> bool:
    return (
        response.status_code == 503
        and response.headers.get("content-type") == "application/problem+json"
        and response.json()["code"] == "busy"
        and int(response.headers["retry-after"]) >= 1
    )


async def closed_loop(
    server: Server, photo: bytes, right: Any, *, clients: int, duration: float, load: Load
) -> None:
    """So many clients, each of whom asks again as soon as there is an answer."""
    start = time.perf_counter()
    # A connection a request: several processes of a server then share them out evenly.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        ask = asking(client, server, photo, right, load)

        async def go_on() -> None:
            while time.perf_counter() - start < duration:
                await ask()

        await asyncio.gather(*(go_on() for _ in range(clients)))
    load.elapsed += time.perf_counter() - start


async def open_loop(
    server: Server, photo: bytes, right: Any, *, rate: float, duration: float
) -> tuple[Load, list[int]]:
    """So many requests a second, whatever becomes of them; and the memory at each second."""
    load = Load()
    memory: list[int] = []
    tasks: list[asyncio.Future[None]] = []
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        ask = asking(client, server, photo, right, load)
        start = time.perf_counter()
        for number in range(round(rate * duration)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            tasks.append(asyncio.ensure_future(ask()))
            if number >= len(memory) * rate:
                memory.append(server.memory())
        await asyncio.gather(*tasks)
        load.elapsed = time.perf_counter() - start
    return load, memory


def scaled(file: Path, longest: int) -> bytes:
    """A photo as a JPEG, its longer side so many pixels."""
    with Image.open(file) as image:
        scale = longest / max(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        stream = io.BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(stream, "JPEG", quality=92)
    return stream.getvalue()


def first_answer(server: Server, photo: bytes) -> Any:
    """What the server says of a photo while nobody else asks."""
    response = httpx.post(server.url, files={"photo": ("x.jpg", photo)}, timeout=PATIENCE)
    response.raise_for_status()
    return response.json()


def throughput(servers: Sequence[Server], photo: bytes, side: int, options: Any) -> None:
    """Ask all servers in turns and print what they reached."""
    loads = [Load() for _ in servers]
    right = [first_answer(server, photo) for server in servers]
    for _ in range(options.rounds):
        for server, expected, load in zip(servers, right, loads, strict=True):
            one_turn(server, photo, expected, options, load)
    for server, load in zip(servers, loads, strict=True):
        times = load.rate / min(other.rate for other in loads)
        print(
            f"| {side} | {server.name} | {load.rate:.1f} | {times:.1f} | "
            f"{load.percentile(50):.0f} | {load.percentile(95):.0f} |"
        )


def one_turn(server: Server, photo: bytes, right: Any, options: Any, load: Load) -> None:
    """Ask a server for a turn, by two clients a worker."""
    clients = 2 * options.workers
    asyncio.run(
        closed_loop(server, photo, right, clients=clients, duration=options.turn, load=load)
    )


def overload(server: Server, photo: bytes, options: Any) -> None:
    """Send twice as many requests as are answered, and print what becomes of them."""
    right = first_answer(server, photo)
    carried = Load()
    one_turn(server, photo, right, options, carried)
    rate = 2 * carried.rate
    load, memory = asyncio.run(
        open_loop(server, photo, right, rate=rate, duration=options.duration)
    )
    sent = sum(load.statuses.values())
    print(f"\n{sent:,} requests in {options.duration:.0f} s, {rate:.1f} a second\n")
    print("| | |\n|---|---:|")
    for status, count in load.statuses.most_common():
        print(f"| {status} | {count:,} ({100 * count / sent:.1f} %) |")
    print(f"| answers a second | {load.rate:.1f} |")
    for share in (50, 95, 99):
        print(f"| {share} % of the answers within | {load.percentile(share):.0f} ms |")
    print(f"| slowest answer | {1000 * max(load.seconds):.0f} ms |")
    if load.refused_seconds:
        print(f"| median refusal | {1000 * statistics.median(load.refused_seconds):.0f} ms |")
    for name, at in (("first", 0), ("half-way", len(memory) // 2), ("last", -1)):
        print(f"| memory, {name} second | {memory[at] / MEBIBYTE:.0f} MiB |")
    print(f"| memory, most | {max(memory) / MEBIBYTE:.0f} MiB |")


def main() -> None:
    """Run both parts and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("photo", nargs="?", type=Path, default=ASTRONAUT)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each server")
    parser.add_argument("--turn", type=float, default=10.0, help="seconds of a turn")
    parser.add_argument("--duration", type=float, default=120.0, help="seconds of overload")
    parser.add_argument("--sides", type=int, nargs="+", default=[512, 1280], help="pixels")
    options = parser.parse_args()
    photos = {side: scaled(options.photo, side) for side in options.sides}
    with ExitStack() as stack:
        ours = stack.enter_context(starlike_server(FIRST_PORT, options.workers))
        plain = [
            stack.enter_context(plain_server(FIRST_PORT + 1 + number, workers))
            for number, workers in enumerate(sorted({1, options.workers}))
        ]
        print("| pixels | server | answers/s | times | median ms | 95 % ms |")
        print("|---:|---|---:|---:|---:|---:|")
        for side, photo in photos.items():
            throughput([ours, *plain], photo, side, options)
    with starlike_server(FIRST_PORT, options.workers) as fresh:
        overload(fresh, photos[options.sides[-1]], options)


if __name__ == "__main__":
    main()
