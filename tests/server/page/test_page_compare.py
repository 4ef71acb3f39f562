"""The page that compares people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from starlike.model import wording
from starlike.server.page import comparison_view
from tests.server.page.conftest import Serve, Visit, wait_for
from tests.server.page.test_page_ways_in import bring


def _compare(page: Page, *photos: Path) -> None:
    page.set_input_files("#photo", list(photos))
    page.get_by_role("button", name="Compare", exact=True).click()
    wait_for(page, "result")


def _slots(page: Page) -> list[str]:
    return page.locator(".slot-name").all_inner_texts()


def test_two_photos_are_compared_side_by_side(visit: Visit, astronaut: Path, darker: Path) -> None:
    page = visit("/compare")
    _compare(page, astronaut, darker)
    expect(page.locator(".headline")).to_have_text(wording.pair("one_person"))
    expect(page.locator(".seal-text b")).to_have_text(re.compile(r"^9\d$"))
    expect(page.get_by_role("img", name="Photo 1", exact=True)).to_be_visible()
    expect(page.locator(".duo canvas")).to_have_count(2)
    expect(page.locator(".row")).to_have_count(0)
    expect(page.locator(".spot")).to_be_focused()


def test_of_several_photos_every_pair_is_shown_and_what_was_left_out(
    visit: Visit, astronaut: Path, darker: Path, two_faces: Path, no_face: Path
) -> None:
    page = visit("/compare")
    _compare(page, astronaut, no_face, darker, two_faces)
    expect(page.locator(".row")).to_have_count(3)
    scores = [int(text) for text in page.locator(".row-score b").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    expect(page.locator(".row canvas")).to_have_count(6)
    expect(page.locator(".shot-note")).to_have_text(
        "Photo 2 was left out: we could not find a face"
    )
    expect(page.locator(".yours-hint")).to_have_text(wording.largest_face("Photo 4", 2))


def test_photos_are_gathered_until_there_are_enough(
    visit: Visit, astronaut: Path, darker: Path, two_faces: Path
) -> None:
    page = visit("/compare")
    ask = page.get_by_role("button", name="Compare", exact=True)
    expect(ask).to_be_disabled()
    page.set_input_files("#photo", astronaut)
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    expect(ask).to_be_disabled()
    bring(page, "paste", darker)
    expect(page.get_by_role("img", name="Photo 2")).to_be_visible()
    expect(ask).to_be_enabled()
    page.get_by_role("checkbox").check()
    expect(ask).to_be_disabled()
    assert _slots(page) == ["The child", "Photo 2", "Photo 3"]
    bring(page, ["dragenter", "drop"], two_faces)
    expect(page.get_by_role("img", name="Photo 3")).to_be_visible()
    expect(ask).to_be_enabled()
    page.get_by_role("button", name="Remove: Photo 2").click()
    expect(ask).to_be_disabled()


def test_whom_a_child_looks_like_is_told_or_that_it_is_too_close_to_call(
    visit: Visit, astronaut: Path, darker: Path, two_faces: Path
) -> None:
    page = visit("/compare")
    page.get_by_role("checkbox").check()
    page.set_input_files("#photo", [two_faces, astronaut, darker])
    expect(page.get_by_role("img", name="Photo 3")).to_be_visible()
    # The last one is the child.
    page.get_by_role("button", name="This is the child").last.click()
    assert page.locator(".slot canvas").first.evaluate("canvas => canvas.width") == 460
    page.get_by_role("button", name="Compare", exact=True).click()
    wait_for(page, "result")
    expect(page.locator(".headline")).to_have_text("Too close to call")
    expect(page.locator(".gist")).to_contain_text("other photos of the same people")
    expect(page.locator(".duo-side")).to_have_text("The child")
    expect(page.locator(".row")).to_have_count(2)


def test_from_the_answer_one_goes_back_to_the_photos(
    visit: Visit, astronaut: Path, darker: Path
) -> None:
    page = visit("/compare")
    _compare(page, astronaut, darker)
    page.get_by_role("button", name="Change the photos").click()
    wait_for(page, "start")
    expect(page.locator(".slot canvas")).to_have_count(2)


def test_the_photo_without_a_face_is_shown_and_can_be_changed(
    visit: Visit, astronaut: Path, no_face: Path
) -> None:
    page = visit("/compare")
    page.set_input_files("#photo", [astronaut, no_face])
    page.get_by_role("button", name="Compare", exact=True).click()
    wait_for(page, "trouble")
    expect(page.locator("#trouble-words h1")).to_have_text("We could not find a face")
    width = page.locator("#trouble-photo canvas").evaluate("canvas => canvas.width")
    assert width == 320, "it is the photo at fault"
    page.get_by_role("button", name="Change the photos").last.click()
    wait_for(page, "start")
    expect(page.locator(".slot canvas")).to_have_count(2)


def test_more_photos_than_the_server_takes_are_refused(
    serve: Serve, visit: Visit, astronaut: Path
) -> None:
    page = visit("/compare", at=serve(MAX_PHOTOS="2"))
    page.set_input_files("#photo", [astronaut] * 3)
    wait_for(page, "trouble")
    expect(page.locator("#trouble-words h1")).to_have_text("That is a lot of photos")


def test_it_says_the_same_without_javascript(
    visit: Visit, astronaut: Path, darker: Path, two_faces: Path
) -> None:
    seen = []
    for enabled in (True, False):
        page = visit("/compare", java_script_enabled=enabled)
        if enabled:
            _compare(page, astronaut, darker, two_faces)
        else:
            page.set_input_files("#photo", astronaut)
            page.set_input_files("#others", [darker, two_faces])
            page.get_by_role("button", name="Compare", exact=True).click()
            expect(page.locator(".row svg.face")).to_have_count(6)
        page.locator(".headline:visible").wait_for()
        told = page.locator(".spot-text, .duo, .five, .yours-hint").all_inner_texts()
        seen.append([re.sub(r"\s+", " ", text).strip() for text in told])
    assert len(seen[0]) == 4
    assert seen[0] == seen[1]


def test_trouble_is_told_without_javascript(visit: Visit, astronaut: Path, no_face: Path) -> None:
    page = visit("/compare", java_script_enabled=False)
    page.set_input_files("#photo", astronaut)
    page.set_input_files("#others", no_face)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("There are too few photos")
    page.get_by_role("link", name="Choose another photo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How alike are they?")


def test_one_page_leads_to_the_other(visit: Visit) -> None:
    page = visit()
    page.locator(".to-compare a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How alike are they?")
    page.get_by_role("link", name="Which star?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which star do you look like?")


def _answered(child: dict[str, Any] | None) -> dict[str, Any]:
    photo = {"box": [100, 230, 160, 170], "faces": 1, "error": None, "size": [400, 300]}
    pairs = [("1", "2", 30.4, "unlike"), ("1", "3", 62.6, "resemble"), ("2", "3", 5.0, "unlike")]
    return {
        "photos": [photo | {"photo": number} for number in "123"],
        "pairs": [
            {"photos": [one, other], "similarity": value, "verdict": verdict}
            for one, other, value, verdict in pairs
        ],
        "child": child,
        "error": None,
    }


def test_the_most_alike_are_the_headline() -> None:
    shown = comparison_view.comparison(_answered(None), [""] * 3)
    assert (shown.eyebrow, shown.headline) == ("Most alike", "Photos 1 and 3 resemble each other")
    assert [photo.number for photo in shown.shown] == [1, 3]
    assert [pair.similarity for pair in shown.pairs] == ["63", "30", "5"]


@pytest.mark.parametrize("level", [["3"], ["3", "2"]])
def test_a_child_is_beside_the_one_it_looks_like_where_that_is_clear(level: list[str]) -> None:
    nearest = [{"photo": "3", "similarity": 62.6}, {"photo": "2", "similarity": 30.4}]
    clear = len(level) == 1
    child = {"photo": "1", "clear": clear, "level": level, "nearest": nearest}
    shown = comparison_view.comparison(_answered(child), [""] * 3)
    assert [photo.number for photo in shown.shown] == ([1, 3] if clear else [1])
    expected = "The child looks most like photo 3" if clear else "Too close to call"
    assert shown.headline == expected
    assert bool(shown.gist) != clear
    assert [pair.title for pair in shown.pairs] == ["Photo 3", "Photo 2"]
