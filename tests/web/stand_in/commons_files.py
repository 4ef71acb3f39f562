"""Files of Wikimedia Commons as `prop=imageinfo` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.web.stand_in import mediawiki
from tests.web.stand_in.mediawiki import Params

_THUMBNAILS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
_DEFAULT_META = {
    "Artist": '<a href="//commons.wikimedia.org/wiki/User:Ann" title="User:Ann">Ann</a>',
    "LicenseShortName": "CC BY-SA 4.0",
    "License": "cc-by-sa-4.0",
    "LicenseUrl": "https://creativecommons.org/licenses/by-sa/4.0",
    "UsageTerms": "Creative Commons Attribution-Share Alike 4.0",
    "ImageDescription": "A photo",
    "Categories": "Self-published work",
}


@dataclass(frozen=True)
class File:
    """A file: its title without namespace, its pixels, and what its page tells.

    `meta` is laid over the usual fields, None taking one away; `exists` is false for a page whose
    file is gone, `thumbnail` for a file that cannot be scaled.
    """

    title: str
    width: int = 3000
    height: int = 2000
    mime: str = "image/jpeg"
    mediatype: str = "BITMAP"
    meta: Mapping[str, str | None] = field(default_factory=dict)
    exists: bool = True
    thumbnail: bool = True

    @property
    def path(self) -> str:
        """The end of its address."""
        return quote(self.title.replace(" ", "_"))

    def info(self, images: str, params: Params) -> dict[str, Any]:
        """What is told of it; `images` is where the files are served."""
        props = (params.get("iiprop") or "timestamp|user").split("|")
        info: dict[str, Any] = {}
        if "size" in props:
            info |= {"size": 500_000, "width": self.width, "height": self.height}
        if "url" in props:
            info |= self._urls(images, params)
        if "sha1" in props:
            info["sha1"] = f"{mediawiki.number(self.title):040x}"
        if "extmetadata" in props:
            info["extmetadata"] = _extmetadata(self, params)
        info |= {name: getattr(self, name) for name in ("mime", "mediatype") if name in props}
        return info

    def _urls(self, images: str, params: Params) -> dict[str, Any]:
        marks = "?utm_source=commons.wikimedia.org&utm_campaign=imageinfo&utm_content="
        urls: dict[str, Any] = {}
        original = f"{images}/{self.path}{marks}original"
        if asked := int(params.get("iiurlwidth") or 0):
            width = next((step for step in _THUMBNAILS if step >= asked), _THUMBNAILS[-1])
            tiff = self.mime == "image/tiff"
            if not self.thumbnail:
                urls["thumberror"] = "Error creating thumbnail: File too large"
            elif self.width <= width and not tiff:
                urls |= {"thumburl": original, "thumbwidth": self.width}
            else:
                width = min(width, self.width)
                name = (
                    f"lossy-page1-{width}px-{self.path}.jpg" if tiff else f"{width}px-{self.path}"
                )
                thumbnail = f"{images}/thumb/{self.path}/{name}{marks}thumbnail"
                urls |= {"thumburl": thumbnail, "thumbwidth": asked}
        page = f"https://commons.wikimedia.org/wiki/File:{self.path}"
        return urls | {"url": original, "descriptionurl": page}


def _extmetadata(file: File, params: Params) -> dict[str, Any]:
    wanted = params.get("iiextmetadatafilter")
    fields = {**_DEFAULT_META, **file.meta}
    told: dict[str, Any] = {
        name: {"value": value, "source": "commons-desc-page"}
        for name, value in fields.items()
        if value is not None
    }
    told["CommonsMetadataExtension"] = {"value": 1.2, "source": "extension", "hidden": ""}
    return {name: told[name] for name in told if not wanted or name in wanted.split("|")}
