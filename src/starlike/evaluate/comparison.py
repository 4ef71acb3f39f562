"""The methods beside one another, in words: the tables of terminal, report and model card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlike.evaluate import wording
from starlike.evaluate.wording import percent

_JSON = dict[str, Any]

_HEADINGS = {
    "source": "Source of the image",
    "training images": "Training images of the person",
    "face size": "Size of the face",
    "sharpness": "Sharpness of the face",
    "people": "Group of people",
}
_ALL = "all of them"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as text, its interval as text (empty where it has none), and whether it is better.

    It is marked as better only where the intervals do not overlap.
    """

    text: str
    interval: str = ""
    better: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One measure, what it tells, and a cell for each method."""

    title: str
    meaning: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The groups of one property.

    Attributes:
        title: what the images are told apart by.
        heading: what a group is.
        columns: headings of the cells.
        rows: a name and cells for each group, and for all of them at the end.
        gaps: sentences on groups that fare worse.
    """

    title: str
    heading: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    gaps: Sequence[str]


_MEASURES: tuple[tuple[str, str, str, Callable[[_JSON], Any]], ...] = (
    (
        "Right first answer (top-1)",
        "Test images of known people whose first answer is right.",
        "top_1",
        lambda method: method["top_1"],
    ),
    (
        "Right among five (top-5)",
        "Test images with the right person among the first five answers.",
        "top_5",
        lambda method: method["top_5"],
    ),
    (
        "Calibration error",
        "How far probabilities are from how often they are right. Lower is better.",
        "calibration_error",
        lambda method: method["calibration"] and method["calibration"]["error"],
    ),
    (
        "Same star again",
        "Two photos of one person who is in no class get the same first answer.",
        "first_answer",
        lambda method: method["consistency"] and method["consistency"]["first_answer"],
    ),
    (
        "Same five again",
        "The share of the five best answers that two such photos have in common.",
        "top_5_overlap",
        lambda method: method["consistency"] and method["consistency"]["top_5_overlap"],
    ),
    (
        "Same star, two photos against two",
        "Two photos of such a person, taken together, get the same first answer as two others.",
        "together",
        lambda method: method["together"] and method["together"]["first_answer"],
    ),
    (
        "Same star for two different people",
        "The guard of the three above: it must stay low.",
        "different_people_agree",
        lambda method: method["guard"] and method["guard"]["different_people_agree"],
    ),
    (
        "People who get the most frequent star",
        "Another guard: nobody should be everybody's star.",
        "star_people",
        lambda method: method["guard"] and method["guard"]["star_people"],
    ),
)


def lines(figures: _JSON) -> list[Line]:
    """The table's lines, without those that were not measured for any method.

    Over several models a cell tells mean and standard deviation, and it is marked as better by
    the intervals of the first model.

    Args:
        figures: the content of `metrics.json`.
    """
    made = []
    for title, meaning, key, figure in _MEASURES:
        values = [figure(method) for method in figures["methods"]]
        if all(value is None for value in values):
            continue
        cells = [_cell(value, values) for value in values]
        if figures["spreads"]:
            spreads = [of_method[key] for of_method in figures["spreads"]]
            cells = [_over_models(*pair) for pair in zip(cells, spreads, strict=True)]
        made.append(Line(title, meaning, cells))
    return made


def _over_models(cell: Cell, spread: _JSON | None) -> Cell:
    if spread is None:
        return Cell("–")
    digits = wording.digits(spread["mean"])
    text = f"{100 * spread['mean']:.{digits}f} ± {100 * spread['deviation']:.{digits}f} %"
    return Cell(text, better=cell.better)


def tables(figures: _JSON) -> list[Table]:
    """A table a property; a column that was measured of no group is left out.

    Args:
        figures: the content of `metrics.json`.
    """
    return [_table(grouping, figures) for grouping in figures["groupings"]]


def _table(grouping: _JSON, figures: _JSON) -> Table:
    names = [method["name"] for method in figures["methods"]]
    rows = [(group["name"], _cells(group)) for group in grouping["groups"]]
    everyone = _everyone(figures)
    rows.append((_ALL, _cells(everyone)))
    columns = [
        "Tested",
        *(f"Right, {name}" for name in names),
        "Calibration error",
        "Faces found",
        "Same star again",
    ]
    measured = [any(row[i].text != "–" for _, row in rows[:-1]) for i in range(len(columns))]
    return Table(
        grouping["by"].capitalize(),
        _HEADINGS[grouping["by"]],
        [name for name, shown in zip(columns, measured, strict=True) if shown],
        [
            (name, [cell for cell, shown in zip(cells, measured, strict=True) if shown])
            for name, cells in rows
        ],
        wording.gaps(grouping, everyone),
    )


def _everyone(figures: _JSON) -> _JSON:
    """All images as a group."""
    consistency = figures["methods"][0]["consistency"]
    return {
        "faces_found": figures["about"]["faces_found"],
        "people": consistency["people"] if consistency else 0,
        "methods": [
            {
                "top_1": method["top_1"],
                "calibration_error": method["calibration"] and method["calibration"]["error"],
                "consistency": method["consistency"] and method["consistency"]["first_answer"],
            }
            for method in figures["methods"]
        ],
    }


def _cells(group: _JSON) -> list[Cell]:
    top_1 = [method["top_1"] for method in group["methods"]]
    return [
        Cell("–" if top_1[0] is None else f"{top_1[0]['images']:,}"),
        *(_cell(value, top_1) for value in top_1),
        _cell(group["methods"][0]["calibration_error"], ()),
        _cell(group["faces_found"], ()),
        _cell(group["methods"][0]["consistency"], ()),
    ]


def _cell(value: Any, figures: Sequence[Any]) -> Cell:
    if value is None:
        return Cell("–")
    if not isinstance(value, dict):
        return Cell(percent(value))
    others = [other for other in figures if other is not value]
    better = bool(others) and all(value["low"] > other["high"] for other in others)
    return Cell(percent(value["value"]), wording.interval(value), better)
