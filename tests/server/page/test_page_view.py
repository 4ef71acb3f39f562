"""Answers made ready to be view_model."""

from __future__ import annotations

from typing import Any

import pytest

from starlike import reports
from starlike.server.page import assets, routes, view_model


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Joyce DeWitt", "JD"),
        ("Adele", "A"),
        ("Adam G. Sevani", "AS"),
        ("“Weird Al” Yankovic", "WY"),
        ("周迅", "周"),
        ("éva green", "ÉG"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert view_model.initials(name) == letters


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
    ],
)
def test_a_photo_is_shown_by_what_it_is(beginning: bytes, kind: str) -> None:
    assert view_model.picture(beginning + b"...").startswith(f"data:{kind};base64,")


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'>", b"\0\0\0\x18ftypheic", b"", b"GI"])
def test_what_browsers_do_not_draw_is_not_shown(data: bytes) -> None:
    assert view_model.picture(data) == ""


def _answer(box: list[int], verdict: str = "resembles") -> dict[str, Any]:
    matches = [{"name": "Adele", "probability": 0.0004, "similarity": 61.3}]
    face = {"box": box, "verdict": verdict, "known_probability": 0.1, "matches": matches}
    photo = {"photo": "1", "faces": [face], "error": None, "size": [400, 300]}
    return {"photos": [photo], "together": None}


def test_a_face_in_the_middle_is_framed_around_its_middle() -> None:
    (face,) = view_model.faces(_answer([100, 230, 160, 170]), lambda _: None)
    assert face.frame is not None
    width, height = face.frame.right - face.frame.left, face.frame.bottom - face.frame.top
    assert height == 129
    assert width == pytest.approx(0.8 * height, abs=1)
    assert (face.frame.left + face.frame.right) / 2 == pytest.approx(200, abs=1)
    assert face.frame.top < 100
    assert face.frame.bottom > 160


def test_a_very_small_probability_is_not_called_nothing() -> None:
    (face,) = view_model.faces(_answer([0, 50, 50, 0]), lambda _: None)
    assert face.stars[0].probability == "below 0.1 %"


def test_every_file_that_a_script_imports_is_served() -> None:
    held = assets.read().files
    for name, asset in held.items():
        text = asset.data.decode()
        for line in text.splitlines():
            if ' from "./' in line:
                assert line.split('"')[1].removeprefix("./") in held, name


TOLD = {
    "in_person": ("Hello there!", "Adele?"),
    "nobody": ("No double to be found", "One of a kind"),
    "resembles": ("You look like", "Adele"),
}


@pytest.mark.parametrize("verdict", TOLD)
def test_every_verdict_has_its_words(verdict: str) -> None:
    (face,) = view_model.faces(_answer([0, 50, 50, 0], verdict), lambda _: None)
    assert (face.eyebrow, face.headline) == TOLD[verdict]
    assert bool(face.gist) == (verdict != "resembles")


def test_one_face_of_several_is_not_said_to_be_the_visitor() -> None:
    answered = _answer([0, 50, 50, 0])
    answered["photos"][0]["faces"] *= 2
    first, second = view_model.faces(answered, lambda _: None)
    assert first.eyebrow == second.eyebrow == "This face looks like"


@pytest.mark.parametrize(
    ("address", "linked"),
    [("https://example.org/a", True), ("javascript:alert(1)", False), (None, False)],
)
def test_a_portrait_links_to_its_page_only_where_that_is_of_the_web(
    address: str | None, linked: bool
) -> None:
    portrait = {
        "url": "/v1/portraits/1.jpg",
        "attribution": "by <A>",
        "licence": "CC0",
        "licence_url": None,
        "page_url": address,
    }
    filled = routes.answer(_answer([0, 50, 50, 0]), [""], lambda _: portrait)
    html = reports.render(
        "server/page/templates/answer_fragment.html.j2", assets="", similarity=None, **filled
    )
    assert "by &lt;A&gt;" in html
    assert (f'href="{address}"' in html) == linked


def test_without_measured_figures_no_number_is_claimed() -> None:
    of_pairs = {"median": 83.9, "reach_90": 0.188, "reach_50": 0.0056}
    for measured in (None, {"one_person": of_pairs, "different": of_pairs}):
        html = reports.render("server/page/templates/about.html.j2", assets="", similarity=measured)
        assert ("half reach 84 and 18.8 % reach 90" in html) == bool(measured)
        assert ("0.6 % reach 50" in html) == bool(measured)
