"""The page without JavaScript, and what its addresses send."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from starlike.model import wording
from tests.server.page.conftest import Serve, Visit, choose, get
from tests.server.page.test_page_look import PHONE, faults


def _ask(page: Page, *photos: Path) -> None:
    choose(page, *photos)
    page.get_by_role("button", name="Find my star").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_photo_is_answered_without_javascript(visit: Visit, astronaut: Path, scheme: str) -> None:
    page = visit(java_script_enabled=False, color_scheme=scheme)
    expect(page.get_by_role("button", name="Take a photo")).to_be_hidden()
    _ask(page, astronaut)
    expect(page.locator(".eyebrow")).to_have_text("You look like")
    expect(page.locator(".row")).to_have_count(5)
    expect(page.locator(".headline")).to_have_text(page.locator(".row-name").first.inner_text())
    expect(page.locator("svg.face")).to_be_visible()
    expect(page.locator(".plain-box")).to_have_count(1)


def test_it_says_the_same_as_with_javascript(visit: Visit, astronaut: Path) -> None:
    seen = []
    for enabled in (True, False):
        page = visit(java_script_enabled=enabled)
        if enabled:
            choose(page, astronaut)
        else:
            _ask(page, astronaut)
        page.locator(".headline:visible").wait_for()
        page.locator(".numbers summary").click()
        told = page.locator(".spot-text, .duo, .five, .yours h2").all_inner_texts()
        seen.append([re.sub(r"\s+", " ", text).strip() for text in told])
    assert len(seen[0]) == 4
    assert seen[0] == seen[1]


def test_every_face_and_several_photos_are_answered_without_javascript(
    visit: Visit, astronaut: Path, two_faces: Path, no_face: Path
) -> None:
    page = visit(java_script_enabled=False)
    _ask(page, two_faces)
    expect(page.locator(".headline")).to_have_count(2)
    page.get_by_role("link", name="Start again").click()
    _ask(page, astronaut, no_face)
    expect(page.locator(".headline")).to_have_count(1)
    expect(page.locator(".gist")).to_have_text(wording.together(2, 1))
    expect(page.locator(".shot-note")).to_have_text("Left out: we could not find a face")


def test_trouble_is_told_without_javascript(visit: Visit, no_face: Path, tmp_path: Path) -> None:
    page = visit(java_script_enabled=False)
    _ask(page, no_face)
    expect(page.get_by_role("heading", level=1)).to_have_text("We could not find a face")
    page.get_by_role("link", name="Choose another photo").click()
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear star,")
    _ask(page, letter)
    expect(page.get_by_role("heading", level=1)).to_have_text("That is not a photo we can read")


def test_a_busy_server_says_so_without_javascript(
    serve: Serve, visit: Visit, astronaut: Path
) -> None:
    page = visit(at=serve(MEMORY="1"), java_script_enabled=False)
    with page.expect_response("**/match") as asked:
        _ask(page, astronaut)
    assert asked.value.status == 503
    assert int(asked.value.headers["retry-after"]) > 0
    expect(page.get_by_role("heading", level=1)).to_have_text("Many people are asking right now")


def test_axe_finds_no_serious_fault_in_the_plain_answer(visit: Visit, astronaut: Path) -> None:
    # axe needs JavaScript; the answer is of the plain form all the same.
    page = visit(viewport=PHONE)
    page.evaluate("document.documentElement.classList.remove('js')")
    page.set_input_files("#photo", [])
    html = _posted(page, astronaut)
    page.set_content(html)
    expect(page.locator(".row")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert faults(page) == []


def _posted(page: Page, photo: Path) -> str:
    response = page.request.post(
        page.url + "match",
        multipart={
            "photo": {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
        },
    )
    assert response.headers["cache-control"] == "no-store"
    return response.text().replace('href="/', f'href="{page.url}')


def test_an_answer_that_is_loaded_again_without_its_photo_is_the_start(visit: Visit) -> None:
    page = visit("/match")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which star do you look like?")


def test_files_of_the_page_are_kept_by_browsers_and_changed_ones_are_not(server: str) -> None:
    _, start = get(server)
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', start))
    assert len(addresses) == 6
    for address in addresses:
        headers, _ = get(server + address)
        assert "immutable" in headers["cache-control"]
        old, _ = get(server + re.sub(r"/static/\w+/", "/static/old/", address))
        assert old["cache-control"] == "no-cache"
        again = Request(server + address, headers={"If-None-Match": headers["etag"]})
        with pytest.raises(HTTPError) as unchanged:
            urlopen(again)
        assert unchanged.value.code == 304


@pytest.mark.parametrize("name", ["none.js", "..%2Fpage.py", "%2e%2e/page.py"])
def test_nothing_else_is_among_the_files(server: str, name: str) -> None:
    with pytest.raises(HTTPError) as missing:
        get(f"{server}/static/x/{name}")
    assert missing.value.code == 404


def test_the_policy_forbids_scripts_and_styles_within_the_page(server: str) -> None:
    headers, start = get(server)
    policy = headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "camera=(self)" in headers["permissions-policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! [^>]*src=)", start)
