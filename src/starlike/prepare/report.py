"""The page a person looks at: what was kept, what was left out and why, and who has how many."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from starlike import reports
from starlike.files import digest, storage
from starlike.files.sample import KEPT, Split
from starlike.files.sample_writer import Row
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules import KEPT_STATUS, RULES, Rule, Status, statuses
from starlike.records import Box

FILE_NAME = "report.html"

_LEFT_OUT_PICTURES, _KEPT_PICTURES = 24, 36
_PICTURE_SIDE = 136
_EXTREMES = 10

# Lower ends of the histogram's bars, in kept images a class.
_BARS = (*range(10), 10, 20, 50, 100)

_OTHER = Status(code="", meaning="Left out for the reason given at each image.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the report shows of an image.

    Attributes:
        name: its class.
        image: its path below the folder that was prepared.
        file: where it lies.
        source: where it came from.
        status: `KEPT`, or why it was left out ...
        reason: ... in words.
        split: None where it was left out.
        box: of the face that is meant; None where there is none.
    """

    name: str
    image: str
    file: str
    source: str
    status: str
    reason: str | None = None
    split: Split | None = None
    box: Box | None = None

    @classmethod
    def of(cls, row: Row, file: str) -> Judged:
        """What is shown of a row of the sample."""
        return cls(
            name=row.name,
            image=row.image,
            file=file,
            source=row.source,
            status=row.status,
            reason=row.reason,
            split=row.split,
            box=row.face.box if row.face else None,
        )


@dataclass(frozen=True, slots=True)
class _Picture:
    uri: str
    image: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    code: str
    meaning: str
    images: int
    pictures: Sequence[_Picture]

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
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


def write(
    out: Path, images: Sequence[Judged], policy: PolicyInSpace, rules: Sequence[Rule] = RULES
) -> Path:
    """Write `report.html`.

    Args:
        out: the folder to write into.
        images: all that were judged.
        policy: the figures that they were judged by ...
        rules: ... and the rules.

    Returns:
        The page's path.
    """
    classes = _tallies(images, lambda image: image.name)
    usable = sorted((c for c in classes if c.kept), key=lambda c: (c.kept, c.name))
    text = reports.render(
        "prepare/report.html.j2",
        total=_tally("all", images),
        classes=classes,
        usable=usable,
        median=f"{statistics.median(c.kept for c in usable):g}" if usable else "no",
        fewest=usable[:_EXTREMES],
        most=sorted(usable, key=lambda c: (-c.kept, c.name))[:_EXTREMES],
        unusable=[c for c in classes if not c.kept],
        single=[c.name for c in usable if c.kept == 1],
        bars=_histogram([c.kept for c in classes]),
        sources=_tallies(images, lambda image: image.source),
        statuses=_sections(images, policy, rules),
        same_person=policy.same_person,
    )
    file = out / FILE_NAME
    storage.write_text(file, text)
    return file


def _tally(name: str, images: Sequence[Judged]) -> _Tally:
    splits = Counter(image.split for image in images if image.status == KEPT)
    return _Tally(
        name=name,
        images=len(images),
        kept=splits.total(),
        train=splits["train"],
        test=splits["test"],
    )


def _tallies(images: Sequence[Judged], key: Callable[[Judged], str]) -> list[_Tally]:
    """A tally for each key, by name."""
    return [_tally(name, group) for name, group in sorted(_grouped(images, key).items())]


def _grouped(images: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for image in images:
        groups[key(image)].append(image)
    return groups


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


def _sections(
    images: Sequence[Judged], policy: PolicyInSpace, rules: Sequence[Rule]
) -> list[_Section]:
    """The statuses that occur: kept first, then by how many images they have."""
    groups = _grouped(images, lambda image: image.status)
    known = defaultdict(lambda: _OTHER, {status.code: status for status in statuses(rules)})
    figures = asdict(policy)
    ordered = sorted(groups, key=lambda code: (code != KEPT, -len(groups[code]), code))
    return [
        _Section(
            code=code,
            meaning=known[code].meaning.format(**figures),
            images=len(groups[code]),
            pictures=_pictures(groups[code], known[code]),
        )
        for code in ordered
    ]


def _pictures(images: Sequence[Judged], status: Status) -> list[_Picture]:
    """Pictures of some images of one status, by path."""
    most = _KEPT_PICTURES if status is KEPT_STATUS else _LEFT_OUT_PICTURES
    return [
        _Picture(
            _shown(Path(image.file), None if status.whole else image.box), image.image, image.reason
        )
        for image in sorted(_spread(images, most), key=lambda image: image.image)
    ]


def _shown(file: Path, box: Box | None) -> str:
    # To open a named pipe would be to wait for whoever writes into it.
    return reports.picture(file, box, _PICTURE_SIDE) if file.is_file() else ""


def _spread(images: Sequence[Judged], most: int) -> list[Judged]:
    """At most so many, one of each class before a second of any; always the same ones."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, str, Judged]] = []
    lots = [(digest.sha256(image.image.encode(errors="replace")), image) for image in images]
    for lot, image in sorted(lots, key=lambda pair: pair[0]):
        turns.append((seen[image.name], lot, image))
        seen[image.name] += 1
    return [image for _, _, image in sorted(turns, key=lambda turn: turn[:2])[:most]]
