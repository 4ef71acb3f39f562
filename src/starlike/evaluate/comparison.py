"""The methods beside one another, in words: the tables of terminal, report and model card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlike.evaluate import wording
from starlike.metrics.declaration import LOWER, Declaration
from starlike.metrics.figures import Figures, Group, Grouping, Method
from starlike.metrics.shown import percent
from starlike.metrics.values import OfPairs, Share, Spread, Value, ends

_HEADINGS = {
    "source": "Source of the image",
    "training images": "Training images of the person",
    "face size": "Size of the face",
    "sharpness": "Sharpness of the face",
    "people": "Group of people",
}

_Ends = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as text, its interval as text (empty where it has none), and whether it is better.

    It is marked as better only where the intervals do not overlap.
    """

    text: str
    interval: str = ""
    better: bool = False


_NOTHING = Cell("–")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, and a cell for each method."""

    declared: Declaration
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The groups of one property.

    Attributes:
        title: what the images are grouped by.
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


def headlines(figures: Figures) -> list[tuple[str, str]]:
    """Title and value of the network's figures that a report begins with."""
    network = figures.network.figures
    return [
        (one.title, one.shown_as.text(network[one.key].value))
        for one in figures.declared
        if one.headline and one.key in network
    ]


def lines(figures: Figures) -> list[Line]:
    """The table's lines, without those that were not measured for any method.

    Over several models a cell shows mean and standard deviation, and it is marked as better by
    the intervals of the first model. Those of pairs stay, for all models are asked about the same.
    """
    made = []
    for one in figures.declared:
        values = [method.figures.get(one.key) for method in figures.methods]
        if all(value is None for value in values):
            continue
        cells = _beside(one, values)
        if figures.about.models > 1:
            spreads = [method.spreads.get(one.key) for method in figures.methods]
            cells = [
                _over_models(one, cell, spread, keeps_interval=isinstance(value, OfPairs))
                for cell, spread, value in zip(cells, spreads, values, strict=True)
            ]
        made.append(Line(one, cells))
    return made


def _over_models(
    declared: Declaration, cell: Cell, spread: Spread | None, *, keeps_interval: bool
) -> Cell:
    if spread is None:
        return _NOTHING
    text = declared.shown_as.around(spread.mean, spread.deviation)
    return Cell(text, cell.interval if keeps_interval else "", cell.better)


def tables(figures: Figures) -> list[Table]:
    """A table a property; a column that was measured of no group is left out."""
    return [_table(grouping, figures) for grouping in figures.groupings]


def _table(grouping: Grouping, figures: Figures) -> Table:
    everyone = all_of_them(figures)
    rows = [*grouping.groups, everyone]
    columns = [("Tested", [_count(group.images) for group in rows])]
    for one in figures.declared:
        columns += _columns(one, figures.methods, rows)
    columns.append(("Faces found", [_faces_found(group.faces_found) for group in rows]))
    shown = [column for column in columns if any(cell != _NOTHING for cell in column[1][:-1])]
    return Table(
        grouping.by.capitalize(),
        _HEADINGS[grouping.by],
        [heading for heading, _ in shown],
        [(group.name, [cells[i] for _, cells in shown]) for i, group in enumerate(rows)],
        wording.gaps(grouping, everyone, figures.declared),
    )


def all_of_them(figures: Figures) -> Group:
    """All images as a group."""
    return Group(
        name="all of them",
        images=figures.about.test_images,
        faces_found=figures.about.faces_found,
        methods=tuple(method.figures for method in figures.methods),
    )


def _columns(
    declared: Declaration, methods: Sequence[Method], rows: Sequence[Group]
) -> list[tuple[str, list[Cell]]]:
    """The columns of a figure: of each method, of the network alone, or none."""
    title = declared.term[:1].upper() + declared.term[1:]
    if declared.in_groups is None:
        return []
    if not declared.in_groups.every_method:
        alone = [_beside(declared, [group.methods[0].get(declared.key)])[0] for group in rows]
        return [(title, alone)]
    cells = [_beside(declared, [one.get(declared.key) for one in row.methods]) for row in rows]
    return [
        (f"{title}, {method.name}", [of_row[number] for of_row in cells])
        for number, method in enumerate(methods)
    ]


def _count(images: int) -> Cell:
    return Cell(f"{images:,}") if images else _NOTHING


def _faces_found(found: Share | None) -> Cell:
    if found is None:
        return _NOTHING
    return Cell(percent.text(found.value), percent.interval(found.low, found.high))


def _beside(declared: Declaration, values: Sequence[Value | None]) -> list[Cell]:
    """A figure of each method; see `Cell`."""
    cells = []
    for number, value in enumerate(values):
        if value is None:
            cells.append(_NOTHING)
            continue
        own = ends(value)
        others = [ends(one) for i, one in enumerate(values) if i != number and one is not None]
        cells.append(
            Cell(
                declared.shown_as.text(value.value),
                declared.shown_as.interval(*own) if own else "",
                bool(others) and all(_is_better(declared, own, other) for other in others),
            )
        )
    return cells


def _is_better(declared: Declaration, own: _Ends, other: _Ends) -> bool:
    if own is None or other is None or declared.better is None:
        return False
    return own[1] < other[0] if declared.better == LOWER else own[0] > other[1]
