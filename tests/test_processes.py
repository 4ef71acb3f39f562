"""Work over many items: each is told of once, whatever becomes of the processes that do it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from starlike.processes import Executor, LocalExecutor
from starlike.threads import cores


def double(item: int) -> int:
    return 2 * item


def where(_item: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def deadly(item: int) -> int:
    if item % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def failing(item: int) -> int:
    if item == 5:
        raise FileNotFoundError(2, "it is gone")
    return item


def ends_early(_item: int) -> int:
    raise EOFError("the file ends")


def unpicklable(_item: int) -> Callable[[], None]:
    return lambda: None


def swollen(item: bytes) -> bytes:
    return item * 2


class OddError(Exception):
    """An error that cannot be made again from what it was made of."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} is not {other}")


def odd(_item: int) -> int:
    raise OddError(1, 2)


class Counting:
    """Says how often this object was called: it stays in a process from item to item."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _item: int) -> tuple[int, int]:
        self.calls += 1
        return os.getpid(), self.calls


def done(task: Callable[[Any], Any], items: Any, workers: int = 2) -> tuple[list[Any], list[Any]]:
    """What was told: items with their results, and items that were killed."""
    results: list[Any] = []
    killed: list[Any] = []
    executor = LocalExecutor(workers)
    executor.map_unordered(task, items, lambda *pair: results.append(pair), killed.append)
    assert not multiprocessing.active_children()
    return results, killed


def test_it_fits_the_door() -> None:
    assert isinstance(LocalExecutor(), Executor)


def test_each_item_is_told_of_once_with_its_result() -> None:
    results, killed = done(double, range(500))
    assert sorted(results) == [(item, 2 * item) for item in range(500)]
    assert killed == []


def test_equal_items_are_each_told_of() -> None:
    results, _ = done(double, [1, 1, 1])
    assert results == [(1, 2)] * 3


def test_nothing_to_do_starts_no_process() -> None:
    started = multiprocessing.active_children()
    assert done(double, iter(())) == ([], [])
    assert multiprocessing.active_children() == started


@pytest.mark.parametrize("workers", [1, 2])
def test_so_many_processes_share_the_work(workers: int) -> None:
    results, _ = done(where, range(60), workers)
    assert len({pid for _, pid in results}) == workers
    assert os.getpid() not in {pid for _, pid in results}


def test_by_default_there_is_a_process_a_core() -> None:
    assert LocalExecutor().workers == cores()


def test_the_task_stays_in_its_process() -> None:
    results, _ = done(Counting(), range(50))
    last = Counter[int]()
    for _, (pid, calls) in results:
        assert calls == last[pid] + 1
        last[pid] = calls
    assert last.total() == 50


def test_items_are_taken_up_as_they_are_needed() -> None:
    told = taken = most = 0

    def endless() -> Iterator[int]:
        nonlocal taken, most
        for item in range(1000):
            taken += 1
            most = max(most, taken - told)
            yield item

    def count(_item: int, _result: int) -> None:
        nonlocal told
        told += 1

    LocalExecutor(2).map_unordered(double, endless(), count, print)
    assert told == 1000
    assert most < 30


def test_large_items_with_large_results_lock_nothing() -> None:
    items = [bytes([number]) * size for number, size in enumerate([10, 2_000_000, 100] * 6)]
    results, _ = done(swollen, items)
    assert sorted(results) == sorted((item, item * 2) for item in items)


class TestKilled:
    def test_the_items_over_which_processes_die_are_told_of_and_all_others_done(self) -> None:
        results, killed = done(deadly, range(40))
        assert sorted(killed) == [3, 13, 23, 33]
        assert sorted(results) == [(n, n) for n in range(40) if n % 10 != 3]

    def test_what_was_killed_from_outside_is_done_again(self) -> None:
        results: list[tuple[int, int]] = []

        def take(item: int, result: int) -> None:
            results.append((item, result))
            if len(results) in {4, 20}:
                for child in multiprocessing.active_children():
                    child.kill()

        killed: list[int] = []
        LocalExecutor(2).map_unordered(where, range(60), take, killed.append)
        assert sorted(item for item, _ in results) == list(range(60))
        assert killed == []

    def test_whoever_is_told_may_end_the_work(self) -> None:
        def give_up(item: int) -> None:
            raise LookupError(f"{item} is too much")

        with pytest.raises(LookupError, match="too much"):
            LocalExecutor(2).map_unordered(deadly, range(1000), lambda *_: None, give_up)
        assert not multiprocessing.active_children()


class TestErrors:
    def test_an_error_of_the_task_is_raised_and_says_where_it_came_from(self) -> None:
        with pytest.raises(FileNotFoundError, match="it is gone") as raised:
            done(failing, range(1000))
        assert "in failing" in "".join(raised.value.__notes__)
        assert not multiprocessing.active_children()

    def test_an_end_of_file_in_the_task_is_not_taken_for_a_death(self) -> None:
        with pytest.raises(EOFError, match="the file ends"):
            done(ends_early, range(3))

    @pytest.mark.parametrize("task", [unpicklable, odd])
    def test_what_cannot_travel_is_an_error(self, task: Callable[[int], Any]) -> None:
        with pytest.raises(Exception, match=r"pickle|OddError: 1 is not 2"):
            done(task, range(3))
        assert not multiprocessing.active_children()

    def test_an_error_of_whoever_is_told_ends_the_work(self) -> None:
        told: list[int] = []

        def take(item: int, _result: int) -> None:
            told.append(item)
            raise ArithmeticError

        with pytest.raises(ArithmeticError):
            LocalExecutor(2).map_unordered(double, range(10**9), take, print)
        assert len(told) == 1
        assert not multiprocessing.active_children()
