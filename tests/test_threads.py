"""Many items at once give results in order; what threads cannot share, each has for itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from starlike.threads import PerThread, cores, map_in_order


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


# Results in order.


def slow_if_even(item: int) -> int:
    time.sleep(0.02 if item % 2 == 0 else 0)
    return -item


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(threads: int) -> None:
    given = list(map_in_order(slow_if_even, range(20), threads))
    assert given == [(item, -item) for item in range(20)]


def test_several_items_are_in_hand_at_once() -> None:
    met = threading.Barrier(3, timeout=30)
    given = map_in_order(lambda _: met.wait() >= 0, range(3), 3)
    assert all(result for _, result in given)


def test_no_more_items_are_taken_up_than_threads_can_soon_do() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1000):
            taken.append(item)
            yield item

    results = map_in_order(lambda item: item, items(), 2)
    for _ in range(10):
        next(results)
    assert len(taken) <= 10 + 4
    results.close()  # type: ignore[attr-defined]


def test_an_error_is_raised_where_its_result_would_have_been() -> None:
    results = map_in_order(lambda item: 1 / (3 - item), range(10), 2)
    assert [next(results)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(map_in_order(slow_if_even, [], 3)) == []


def test_there_is_a_core() -> None:
    assert cores() >= 1
