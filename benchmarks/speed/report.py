"""What a run found, as it is kept in JSON."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlike import typed_json

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one contender took for the pictures of a task.

    Attributes:
        contender: its name.
        milliseconds: mean of a picture, all in.
        processor_milliseconds: the same of its processor; not more if it kept to one thread.
        times: how many times as fast as the first contender it was.
        low, high: where the middle 95 % of that are over resamples of the pictures.
        faces: how many it found in all pictures.
        with_face: in how many pictures it found one.
        mebibytes: the most memory it took.
    """

    contender: str
    milliseconds: float
    processor_milliseconds: float
    times: float
    low: float
    high: float
    faces: int
    with_face: int
    mebibytes: float


@dataclass(frozen=True, kw_only=True)
class Task:
    """Pictures of one kind; width and height are medians, in pixels."""

    name: str
    pictures: int
    width: int
    height: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Start:
    """A contender's first answer in a fresh process, and its later ones; medians."""

    contender: str
    cold_milliseconds: float
    warm_milliseconds: float
    mebibytes: float


@dataclass(frozen=True, kw_only=True)
class Command:
    """A whole command for one photo, as one types it: median, and its share of the first one's."""

    contender: str
    milliseconds: float
    share: float
    mebibytes: float


@dataclass(frozen=True, kw_only=True)
class OverFolder:
    """A whole command over all photos of a folder; `times` as fast as the first one."""

    contender: str
    seconds: float
    times: float
    mebibytes: float


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How much was measured.

    Attributes:
        photos: single photos, of each size.
        rounds: how often each was asked; the median counts.
        runs: fresh processes and commands, of each contender.
        folder: photos in the folder.
        cores: on which the folder was worked through.
        seed: chose the photos.
    """

    photos: int
    rounds: int
    runs: int
    folder: int
    cores: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of it; parts that were not asked for are empty."""

    date: str
    machine: Mapping[str, str]
    versions: Mapping[str, Mapping[str, str]]
    settings: Settings
    photos: tuple[Task, ...] = ()
    pictures: tuple[Task, ...] = ()
    starts: tuple[Start, ...] = ()
    commands: tuple[Command, ...] = ()
    folder: tuple[OverFolder, ...] = ()


def machine(cores: int) -> dict[str, str]:
    """The processor, how many cores it shows, and the system."""
    return {
        "processor": _processor(),
        "cores": str(cores),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    """The name that Linux tells, or whatever Python knows."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        text = ""
    names = (line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line)
    return next(names, platform.processor() or "unknown")


def write(report: Report, file: Path) -> None:
    """Keep a report as JSON."""
    file.write_text(typed_json.dump(report, FORMAT), encoding="utf-8")


def read(file: Path) -> Report:
    """The report in a file.

    Raises:
        ValueError: it holds another thing, or one of another format.
    """
    return typed_json.load(file.read_bytes(), Report, FORMAT)
