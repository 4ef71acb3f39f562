"""What was measured of each candidate on each fold, in memory and as `leaderboard.json`.

The file is an object: `format`, `basis`, `classes`, `images`, `folds`, `declared` (what is to be
said of each figure), `rows`, best first, `chosen` (the name of the network whose recipe was
written, or null), `curve`, the points of the learning curves, fewest images first, and `pairs` (how
many pairs of people were asked about, or null). Beside its `results`, a row has their `mean` and
`spread`, by figure. Shares and errors go from 0 to 1; what was not measured is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from starlike import typed_json
from starlike.errors import TrainError
from starlike.files import storage
from starlike.metrics.declaration import Declaration
from starlike.metrics.values import PairsAsked
from starlike.records import EmbedFrom, EncoderCard

FILE_NAME = "leaderboard.json"
FORMAT_VERSION = 2
"""The `format`; raised when a key, a fold or a method changes its meaning."""


@dataclass(frozen=True, slots=True)
class OfGroup:
    """Right first answers among the images of a group."""

    name: str
    hits: int
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One candidate on one fold.

    Attributes:
        fold: its number, from 0.
        images: known images that were asked about.
        figures: what was measured, by the figures' keys.
        by_images: first answers by how many images of the person were learned from.
    """

    fold: int
    images: int
    figures: Mapping[str, float]
    by_images: tuple[OfGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate and its results, by fold; `settings` are all that it was made with."""

    name: str
    kind: str
    about: str
    settings: Mapping[str, Any]
    results: tuple[Result, ...] = ()

    def values(self, key: str) -> list[float]:
        """A figure on each fold where it was measured."""
        return [result.figures[key] for result in self.results if key in result.figures]

    def mean(self, key: str) -> float | None:
        """Over folds; None where it was not measured."""
        values = self.values(key)
        return fmean(values) if values else None

    def spread(self, key: str) -> float | None:
        """The standard deviation over folds; None of fewer than two."""
        values = self.values(key)
        return stdev(values) if len(values) > 1 else None

    def text(self, figure: Declaration) -> str:
        """The mean of a figure and its spread; a dash where it was not measured."""
        mean, spread = self.mean(figure.key), self.spread(figure.key)
        return "–" if mean is None else figure.shown_as.around(mean, spread or 0.0)

    def with_result(self, result: Result) -> Row:
        """The row with one more result."""
        return replace(self, results=(*self.results, result))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A candidate fitted to a part of the first fold's images.

    Attributes:
        name: the candidate's.
        at_most: images of each class; None for all.
        learned: images that it was fitted to.
        images, figures: as in `Result`.
    """

    name: str
    at_most: int | None
    learned: int
    images: int
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What results must share to be compared.

    Attributes:
        sample: its identity.
        encoder: whose embeddings it holds.
        embed_from: which of them were taken.
        seed: chose folds, first weights and draws.
        pairs: the identity of the pairs of people that were asked about; None for none.
    """

    sample: str
    encoder: EncoderCard
    embed_from: EmbedFrom
    seed: int
    pairs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """All rows, best mean top-1 first, and points of a network and the nearest class mean.

    `classes` and `images` are those of all folds together; `declared` is what is to be said of
    each figure, in the order of tables; `pairs` of people that were asked about, if any.
    """

    basis: Basis
    classes: int
    images: int
    folds: int
    declared: tuple[Declaration, ...]
    rows: tuple[Row, ...]
    chosen: str | None = None
    curve: tuple[Point, ...] = ()
    pairs: PairsAsked | None = None

    @property
    def measured(self) -> int:
        """How many results and points there are."""
        return sum(len(row.results) for row in self.rows) + len(self.curve)

    def columns(self) -> tuple[Declaration, ...]:
        """The figures that were measured of any row."""
        keys = {key for row in self.rows for result in row.results for key in result.figures}
        return tuple(figure for figure in self.declared if figure.key in keys)

    def row(self, name: str) -> Row:
        """The row of a candidate."""
        return next(row for row in self.rows if row.name == name)

    def with_row(self, changed: Row) -> Leaderboard:
        """With another row of the same name, in its new place."""
        rows = [changed if row.name == changed.name else row for row in self.rows]
        return replace(self, rows=tuple(sorted(rows, key=_rank)))

    def with_point(self, point: Point) -> Leaderboard:
        """With one more point, in its place."""
        return replace(self, curve=tuple(sorted((*self.curve, point), key=_place)))

    def write(self, folder: Path) -> None:
        """Write `leaderboard.json`."""
        facts = typed_json.plain(self)
        for row, written in zip(self.rows, facts["rows"], strict=True):
            keys = [figure.key for figure in self.declared if row.values(figure.key)]
            written["mean"] = {key: row.mean(key) for key in keys}
            written["spread"] = {key: row.spread(key) for key in keys}
        storage.write_text(folder / FILE_NAME, typed_json.text(facts, FORMAT_VERSION))

    def resumed(self, before: Leaderboard | None) -> Leaderboard:
        """With the results and points of an earlier run that this one would get again."""
        if before is None or before.basis != self.basis or before._keys() != self._keys():
            return self
        known = {row.name: row for row in before.rows}
        board = self
        for row in self.rows:
            old = known.get(row.name)
            if old and (old.kind, old.settings) == (row.kind, row.settings):
                kept = tuple(result for result in old.results if result.fold < self.folds)
                board = board.with_row(replace(row, results=kept))
                for point in before.curve:
                    board = board.with_point(point) if point.name == row.name else board
        return board

    def _keys(self) -> set[str]:
        return {figure.key for figure in self.declared}


def read(folder: Path) -> Leaderboard | None:
    """The leaderboard of an earlier run; None where there is none, or of another format version.

    Raises:
        TrainError: the file is no leaderboard.
    """
    file = folder / FILE_NAME
    try:
        return typed_json.load(file.read_bytes(), Leaderboard, FORMAT_VERSION)
    except (FileNotFoundError, typed_json.OtherFormatError):
        return None
    except (OSError, ValueError) as error:
        raise TrainError(f"{file}: this is no leaderboard to go on with; remove it") from error


def _place(point: Point) -> tuple[float, str]:
    return (inf if point.at_most is None else point.at_most, point.name)


def _rank(row: Row) -> tuple[float, float, str]:
    top_1, top_5 = row.mean("top_1") or 0.0, row.mean("top_5") or 0.0
    return (-top_1, -top_5, row.name)
