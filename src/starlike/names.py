"""People's names: how they are compared, read from lists, and shown in messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlike.errors import NamesError

_LISTED = 5


def compare_key(name: str) -> str:
    """What names are compared by: one Unicode form, without upper and lower case."""
    folded = unicodedata.normalize("NFC", name.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def read_names(file: Path) -> tuple[str, ...]:
    """Read a list of names: UTF-8 text, one name a line; empty lines and lines with # are skipped.

    Raises:
        NamesError: it cannot be read, or holds no name.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NamesError(f"{file}: the list of names cannot be read as UTF-8 text") from error
    names = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not names:
        raise NamesError(f"{file}: the list holds no name; write one a line")
    return names


def split_names(
    names: Iterable[str], classes: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names as the classes have them, in their order, and the names that are no class."""
    asked = {compare_key(name): name for name in names}
    known = tuple(name for name in classes if compare_key(name) in asked)
    unknown = set(asked) - {compare_key(name) for name in known}
    return known, tuple(name for folded, name in asked.items() if folded in unknown)


def listed(names: Sequence[str]) -> str:
    """The first few of some names, as messages show them."""
    return ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
