from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from starlike.prepare import Policy, report

Row = dict[str, Any]
Written = Callable[[Sequence[Row]], str]

STATUSES = (
    "kept",
    "duplicate",
    "near_duplicate",
    "other_name",
    "wrong_person",
    "several_faces",
    "small_face",
    "blurred",
    "no_face",
    "unreadable",
    "empty",
    "not_a_photo",
    "broken",
    "too_large",
)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A function that writes the report of rows whose images are all one small picture."""
    image = tmp_path / "image.png"
    Image.new("RGB", (60, 60), "teal").save(image)

    def write(rows: Sequence[Row], policy: Policy | None = None) -> str:
        files = {row["image"]: image for row in rows}
        page = report.write(tmp_path / "out", rows, files, policy or Policy())
        assert page == tmp_path / "out" / "report.html"
        return page.read_text(encoding="utf-8")

    return write


def _row(person: str, number: int, status: str = "kept", **more: Any) -> Row:
    row: Row = {
        "class": person,
        "image": f"{person}/{number:03}.jpg",
        "source": "crawl",
        "status": status,
        "reason": None if status == "kept" else f"because of {status}",
    }
    if status == "kept":
        row |= {"split": "train", "top": 10, "right": 50, "bottom": 50, "left": 10}
    return row | more


class _Text(HTMLParser):
    """The words of a page, by the section they stand in."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: dict[str, str] = {}
        self._section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self._section = dict(attrs)["id"] or ""

    def handle_data(self, data: str) -> None:
        before = self.sections.get(self._section, "")
        self.sections[self._section] = " ".join(f"{before} {data}".split())


def _sections(page: str) -> dict[str, str]:
    parser = _Text()
    parser.feed(page)
    return parser.sections


def test_the_summary_counts_images_people_and_splits(written: Written) -> None:
    rows = [_row("Ada", n) for n in range(3)] + [_row("Ben", 0, "blurred"), _row("Cem", 0)]
    rows[0]["split"] = "test"
    summary = _sections(written(rows))["summary"]
    assert summary.endswith(
        "images found 5 kept 4 left out 1 people 2 images to train on 3 images to test on 1"
    )


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_explained_and_leads_to_its_pictures(written: Written, status: str) -> None:
    page = written([_row("Ada", 0), _row("Ada", 1, status)])
    title = status.replace("_", " ").capitalize()
    assert f'<a href="#status-{status}">{title}</a><span class="about">' in page
    assert f'id="status-{status}"' in page
    assert "for the reason given at each image" not in page


def test_a_status_that_is_new_still_appears(written: Written) -> None:
    why = _sections(written([_row("Ada", 0), _row("Ada", 1, "tattooed")]))["why"]
    assert "Tattooed Left out for the reason given at each image. 1 50.0 %" in why


def test_meanings_give_the_figures_of_this_policy(tmp_path: Path) -> None:
    rows = [_row("Ada", n, status) for n, status in enumerate(STATUSES)]
    files = {row["image"]: tmp_path / "none" for row in rows}
    policy = Policy(min_face=33, min_sharpness=21.5, own_face=0.47, far=0.81)
    why = _sections(report.write(tmp_path, rows, files, policy).read_text(encoding="utf-8"))["why"]
    for words in ("less than 33 pixels", "below 21.5", "within 0.47", "more than 0.81"):
        assert words in why


def test_balance_names_people_without_and_with_a_single_image(written: Written) -> None:
    rows = [_row("Ada", n) for n in range(12)]
    rows += [_row("Ben", 0), _row("Cem", 0, "broken"), _row("Cem", 1, "no_face")]
    balance = _sections(written(rows))["balance"]
    assert "People without a usable image: 1" in balance
    assert "Cem (2 left out)" in balance
    assert "People with a single image: 1" in balance
    assert balance.endswith("Show the names Ben")


def test_the_histogram_counts_people_by_kept_images(written: Written) -> None:
    rows = [_row("Ada", n) for n in range(12)] + [_row("Ben", n) for n in range(2)]
    rows += [_row("Cem", n) for n in range(2)] + [_row("Dan", 0, "broken")]
    (label,) = re.findall(r'aria-label="Histogram[^"]*"', written(rows))
    for bar in (" 0: 1.", " 1: 0.", " 2: 2.", " 10–19: 1."):
        assert bar in label
    assert "20" not in label


def test_sources_are_counted_apart(written: Written) -> None:
    rows = [_row("Ada", 0, source="album"), _row("Ada", 1), _row("Ada", 2, "blurred")]
    sources = _sections(written(rows))["sources"]
    assert "album 1 1 100.0 % 1 0" in sources
    assert "crawl 2 1 50.0 % 1 0" in sources


def test_pictures_are_limited_and_spread_over_people(written: Written) -> None:
    rows = [_row("Ada", n, "blurred") for n in range(60)]
    rows += [_row(f"Person {n}", 0, "blurred") for n in range(23)]
    rows += [_row("Zoe", n) for n in range(50)]
    page = written(rows)
    shown = re.findall(r'alt="([^"]+)"', page)
    blurred = [image for image in shown if not image.startswith("Zoe")]
    assert len(blurred) == 24
    assert sum(image.startswith("Ada") for image in blurred) == 1
    assert len(shown) - len(blurred) == 36
    assert written(list(reversed(rows))) == page


def test_pictures_have_their_path_and_reason(written: Written) -> None:
    pictures = _sections(written([_row("Ada", 0), _row("Ada", 1, "small_face")]))["pictures"]
    assert "Ada/ 001.jpg because of small_face" in pictures


def test_an_image_that_cannot_be_opened_has_a_frame_without_a_picture(tmp_path: Path) -> None:
    rows = [_row("Ada", 0, "broken")]
    page = report.write(tmp_path, rows, {rows[0]["image"]: tmp_path / "none"}, Policy())
    text = page.read_text(encoding="utf-8")
    assert "cannot be shown" in text
    assert "<img" not in text


def test_names_paths_and_reasons_cannot_put_markup_into_the_page(written: Written) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    rows = [
        _row(hostile, 0, source=hostile),
        _row(hostile, 1, "broken", image=f'{hostile}/"><script>.jpg', reason=hostile),
        _row(f"{hostile}2", 0, "no_face"),
    ]
    page = written(rows)
    assert "<img src=x" not in page
    assert "<script" not in page
    assert '"><script' not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_sample_of_which_nothing_is_left_has_a_report_too(written: Written) -> None:
    page = _sections(written([_row("Ada", 0, "no_face")]))
    assert "kept 0" in page["summary"]
    assert "People without a usable image: 1" in page["balance"]
