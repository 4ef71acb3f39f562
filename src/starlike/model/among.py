"""Whom an answer may name: groups of classes, and lists of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from starlike.errors import NamesError
from starlike.names import compare_key, read_names, split_names

ENDING = ".txt"
"""Of the files in a folder of groups; the rest of a file's name is the group's."""

Unknown = Callable[[str, Sequence[str]], None]
"""Told of a group's names that are no class: the group and the names."""


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """The classes that an answer may name: (M,) int64, ascending, M at least 1."""

    labels: npt.NDArray[np.int64]


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
        known, others = split_names(read_names(file), classes)
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
        members[compare_key(name)].add(label)
    people = dict(members)
    for group, names in groups.items():
        members[compare_key(group)] |= {
            label for name in names for label in people[compare_key(name)]
        }
    asked = [asked] if isinstance(asked, str) else asked
    if not asked:
        raise NamesError(f"nobody to choose from was named; {choice(groups)}")
    for name in asked:
        if compare_key(name) not in members:
            raise NamesError(
                f"{name}: there is no such group, person or list of names; {choice(groups)}"
            )
    chosen = sorted(set().union(*(members[compare_key(name)] for name in asked)))
    return Among(np.array(chosen, dtype=np.int64))


def choice(groups: Mapping[str, Sequence[str]]) -> str:
    """The groups of a model, as an error lists them."""
    if not groups:
        return "the model has no groups: name people, or a file with one name a line"
    listed = ", ".join(f"{name} ({len(names):,} people)" for name, names in sorted(groups.items()))
    return f"the model's groups are {listed}"
