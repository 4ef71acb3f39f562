"""What the tests of the page share: the real server, a real browser, and photos."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

Serve = Callable[..., str]
Launch = Callable[..., Browser]
Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def serve(cache: Path) -> Iterator[Serve]:
    """A function that starts the program with settings, once for the same, and gives its address.

    By default it has one worker and lets a client ask as often as it likes.
    """
    running: dict[str, tuple[subprocess.Popen[str], str]] = {}

    def start(**settings: str) -> str:
        given = {"WORKERS": "1", "RATE": "0", "PORT": "0"} | settings
        key = repr(sorted(given.items()))
        if key not in running:
            process = subprocess.Popen(
                [sys.executable, "-m", "starlike", "serve"],
                env=os.environ
                | {"STARLIKE_CACHE": str(cache)}
                | {f"STARLIKE_{name}": value for name, value in given.items()},
                stderr=subprocess.PIPE,
                text=True,
            )
            running[key] = process, _address(process)
        return running[key][1]

    yield start
    for process, _ in running.values():
        process.terminate()
        assert process.wait(30) == 0


def _address(process: subprocess.Popen[str]) -> str:
    """Where a server listens, by its own word; what it says later is read and let go."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if found := re.search(r"listening on (http://\S+)", line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1]
    raise AssertionError("the server did not start: " + "".join(said))


@pytest.fixture(scope="package")
def server(serve: Serve) -> str:
    """The address of a server with the model that ships."""
    return serve()


@pytest.fixture(scope="package")
def launch() -> Iterator[Launch]:
    """A function that starts Debian's Chromium with more flags, once for the same.

    It ends with the tests of the page: Playwright keeps an event loop running, beside which
    others cannot run theirs.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a browser: apt-get install chromium")
        pytest.skip("no browser here: apt-get install chromium")
    with sync_playwright() as playwright:
        running: dict[tuple[str, ...], Browser] = {}

        def start(*flags: str) -> Browser:
            if flags not in running:
                running[flags] = playwright.chromium.launch(
                    executable_path=chromium, args=[*FLAGS, *flags]
                )
            return running[flags]

        yield start
        for browser in running.values():
            browser.close()


@pytest.fixture
def visit(launch: Launch, server: str) -> Iterator[Visit]:
    """A function that opens the page in a new window of the browser.

    Whatever a test does on it: nothing but loopback is asked for anything, nothing offends against
    the Content-Security-Policy, and no script fails.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A refusal by the server, which tests ask for, is told there too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def open_page(
        path: str = "/", *, at: str | None = None, flags: tuple[str, ...] = (), **options: Any
    ) -> Page:
        context = launch(*flags).new_context(**{"reduced_motion": "reduce"} | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", heard)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda request: _check_host(request.url, faults))
        page = context.new_page()
        page.goto((at or server) + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _check_host(url: str, faults: list[str]) -> None:
    address = urlsplit(url)
    if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
        faults.append(f"a request to {address.hostname}")


def choose(page: Page, *photos: Path) -> None:
    """Choose photos on the start, to be compared with everybody."""
    page.get_by_role("radio", name="Everybody").check()
    page.set_input_files("#photo", list(photos))


def wait_for(page: Page, room: str) -> None:
    """Wait until the page shows one of: start, waiting, trouble, result."""
    page.wait_for_selector(f"body[data-state={room}]")


def until(page: Page, condition: str) -> None:
    """Wait until an expression in the page is true.

    Playwright's own way evaluates text within the page, which the page forbids.
    """
    for _ in range(PATIENCE_MS // 50):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it did not come to be that {condition}")


def headline(page: Page) -> str:
    return page.locator("#result .headline").inner_text()


def names(page: Page) -> list[str]:
    """The stars of the list, from the first on."""
    return page.locator(".row .row-name").all_inner_texts()


def get(url: str) -> tuple[dict[str, str], str]:
    """Headers, with their names in lower case, and text of a page as it is sent."""
    with urlopen(url) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return headers, response.read().decode()


@pytest.fixture(scope="session")
def two_faces(astronaut: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The astronaut beside her mirror image."""
    with Image.open(astronaut) as portrait:
        canvas = Image.new("RGB", (1024, 512))
        canvas.paste(portrait, (0, 0))
        canvas.paste(ImageOps.mirror(portrait), (512, 0))
    file = tmp_path_factory.mktemp("photos") / "two.jpg"
    canvas.save(file, quality=92)
    return file


@pytest.fixture(scope="session")
def no_face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of nothing but colours."""
    file = tmp_path_factory.mktemp("photos") / "sky.png"
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(file)
    return file


@pytest.fixture(scope="session")
def darker(astronaut: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another photo of the astronaut, or nearly so."""
    file = tmp_path_factory.mktemp("photos") / "darker.jpg"
    with Image.open(astronaut) as portrait:
        portrait.crop((40, 0, 500, 460)).point(lambda value: round(value * 0.8)).save(file)
    return file


@pytest.fixture
def answered(visit: Visit, astronaut: Path) -> Page:
    """The page with the answer to one photo of one face."""
    page = visit()
    choose(page, astronaut)
    wait_for(page, "result")
    return page
