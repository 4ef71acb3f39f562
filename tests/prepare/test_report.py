"""The page tells what became of every image, with pictures, and without anybody's markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.prepare import Policy, report
from starlike.prepare.report import Judged
from starlike.prepare.rules import statuses
from starlike.records import Box

Written = Callable[[Sequence[Judged]], str]

POLICY = Policy().in_space(DLIB_RESNET)
STATUSES = tuple(status.code for status in statuses())


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A function that writes the report of rows whose images are all one small picture."""
    image = tmp_path / "image.png"
    Image.new("RGB", (60, 60), "teal").save(image)

    def write(images: Sequence[Judged]) -> str:
        shown = [replace(item, file=str(image)) for item in images]
        page = report.write(tmp_path / "out", shown, POLICY)
        assert page == tmp_path / "out" / "report.html"
        return page.read_text(encoding="utf-8")

    return write


def _image(person: str, number: int, status: str = "kept", **more: Any) -> Judged:
    made: dict[str, Any] = {
        "name": person,
        "image": f"{person}/{number:03}.jpg",
        "file": "none",
        "source": "crawl",
        "status": status,
        "reason": None if status == "kept" else f"because of {status}",
    }
    if status == "kept":
        made |= {"split": "train", "box": Box(10, 50, 50, 10)}
    return Judged(**made | more)


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
    rows = [_image("Ada", n) for n in range(3)] + [_image("Ben", 0, "blurred"), _image("Cem", 0)]
    rows[0] = replace(rows[0], split="test")
    summary = _sections(written(rows))["summary"]
    assert summary.endswith(
        "images found 5 kept 4 left out 1 people 2 images to train on 3 images to test on 1"
    )


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_explained_and_leads_to_its_pictures(written: Written, status: str) -> None:
    page = written([_image("Ada", 0), _image("Ada", 1, status)])
    title = status.replace("_", " ").capitalize()
    assert f'<a href="#status-{status}">{title}</a><span class="about">' in page
    assert f'id="status-{status}"' in page
    assert "for the reason given at each image" not in page


def test_a_status_that_is_new_still_appears(written: Written) -> None:
    why = _sections(written([_image("Ada", 0), _image("Ada", 1, "tattooed")]))["why"]
    assert "Tattooed Left out for the reason given at each image. 1 50.0 %" in why


def test_meanings_give_the_figures_of_this_policy(tmp_path: Path) -> None:
    images = [_image("Ada", n, status) for n, status in enumerate(STATUSES)]
    policy = Policy(min_face=33, min_sharpness=21.5, own_face=0.5, far=0.9)
    card = replace(DLIB_RESNET, same_person=0.9)
    page = report.write(tmp_path, images, policy.in_space(card))
    why = _sections(page.read_text(encoding="utf-8"))["why"]
    for words in (
        "less than 33 pixels",
        "below 21.5",
        "within 0.45",
        "more than 0.81",
        "less than 0.9 apart",
    ):
        assert words in why


def test_balance_names_people_without_and_with_a_single_image(written: Written) -> None:
    rows = [_image("Ada", n) for n in range(12)]
    rows += [_image("Ben", 0), _image("Cem", 0, "broken"), _image("Cem", 1, "no_face")]
    balance = _sections(written(rows))["balance"]
    assert "People without a usable image: 1" in balance
    assert "Cem (2 left out)" in balance
    assert "People with a single image: 1" in balance
    assert balance.endswith("Show the names Ben")


def test_the_histogram_counts_people_by_kept_images(written: Written) -> None:
    rows = [_image("Ada", n) for n in range(12)] + [_image("Ben", n) for n in range(2)]
    rows += [_image("Cem", n) for n in range(2)] + [_image("Dan", 0, "broken")]
    (label,) = re.findall(r'aria-label="Histogram[^"]*"', written(rows))
    for bar in (" 0: 1.", " 1: 0.", " 2: 2.", " 10–19: 1."):
        assert bar in label
    assert "20" not in label


def test_sources_are_counted_apart(written: Written) -> None:
    rows = [_image("Ada", 0, source="album"), _image("Ada", 1), _image("Ada", 2, "blurred")]
    sources = _sections(written(rows))["sources"]
    assert "album 1 1 100.0 % 1 0" in sources
    assert "crawl 2 1 50.0 % 1 0" in sources


def test_pictures_are_limited_and_spread_over_people(written: Written) -> None:
    rows = [_image("Ada", n, "blurred") for n in range(60)]
    rows += [_image(f"Person {n}", 0, "blurred") for n in range(23)]
    rows += [_image("Zoe", n) for n in range(50)]
    page = written(rows)
    shown = re.findall(r'alt="([^"]+)"', page)
    blurred = [image for image in shown if not image.startswith("Zoe")]
    assert len(blurred) == 24
    assert sum(image.startswith("Ada") for image in blurred) == 1
    assert len(shown) - len(blurred) == 36
    assert written(list(reversed(rows))) == page


def test_pictures_have_their_path_and_reason(written: Written) -> None:
    pictures = _sections(written([_image("Ada", 0), _image("Ada", 1, "small_face")]))["pictures"]
    assert "Ada/ 001.jpg because of small_face" in pictures


def test_an_image_that_cannot_be_opened_has_a_frame_without_a_picture(tmp_path: Path) -> None:
    page = report.write(tmp_path, [_image("Ada", 0, "broken")], POLICY)
    text = page.read_text(encoding="utf-8")
    assert "cannot be shown" in text
    assert "<img" not in text


def test_names_paths_and_reasons_cannot_put_markup_into_the_page(written: Written) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    rows = [
        _image(hostile, 0, source=hostile),
        _image(hostile, 1, "broken", image=f'{hostile}/"><script>.jpg', reason=hostile),
        _image(f"{hostile}2", 0, "no_face"),
    ]
    page = written(rows)
    assert "<img src=x" not in page
    assert "<script" not in page
    assert '"><script' not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_sample_of_which_nothing_is_left_has_a_report_too(written: Written) -> None:
    page = _sections(written([_image("Ada", 0, "no_face")]))
    assert "kept 0" in page["summary"]
    assert "People without a usable image: 1" in page["balance"]
