"""What the page says when there is no answer, and what it does about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.server.page.conftest import Serve, Visit, choose, names, wait_for


def _title(page: Page) -> str:
    return page.locator("#trouble-words h1").inner_text()


def test_no_face(visit: Visit, no_face: Path, astronaut: Path) -> None:
    page = visit()
    page.on("filechooser", lambda chooser: chooser.set_files(astronaut))
    choose(page, no_face)
    wait_for(page, "trouble")
    assert _title(page) == "We could not find a face"
    expect(page.locator("#trouble")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("Try a photo with the face seen from the front")
    page.get_by_role("button", name="Choose another photo").click()
    wait_for(page, "result")


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("letter.jpg", b"Dear star,", "That is not a photo we can read"),
        ("empty.jpg", b"", "There is nothing in this file"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1", "This photo seems to be damaged"),
    ],
)
def test_a_wrong_file(visit: Visit, tmp_path: Path, name: str, content: bytes, title: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    page = visit()
    choose(page, file)
    wait_for(page, "trouble")
    assert _title(page) == title


@pytest.mark.parametrize(
    ("beginning", "title"),
    [
        (b"", "That is not a photo we can read"),
        (b"\0\0\0\x20ftypisom", "That is not a photo we can read"),
        (b"\0\0\0\x18ftypheic", "This photo is too large"),
        (b"MM\0*\0\0\0\x08", "This photo is too large"),
        (b"II*\0\x08\0\0\0", "This photo is too large"),
    ],
    ids=["nothing", "film", "HEIC", "TIFF", "TIFF of a PC"],
)
def test_a_file_that_is_too_large_and_cannot_be_drawn_is_not_sent(
    visit: Visit, tmp_path: Path, beginning: bytes, title: str
) -> None:
    file = tmp_path / "large"
    with file.open("wb") as stream:
        stream.write(beginning)
        stream.truncate(17 * 2**20)
    page = visit()
    page.route("**/match", lambda route: route.abort())
    choose(page, file)
    wait_for(page, "trouble")
    assert _title(page) == title


def test_too_many_photos(visit: Visit, astronaut: Path) -> None:
    page = visit()
    choose(page, *[astronaut] * 9)
    wait_for(page, "trouble")
    assert _title(page) == "That is a lot of photos"


def test_a_photo_beyond_the_limits_is_made_smaller_and_stays_upright(
    serve: Serve, visit: Visit, astronaut: Path, tmp_path: Path
) -> None:
    file = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(astronaut) as portrait:
        # A camera held on its side: the pixels lie turned left, and EXIF says turn them right.
        portrait.crop((0, 0, 400, 512)).rotate(90, expand=True).save(file, exif=exif)
    page = visit(at=serve(MAX_PIXELS="150000"))
    with page.expect_response("**/match") as asked:
        choose(page, file)
    found = re.search(r'data-size="(\d+) (\d+)"', asked.value.text())
    assert found
    width, height = map(int, found.groups())
    assert width * height <= 150_000
    assert width < height
    wait_for(page, "result")


def test_a_photo_that_the_browser_cannot_draw_is_sent_as_it_is(
    visit: Visit, astronaut: Path, tmp_path: Path
) -> None:
    import pillow_heif  # noqa: PLC0415  heavy

    file = tmp_path / "photo.heic"
    with Image.open(astronaut) as portrait:
        pillow_heif.from_pillow(portrait).save(file, quality=90)
    page = visit()
    choose(page, file)
    wait_for(page, "result")
    assert len(names(page)) == 5
    expect(page.locator(".blind")).to_contain_text("your browser cannot show this kind of photo")


def _busy_once(page: Page, *, retry_after: int) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(
            status=503,
            headers={"Retry-After": str(retry_after), "Content-Type": "application/problem+json"},
            body='{"code": "busy"}',
        )

    page.route("**/match", refuse, times=1)


def test_while_the_server_is_busy_the_page_waits_and_asks_again(
    visit: Visit, astronaut: Path
) -> None:
    page = visit()
    _busy_once(page, retry_after=1)
    choose(page, astronaut)
    expect(page.locator("#waiting-title")).to_have_text("Many people are asking right now")
    expect(page.locator("#waiting-text")).to_contain_text("Trying again in 1 s")
    wait_for(page, "result")


def test_who_does_not_want_to_wait_asks_at_once(visit: Visit, astronaut: Path) -> None:
    page = visit()
    _busy_once(page, retry_after=50)
    choose(page, astronaut)
    page.get_by_role("button", name="Try now").click()
    wait_for(page, "result")


def test_a_server_without_room_is_waited_for_until_one_stops(
    serve: Serve, visit: Visit, astronaut: Path
) -> None:
    page = visit(at=serve(MEMORY="1"))
    choose(page, astronaut)
    expect(page.locator("#waiting-title")).to_have_text("Many people are asking right now")
    page.get_by_role("button", name="Stop").click()
    wait_for(page, "start")


def test_a_client_who_asks_too_often_is_told(serve: Serve, visit: Visit, no_face: Path) -> None:
    page = visit(at=serve(RATE="1"))
    choose(page, no_face)
    wait_for(page, "trouble")
    page.set_input_files("#photo", no_face)
    expect(page.locator("#waiting-title")).to_have_text("One moment, please")


def test_offline_and_online_again(visit: Visit, astronaut: Path) -> None:
    page = visit()
    page.context.set_offline(True)
    choose(page, astronaut)
    wait_for(page, "trouble")
    assert _title(page) == "You seem to be offline"
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    wait_for(page, "result")


def test_an_answer_that_came_too_late_is_not_shown(visit: Visit, astronaut: Path) -> None:
    page = visit()
    page.route("**/match", lambda _: None, times=1)
    choose(page, astronaut)
    expect(page.locator("#waiting-title")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    wait_for(page, "start")
    expect(page.locator("#result")).to_be_hidden()
