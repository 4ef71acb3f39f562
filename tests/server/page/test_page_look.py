"""How the page is seen: by everybody, on every screen, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.server.page.conftest import Visit, choose, until, wait_for

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}

State = Callable[[Page, dict[str, Path]], None]


def _start(page: Page, _: dict[str, Path]) -> None:
    wait_for(page, "start")


def _waiting(page: Page, photos: dict[str, Path]) -> None:
    page.route("**/match", lambda _: None)
    choose(page, photos["astronaut"])
    wait_for(page, "waiting")


def _result(page: Page, photos: dict[str, Path]) -> None:
    choose(page, photos["astronaut"])
    wait_for(page, "result")
    page.locator(".numbers summary").click()


def _several_faces(page: Page, photos: dict[str, Path]) -> None:
    choose(page, photos["two"])
    wait_for(page, "result")


def _several_photos(page: Page, photos: dict[str, Path]) -> None:
    choose(page, photos["astronaut"], photos["none"])
    wait_for(page, "result")


def _no_face(page: Page, photos: dict[str, Path]) -> None:
    choose(page, photos["none"])
    wait_for(page, "trouble")


def _camera(page: Page, _: dict[str, Path]) -> None:
    page.evaluate("document.getElementById('camera').showModal()")


def _privacy(page: Page, _: dict[str, Path]) -> None:
    page.get_by_role("link", name="What happens to the photo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What happens to the photo")


def _about(page: Page, _: dict[str, Path]) -> None:
    page.get_by_role("link", name="What the numbers mean").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the numbers mean")


def _compare_start(page: Page, _: dict[str, Path]) -> None:
    page.get_by_role("link", name="Compare people").last.click()
    expect(page.locator(".slot")).to_have_count(2)


def _compare_tray(page: Page, photos: dict[str, Path]) -> None:
    _compare_start(page, photos)
    page.get_by_role("checkbox").check()
    page.set_input_files("#photo", [photos["astronaut"], photos["two"], photos["none"]])
    expect(page.locator(".slot canvas")).to_have_count(3)


def _compared(page: Page, photos: dict[str, Path]) -> None:
    _compare_start(page, photos)
    page.set_input_files("#photo", [*[photos["astronaut"]] * 2, photos["two"], photos["none"]])
    page.get_by_role("button", name="Compare", exact=True).click()
    wait_for(page, "result")
    page.locator(".numbers summary").click()


STATES: dict[str, State] = {
    "start": _start,
    "waiting": _waiting,
    "result": _result,
    "several faces": _several_faces,
    "several photos": _several_photos,
    "no face": _no_face,
    "camera": _camera,
    "privacy": _privacy,
    "about": _about,
    "photos to compare": _compare_tray,
    "compared": _compared,
}


@pytest.fixture
def photos(astronaut: Path, two_faces: Path, no_face: Path) -> dict[str, Path]:
    return {"astronaut": astronaut, "two": two_faces, "none": no_face}


def faults(page: Page) -> list[str]:
    """The accessibility faults that axe calls serious or critical."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{item['id']}: {[node['html'] for node in item['nodes']]}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_serious_fault(
    visit: Visit, photos: dict[str, Path], state: str, scheme: str
) -> None:
    page = visit(color_scheme=scheme, viewport=DESKTOP)
    STATES[state](page, photos)
    assert faults(page) == []


@pytest.mark.parametrize("state", STATES)
def test_on_a_phone_nothing_is_cut_off_or_faulty(
    visit: Visit, photos: dict[str, Path], state: str
) -> None:
    page = visit(viewport=PHONE, is_mobile=True, has_touch=True)
    STATES[state](page, photos)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert faults(page) == []


@pytest.mark.parametrize(("scheme", "lightness"), [("light", range(200, 256)), ("dark", range(60))])
def test_the_page_is_as_light_or_dark_as_one_likes(
    visit: Visit, scheme: str, lightness: range
) -> None:
    colour = visit(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    assert sum(channels) // 3 in lightness


def test_who_wants_less_motion_sees_none(visit: Visit) -> None:
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert visit(reduced_motion="no-preference").evaluate(moving) > 0
    still = visit(reduced_motion="reduce")
    until(still, f"{moving} === 0")
