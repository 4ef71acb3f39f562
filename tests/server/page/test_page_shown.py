"""Answers made ready to be shown."""

from __future__ import annotations

from typing import Any

import pytest

from starlike.server import assets, shown
from tests.server.page.conftest import Visit

NAMES = [
    "Joyce DeWitt",
    "Adele",
    "O'Shea Jackson Jr.",
    "أم كلثوم",
    "नर्गिस दत्त",
    "周迅",
    "50 Cent",
    "“Q”",
]


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
    assert shown.initials(name) == letters


def test_the_browser_and_the_server_stand_in_for_a_star_alike(visit: Visit) -> None:
    said = visit().evaluate(
        """async ([address, names]) => {
          const stars = await import(address);
          const { initials, tone, readAbout } = stars;
          return names.map((name) => [initials(name), tone(name), readAbout(name)]);
        }""",
        [f"{assets.read().root}/stars.js", NAMES],
    )
    assert said == [
        [shown.initials(name), shown.tone(name), shown.read_about(name)] for name in NAMES
    ]


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
    assert shown.picture(beginning + b"...").startswith(f"data:{kind};base64,")


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'>", b"\0\0\0\x18ftypheic", b"", b"GI"])
def test_what_browsers_do_not_draw_is_not_shown(data: bytes) -> None:
    assert shown.picture(data) == ""


def _answer(box: list[int], size: list[int] | None = None) -> dict[str, Any]:
    matches = [{"name": "Adele", "probability": 0.0004, "similarity": 61.3}]
    face = {"box": box, "verdict": "resembles", "known_probability": 0.1, "matches": matches}
    photo = {"photo": "1", "faces": [face], "error": None, "size": size or [400, 300]}
    return {"photos": [photo], "together": None}


def test_a_face_in_the_middle_is_cut_out_around_its_middle() -> None:
    (face,) = shown.faces(_answer([100, 230, 160, 170]), lambda _: None)
    assert face.crop is not None
    x, y, width, height = face.crop
    assert height == pytest.approx(129)
    assert width == pytest.approx(0.8 * height)
    assert x + width / 2 == pytest.approx(200)
    assert y < 100
    assert y + height > 160


@pytest.mark.parametrize("box", [[0, 100, 100, 0], [200, 400, 300, 300], [0, 400, 300, 100]])
def test_a_face_at_the_edge_is_cut_out_within_the_photo(box: list[int]) -> None:
    (face,) = shown.faces(_answer(box), lambda _: None)
    assert face.crop is not None
    x, y, width, height = face.crop
    assert min(x, y) >= 0
    assert x + width <= 400 + 1e-6
    assert y + height <= 300 + 1e-6
    assert width / height == pytest.approx(0.8)


def test_a_very_small_probability_is_not_called_nothing() -> None:
    (face,) = shown.faces(_answer([0, 50, 50, 0]), lambda _: None)
    assert face.stars[0].probability == "below 0.1 %"


def test_every_file_that_a_script_imports_is_served() -> None:
    held = assets.read().files
    for name, asset in held.items():
        text = asset.data.decode()
        for line in text.splitlines():
            if ' from "./' in line:
                assert line.split('"')[1].removeprefix("./") in held, name
