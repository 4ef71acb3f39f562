"""Measure what is asked for; print tables, and keep JSON and a plot."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.speed import commands, pictures, plot, report, tables, turns
from benchmarks.speed.contenders import SINGLE, Contender, contenders, working
from benchmarks.speed.report import Report, Settings, Task

SIZES = (512, 1280, 4000)
FULL = Settings(photos=100, rounds=1, runs=10, folder=1000, cores=2, seed=0)
QUICK = replace(FULL, photos=6, runs=3, folder=30)
# Without photos there is but one, so it is asked more than once.
ROUNDS_OF_ONE = 5
GROUPS = 10


@dataclass(frozen=True)
class Bench:
    """A run.

    Attributes:
        photos: that are asked about one by one.
        of_folder: of which the folder is made.
        those: who takes part.
        known: the folder of a known person, still empty.
        sizes: longer sides in pixels that they are resized to.
        settings: how much.
        folder: for what is made on the way.
    """

    photos: Sequence[Path]
    of_folder: Sequence[Path]
    those: Sequence[Contender]
    known: Path
    sizes: Sequence[int]
    settings: Settings
    folder: Path

    def by_size(self) -> tuple[Task, ...]:
        """Single photos, as given and resized."""
        tasks = [self._compare("as given", self.photos)]
        for size in self.sizes:
            files = pictures.resized(self.photos, size, self.folder)
            tasks.append(self._compare(f"at {size} pixels", files))
            for file in files:
                file.unlink()
        return tuple(tasks)

    def by_kind(self) -> tuple[Task, ...]:
        """Pictures without faces, and of groups."""
        many = self.photos[: GROUPS * pictures.TILES]
        return (
            self._compare("no face", pictures.without_faces(self.settings.seed, self.folder)),
            self._compare("groups of six", pictures.groups(many, self.folder)),
        )

    def starts(self) -> tuple[report.Start, ...]:
        """Cold and warm."""
        return turns.starts(self._with_a_face, self.those, self.settings.runs)

    def commands(self) -> tuple[report.Command, ...]:
        """Whole commands for a photo each."""
        shutil.copy(self._with_a_face[-1], self.known)
        return commands.one_photo(self._with_a_face, self.those, self.settings.runs)

    def over_folder(self) -> tuple[report.OverFolder, ...]:
        """Whole commands for a folder."""
        folder = pictures.copied(self.of_folder, self.settings.folder, self.folder)
        return commands.over_folder(folder, self.those, self.settings.cores)

    def _compare(self, name: str, files: Sequence[Path]) -> Task:
        say(f"{len(files)} pictures, {name}")
        return turns.compare(name, files, self.those, self.settings.rounds)

    @cached_property
    def _with_a_face(self) -> list[Path]:
        return turns.with_a_face(self.photos, self.those, self.settings.runs)


PARTS: dict[str, Callable[[Bench], object]] = {
    "photos": Bench.by_size,
    "pictures": Bench.by_kind,
    "starts": Bench.starts,
    "commands": Bench.commands,
    "folder": Bench.over_folder,
}


def measure(given: argparse.Namespace, folder: Path) -> Report:
    """Everything that was asked for, with a folder for what is made on the way."""
    settings = settings_for(given)
    source = given.photos or pictures.PUBLIC
    most = max(settings.photos, settings.folder if "folder" in given.only else 0)
    photos = pictures.chosen(source, most, settings.seed)
    known = folder / "known"
    known.mkdir()
    those = contenders(known, given.with_dlib)
    single = photos[: settings.photos]
    cores = min(settings.cores, os.cpu_count() or 1)
    settings = replace(settings, photos=len(single), cores=cores)
    bench = Bench(single, photos, those, known, given.sizes, settings, folder)
    versions = {one.name: _facts(one) for one in those if one.name != SINGLE}
    parts: dict[str, Any] = {}
    for name in given.only:
        say(f"{name} …")
        parts[name] = PARTS[name](bench)
    return Report(
        date=datetime.now(UTC).date().isoformat(),
        machine=report.machine(os.cpu_count() or 1),
        versions=versions,
        settings=settings,
        **parts,
    )


def _facts(contender: Contender) -> dict[str, str]:
    with working([contender]) as workers:
        return workers[contender.name].facts()


def settings_for(given: argparse.Namespace) -> Settings:
    """As many of everything as is usual, but for what was asked for."""
    usual = QUICK if given.quick else FULL
    if given.photos is None:
        usual = replace(usual, rounds=ROUNDS_OF_ONE)
    asked = {
        name: getattr(given, name) for name in ("rounds", "runs", "folder", "cores", "seed")
    } | {"photos": given.count}
    return replace(usual, **{name: value for name, value in asked.items() if value is not None})


def say(what: str) -> None:
    """Tell on standard error what is going on."""
    print(f"bench: {what}", file=sys.stderr, flush=True)


def options() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description="Time starlike and face_recognition side by side.",
    )
    add = parser.add_argument
    add("--photos", type=Path, metavar="FOLDER", help="photos of yours, also in folders within")
    add("--count", type=int, help=f"single photos of each size ({FULL.photos})")
    add("--sizes", type=int, nargs="+", default=list(SIZES), help="longer sides, in pixels")
    add("--folder", type=int, metavar="N", help=f"photos in the folder ({FULL.folder})")
    add(
        "--rounds",
        type=int,
        help=f"times that each photo is asked ({FULL.rounds}; without --photos {ROUNDS_OF_ONE})",
    )
    add("--runs", type=int, help=f"fresh processes of each contender ({FULL.runs})")
    add("--cores", type=int, help=f"for the folder ({FULL.cores})")
    add("--seed", type=int, help=f"chooses the photos ({FULL.seed})")
    add("--quick", action="store_true", help="few of everything, to see that it works")
    add("--only", nargs="+", choices=PARTS, default=list(PARTS), help="some parts alone")
    add(
        "--with-dlib", type=Path, metavar="PYTHON", help="one with face_recognition on another dlib"
    )
    add("--json", type=Path, metavar="FILE", help="where to keep the figures")
    add("--plot", type=Path, metavar="FILE", help="where to keep the plot, a PNG")
    return parser


def main() -> None:
    """Measure, then write."""
    given = options().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given, Path(folder))
    print(tables.whole(found))
    if given.json:
        report.write(found, given.json)
    if given.plot:
        given.plot.write_bytes(plot.png(found))


if __name__ == "__main__":
    main()
