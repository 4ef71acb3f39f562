"""People's names: how they are written, compared, looked for, read from lists and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlike.errors import NamesError, one_line

_LISTED = 5
_FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00', "-"))
_QUALIFIER = re.compile(r"\s*\(([^()]*)\)\s*$")

# Canonical combining classes of marks that many leave out as they write: the nukta of Indian
# scripts (7), the points of Hebrew and Arabic (10 to 36). Vowel signs and viramas have others.
_OFTEN_LEFT_OUT = frozenset({7, *range(10, 37)})


def composed(text: str) -> str:
    """A text in Unicode's composed form, NFC, whatever form a file system or a program gave it."""
    return unicodedata.normalize("NFC", text)


def display(name: str) -> str:
    """A name as it is shown and written to files: in one line and composed form."""
    return composed(one_line(name))


def folder_name(name: str) -> str:
    """The name of a person's class folder: theirs, without what file systems refuse.

    It is empty where nothing is left of the name.
    """
    return name.translate(_FORBIDDEN).strip(". ")


def compare_key(name: str) -> str:
    """What names of classes are compared by: without regard to case, spacing and Unicode form.

    Accents count: classes may differ in nothing else.
    """
    return composed(display(name).casefold())


def search_key(name: str) -> str:
    """What names are looked for by: without regard to case, accents and punctuation either.

    Accents are those of Latin, Greek and Cyrillic letters, and in other scripts what people often
    leave out. Other marks, such as the vowel signs of Hindi, tell names apart.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = (char for char in decomposed if not _is_accent(char))
    return one_line("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters))


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or unicodedata.combining(char) in _OFTEN_LEFT_OUT


def split_qualifier(name: str) -> tuple[str, str | None]:
    """A name, and what stands in brackets behind it to tell people of one name apart.

    Of `Ann Lee (actor)` these are `Ann Lee` and `actor`; without brackets the second is None.
    """
    found = _QUALIFIER.search(name)
    return (_QUALIFIER.sub("", name) or name, found[1]) if found else (name, None)


def mentions(name: str, texts: Iterable[str]) -> bool:
    """Whether texts that belong together, such as an image's title and tags, mention a person.

    They do where each word of the name, without a qualifier, is among theirs, in any order and
    compared as `search_key` does; or where one is the whole name run together, as in tags.
    """
    words = search_key(split_qualifier(name)[0]).split()
    found = search_key(" ".join(texts)).split()
    together = "".join(words)
    if not words:
        return False
    if set(words).issubset(found) or together in found:
        return True
    # Scripts that put no spaces between words: there a word of the text holds more than the name.
    return not together.isascii() and together in "".join(found)


def read_names(file: Path) -> tuple[str, ...]:
    """Read a list of names: UTF-8 text, one name a line.

    Empty lines are skipped, and so are comments: lines whose first character that is no space
    is #.

    Raises:
        NamesError: it cannot be read, or holds no name.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NamesError(f"{file}: the list of names cannot be read as UTF-8 text") from error
    stripped = (line.strip() for line in lines)
    names = tuple(line for line in stripped if line and not line.startswith("#"))
    if not names:
        raise NamesError(f"{file}: the list holds no name; write one a line")
    return names


def split_names(
    names: Iterable[str], classes: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names as the classes have them, in their order, and the names that are no class."""
    wanted = {compare_key(name): name for name in names}
    known = tuple(name for name in classes if compare_key(name) in wanted)
    unknown = set(wanted) - {compare_key(name) for name in known}
    return known, tuple(name for key, name in wanted.items() if key in unknown)


def listed(names: Sequence[str]) -> str:
    """The first few of some names, as messages show them."""
    return ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
