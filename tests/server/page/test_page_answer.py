"""From a photo to its answer on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from starlike import reports
from starlike.files import portrait_folder
from starlike.files.portrait_folder import Portrait
from starlike.model import wording
from starlike.server.page import routes
from tests.server.page.conftest import Serve, Visit, choose, headline, names, wait_for


def test_a_photo_gets_five_stars_and_the_first_is_the_headline(answered: Page) -> None:
    stars = names(answered)
    assert len(set(stars)) == 5
    assert headline(answered) == stars[0]
    expect(answered.locator("#result .eyebrow")).to_have_text("You look like")
    for row in answered.locator(".row").all():
        similarity = int(row.locator(".row-score b").inner_text())
        width = row.locator(".meter-fill").get_attribute("width")
        assert width is not None
        assert round(float(width.rstrip("%"))) == similarity
        expect(row.locator(".row-probability")).to_have_text(re.compile(r"^\d+\.\d %$"))


def test_the_face_and_what_stands_in_for_the_star_are_side_by_side(answered: Page) -> None:
    size = answered.locator("#result .you canvas").evaluate(
        "canvas => [canvas.width, canvas.height]"
    )
    assert size == pytest.approx([480, 600], abs=4)
    first, last = headline(answered).split()
    expect(answered.locator("#result .star-face")).to_have_text(first[0] + last[0])


def test_the_box_is_where_the_face_is(answered: Page) -> None:
    # The face is in the middle third of the upper half of this photo.
    photo = answered.locator(".photo-area").bounding_box()
    box = answered.locator(".face-box").bounding_box()
    assert photo is not None
    assert box is not None
    middle = (box["x"] + box["width"] / 2 - photo["x"]) / photo["width"]
    assert 0.35 < middle < 0.55
    assert photo["y"] < box["y"] < box["y"] + box["height"] < photo["y"] + photo["height"] / 2


def test_reading_about_a_star_is_left_to_the_visitor(answered: Page) -> None:
    links = answered.locator("#result a[target=_blank]").all()
    assert len(links) == 6
    for link in links:
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert "wikipedia.org" in (link.get_attribute("href") or "")


def test_the_same_photo_gets_the_same_answer_again(answered: Page, astronaut: Path) -> None:
    before = answered.locator("#result .rows").inner_text()
    answered.get_by_role("button", name="Start again").click()
    wait_for(answered, "start")
    choose(answered, astronaut)
    wait_for(answered, "result")
    assert answered.locator("#result .rows").inner_text() == before


def test_one_of_several_faces_is_picked_by_its_box(visit: Visit, two_faces: Path) -> None:
    page = visit()
    choose(page, two_faces)
    wait_for(page, "result")
    expect(page.locator("#yours-hint")).to_contain_text("There are 2 faces")
    first, second = page.get_by_role("button", name=re.compile("Face . of 2")).all()
    expect(first).to_have_attribute("aria-pressed", "true")
    portrait = "canvas => canvas.toDataURL()"
    before = page.locator("#result .you canvas").evaluate(portrait)
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(second).to_be_focused()
    assert page.locator("#result .you canvas").evaluate(portrait) != before


def test_several_photos_give_one_answer_together(
    visit: Visit, astronaut: Path, darker: Path, no_face: Path
) -> None:
    page = visit()
    choose(page, astronaut, darker, no_face)
    wait_for(page, "result")
    expect(page.locator("#result .gist")).to_have_text(wording.together(3, 2))
    expect(page.locator(".shot-note")).to_have_text("Left out: we could not find a face")
    page.get_by_role("button", name="Remove photo 3").click()
    expect(page.locator("#result .gist")).to_have_text("One answer from 2 photos together.")
    page.get_by_role("button", name="Remove photo 2").click()
    wait_for(page, "result")
    expect(page.locator("#result .gist")).to_have_text("")
    assert len(names(page)) == 5


def test_a_photo_is_added_to_the_one_that_was_answered(answered: Page, darker: Path) -> None:
    answered.set_input_files("#more", darker)
    expect(answered.locator("#result .gist")).to_have_text("One answer from 2 photos together.")
    expect(answered.locator(".shot")).to_have_count(2)


def test_beside_other_photos_only_the_chosen_face_counts(
    visit: Visit, two_faces: Path, darker: Path
) -> None:
    page = visit()
    choose(page, two_faces)
    wait_for(page, "result")
    page.get_by_role("button", name="Face 2 of 2").click()
    page.set_input_files("#more", darker)
    expect(page.locator("#result .gist")).to_have_text("One answer from 2 photos together.")
    width, height = page.locator(".shot canvas").first.evaluate("item => [item.width, item.height]")
    assert width < height, "the face was cut out of the wide photo"


def test_whom_to_compare_with_is_asked_anew_and_remembered(answered: Page) -> None:
    with answered.expect_response("**/match") as asked:
        answered.get_by_role("radio", name="Indian cinema").check()
    listed = re.findall(r'class="row-name"[^>]*>([^<]+)<', asked.value.text())
    wait_for(answered, "result")
    assert names(answered) == listed
    answered.reload()
    expect(answered.get_by_role("radio", name="Indian cinema")).to_be_checked()


def test_well_known_people_are_asked_about_at_first(visit: Visit) -> None:
    expect(visit().get_by_role("radio", name="Well-known people")).to_be_checked()


def test_back_leads_from_the_answer_to_the_start(answered: Page) -> None:
    answered.go_back()
    wait_for(answered, "start")
    expect(answered.get_by_role("heading", level=1)).to_have_text("Which star do you look like?")


def _changed(page: Page, photo: Path, verdict: str, *stars: str) -> None:
    """Let the server's answer to a photo say another verdict and name others."""
    sent = FilePayload(name="photo", mimeType="image/jpeg", buffer=photo.read_bytes())
    content = page.request.post(f"{page.url}v1/match", multipart={"photo": sent}).json()
    face = content["photos"][0]["faces"][0]
    face["verdict"] = verdict
    for match, name in zip(face["matches"], stars, strict=False):
        match["name"] = name
    filled = routes.answer(content, [""], lambda _: None)
    html = reports.render(
        "server/page/templates/answer_fragment.html.j2", assets="", similarity=None, **filled
    )
    page.route("**/match", lambda route: route.fulfill(body=html, content_type="text/html"))


