"""The ways to give a photo: drop, paste, camera, keyboard."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from tests.server.page.conftest import Visit, choose, headline, names, until, wait_for

# Makes a transfer of files as the system's clipboard or pointer would bring it.
_TRANSFER = """
([kind, data]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  transfer.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  const target = document.querySelector("h1");
  if (kind === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
    return;
  }
  for (const name of kind) {
    target.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: transfer }));
  }
}
"""


# Notes the names of files that are sent.
_NOTE_NAMES = """
const send = window.fetch;
window.fetch = (address, options) => {
  window.sent = options.body.getAll("photo").map((file) => file.name);
  return send(address, options);
};
null;
"""


def bring(page: Page, kind: str | list[str], photo: Path) -> None:
    page.evaluate(_TRANSFER, [kind, base64.b64encode(photo.read_bytes()).decode()])


def test_a_photo_is_pasted(visit: Visit, astronaut: Path) -> None:
    page = visit()
    bring(page, "paste", astronaut)
    wait_for(page, "result")
    assert len(names(page)) == 5


def test_a_photo_is_dropped_anywhere(visit: Visit, astronaut: Path) -> None:
    page = visit()
    bring(page, ["dragenter"], astronaut)
    expect(page.locator("#dropping")).to_be_visible()
    bring(page, ["dragover", "drop"], astronaut)
    expect(page.locator("#dropping")).to_be_hidden()
    wait_for(page, "result")


def test_a_photo_that_is_carried_away_again_is_not_taken(visit: Visit, astronaut: Path) -> None:
    page = visit()
    bring(page, ["dragenter", "dragleave"], astronaut)
    expect(page.locator("#dropping")).to_be_hidden()
    wait_for(page, "start")


def test_the_name_of_the_file_is_not_sent(visit: Visit, astronaut: Path, tmp_path: Path) -> None:
    file = tmp_path / "me-at-the-sea.jpg"
    file.write_bytes(astronaut.read_bytes())
    page = visit()
    page.evaluate(_NOTE_NAMES)
    choose(page, file)
    wait_for(page, "result")
    assert page.evaluate("sent") == ["photo"]


def test_the_page_is_used_by_keyboard_alone(visit: Visit, two_faces: Path) -> None:
    page = visit()
    page.on("filechooser", lambda chooser: chooser.set_files(two_faces))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.locator("#photo").focus()
    page.keyboard.press("Enter")
    wait_for(page, "result")
    expect(page.locator("#result .spot")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("looks like")
    second = page.get_by_role("button", name="Face 2 of 2")
    for _ in range(20):
        if second.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-pressed", "true")
    before = headline(page)
    page.get_by_role("radio", name="Everybody").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Everybody")).not_to_be_checked()
    expect(page.locator("#result .headline")).not_to_have_text(before)


@pytest.fixture(scope="session")
def film(astronaut: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Chromium's camera for tests shows: the astronaut, motionless, 640×480."""
    stream = io.BytesIO()
    with Image.open(astronaut) as portrait:
        ImageOps.pad(portrait, (640, 480)).save(stream, "JPEG", quality=95)
    file = tmp_path_factory.mktemp("film") / "astronaut.mjpeg"
    file.write_bytes(stream.getvalue() * 5)
    return file


def _with_camera(film: Path) -> tuple[str, ...]:
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )


# Notes the camera's tracks, to see whether they were stopped.
_NOTE_TRACKS = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.tracks = [];
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted);
  window.tracks.push(...stream.getTracks());
  return stream;
};
null;
"""


def _open_camera(visit: Visit, film: Path, **options: object) -> Page:
    page = visit(flags=_with_camera(film), **options)
    page.evaluate(_NOTE_TRACKS)
    page.get_by_role("radio", name="Everybody").check()
    page.get_by_role("button", name="Take a photo").click()
    expect(page.get_by_role("button", name="Take the photo")).to_be_enabled()
    return page


def _states(page: Page) -> list[str]:
    states: list[str] = page.evaluate("tracks.map((track) => track.readyState)")
    return states


@pytest.mark.parametrize(
    "viewport", [{"width": 1280, "height": 800}, {"width": 360, "height": 740}]
)
def test_a_photo_is_taken_with_the_camera(
    visit: Visit, film: Path, viewport: dict[str, int]
) -> None:
    page = _open_camera(visit, film, viewport=viewport)
    video = page.locator("#viewfinder")
    assert video.evaluate("video => getComputedStyle(video).scale") == "-1 1", "as in a mirror"
    assert _states(page) == ["live"]
    page.get_by_role("button", name="Take the photo").click()
    wait_for(page, "result")
    assert len(names(page)) == 5
    assert _states(page) == ["ended"]
    expect(page.locator("#camera")).to_be_hidden()


@pytest.mark.parametrize("how", ["Cancel", "Escape"])
def test_the_camera_is_off_when_nobody_takes_a_photo(visit: Visit, film: Path, how: str) -> None:
    page = _open_camera(visit, film)
    if how == "Cancel":
        page.get_by_role("button", name="Cancel").click()
    else:
        page.keyboard.press("Escape")
    expect(page.locator("#camera")).to_be_hidden()
    until(page, "tracks.every((track) => track.readyState === 'ended')")
    wait_for(page, "start")


def test_without_a_camera_the_page_says_so(visit: Visit) -> None:
    page = visit(permissions=[])
    page.get_by_role("button", name="Take a photo").click()
    wait_for(page, "trouble")
    expect(page.locator("#trouble-words h1")).to_have_text("We found no camera")
    expect(page.locator("#camera")).to_be_hidden()
