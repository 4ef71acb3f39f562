"""Whom an answer may name: groups of classes, and lists of names."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from starlike.errors import NamesError

ENDING = ".txt"
"""Of the files in a folder of groups; the rest of a file's name is the group's."""

_LISTED = 5

Unknown = Callable[[str, Sequence[str]], None]
"""Told of a group's names that are no class: the group and the names."""


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """The classes that an answer may name: (M,) int64, ascending, M at least 1."""

    labels: npt.NDArray[np.int64]


def key(name: str) -> str:
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


def split(names: Iterable[str], classes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names as the classes have them, in their order, and the names that are no class."""
    asked = {key(name): name for name in names}
    known = tuple(name for name in classes if key(name) in asked)
    unknown = set(asked) - {key(name) for name in known}
    return known, tuple(name for folded, name in asked.items() if folded in unknown)


def read(
    folder: Path, classes: Sequence[str], unknown: Unknown | None = None
) -> dict[str, tuple[str, ...]]:
    """Read a folder of groups: one list of names a group.

    Args:
        folder: holds `<group>.txt` files; see `read_names`.
        classes: the names of the classes.
        unknown: told of the names of a group that are no class, which are left out.

    Returns:
        Names as the classes have them, by group; without the groups that no class is in.

    Raises:
        NamesError: there is no such folder, no group in it, or a list cannot be read.
    """
    files = sorted(folder.glob(f"*{ENDING}"))
    if not files:
        raise NamesError(f"{folder}: this folder holds no group; write names into group{ENDING}")
    found = {}
    for file in files:
        known, others = split(read_names(file), classes)
        if others and unknown:
            unknown(file.stem, others)
        if known:
            found[file.stem] = known
    return found


def among(
    asked: Sequence[str], classes: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> Among:
    """The classes that belong to any of the groups, or have any of the names.

    Args:
        asked: names of groups and of classes.
        classes: the names of all classes.
        groups: the names of the classes in each group.

    Raises:
        NamesError: nothing is asked for, or something that is neither a group nor a class.
    """
    members: defaultdict[str, set[int]] = defaultdict(set)
    for label, name in enumerate(classes):
        members[key(name)].add(label)
    people = dict(members)
    for group, names in groups.items():
        members[key(group)] |= {label for name in names for label in people[key(name)]}
    asked = [asked] if isinstance(asked, str) else asked
    if not asked:
        raise NamesError(f"nobody to choose from was named; {choice(groups)}")
    for name in asked:
        if key(name) not in members:
            raise NamesError(
                f"{name}: there is no such group, person or list of names; {choice(groups)}"
            )
    chosen = sorted(set().union(*(members[key(name)] for name in asked)))
    return Among(np.array(chosen, dtype=np.int64))


def listed(names: Sequence[str]) -> str:
    """The first few of some names, as messages show them."""
    return ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")


def choice(groups: Mapping[str, Sequence[str]]) -> str:
    """The groups of a model, as an error lists them."""
    if not groups:
        return "the model has no groups: name people, or a file with one name a line"
    listed = ", ".join(f"{name} ({len(names):,} people)" for name, names in sorted(groups.items()))
    return f"the model's groups are {listed}"
