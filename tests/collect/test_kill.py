"""A run that is killed, again and again, and one that is asked to stop."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from starlike.collect import ledger, read_people
from starlike.files import manifest
from tests.collect.test_crawl import World
from tests.web.stand_in.images import Images, jpeg
from tests.web.stand_in.server import StandIn

PEOPLE, EACH, AT_ONCE, KILLS = 5, 60, 6, 20

Start = Callable[[Path], subprocess.Popen[bytes]]


@pytest.fixture
def world(manners: Any, tmp_path: Path) -> Iterator[World]:
    """Five people with sixty addresses each, of which every kind goes wrong now and then."""
    images = Images()

    async def image(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        await asyncio.sleep(0.005 * (number % 4))
        if number % 7 == 3:
            raise web.HTTPNotFound
        return web.Response(body=jpeg(number - number % 2 if number % 5 == 0 else number))

    with StandIn([web.get("/image/{number}", image), *images.routes()]) as server:
        world = World(server, images, manners, tmp_path)
        names = [f"Person {number}" for number in range(PEOPLE)]
        world.lists(
            *(
                (name, f"image/{place * 100 + n}")
                for place, name in enumerate(names)
                for n in range(EACH)
            ),
            *((name, "bad/page") for name in names),
            *((name, "bad/fails") for name in names),
        )
        (tmp_path / "names.txt").write_text("\n".join(names))
        yield world


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Start]:
    """A function that starts `starlike collect` into a folder."""
    running: list[subprocess.Popen[bytes]] = []

    def run(out: Path) -> subprocess.Popen[bytes]:
        words = ["collect", tmp_path / "names.txt", "--out", out, "--per-class", 45]
        words += ["--source", f"own:{world.list}", "--contact", "tests@example.org"]
        words += ["--allow-private", "127.0.0.1", "--rate", 0, "--at-once", AT_ONCE]
        process = subprocess.Popen(
            [sys.executable, "-m", "starlike", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"COLUMNS": "200"},
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def without_times(out: Path) -> list[dict[str, Any]]:
    return [{**row, "fetched_at": None} for row in manifest.read(out)]


def settled(out: Path) -> set[str]:
    """The addresses that the ledger has done with, as another program may read them."""
    if not (out / ledger.FILE_NAME).exists():
        return set()
    connection = sqlite3.connect(out / ledger.FILE_NAME)
    try:
        rows = connection.execute("SELECT image_url FROM images WHERE status IS NOT NULL")
        return {row[0] for row in rows}
    except sqlite3.OperationalError:  # killed before its tables were made
        return set()
    finally:
        connection.close()


def wait_for(asked: Callable[[], int], more: int, process: subprocess.Popen[bytes]) -> None:
    enough, deadline = asked() + more, time.monotonic() + 60
    while asked() < enough and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.slow
def test_killed_at_twenty_random_moments_it_ends_as_if_nothing_had_been(
    world: World, start: Start, tmp_path: Path
) -> None:
    undisturbed = tmp_path / "undisturbed"
    process = start(undisturbed)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    world.server.asked.clear()

    chance = random.Random(4)
    for _ in range(KILLS):
        done = settled(world.out)
        asked_before = Counter(world.asked())
        process = start(world.out)
        wait_for(lambda: len(world.server.asked), chance.randrange(18), process)
        time.sleep(chance.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
        again = {path for path, count in world.asked().items() if count > asked_before[path]}
        assert not again & {url.removeprefix(world.server.url) for url in done}

    last = start(world.out)
    _, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert without_times(world.out) == without_times(undisturbed)
    assert world.agrees()
    # What was on its way when the run was killed is asked for again, and nothing else.
    fetched = {path: count for path, count in world.asked().items() if path.startswith("/image/")}
    assert sum(fetched.values()) - len(fetched) <= KILLS * AT_ONCE


def test_asked_to_stop_it_ends_cleanly_and_goes_on_later(world: World, start: Start) -> None:
    process = start(world.out)
    wait_for(lambda: len(world.server.asked), 40, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert world.agrees()
    before = len(world.rows())
    assert before > 0
    process = start(world.out)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert world.agrees()
    assert len(world.rows()) > before
    people = read_people(world.folder / "names.txt")
    assert Counter(row["class"] for row in world.rows() if row["image"]) == {
        person.name: 45 for person in people
    }