def test_that_nobody_resembles_much_is_said_kindly(visit: Visit, astronaut: Path) -> None:
    page = visit()
    _changed(page, astronaut, "nobody")
    choose(page, astronaut)
    wait_for(page, "result")
    assert headline(page) == "One of a kind"
    expect(page.locator("#result .gist")).to_contain_text("that is a fine answer")
    expect(page.locator("#result .star-face")).to_have_count(0)
    expect(page.locator("#result .seal")).to_have_count(0)
    assert len(names(page)) == 5


def test_the_star_in_person_is_greeted(visit: Visit, astronaut: Path) -> None:
    page = visit()
    _changed(page, astronaut, "in_person")
    choose(page, astronaut)
    wait_for(page, "result")
    assert headline(page) == f"{names(page)[0]}?"
    expect(page.locator("#result .gist")).to_contain_text("in person")


def test_names_are_text_whatever_they_hold(visit: Visit, astronaut: Path) -> None:
    page = visit()
    hostile = ("<img src=x onerror=alert(1)>", "नर्गिस दत्त", "أم كلثوم", "{{ 7 * 7 }}", "O'Neal")
    _changed(page, astronaut, "resembles", *hostile)
    choose(page, astronaut)
    wait_for(page, "result")
    assert names(page) == list(hostile)
    expect(page.locator("#result img")).to_have_count(0)


def test_a_portrait_is_shown_with_who_made_it(
    serve: Serve, visit: Visit, answered: Page, astronaut: Path, tmp_path: Path
) -> None:
    star = headline(answered)
    Image.new("RGB", (80, 100), "#7755aa").save(tmp_path / "portrait.jpg")
    portrait_folder.write_index(
        tmp_path,
        [
            Portrait(
                name=star,
                image="portrait.jpg",
                licence="CC BY-SA 4.0",
                licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
                author="A. Painter",
                page_url="https://commons.wikimedia.org/wiki/File:Portrait.jpg",
                attribution="A. Painter, CC BY-SA 4.0",
            )
        ],
    )
    page = visit(at=serve(PORTRAITS=str(tmp_path)))
    choose(page, astronaut)
    wait_for(page, "result")
    assert headline(page) == star
    portrait = page.locator("#result .star-face img")
    assert portrait.evaluate("image => image.decode().then(() => image.naturalWidth)") == 80
    expect(page.locator(".spot .credit-who")).to_contain_text("A. Painter")
    expect(page.locator(".spot .credit a").first).to_have_attribute(
        "href", "https://commons.wikimedia.org/wiki/File:Portrait.jpg"
    )
    expect(page.locator(".row img")).to_have_count(1)
