from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import jinja2
import numpy as np
import pytest
from PIL import Image

from starlike import reports
from starlike.records import Box
from starlike.reports import picture


def _opened(uri: str) -> Image.Image:
    kind, _, data = uri.partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.fixture
def halves(tmp_path: Path) -> Path:
    """A photo of 400×200 pixels: red on the left, blue on the right."""
    pixels = np.zeros((200, 400, 3), dtype=np.uint8)
    pixels[:, :200, 0] = pixels[:, 200:, 2] = 255
    file = tmp_path / "halves.png"
    Image.fromarray(pixels).save(file)
    return file


def test_a_whole_photo_is_fitted_into_the_side(halves: Path) -> None:
    assert _opened(picture(halves, None, 100)).size == (100, 50)


def test_a_small_photo_is_not_enlarged(halves: Path) -> None:
    assert _opened(picture(halves, None, 1000)).size == (400, 200)


def test_a_face_is_cut_out_square_with_a_margin(halves: Path) -> None:
    # 50 pixels and 0.3 of that on each side: 80, from 220 to 300, all of it blue.
    shown = _opened(picture(halves, Box(75, 285, 125, 235), 200))
    assert shown.size == (80, 80)
    red, _, blue = np.asarray(shown).reshape(-1, 3).mean(axis=0)
    assert blue > 240
    assert red < 10


@pytest.mark.parametrize("box", [Box(0, 40, 40, 0), Box(160, 400, 200, 360), Box(0, 400, 200, 0)])
def test_a_face_at_the_edge_is_cut_out_whole(halves: Path, box: Box) -> None:
    shown = _opened(picture(halves, box, 500))
    assert shown.width == shown.height == min(200, round(max(box.side, box.right - box.left) * 1.6))


def test_a_picture_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = tmp_path / "turned.jpg"
    Image.new("RGB", (80, 40)).save(file, exif=exif)
    assert _opened(picture(file, None, 80)).size == (40, 80)


def test_what_cannot_be_opened_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_bytes(b"no photo")
    assert picture(tmp_path / "text.jpg", None, 80) == ""
    assert picture(tmp_path / "missing.jpg", None, 80) == ""


def test_a_value_that_a_template_names_and_nobody_gave_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        reports.render("prepare/report.html.j2")


def test_a_page_is_one_file_that_loads_nothing() -> None:
    shown = reports.render("reports/base.html.j2")
    assert "default-src 'none'" in shown
    assert not re.search(r"<script|<link|@import|url\(|https?:", shown)


def test_a_page_is_readable_in_the_dark_and_on_a_phone() -> None:
    shown = reports.render("reports/base.html.j2")
    assert "prefers-color-scheme: dark" in shown
    assert 'name="viewport"' in shown
    assert 'lang="en"' in shown
