"""Each thread has its own, made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

from starlike.faces.per_thread import PerThread


def test_a_thread_has_the_same_each_time() -> None:
    numbers = count()
    own = PerThread(lambda: next(numbers))
    assert [own(), own(), own()] == [0, 0, 0]


def test_no_two_threads_have_the_same() -> None:
    own, together = PerThread(object), Barrier(4)

    def twice(_: int) -> object:
        together.wait()
        assert own() is own()
        return own()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(map(id, pool.map(twice, range(4))))) == 4


def test_what_is_false_is_kept_too() -> None:
    made: list[int] = []
    own = PerThread(lambda: made.append(1))
    assert own() is own() is None
    assert made == [1]


def test_nothing_is_made_before_it_is_asked_for() -> None:
    made: list[int] = []
    PerThread(lambda: made.append(1))
    assert made == []
