"""Files of Wikimedia Commons: which become candidates, and what is told of them."""

from __future__ import annotations

import pytest

from starlike.web.image_source import ImageCandidate
from starlike.web.licences import UNKNOWN
from tests.web.stand_in.commons_asked import from_category, titles
from tests.web.stand_in.commons_files import File


def one(*files: File) -> ImageCandidate:
    """The only candidate of a category that holds the files."""
    (candidate,) = from_category(*files)
    return candidate


def test_names_in_other_scripts_stay_as_they_are() -> None:
    found = one(
        File("Жапаров Садыр «портрет» 100%.jpg", meta={"Artist": "<b>Садыр &amp; дочь</b>"})
    )
    assert (found.title, found.author) == ("Жапаров Садыр «портрет» 100%", "Садыр & дочь")
    assert found.page_url is not None
    assert "%D0%A1%D0%B0%D0%B4%D1%8B%D1%80" in found.page_url


def test_wide_images_come_as_thumbnails_others_as_they_are() -> None:
    wide, narrow = one(File("Wide one.jpg", 4000, 6000)), one(File("Narrow.png", 900, 700))
    assert wide.image_url.endswith("/images/thumb/Wide_one.jpg/1280px-Wide_one.jpg")
    assert narrow.image_url.endswith("/images/Narrow.png")


def test_an_image_that_cannot_be_scaled_comes_as_it_is() -> None:
    assert one(File("Huge.jpg", 20_000, 9_000, thumbnail=False)).image_url.endswith("/Huge.jpg")


def test_tiff_comes_as_its_jpeg_thumbnail_or_not_at_all() -> None:
    small = File("Small.tif", 800, 900, mime="image/tiff")
    huge = File("Huge.tif", 20_000, 9_000, mime="image/tiff", thumbnail=False)
    (found,) = from_category(small, huge)
    assert found.image_url.endswith("/images/thumb/Small.tif/lossy-page1-800px-Small.tif.jpg")


def test_what_is_no_photo_is_left_out() -> None:
    found = from_category(
        File("Drawing.svg", mime="image/svg+xml", mediatype="DRAWING"),
        File("Thesis.pdf", mime="application/pdf", mediatype="OFFICE"),
        File("Book.djvu", mime="image/vnd.djvu", mediatype="BITMAP"),
        File("Talk.webm", mime="video/webm", mediatype="VIDEO"),
        File("Voice.ogg", 0, 0, mime="application/ogg", mediatype="AUDIO"),
        File("Moving.gif", mime="image/gif"),
        File("Tiny.jpg", 199, 900),
        File("Gone.jpg", exists=False),
        File("Photo.webp", 200, 200, mime="image/webp"),
    )
    assert titles(found) == ["Photo"]


@pytest.mark.parametrize(
    ("meta", "author"),
    [
        ({"Artist": None}, None),
        ({"Artist": "<span></span>"}, None),
        ({"Artist": "https://example.org/ann"}, "https://example.org/ann"),
        ({"Artist": "A &lt;b&gt; &amp; <i>C</i>"}, "A <b> & C"),
        ({"Artist": "<a href='#'>Ada</a>, <a href='#'>Grace</a>"}, "Ada, Grace"),
        ({"Artist": "<a href='#'>Ada</a><a href='#'>Grace</a>"}, "Ada Grace"),
        (
            {"Artist": 'Unknown<span style="display: none;">Unknown</span><style>p {}</style>'},
            "Unknown",
        ),
        ({"Attribution": "© Ann / <i>Photo Club</i>"}, "© Ann / Photo Club"),
    ],
)
def test_the_author_is_plain_text(meta: dict[str, str | None], author: str | None) -> None:
    assert one(File("A.jpg", meta=meta)).author == author


@pytest.mark.parametrize(
    ("short", "code", "terms", "url", "expected"),
    [
        ("CC BY-SA 3.0 de", "cc-by-sa-3.0-de", None, None, "cc-by-sa"),
        ("Public domain", "pd", None, None, "pd"),
        ("Custom", "cc-by-2.0", None, None, "cc-by"),
        (None, None, "Creative Commons Attribution 4.0", None, "cc-by"),
        (None, None, None, "//creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("Copyrighted free use", None, "Copyrighted free use", None, "other"),
        ("<b>GFDL</b>", None, None, None, "gfdl"),
    ],
)
def test_the_licence_is_what_any_of_the_fields_tells(
    short: str | None, code: str | None, terms: str | None, url: str | None, expected: str
) -> None:
    meta = {"LicenseShortName": short, "License": code, "UsageTerms": terms, "LicenseUrl": url}
    assert one(File("A.jpg", meta=meta)).licence.code == expected


def test_without_any_field_the_licence_is_unknown() -> None:
    fields = ("Artist", "LicenseShortName", "License", "UsageTerms", "LicenseUrl")
    found = one(File("A.jpg", meta=dict.fromkeys(fields)))
    assert (found.licence, found.author) == (UNKNOWN, None)
