"""Write the tables of figures into the documents: `python docs/tables.py`. A test holds them true.

Each stands between two comments that name it: `<!-- table: NAME -->` and `<!-- end -->`. Those of
speed come from `benchmarks.json`, which `make bench` writes, those of likeness from the figures of
the model that ships; they are empty where it was measured without pairs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from starlike.evaluate import comparison
from starlike.files import leaderboard
from starlike.metrics import Figure, catalogue, figures
from starlike.metrics import likeness as of_likeness
from starlike.model import store

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.speed import report as speed
from benchmarks.speed import tables as speed_tables

FOLDER = Path(__file__).parent
README = FOLDER.parent / "README.md"
_PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_LIKENESS = frozenset(one.key for one in catalogue.of_module(of_likeness))
_LIKENESS_SHORT = frozenset({"lookalike_place", "lookalike_in_20", "kin_place"})
_HOW_EARLY = (
    "How early [people come of whom others say that they look alike](docs/likeness.md), asked with "
    "photos of the one, without their own class:"
)
# What stands beside likeness, for it must not be bought with these.
_BESIDE = frozenset({"top_1", "top_1_agreement", "false_agreement"})
# Columns of the choice that the document leaves to the leaderboard.
_LEFT_TO_THE_FILE = _LIKENESS - {"lookalike_place", "lookalike_in_20"} | {
    *("top_star_share", "size_bytes", "answer_ms")
}


def declared() -> str:
    """Every figure: what it is called, in JSON and in words, and how it is computed."""
    rows = [(f"`{one.key}`", one.declaration.label, one.computed, _better(one)) for one in _all()]
    return _table(("key", "figure", "how it is computed", "better"), rows)


def choice() -> str:
    """The leaderboard of the choice that the shipped model rests on."""
    board = leaderboard.read(FOLDER / "choice")
    if board is None:
        raise SystemExit("docs/choice: there is no leaderboard of this format")
    columns = [figure for figure in board.columns() if figure.key not in _LEFT_TO_THE_FILE]
    rows = [
        (
            f"**{row.name}**" if row.name == board.chosen else row.name,
            *(row.text(figure) for figure in columns),
        )
        for row in board.rows
    ]
    return _table(("method", *(figure.title for figure in columns)), rows)


def likeness(lead: str, keys: frozenset[str]) -> str:
    """Figures of likeness of the model that ships, beside other figures and other methods.

    Args:
        lead: what stands before the table, where there is one.
        keys: which figures of likeness.
    """
    measured = figures.read(store.default_folder() / store.METRICS)
    if measured.about.pairs is None:
        return ""
    rows = [
        (line.declared.label, *map(_cell, line.cells))
        for line in comparison.lines(measured)
        if line.declared.key in keys | _BESIDE
    ]
    heads = ("figure", *(method.name for method in measured.methods))
    asked = f"Asked about are {measured.about.pairs.in_words}; in brackets: 95 % intervals."
    return f"{lead}\n\n{_table(heads, rows)}\n{asked}\n"


def _cell(cell: comparison.Cell) -> str:
    return f"{cell.text} ({cell.interval})" if cell.interval else cell.text


def _all() -> tuple[Figure, ...]:
    return catalogue.built_in()


def _better(figure: Figure) -> str:
    return figure.declaration.better or "–"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _of_speed(table: Callable[[speed.Report], str]) -> str:
    whole = speed.read(FOLDER / "benchmarks.json")
    if lacking := [part for part in speed_tables.TABLES if not getattr(whole, part, True)]:
        raise SystemExit(
            f"docs/benchmarks.json: {', '.join(lacking)} not measured; run it without --only"
        )
    return table(whole)


TABLES: Mapping[str, Callable[[], str]] = {
    "declared": declared,
    "choice": choice,
    "likeness": partial(likeness, "## The model that ships", _LIKENESS),
    "likeness_short": partial(likeness, _HOW_EARLY, _LIKENESS_SHORT),
    "speed": partial(_of_speed, speed_tables.short),
    **{
        f"speed_{part}": partial(_of_speed, table)
        for part, (_, table) in speed_tables.TABLES.items()
    },
}


def renewed(text: str) -> str:
    """A document's text with its tables as they are now."""
    return _PLACE.sub(lambda found: found[1] + "\n" + TABLES[found[2]]() + "\n" + found[3], text)


def documents() -> list[Path]:
    """The documents that hold a table."""
    files = [README, *sorted(FOLDER.glob("*.md"))]
    return [file for file in files if _PLACE.search(file.read_text("utf-8"))]


if __name__ == "__main__":
    for document in documents():
        document.write_text(renewed(document.read_text("utf-8")), encoding="utf-8")
