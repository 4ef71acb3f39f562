"""Files written whole or not at all: to a temporary name in the same folder, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlike.errors import StarlikeError, one_line


@contextmanager
def writing(file: Path) -> Iterator[Path]:
    """A temporary path beside `file` that takes its name when the block ends without an error.

    The temporary name keeps the suffix, because some writers choose a format by it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=file.suffix, dir=file.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def writing_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder beside `folder` that takes its place when the block ends without error."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as place:
        made, before = Path(place) / "made", Path(place) / "before"
        made.mkdir()
        yield made
        if folder.exists():
            folder.rename(before)
        made.rename(folder)


def check_folder(folder: Path) -> None:
    """Make a folder where it is missing, and try whether files can be written into it.

    Raises:
        OSError: they cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


@contextmanager
def telling(kind: type[StarlikeError], place: Path) -> Iterator[None]:
    """Tell an error of writing to a place as one of `kind`, in a line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or one_line(str(error))
        raise kind(f"{place}: it cannot be written ({reason})") from error


def write_bytes(file: Path, data: bytes) -> None:
    """Write bytes to a file, atomically."""
    with writing(file) as temporary:
        temporary.write_bytes(data)


def write_text(file: Path, text: str) -> None:
    """Write UTF-8 text to a file, atomically."""
    write_bytes(file, text.encode())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
