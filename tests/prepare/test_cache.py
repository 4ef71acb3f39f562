"""Analyses are kept by content, and whatever was kept is there after a kill."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import starlike
from starlike.errors import SampleError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.prepare import cache as caching
from starlike.prepare.analysis import VERSION, Analysis
from starlike.prepare.cache import Cache
from starlike.records import Box, EncoderCard, Face

KEEPING = """
import itertools, sys
from pathlib import Path
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.prepare import cache
from starlike.prepare.analysis import Analysis

with cache.opened(Path(sys.argv[1]), DLIB_RESNET, "dlib") as opened:
    for number in itertools.count():
        opened.put(f"{number:064x}", Analysis(size=(number, number)))
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
        embeddings=rng.normal(size=(1, 9, 128)).astype(np.float32),
        crop_embeddings=rng.normal(size=(1, 128)).astype(np.float32),
    )


def content(number: int) -> str:
    """A SHA-256, made up."""
    return f"{number:064x}"


def opened(
    file: Path, card: EncoderCard = DLIB_RESNET, detector: str = "dlib"
) -> AbstractContextManager[Cache]:
    return caching.opened(file, card, detector)


def known(cache: Cache) -> set[int]:
    """The numbers of the contents that a cache knows."""
    return {int.from_bytes(sha256, "big") for sha256 in cache.known()}


def fill(file: Path, count: int) -> None:
    with opened(file) as cache:
        for number in range(count):
            cache.put(content(number), analysis(number))


def got(file: Path, *numbers: int) -> dict[int, bytes]:
    """What a cache gives of some contents."""
    with opened(file) as cache:
        found = cache.get([content(number) for number in numbers])
    return {int(sha256, 16): item.to_bytes() for sha256, item in found.items()}


def test_what_was_put_is_known_and_comes_back(file: Path) -> None:
    fill(file, 3)
    with opened(file) as cache:
        assert known(cache) == {0, 1, 2}
    assert got(file, 1, 9) == {1: analysis(1).to_bytes()}


def test_a_new_cache_knows_nothing(file: Path) -> None:
    with opened(file) as cache:
        assert known(cache) == set()
        assert cache.get([content(0)]) == {}


def test_more_analyses_come_back_than_are_asked_for_at_a_time(file: Path) -> None:
    with opened(file) as cache:
        for number in range(1100):
            cache.put(content(number), Analysis(size=(number, 1)))
        found = cache.get([content(number) for number in range(1100)])
    assert {sha256: item.size[0] for sha256, item in found.items()} == {
        content(number): number for number in range(1100)
    }


def test_an_analysis_that_is_put_again_replaces_the_first(file: Path) -> None:
    with opened(file) as cache:
        cache.put(content(0), analysis(0))
        cache.put(content(0), analysis(1))
    assert got(file, 0) == {0: analysis(1).to_bytes()}


def test_analyses_of_another_version_are_not_used(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file, 1)
    with monkeypatch.context() as patch:
        patch.setattr("starlike.prepare.cache.VERSION", VERSION + 1)
        with opened(file) as cache:
            assert known(cache) == set()
            assert cache.get([content(0)]) == {}
            cache.put(content(0), analysis(5))
    assert got(file, 0) == {0: analysis(0).to_bytes()}


OTHERS: dict[str, tuple[EncoderCard, str]] = {
    "another network": (replace(DLIB_RESNET, name="other"), "dlib"),
    "other weights": (replace(DLIB_RESNET, sha256="f" * 64), "dlib"),
    "other dimensions": (replace(DLIB_RESNET, dimensions=8), "dlib"),
    "another detector": (DLIB_RESNET, "other"),
}


@pytest.mark.parametrize("maker", OTHERS.values(), ids=OTHERS.keys())
def test_analyses_by_others_lie_in_the_same_file_and_are_not_seen(
    maker: tuple[EncoderCard, str], file: Path
) -> None:
    fill(file, 2)
    with opened(file, *maker) as cache:
        assert known(cache) == set()
        assert cache.get([content(0)]) == {}
        cache.put(content(0), analysis(7))
        cache.put(content(3), analysis(3))
    assert got(file, 0, 1, 3) == {n: analysis(n).to_bytes() for n in (0, 1)}
    with opened(file, *maker) as cache:
        assert known(cache) == {0, 3}
        assert cache.get([content(0)])[content(0)].to_bytes() == analysis(7).to_bytes()


def test_what_distances_mean_to_an_encoder_does_not_tell_it_apart(file: Path) -> None:
    fill(file, 1)
    with opened(file, replace(DLIB_RESNET, same_person=0.7)) as cache:
        assert known(cache) == {0}


def test_a_cache_of_the_earlier_format_is_replaced(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE analyses "
            "(sha256 TEXT, version INTEGER, analysis BLOB, PRIMARY KEY (sha256, version))"
        )
        connection.execute("INSERT INTO analyses VALUES (?, 1, ?)", (content(0), b"old"))
    assert got(file, 0) == {}
    fill(file, 1)
    assert got(file, 0) == {0: analysis(0).to_bytes()}


def test_two_runs_can_share_a_cache(file: Path) -> None:
    with opened(file) as one, opened(file) as other:
        one.put(content(0), analysis(0))
        other.put(content(1), analysis(1))
        assert known(one) == known(other) == {0, 1}


def test_a_file_that_is_no_cache_is_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"something else " * 100)
    with pytest.raises(SampleError, match=r"analyses\.sqlite.*cannot be used.*remove it"):
        got(file, 0)


def test_a_cache_in_a_place_that_cannot_be_written_is_refused(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    with pytest.raises(SampleError, match="STARLIKE_CACHE"):
        got(file, 0)


def test_a_folder_in_place_of_the_cache_is_refused(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(SampleError, match="cannot be used"):
        got(file, 0)


def test_a_damaged_cache_gives_what_was_put_or_is_refused(file: Path) -> None:
    fill(file, 4)
    whole, expected = file.read_bytes(), got(file, 0, 1, 2, 3)
    dice, refused = random.Random(1), 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        file.write_bytes(damaged)
        try:
            found = got(file, 0, 1, 2, 3)
        except SampleError:
            refused += 1
        else:
            assert found.items() <= expected.items()
    assert refused > 100


def test_an_error_of_the_work_itself_is_not_blamed_on_the_cache(file: Path) -> None:
    with pytest.raises(BrokenPipeError), opened(file):
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
    numbers = [int(number) for number in told]
    with opened(file) as cache:
        assert known(cache) >= set(numbers)
        found = cache.get([content(number) for number in numbers])
        assert [item.size for item in found.values()] == [
            (int(sha256, 16),) * 2 for sha256 in found
        ]
        assert len(found) == len(numbers)
        cache.put(content(10**9), analysis(1))
        assert 10**9 in known(cache)
