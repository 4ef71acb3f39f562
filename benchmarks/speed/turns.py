"""Contenders that take turns picture by picture, or start by start."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.speed.contenders import Answer, Contender, Worker, working
from benchmarks.speed.memory import peaks
from benchmarks.speed.report import Row, Start, Task

WARM = 5
RESAMPLES = 2000
_MIDDLE = (2.5, 97.5)
_SEED = 0

Answers = Mapping[str, list[Answer]]


def rotated(those: Sequence[Contender], turn: int) -> Iterator[Contender]:
    """All of them, each turn beginning with the next one."""
    first = turn % len(those)
    yield from (*those[first:], *those[:first])


def compare(name: str, files: Sequence[Path], those: Sequence[Contender], rounds: int) -> Task:
    """Ask all contenders about all pictures, after one answer that does not count."""
    with working(those) as workers:
        for worker in workers.values():
            worker.ask(files[0])
        with peaks({name: worker.pid for name, worker in workers.items()}) as seen:
            answers = _taking_turns(files, those, workers, rounds)
    memory = {one.name: seen.mebibytes(one.name) for one in those}
    sizes = [_size(file) for file in files]
    return Task(
        name=name,
        pictures=len(files),
        width=round(statistics.median(width for width, _ in sizes)),
        height=round(statistics.median(height for _, height in sizes)),
        rows=tuple(_rows(those, answers, memory)),
    )


def _size(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


def _taking_turns(
    files: Sequence[Path],
    those: Sequence[Contender],
    workers: Mapping[str, Worker],
    rounds: int,
) -> Answers:
    """The answers of each contender, one a picture: the median over the rounds."""
    answers: Answers = {one.name: [] for one in those}
    for number, file in enumerate(files):
        asked: Answers = {one.name: [] for one in those}
        for turn in range(rounds):
            for one in rotated(those, number + turn):
                asked[one.name].append(workers[one.name].ask(file))
        for one in those:
            answers[one.name].append(_middle(asked[one.name]))
    return answers


def _middle(asked: Sequence[Answer]) -> Answer:
    seconds = statistics.median(answer.seconds for answer in asked)
    busy = statistics.median(answer.busy for answer in asked)
    return Answer(asked[0].faces, seconds, busy)


def _rows(
    those: Sequence[Contender], answers: Answers, memory: Mapping[str, float]
) -> Iterator[Row]:
    first = np.array([answer.seconds for answer in answers[those[0].name]])
    for one in those:
        own = answers[one.name]
        seconds = np.array([answer.seconds for answer in own])
        low, high = interval(first, seconds)
        yield Row(
            contender=one.name,
            milliseconds=1000 * float(seconds.mean()),
            processor_milliseconds=1000 * statistics.fmean(answer.busy for answer in own),
            times=float(first.sum() / seconds.sum()),
            low=low,
            high=high,
            faces=sum(answer.faces for answer in own),
            with_face=sum(answer.faces > 0 for answer in own),
            mebibytes=memory[one.name],
        )


def interval(first: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Where the middle 95 % of a ratio of sums are, over resamples of the pictures.

    Args:
        first: (P,) seconds of the first contender, one a picture.
        other: (P,) those of another.
    """
    rng = np.random.default_rng(_SEED)
    drawn = rng.integers(0, len(first), (RESAMPLES, len(first)))
    ratios = first[drawn].sum(axis=1) / other[drawn].sum(axis=1)
    low, high = np.percentile(ratios, _MIDDLE)
    return float(low), float(high)


def starts(files: Sequence[Path], those: Sequence[Contender], runs: int) -> tuple[Start, ...]:
    """First answers in fresh processes, each about another photo, and some later ones of each."""
    cold: dict[str, list[float]] = {one.name: [] for one in those}
    warm: dict[str, list[float]] = {one.name: [] for one in those}
    memory = dict.fromkeys(cold, 0.0)
    for run in range(runs):
        file = files[run % len(files)]
        for one in rotated(those, run):
            start = time.perf_counter()
            with working([one]) as workers:
                worker = workers[one.name]
                with peaks({one.name: worker.pid}) as seen:
                    worker.ask(file)
                    cold[one.name].append(time.perf_counter() - start)
                    warm[one.name] += [worker.ask(file).seconds for _ in range(WARM)]
                    seen.look()
            memory[one.name] = max(memory[one.name], seen.mebibytes(one.name))
    return tuple(
        Start(
            contender=name,
            cold_milliseconds=1000 * statistics.median(cold[name]),
            warm_milliseconds=1000 * statistics.median(warm[name]),
            mebibytes=memory[name],
        )
        for name in cold
    )


def with_a_face(files: Sequence[Path], those: Sequence[Contender], count: int) -> list[Path]:
    """The first so many photos in which all contenders find a face.

    Raises:
        SystemExit: there is none.
    """
    found: list[Path] = []
    with working(those) as workers:
        for file in files:
            if len(found) == count:
                break
            if all(one.ask(file).faces for one in workers.values()):
                found.append(file)
    if not found:
        raise SystemExit("bench: there is no photo in which all find a face; give others")
    return found
