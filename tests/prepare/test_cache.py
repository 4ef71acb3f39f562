"""Analyses are kept by content, and whatever was kept is there after a kill."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import starlike
from starlike.errors import SampleError
from starlike.prepare import cache as caching
from starlike.prepare.analysis import VERSION, Analysis
from starlike.records import Box, Face

KEEPING = """
import itertools, sys
from pathlib import Path
from starlike.prepare import cache
from starlike.prepare.analysis import Analysis

with cache.opened(Path(sys.argv[1])) as opened:
    for number in itertools.count():
        opened.put(str(number), Analysis(size=(number, number)))
        print(number, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "below" / "analyses.sqlite"


def analysis(number: int) -> Analysis:
    rng = np.random.default_rng(number)
    return Analysis(
        size=(number, 2 * number),
        found=1,
        faces=(Face(box=Box(1, 30, 40, 2), detector="hog"),),
        sharpness=(float(number),),
        hashes=rng.random((1, 64)) < 0.5,
        photo=rng.normal(size=(1, 9, 128)).astype(np.float32),
        crop=rng.normal(size=(1, 128)).astype(np.float32),
    )


def fill(file: Path, count: int) -> None:
    with caching.opened(file) as cache:
        for number in range(count):
            cache.put(str(number), analysis(number))


def got(file: Path, contents: list[str]) -> dict[str, bytes]:
    with caching.opened(file) as cache:
        return {content: item.to_bytes() for content, item in cache.get(contents).items()}


def test_what_was_put_is_known_and_comes_back(file: Path) -> None:
    fill(file, 3)
    with caching.opened(file) as cache:
        assert cache.known(["0", "2", "other"]) == {"0", "2"}
    assert got(file, ["1", "other"]) == {"1": analysis(1).to_bytes()}


def test_a_new_cache_knows_nothing(file: Path) -> None:
    with caching.opened(file) as cache:
        assert cache.known(["0"]) == set()
        assert cache.get(["0"]) == {}


def test_more_analyses_come_back_than_are_asked_for_at_a_time(file: Path) -> None:
    contents = [str(number) for number in range(1100)]
    with caching.opened(file) as cache:
        for content in contents:
            cache.put(content, Analysis(size=(int(content), 1)))
        found = cache.get(contents)
    assert {content: item.size[0] for content, item in found.items()} == {
        content: int(content) for content in contents
    }


def test_an_analysis_that_is_put_again_replaces_the_first(file: Path) -> None:
    with caching.opened(file) as cache:
        cache.put("0", analysis(0))
        cache.put("0", analysis(1))
    assert got(file, ["0"]) == {"0": analysis(1).to_bytes()}


def test_analyses_of_another_version_are_not_used(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file, 1)
    with monkeypatch.context() as patch:
        patch.setattr("starlike.prepare.cache.VERSION", VERSION + 1)
        with caching.opened(file) as cache:
            assert cache.known(["0"]) == set()
            assert cache.get(["0"]) == {}
            cache.put("0", analysis(5))
    assert got(file, ["0"]) == {"0": analysis(0).to_bytes()}


def test_two_runs_can_share_a_cache(file: Path) -> None:
    with caching.opened(file) as one, caching.opened(file) as other:
        one.put("0", analysis(0))
        other.put("1", analysis(1))
        assert one.known(["0", "1"]) == other.known(["0", "1"]) == {"0", "1"}


def test_a_file_that_is_no_cache_is_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"something else " * 100)
    with pytest.raises(SampleError, match=r"analyses\.sqlite.*cannot be used.*remove it"):
        got(file, ["0"])


def test_a_cache_in_a_place_that_cannot_be_written_is_refused(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    with pytest.raises(SampleError, match="STARLIKE_CACHE"):
        got(file, ["0"])


def test_a_folder_in_place_of_the_cache_is_refused(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(SampleError, match="cannot be used"):
        got(file, ["0"])


def test_a_damaged_cache_gives_what_was_put_or_is_refused(file: Path) -> None:
    fill(file, 4)
    whole, expected = file.read_bytes(), got(file, ["0", "1", "2", "3"])
    dice, refused = random.Random(1), 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        file.write_bytes(damaged)
        try:
            found = got(file, ["0", "1", "2", "3"])
        except SampleError:
            refused += 1
        else:
            assert found.items() <= expected.items()
    assert refused > 100


def test_an_error_of_the_work_itself_is_not_blamed_on_the_cache(file: Path) -> None:
    with pytest.raises(BrokenPipeError), caching.opened(file):
        raise BrokenPipeError


@contextmanager
def running(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(starlike.__file__).parents[1])},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_was_put_survives_a_kill(file: Path) -> None:
    with running(KEEPING, str(file)) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(20)]
        process.kill()
        told += process.stdout.read().split()
    assert told[:20] == [str(number) for number in range(20)]
    with caching.opened(file) as cache:
        assert cache.known(told) == set(told)
        assert all(item.size == (int(content),) * 2 for content, item in cache.get(told).items())
        cache.put("after", analysis(1))
        assert cache.known(["after"]) == {"after"}
