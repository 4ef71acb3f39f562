"""What kind of image is this? By its content, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageKind:
    """A kind of image that can be opened.

    Attributes:
        name: Pillow's name of the format; nothing else is handed to a decoder.
        media_type: as HTTP has it.
        extensions: lower-case file endings, the usual one first.
        beginning: how such a file begins.
        in_browsers: whether every browser of today draws it.
    """

    name: str
    media_type: str
    extensions: tuple[str, ...]
    beginning: re.Pattern[bytes]
    in_browsers: bool = True

    @property
    def extension(self) -> str:
        """The usual file ending, with its dot."""
        return self.extensions[0]


def _kind(
    name: str, media_type: str, extensions: str, beginning: bytes, *, in_browsers: bool = True
) -> ImageKind:
    return ImageKind(
        name=name,
        media_type=f"image/{media_type}",
        extensions=tuple(extensions.split()),
        beginning=re.compile(beginning, re.DOTALL),
        in_browsers=in_browsers,
    )


_TIFF = rb"II[*+]\0|MM\0[*+]"
_HEIF = rb".{4}ftyp(hei[cmsx]|hev[cx]|mif1|msf1)"
_KINDS = (
    _kind("JPEG", "jpeg", ".jpg .jpeg .jpe .jfif", rb"\xff\xd8\xff"),
    _kind("MPO", "jpeg", ".jpg .mpo", rb"\xff\xd8\xff"),  # a JPEG with further ones behind it
    _kind("PNG", "png", ".png .apng", rb"\x89PNG\r\n"),
    _kind("WEBP", "webp", ".webp", rb"RIFF.{4}WEBP"),
    _kind("GIF", "gif", ".gif", rb"GIF8[79]a"),
    _kind("BMP", "bmp", ".bmp", rb"BM"),
    _kind("TIFF", "tiff", ".tif .tiff", _TIFF, in_browsers=False),
    _kind("AVIF", "avif", ".avif", rb".{4}ftypavi[fs]"),
    _kind("HEIF", "heic", ".heic .heif", _HEIF, in_browsers=False),
)

KINDS = {kind.name: kind for kind in _KINDS}
"""Every kind that is opened, by Pillow's name of its format."""

EXTENSIONS = frozenset(ending for kind in _KINDS for ending in kind.extensions)
"""Lower-case file endings that are taken for photos when a folder is walked."""


def kind_of(beginning: bytes) -> ImageKind | None:
    """What kind of image a file seems to be by its first 16 bytes or more; None for any other.

    That is a look at the beginning alone: the rest may be broken, and by two letters a text that
    begins with BM passes for a BMP.
    """
    return next((kind for kind in _KINDS if kind.beginning.match(beginning)), None)
