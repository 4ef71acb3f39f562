"""The page a person looks at: what was kept, what was left out and why, and who has how many."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlike import reports
from starlike.files import digest, storage
from starlike.files.sample import KEPT
from starlike.prepare.policy import Policy
from starlike.records import Box

FILE_NAME = "report.html"

_LEFT_OUT_PICTURES, _KEPT_PICTURES = 24, 36
_PICTURE_SIDE = 136
_EXTREMES = 10

# Lower ends of the histogram's bars, in kept images a class.
_BARS = (*range(10), 10, 20, 50, 100)

_MEANINGS = {
    KEPT: "Good to learn from: one clear face that fits its class.",
    "wrong_person": "Another person, it seems: the face lies more than {far:g} away from the mean "
    "of the images that agree on who the class is (its portrait among them, where it has one), or "
    "more than {doubtful:g} and nearer to another class, or nearer to a group of images that agree "
    "on somebody else. The first two figures are larger where few images agree, and smaller where "
    "those of the class lie close together.",
    "several_faces": "Several faces, and none is clearly the person: none lies within "
    "{own_face:g} of the class's mean face, and the largest is not {main_face:g} times as large "
    "as the next.",
    "near_duplicate": "Nearly the same photo as another of its class: the embeddings are closer "
    "than {same_face:g}, or closer than {same_photo:g} while at most {same_hash} of 64 bits of "
    "the perceptual hashes differ. The best one is kept.",
    "other_name": "Nearly the same photo stands under another name. It is kept only where it "
    "clearly belongs.",
    "duplicate": "The very same file as another of its class.",
    "small_face": "The face is less than {min_face} pixels wide.",
    "blurred": "The face is blurred: its sharpness is below {min_sharpness:g}.",
    "no_face": "No face was found.",
    "not_a_photo": "Not an image of a format that is known here.",
    "broken": "It begins as an image but is damaged or cut off.",
    "empty": "There is nothing in it: no bytes, or no pixels.",
    "too_large": "More bytes or more pixels than the limits allow.",
    "killed": "The process that looked at it was killed, perhaps for memory. The next run tries "
    "again.",
    "unreadable": "The file could not be read from the disk, or is no regular file.",
}

# Here the whole photo says more than the face that happens to be the largest.
_SHOWN_WHOLE = frozenset({"several_faces"})

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Picture:
    uri: str
    image: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Status:
    code: str
    meaning: str
    images: int
    pictures: Sequence[_Picture]

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class _Tally:
    """Images under one heading (all of them, a class's, a source's) by what became of them."""

    name: str
    images: int
    kept: int
    train: int
    test: int


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    classes: int


def write(out: Path, rows: Sequence[_Row], files: dict[str, Path], policy: Policy) -> Path:
    """Write `report.html`.

    Args:
        out: the folder to write into.
        rows: the rows of the sample.
        files: where each image (`row["image"]`) lies.
        policy: the figures that the images were judged by.

    Returns:
        The page's path.
    """
    classes = _tallies(rows, "class")
    usable = sorted((c for c in classes if c.kept), key=lambda c: (c.kept, c.name))
    text = reports.render(
        "prepare/report.html.j2",
        total=_tally("all", rows),
        classes=classes,
        usable=usable,
        median=f"{statistics.median(c.kept for c in usable):g}" if usable else "no",
        fewest=usable[:_EXTREMES],
        most=sorted(usable, key=lambda c: (-c.kept, c.name))[:_EXTREMES],
        unusable=[c for c in classes if not c.kept],
        single=[c.name for c in usable if c.kept == 1],
        bars=_histogram([c.kept for c in classes]),
        sources=_tallies(rows, "source"),
        statuses=_statuses(rows, files, policy),
    )
    file = out / FILE_NAME
    storage.write_text(file, text)
    return file


def _tally(name: str, rows: Sequence[_Row]) -> _Tally:
    splits = Counter(row.get("split") for row in rows if row["status"] == KEPT)
    return _Tally(name, len(rows), splits.total(), splits["train"], splits["test"])


def _tallies(rows: Sequence[_Row], column: str) -> list[_Tally]:
    """A tally for each value of a column, by name."""
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return [_tally(name, group) for name, group in sorted(groups.items())]


def _histogram(kept: Sequence[int]) -> list[_Bar]:
    """How many classes have so many kept images, from the first bar that is not empty to the last.

    Args:
        kept: kept images of each class.
    """
    ends = (*_BARS[1:], None)
    bars = [
        _Bar(
            _bar_label(low, end),
            sum(low <= count and (end is None or count < end) for count in kept),
        )
        for low, end in zip(_BARS, ends, strict=True)
    ]
    filled = [number for number, bar in enumerate(bars) if bar.classes]
    return bars[filled[0] : filled[-1] + 1] if filled else []


def _bar_label(low: int, end: int | None) -> str:
    if end is None:
        return f"{low} or more"
    return str(low) if end == low + 1 else f"{low}–{end - 1}"


def _statuses(rows: Sequence[_Row], files: dict[str, Path], policy: Policy) -> list[_Status]:
    """The statuses that occur: kept first, then by how many images they have."""
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row["status"]].append(row)
    figures = {name: getattr(policy, name) for name in policy.__dataclass_fields__}
    ordered = sorted(groups, key=lambda code: (code != KEPT, -len(groups[code]), code))
    return [
        _Status(
            code,
            _MEANINGS.get(code, "Left out for the reason given at each image.").format(**figures),
            len(groups[code]),
            _pictures(groups[code], files),
        )
        for code in ordered
    ]


def _pictures(rows: Sequence[_Row], files: dict[str, Path]) -> list[_Picture]:
    """Pictures of some images of one status, by path."""
    most = _KEPT_PICTURES if rows[0]["status"] == KEPT else _LEFT_OUT_PICTURES
    return [
        _Picture(_shown(files[row["image"]], _box(row)), row["image"], row.get("reason"))
        for row in sorted(_spread(rows, most), key=lambda row: row["image"])
    ]


def _shown(file: Path, box: Box | None) -> str:
    # To open a named pipe would be to wait for whoever writes into it.
    return reports.picture(file, box, _PICTURE_SIDE) if file.is_file() else ""


def _box(row: _Row) -> Box | None:
    if row.get("top") is None or row["status"] in _SHOWN_WHOLE:
        return None
    return Box(row["top"], row["right"], row["bottom"], row["left"])


def _spread(rows: Sequence[_Row], most: int) -> list[_Row]:
    """At most so many rows, one of each class before a second of any; always the same ones."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, str, _Row]] = []
    lots = [(digest.sha256(row["image"].encode(errors="replace")), row) for row in rows]
    for lot, row in sorted(lots, key=lambda pair: pair[0]):
        turns.append((seen[row["class"]], lot, row))
        seen[row["class"]] += 1
    return [row for _, _, row in sorted(turns, key=lambda turn: turn[:2])[:most]]
