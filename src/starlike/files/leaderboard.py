"""What was measured of each candidate on each fold, in memory and as `leaderboard.json`.

The file is an object: `format`, `basis`, `classes`, `images`, `folds`, `chosen` (the name of the
network whose recipe was written, or null), `rows`, best first, and `curve`, the points of the
learning curves, fewest images first. Shares and errors go from 0 to 1; what was not measured is
null. Beside its `results`, a row tells their `mean` and `spread`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Literal, get_args

from starlike.errors import TrainError
from starlike.files import storage
from starlike.records import EmbedFrom

FILE_NAME = "leaderboard.json"
FORMAT_VERSION = 1
"""The `format`; raised when a key, a fold or a method changes its meaning."""

Figure = Literal[
    "top_1",
    "top_5",
    "calibration_error",
    "first_answer",
    "top_5_overlap",
    "different_people_agree",
    "star_people",
    "train_seconds",
    "size_bytes",
    "answer_ms",
]

TIMES: tuple[Figure, ...] = ("train_seconds", "answer_ms")
"""The figures that differ from run to run; all others are the same for the same seed."""


@dataclass(frozen=True, slots=True)
class OfGroup:
    """Right first answers among the images of a group."""

    name: str
    hits: int
    images: int


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate on one fold.

    Attributes:
        fold: its number, from 0.
        images: known images that were asked about.
        top_1, top_5: share of them with the right person first, or among the first five.
        calibration_error: None where the method gives no probabilities.
        first_answer, top_5_overlap: consistency on the people held out.
        different_people_agree, star_people: its guard.
        train_seconds: of fitting.
        size_bytes: of what answers.
        answer_ms: milliseconds for one embedding.
        by_images: first answers by how many images of the person were learned from.
    """

    fold: int
    images: int
    top_1: float
    top_5: float
    calibration_error: float | None
    first_answer: float | None
    top_5_overlap: float | None
    different_people_agree: float | None
    star_people: float
    train_seconds: float
    size_bytes: int
    answer_ms: float
    by_images: tuple[OfGroup, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate and its results, by fold; `settings` are all that it was made with."""

    name: str
    kind: str
    about: str
    settings: Mapping[str, Any]
    results: tuple[Result, ...] = ()

    def values(self, figure: Figure) -> list[float]:
        """A figure on each fold where it was measured."""
        values = (getattr(result, figure) for result in self.results)
        return [float(value) for value in values if value is not None]

    def mean(self, figure: Figure) -> float | None:
        """Over folds; None where it was not measured."""
        values = self.values(figure)
        return fmean(values) if values else None

    def spread(self, figure: Figure) -> float | None:
        """The standard deviation over folds; None of fewer than two."""
        values = self.values(figure)
        return stdev(values) if len(values) > 1 else None

    def share(self, figure: Figure) -> str:
        """The mean of a share and its spread, as text; a dash where it was not measured."""
        mean, spread = self.mean(figure), self.spread(figure)
        return "–" if mean is None else f"{100 * mean:.1f} ± {100 * (spread or 0.0):.1f} %"

    def with_result(self, result: Result) -> Row:
        """The row with one more result."""
        return replace(self, results=(*self.results, result))


@dataclass(frozen=True, slots=True)
class Point:
    """A candidate fitted to a part of the first fold's images.

    Attributes:
        name: the candidate's.
        at_most: images of each class; None for all.
        learned: images that it was fitted to.
        images, top_1, top_5, first_answer: as in `Result`.
    """

    name: str
    at_most: int | None
    learned: int
    images: int
    top_1: float
    top_5: float
    first_answer: float | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What results must share to be compared: `sample` is its identity."""

    sample: str
    embed_from: EmbedFrom
    seed: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All rows, best mean top-1 first, and points of a network and the nearest class mean.

    `classes` and `images` are those of all folds together.
    """

    basis: Basis
    classes: int
    images: int
    folds: int
    rows: tuple[Row, ...]
    chosen: str | None = None
    curve: tuple[Point, ...] = ()

    @property
    def measured(self) -> int:
        """How many results and points there are."""
        return sum(len(row.results) for row in self.rows) + len(self.curve)

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
        facts = {"format": FORMAT_VERSION, **asdict(self)}
        for row, written in zip(self.rows, facts["rows"], strict=True):
            written["mean"] = {figure: row.mean(figure) for figure in get_args(Figure)}
            written["spread"] = {figure: row.spread(figure) for figure in get_args(Figure)}
        text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
        storage.write_text(folder / FILE_NAME, text + "\n")

    def resumed(self, before: Leaderboard | None) -> Leaderboard:
        """With the results and points of an earlier run that this one would get again."""
        if before is None or before.basis != self.basis:
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


def read(folder: Path) -> Leaderboard | None:
    """The leaderboard of an earlier run; None where there is none, or of another format version.

    Raises:
        TrainError: the file is no leaderboard.
    """
    file = folder / FILE_NAME
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        if facts["format"] != FORMAT_VERSION:
            return None
        return Leaderboard(
            Basis(**facts["basis"]),
            facts["classes"],
            facts["images"],
            facts["folds"],
            tuple(_row(row) for row in facts["rows"]),
            facts["chosen"],
            # Leaderboards of the same format were written before there were curves.
            tuple(Point(**point) for point in facts.get("curve", ())),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TrainError(f"{file}: this is no leaderboard to go on with; remove it") from error


def _row(facts: Mapping[str, Any]) -> Row:
    results = (
        Result(**{**result, "by_images": tuple(OfGroup(**group) for group in result["by_images"])})
        for result in facts["results"]
    )
    return Row(facts["name"], facts["kind"], facts["about"], facts["settings"], tuple(results))


def _place(point: Point) -> tuple[float, str]:
    return (inf if point.at_most is None else point.at_most, point.name)


def _rank(row: Row) -> tuple[float, float, str]:
    top_1, top_5 = row.mean("top_1") or 0.0, row.mean("top_5") or 0.0
    return (-top_1, -top_5, row.name)
