"""Fetch 10,000 small images with `starlike collect`, icrawler and img2dataset from one server.

The server runs on this machine in a process of its own. Each round gives every contender one turn,
in an order that changes, into an empty folder; the table shows medians over the rounds, of the
time of the whole command and of the largest memory that it and its children held together.
starlike checks and decodes every image and notes each in its ledger; img2dataset keeps them as they
are (`--resize_mode no`, as files); icrawler writes the files of a list of addresses.

img2dataset pins libraries of its own, so it is run from another environment: `--img2dataset PATH`.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

CLASSES = 100
_SAMPLED_EVERY = 0.05
# A library of img2dataset's asks for its own updates.
_QUIET = {"NO_ALBUMENTATIONS_UPDATE": "1"}

_SERVER = """
import sys
from aiohttp import web
folder = sys.argv[1]
async def image(request):
    return web.FileResponse(f"{folder}/{request.match_info['name']}")
app = web.Application()
app.add_routes([web.get("/{name}", image)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), print=None, access_log=None)
"""

_ICRAWLER = """
import logging, sys
from icrawler.builtin import UrlListCrawler
crawler = UrlListCrawler(downloader_threads=int(sys.argv[3]), log_level=logging.ERROR,
                         storage={"root_dir": sys.argv[2]})
crawler.crawl(sys.argv[1], max_num=1_000_000)
"""


@dataclass(frozen=True)
class Contender:
    """A command that fetches the list into a folder: `{out}` stands for the folder."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Turn:
    """What one turn came to: seconds, largest memory in bytes, and images that lie there."""

    seconds: float
    memory: int
    images: int


def main() -> None:
    """Time everything, and print a Markdown table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--images", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--at-once", type=int, default=32, help="downloads at a time, for all")
    options.add_argument("--img2dataset", type=Path, help="its program, where it is installed")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place, serving(Path(place), asked.images) as url:
        folder = Path(place)
        lists(folder, url, asked.images)
        contenders = contenders_of(folder, asked.at_once, asked.img2dataset)
        turns: dict[str, list[Turn]] = {contender.name: [] for contender in contenders}
        for number in range(asked.rounds):
            shift = number % len(contenders)
            for contender in contenders[shift:] + contenders[:shift]:
                turns[contender.name].append(run(contender, folder / f"{contender.name}-{number}"))
    print(f"{asked.images:,} images, {asked.at_once} at a time, {asked.rounds} rounds\n")
    print("| | images kept | images a second | beside starlike | largest memory |")
    print("|---|---|---|---|---|")
    own = statistics.median(turn.seconds for turn in turns["starlike collect"])
    for name, of_one in turns.items():
        seconds = statistics.median(turn.seconds for turn in of_one)
        kept = min(turn.images for turn in of_one)
        memory = max(turn.memory for turn in of_one) / 2**20
        row = [name, f"{kept:,}", f"{kept / seconds:,.0f}", f"{own / seconds:.2f}"]
        print("| " + " | ".join([*row, f"{memory:,.0f} MiB"]) + " |")


@contextmanager
def serving(folder: Path, images: int) -> Iterator[str]:
    """A server of so many small images, each different."""
    (folder / "served").mkdir()
    chance = np.random.default_rng(0)
    for number in range(images):
        stream = io.BytesIO()
        pixels = np.kron(chance.integers(0, 256, (16, 16, 3)), np.ones((8, 8, 1)))
        Image.fromarray(pixels.astype(np.uint8)).save(stream, "JPEG", quality=80)
        (folder / "served" / f"{number}.jpg").write_bytes(stream.getvalue())
    port = free_port()
    command = [sys.executable, "-c", _SERVER, str(folder / "served"), str(port)]
    server = subprocess.Popen(command)
    try:
        time.sleep(2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


def lists(folder: Path, url: str, images: int) -> None:
    """Write the addresses, as each contender wants them."""
    urls = [f"{url}/{number}.jpg" for number in range(images)]
    (folder / "urls.txt").write_text("\n".join(urls) + "\n")
    with (folder / "list.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["name", "url"])
        writer.writerows([f"Person {n % CLASSES}", one] for n, one in enumerate(urls))
    names = "\n".join(f"Person {number}" for number in range(CLASSES))
    (folder / "names.txt").write_text(names)


def contenders_of(folder: Path, at_once: int, img2dataset: Path | None) -> list[Contender]:
    """The commands."""
    starlike = ["-m", "starlike", "collect", f"{folder}/names.txt", "--out", "{out}"]
    starlike += ["--source", f"own:{folder}/list.csv", "--per-class", "1000000"]
    starlike += ["--contact", "bench@example.org", "--allow-private", "127.0.0.1", "--rate", "0"]
    starlike += ["--at-once", str(at_once), "--per-host", str(at_once)]
    icrawler = ["-c", _ICRAWLER, f"{folder}/urls.txt", "{out}", str(at_once)]
    found = [
        Contender("starlike collect", [sys.executable, *starlike]),
        Contender("icrawler", [sys.executable, *icrawler]),
    ]
    if img2dataset:
        words = ["--url_list", f"{folder}/urls.txt", "--output_folder", "{out}"]
        words += ["--resize_mode", "no", "--output_format", "files", "--enable_wandb", "False"]
        words += [
            "--processes_count",
            str(os.cpu_count() or 1),
            "--number_sample_per_shard",
            "1000",
        ]
        words += ["--thread_count", str(at_once), "--retries", "3"]
        found.append(Contender("img2dataset", [str(img2dataset), *words]))
    return found


def run(contender: Contender, out: Path) -> Turn:
    """One turn."""
    command = [word.replace("{out}", str(out)) for word in contender.command]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | _QUIET
    )
    memory = Memory(process.pid)
    memory.start()
    _, err = process.communicate()
    seconds = time.perf_counter() - began
    memory.join()
    if process.returncode:
        raise SystemExit(f"{contender.name} failed: {err.decode()[-2000:]}")
    images = sum(1 for file in out.rglob("*.jpg") if ".collect" not in file.parts)
    return Turn(seconds, memory.largest, images)


class Memory(threading.Thread):
    """Watches what a process and its children hold, until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process, self.largest = psutil.Process(pid), 0

    def run(self) -> None:
        """Look again and again."""
        while True:
            try:
                every = [self._process, *self._process.children(recursive=True)]
                if self._process.status() == psutil.STATUS_ZOMBIE:
                    return
                self.largest = max(self.largest, sum(one.memory_info().rss for one in every))
            except psutil.Error:
                if not self._process.is_running():
                    return
            time.sleep(_SAMPLED_EVERY)


if __name__ == "__main__":
    main()
