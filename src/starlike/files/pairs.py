"""Pairs of people who are said to look alike, read from a table that anyone can write.

A CSV table in UTF-8 whose header names the columns `a`, `b` and `kind`; others are passed over.
`kind` is `lookalike`, or `kin`, for which `parent` and `sibling` may stand as well.

Its pairs fall into two halves, one to choose by and one to report on, so that nothing is chosen by
what is reported. Nobody is in both: people who are linked by pairs, also over others, stay
together. The largest of such groups are given away first, and of equal ones in an order that hangs
on names alone, each to the half where it leaves look-alikes and kin more evenly divided, or else to
the one to report on. So the halves are the same in whichever order the rows stand, and whoever is a
class.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from starlike.draws import order_key
from starlike.errors import NamesError
from starlike.files import digest
from starlike.metrics.places import KIN, LOOKALIKE, Kind, Sought
from starlike.metrics.values import PairsAsked
from starlike.names import compare_key, display, listed

HalfName = Literal["choose", "report"]
CHOOSE: HalfName = "choose"
REPORT: HalfName = "report"

_PURPOSES = {CHOOSE: "to choose by", REPORT: "to report on"}

_COLUMNS = ("a", "b", "kind")
_KINDS: dict[str, Kind] = {"lookalike": LOOKALIKE, "kin": KIN, "parent": KIN, "sibling": KIN}
_FORM = "the header must name the columns a, b and kind"
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two people, in the order of their names, and what is said of them."""

    a: str
    b: str
    kind: Kind

    @property
    def keys(self) -> tuple[str, str]:
        """What the two are compared by."""
        return compare_key(self.a), compare_key(self.b)

    def __str__(self) -> str:
        return f"{self.a} and {self.b}"


Group = tuple[Pair, ...]
"""Pairs that are linked by the people in them, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half of the pairs of a file.

    Attributes:
        file: where they stand.
        name: what they are for.
        groups: the pairs, in groups that share nobody.
        put_aside: how many pairs the other half has.
    """

    file: Path
    name: HalfName
    groups: tuple[Group, ...]
    put_aside: int

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All of them."""
        return tuple(pair for group in self.groups for pair in group)

    @property
    def identity(self) -> str:
        """SHA-256 by which these pairs are known, however they are written."""
        return digest.sha256(json.dumps([(*pair.keys, pair.kind) for pair in self.pairs]).encode())

    def people(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of some people who are in a pair."""
        keys = {key for pair in self.pairs for key in pair.keys}
        return tuple(name for name in names if compare_key(name) in keys)

    def asked(self, people: Sequence[str], classes: Sequence[str]) -> PairsAsked:
        """How many pairs can be asked about.

        Args:
            people: of whom there are photos.
            classes: who may be answered.

        Raises:
            NamesError: none can.
        """
        sought = self.sought(people, classes)
        asked = {kind: np.unique(one.pairs) for kind, one in sought.items()}
        used = {number for numbers in asked.values() for number in numbers.tolist()}
        left_out = [str(pair) for number, pair in enumerate(self.pairs) if number not in used]
        if not used:
            raise NamesError(
                f"{self.file}: of its pairs {_PURPOSES[self.name]}, none is of people who are "
                f"classes: {listed(left_out)}; write the names as the class folders have them, or "
                "add pairs of other people"
            )
        return PairsAsked(
            lookalikes=len(asked.get(LOOKALIKE, ())),
            kin=len(asked.get(KIN, ())),
            left_out=tuple(left_out),
            put_aside=self.put_aside,
        )

    def sought(self, people: Sequence[str], classes: Sequence[str]) -> dict[Kind, Sought]:
        """What these pairs ask, by kind; one of which nothing can be asked is not there.

        Args:
            people: those of whom there are photos, as these are numbered.
            classes: those who may be answered, as they are numbered.
        """
        asked, answered = _numbers(people), _numbers(classes)
        rows: dict[Kind, list[tuple[int, int, int, int, int]]] = {}
        of_group = [number for number, group in enumerate(self.groups) for _ in group]
        for number, pair in enumerate(self.pairs):
            for one, other in (pair.keys, pair.keys[::-1]):
                if one in asked and other in answered:
                    own = answered.get(one, -1)
                    row = (asked[one], own, answered[other], number, of_group[number])
                    rows.setdefault(pair.kind, []).append(row)
        return {kind: _sought(some) for kind, some in rows.items()}


def _numbers(names: Sequence[str]) -> dict[str, int]:
    return {compare_key(name): number for number, name in enumerate(names)}


