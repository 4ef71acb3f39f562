"""Whole commands, from the shell's side: one photo, and a folder of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.contenders import ROOT, Contender
from benchmarks.speed.memory import peaks
from benchmarks.speed.report import Command, OverFolder
from benchmarks.speed.turns import rotated

# `starlike match` ends with 1 where some photos could not be answered.
_FINE = (0, 1)


@dataclass(frozen=True)
class _Ran:
    seconds: float
    mebibytes: float
    lines: int


def one_photo(files: Sequence[Path], those: Sequence[Contender], runs: int) -> tuple[Command, ...]:
    """Those commands, in turns, so often each, and each time about the next of the photos."""
    ran: dict[str, list[_Ran]] = {one.name: [] for one in those if one.command}
    for run in range(runs):
        photo = files[run % len(files)]
        for one in rotated(those, run):
            if one.command:
                ran[one.name].append(_run([*one.command, str(photo)]))
    seconds = {name: statistics.median(one.seconds for one in took) for name, took in ran.items()}
    first = next(iter(seconds.values()))
    return tuple(
        Command(
            contender=name,
            milliseconds=1000 * seconds[name],
            share=seconds[name] / first,
            mebibytes=max(one.mebibytes for one in took),
        )
        for name, took in ran.items()
    )


def over_folder(folder: Path, those: Sequence[Contender], cores: int) -> tuple[OverFolder, ...]:
    """The commands over all photos of a folder, one after the other, on so many cores.

    Raises:
        SystemExit: one did not answer every photo.
    """
    photos = len(list(folder.iterdir()))
    found: list[OverFolder] = []
    for one in those:
        if not one.over_folder:
            continue
        with on_cores(cores):
            ran = _run([*one.over_folder, str(folder)])
        if ran.lines != photos:
            raise SystemExit(f"bench: {one.name} answered {ran.lines} of {photos} photos")
        found.append(
            OverFolder(
                contender=one.name,
                seconds=ran.seconds,
                times=found[0].seconds / ran.seconds if found else 1.0,
                mebibytes=ran.mebibytes,
            )
        )
    return tuple(found)


def _run(words: Sequence[str]) -> _Ran:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=err)
        with peaks({"": process.pid}) as seen:
            process.wait()
            seconds = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        told = err.read().decode(errors="replace").strip()
        if process.returncode not in _FINE or "Traceback" in told:
            last = told.splitlines()[-1] if told else f"it ended with {process.returncode}"
            raise SystemExit(f"bench: {' '.join(words[:4])}: {last}")
        return _Ran(seconds, seen.mebibytes(""), len(out.readlines()))


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """What is started until the block ends runs on so many cores, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_of_them)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)
