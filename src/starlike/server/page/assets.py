"""The page's own files, held in memory and named by what they contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlike.files import digest

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: its bytes, media type and entity tag."""

    data: bytes
    media_type: str
    tag: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by name, and a digest over all of them.

    The digest stands in their addresses. So browsers may keep them for good, and a module that
    imports another by its name gets the one that it was written for.
    """

    files: Mapping[str, Asset]
    digest: str

    @property
    def root(self) -> str:
        """The address below which they lie."""
        return f"/static/{self.digest}"


@cache
def read() -> Assets:
    """The files in `static`."""
    folder = resources.files("starlike.server.page") / "static"
    files = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        ending = f".{file.name.rpartition('.')[2]}"
        if ending in _KINDS:
            data = file.read_bytes()
            tag = digest.sha256(data)[:16]
            files[file.name] = Asset(data, f"{_KINDS[ending]}; charset=utf-8", tag)
    listed = "".join(f"{name} {asset.tag}\n" for name, asset in files.items())
    return Assets(files, digest.sha256(listed.encode())[:12])
