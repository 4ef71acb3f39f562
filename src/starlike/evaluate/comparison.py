"""The methods beside one another, in words: the table of the report and of the model card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_JSON = dict[str, Any]


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


_MEASURES: tuple[tuple[str, str, Callable[[_JSON], Any]], ...] = (
    (
        "Right first answer (top-1)",
        "Test images of known people whose first answer is right.",
        lambda method: method["top_1"],
    ),
    (
        "Right among five (top-5)",
        "Test images with the right person among the first five answers.",
        lambda method: method["top_5"],
    ),
    (
        "Calibration error",
        "How far probabilities are from how often they are right. Lower is better.",
        lambda method: method["calibration"] and method["calibration"]["error"],
    ),
    (
        "Same star again",
        "Two photos of one person who is in no class get the same first answer.",
        lambda method: method["consistency"] and method["consistency"]["first_answer"],
    ),
    (
        "Same five again",
        "The share of the five best answers that two such photos have in common.",
        lambda method: method["consistency"] and method["consistency"]["top_5_overlap"],
    ),
    (
        "Same star for two different people",
        "The guard of the two above: it must stay low.",
        lambda method: method["guard"] and method["guard"]["different_people_agree"],
    ),
    (
        "People who get the most frequent star",
        "Another guard: nobody should be everybody's star.",
        lambda method: method["guard"] and method["guard"]["star_people"],
    ),
)


def lines(methods: Sequence[_JSON]) -> list[Line]:
    """The table's lines, without those that were not measured for any method.

    Args:
        methods: `methods` of `metrics.json`.
    """
    made = []
    for title, meaning, figure in _MEASURES:
        figures = [figure(method) for method in methods]
        if any(value is not None for value in figures):
            made.append(Line(title, meaning, [_cell(value, figures) for value in figures]))
    return made


def by_group(methods: Sequence[_JSON], groups: str) -> list[Line]:
    """Right first answers of each method within each group.

    Args:
        methods: `methods` of `metrics.json`.
        groups: `by_source` or `by_images`.
    """
    made = []
    for same in zip(*(method[groups] for method in methods), strict=True):
        figures = [group["top_1"] for group in same]
        images = f"{figures[0]['images']:,}"
        made.append(Line(same[0]["name"], images, [_cell(value, figures) for value in figures]))
    return made


def _cell(value: Any, figures: Sequence[Any]) -> Cell:
    if value is None:
        return Cell("–")
    if not isinstance(value, dict):
        return Cell(_percent(value))
    others = [other for other in figures if other is not value]
    better = bool(others) and all(value["low"] > other["high"] for other in others)
    interval = f"{100 * value['low']:.1f} to {_percent(value['high'])}"
    return Cell(_percent(value["value"]), interval, better)


def _percent(share: float) -> str:
    digits = 2 if share < 0.01 else 1
    return f"{100 * share:.{digits}f} %"
