"""What a file is known by, and where files lie that can be made again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def cache_folder() -> Path:
    """The folder of what can be made again: `STARLIKE_CACHE`, or the user's cache folder."""
    if chosen := os.environ.get("STARLIKE_CACHE"):
        return Path(chosen)
    import platformdirs  # noqa: PLC0415  answering keeps nothing

    return Path(platformdirs.user_cache_dir("starlike"))