def _sought(rows: Sequence[tuple[int, int, int, int, int]]) -> Sought:
    asked, own, wanted, pairs, groups = np.array(rows, dtype=np.int64).T
    return Sought(asked=asked, own=own, wanted=wanted, pairs=pairs, groups=groups)


def read(file: Path, half: HalfName) -> Half:
    """Read one half of a file of pairs; this module's head says which pairs are in it.

    Raises:
        NamesError: it cannot be read, holds a row that is no pair, or no pair for this half.
    """
    pairs = _distinct(file, _pairs(file))
    if not pairs:
        raise NamesError(f"{file}: there is no pair in it; write one a line, below the header")
    halves = divided(pairs)
    if not halves[half]:
        raise NamesError(
            f"{file}: there is no pair {_PURPOSES[half]}, for all {len(pairs):,} are linked by the "
            "people in them, and people who are linked are never divided; add pairs of other people"
        )
    own = sum(map(len, halves[half]))
    return Half(file=file, name=half, groups=halves[half], put_aside=len(pairs) - own)


def divided(pairs: Sequence[Pair]) -> dict[HalfName, tuple[Group, ...]]:
    """The groups of pairs in each half; this module's head says how they are divided."""
    halves: dict[HalfName, list[Group]] = {name: [] for name in get_args(HalfName)}
    lead = {LOOKALIKE: 0, KIN: 0}  # Of the half to choose by before the other one.
    for group in sorted(linked(pairs), key=_turn):
        counts = {kind: sum(pair.kind == kind for pair in group) for kind in lead}
        # Which half leaves the smaller sum of squared differences.
        ahead = sum(counts[kind] * lead[kind] for kind in lead)
        half = CHOOSE if ahead < 0 else REPORT
        halves[half].append(group)
        lead = {kind: lead[kind] + (1 if half == CHOOSE else -1) * counts[kind] for kind in lead}
    return {name: tuple(groups) for name, groups in halves.items()}


def _turn(group: Group) -> tuple[int, bytes]:
    """What groups are ordered by: the largest first, then as names will have it."""
    return -len(group), order_key(_SEED, "pairs", *group[0].keys)


def linked(pairs: Sequence[Pair]) -> list[Group]:
    """Pairs in groups that share nobody, and that fall into no smaller ones."""
    group_of: dict[str, set[Pair]] = {}
    for pair in pairs:
        one, other = (group_of.get(key, set()) for key in pair.keys)
        joined = {pair, *one, *other}
        group_of.update((key, joined) for member in joined for key in member.keys)
    groups = {id(group): group for group in group_of.values()}
    return [tuple(sorted(group, key=lambda pair: pair.keys)) for group in groups.values()]


def _distinct(file: Path, pairs: Iterator[tuple[int, Pair]]) -> list[Pair]:
    """Each pair once, whichever of the two is named first."""
    found: dict[tuple[str, str], Pair] = {}
    for line, pair in pairs:
        before = found.setdefault(pair.keys, pair)
        if before.kind != pair.kind:
            raise NamesError(
                f"{file}: line {line}: {pair.a} and {pair.b} are look-alikes in one line and kin "
                "in another; keep one of them"
            )
    return list(found.values())


def _pairs(file: Path) -> Iterator[tuple[int, Pair]]:
    """The pairs of a file, each with the number of its line."""
    rows = _rows(file)
    _, header = next(rows, (1, []))
    columns = [column.strip().casefold() for column in header]
    if missing := [column for column in _COLUMNS if column not in columns]:
        raise NamesError(f"{file}: the column {missing[0]} is missing; {_FORM}")
    places = [columns.index(column) for column in _COLUMNS]
    for line, cells in rows:
        padded = [*cells, *[""] * len(columns)]
        if any(cell.strip() for cell in cells):
            yield line, _pair(file, line, *(display(padded[place]) for place in places))


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""))
        rows = [(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is not a CSV table in UTF-8"
        raise NamesError(f"{file}: the pairs cannot be read ({reason})") from error
    return iter(rows)


def _pair(file: Path, line: int, a: str, b: str, kind: str) -> Pair:
    said = dict(zip(_COLUMNS, (a, b, kind), strict=True))
    if empty := [column for column, text in said.items() if not text]:
        raise NamesError(f"{file}: line {line}: {empty[0]} is missing")
    if compare_key(a) == compare_key(b):
        raise NamesError(f"{file}: line {line}: {a} stands there twice; a pair is of two people")
    found = _KINDS.get(kind.casefold())
    if found is None:
        raise NamesError(
            f"{file}: line {line}: {kind!r} is no kind of pair; write lookalike or kin (parent and "
            "sibling count as kin)"
        )
    first, second = sorted((a, b), key=compare_key)
    return Pair(a=first, b=second, kind=found)
