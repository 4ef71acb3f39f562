"""Take the pictures of the page: `python docs/screenshots.py [FOLDER]`, with Chromium installed.

They show the real page of a server started here, asked about the one photo in the repository,
which is in the public domain.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parent
PHOTO = DOCS.parent / "tests" / "photos" / "astronaut.jpg"
SHARED_WIDTH = 480
COLOURS = 256


@contextmanager
def serving() -> Iterator[str]:
    """A server with the model that ships, as its address."""
    command = [sys.executable, "-m", "starlike", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"listening on (http://\S+)", line):
                    yield found[1]
                    break
        finally:
            process.terminate()


@contextmanager
def browsing(film: Path) -> Iterator[Browser]:
    """Chromium, whose camera shows a film."""
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield browser
        browser.close()


def make_photos(folder: Path) -> tuple[Path, Path, Path]:
    """Two faces, none, and what the camera films."""
    two, none, film = (folder / name for name in ("two.jpg", "none.png", "film.mjpeg"))
    with Image.open(PHOTO) as portrait:
        both = Image.new("RGB", (portrait.width * 2, portrait.height))
        both.paste(portrait, (0, 0))
        both.paste(ImageOps.mirror(portrait), (portrait.width, 0))
        both.save(two, quality=92)
        frame = io.BytesIO()
        ImageOps.fit(portrait, (640, 480), centering=(0.5, 0)).save(frame, "JPEG", quality=95)
    film.write_bytes(frame.getvalue() * 5)
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(none)
    return two, none, film


def save(picture: bytes, file: Path, width: int) -> None:
    """Save a PNG, not wider than so many pixels, in as many colours as a small file has."""
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("RGB")
    small.thumbnail((width, small.height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, kmeans=8).save(file, optimize=True)
    print(file, *small.size)  # noqa: T201


def ask(page: Page, photo: Path, room: str = "result") -> None:
    """Ask about a photo among everybody, and wait for what comes of it."""
    page.get_by_role("radio", name="Everybody").check()
    page.set_input_files("#photo", photo)
    page.wait_for_selector(f"body[data-state={room}]")
    page.wait_for_load_state("networkidle")


def compare(page: Page, other: Path) -> None:
    """Compare the photo with another, and wait for the answer."""
    page.goto(f"{page.url}compare")
    page.set_input_files("#photo", [PHOTO, other])
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_selector("body[data-state=result]")


def look_into_the_camera(page: Page) -> None:
    """Open the camera, and wait until it can take a photo."""
    page.get_by_role("button", name="Take a photo").click()
    page.locator("#shutter:enabled").wait_for()


def shared(page: Page) -> bytes:
    """The picture to share."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a picture").click()
    return download.value.path().read_bytes()


def take_all(folder: Path) -> None:
    """Take every picture of docs/page.md."""
    with tempfile.TemporaryDirectory() as temporary:
        two, none, film = make_photos(Path(temporary))
        with serving() as address, browsing(film) as browser:

            def shot(
                name: str, do: Callable[[Page], object], width: int, *, whole: bool, **options: Any
            ) -> Page:
                page = browser.new_page(**{"reduced_motion": "reduce", **options})
                page.goto(address)
                do(page)
                save(page.screenshot(full_page=whole), folder / f"page-{name}.png", width)
                return page

            def of(photo: Path, room: str = "result") -> Callable[[Page], None]:
                return lambda page: ask(page, photo, room)

            wide, flat = {"width": 1110, "height": 700}, {"width": 1200, "height": 800}
            phone = {"width": 360, "height": 740}
            shot("start", lambda _: None, 1000, whole=True, viewport={"width": 1200, "height": 830})
            page = shot("result", of(PHOTO), 740, whole=True, viewport=wide)
            save(shared(page), folder / "page-share.png", SHARED_WIDTH)
            shot("dark", of(PHOTO), 740, whole=True, viewport=wide, color_scheme="dark")
            shot("faces", of(two), 840, whole=True, viewport={"width": 1120, "height": 700})
            shot("phone", of(PHOTO), 540, whole=False, viewport=phone, device_scale_factor=1.5)
            shot("compare", lambda p: compare(p, two), 740, whole=True, viewport=wide)
            shot("camera", look_into_the_camera, 900, whole=False, viewport=flat)
            shot("no-face", of(none, "trouble"), 900, whole=False, viewport=flat)


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "images"
    place.mkdir(parents=True, exist_ok=True)
    take_all(place)
