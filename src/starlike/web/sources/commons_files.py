"""Files of Wikimedia Commons as its API describes them → candidates."""

from __future__ import annotations

from typing import Any

from yarl import URL

from starlike.web import licences
from starlike.web.image_source import ImageCandidate
from starlike.web.licences import UNKNOWN, Licence
from starlike.web.wikimedia import plain_text

_WIDTH = 1280
"""Pixels: one of the widths that Wikimedia keeps ready; others are turned away, see
https://www.mediawiki.org/wiki/Common_thumbnail_sizes"""
_SMALLEST = 200

_TIFF = "image/tiff"
_MIMES = frozenset({"image/jpeg", "image/png", "image/webp", _TIFF})
_FIELDS = (
    "Artist",
    "Attribution",
    "LicenseShortName",
    "License",
    "LicenseUrl",
    "UsageTerms",
)

QUERY: dict[str, str | int] = {
    "prop": "imageinfo",
    "iiprop": "url|size|mime|sha1|mediatype|extmetadata",
    "iiurlwidth": _WIDTH,
    "iiextmetadatafilter": "|".join(_FIELDS),
    "iiextmetadatalanguage": "en",
}
"""What to ask so that the answer can be read here."""


def candidates(answer: dict[str, Any], *, portrait: bool = False) -> tuple[ImageCandidate, ...]:
    """The photos in an answer, in the order in which they were found.

    A file that is described in a later part of the answer is left to that part.

    Args:
        answer: of the API to a question that holds `QUERY`.
        portrait: whether the person's entry shows them.
    """
    pages = (answer.get("query") or {}).get("pages") or []
    # Pages come by the number of the page; a search says beside it which was found first.
    found = [_candidate(page, portrait) for page in sorted(pages, key=lambda p: p.get("index", 0))]
    return tuple(candidate for candidate in found if candidate)


def _candidate(page: dict[str, Any], portrait: bool) -> ImageCandidate | None:
    info: dict[str, Any] = next(iter(page.get("imageinfo") or []), {})
    url = _image_url(info)
    if url is None:
        return None
    metadata = info.get("extmetadata") or {}
    meta = {name: str(metadata[name].get("value", "")) for name in _FIELDS if name in metadata}
    return ImageCandidate(
        image_url=url,
        page_url=info.get("descriptionurl"),
        licence=_licence(meta),
        # Whoever asks for certain words gets them.
        author=plain_text(meta.get("Attribution")) or plain_text(meta.get("Artist")),
        title=_title(page.get("title", "")),
        portrait=portrait,
    )


def _image_url(info: dict[str, Any]) -> str | None:
    """Where a photo of a useful size is; None for what is no photo."""
    width, height = info.get("width", 0), info.get("height", 0)
    if info.get("mediatype") != "BITMAP" or info.get("mime") not in _MIMES:
        return None
    if min(width, height) < _SMALLEST:
        return None
    if info["mime"] == _TIFF:
        return _bare(info.get("thumburl"))
    return _bare(info.get("thumburl") if width > _WIDTH else None) or _bare(info.get("url"))


def _licence(meta: dict[str, str]) -> Licence:
    """The licence by the first field that names one that is known."""
    url = meta.get("LicenseUrl")
    named = [
        licences.parse(plain_text(meta.get(field)) or "", url)
        for field in ("LicenseShortName", "License", "UsageTerms")
    ]
    known = [licence for licence in named if licence.code not in ("other", UNKNOWN.code)]
    other = [licence for licence in named if licence.code == "other"]
    return next(iter(known + other), UNKNOWN)


def _title(title: str) -> str | None:
    """A file's title without namespace and ending."""
    name = title.removeprefix("File:")
    return name.rpartition(".")[0] or name or None


def _bare(url: str | None) -> str | None:
    """An address without the marks for statistics, which would make one file look like two."""
    if not url:
        return None
    parts = URL(url, encoded=True)
    kept = {key: value for key, value in parts.query.items() if not key.startswith("utm_")}
    if len(kept) == len(parts.query):
        return url
    return str(parts.with_query(kept or None))
