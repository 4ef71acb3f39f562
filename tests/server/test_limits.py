"""How often a client may ask."""

from __future__ import annotations

from contextlib import suppress

import pytest

from starlike.server.limits import Rate
from starlike.server.problems import ProblemError


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allowed(rate: Rate, client: str, times: int) -> int:
    count = 0
    for _ in range(times):
        with suppress(ProblemError):
            rate.take(client)
            count += 1
    return count


def test_a_client_may_ask_so_often_a_minute(clock: Clock) -> None:
    rate = Rate(60, clock)
    assert allowed(rate, "1.1.1.1", 100) == 60
    clock.now = 10
    assert allowed(rate, "1.1.1.1", 100) == 10
    clock.now = 1000
    assert allowed(rate, "1.1.1.1", 100) == 60


def test_the_wait_that_is_told_is_long_enough(clock: Clock) -> None:
    rate = Rate(3, clock)
    allowed(rate, "1.1.1.1", 3)
    with pytest.raises(ProblemError) as refused:
        rate.take("1.1.1.1")
    assert refused.value.code == "rate"
    clock.now = float(refused.value.headers["Retry-After"])
    rate.take("1.1.1.1")


def test_clients_are_counted_by_themselves(clock: Clock) -> None:
    rate = Rate(5, clock)
    assert allowed(rate, "1.1.1.1", 9) == 5
    assert allowed(rate, "1.1.1.2", 9) == 5


def test_addresses_of_one_network_of_ipv6_are_one_client(clock: Clock) -> None:
    rate = Rate(5, clock)
    assert allowed(rate, "2001:db8:1:2::1", 9) == 5
    assert allowed(rate, "2001:db8:1:2:ffff::2", 9) == 0
    assert allowed(rate, "2001:db8:1:3::1", 9) == 5


def test_of_very_many_clients_the_quietest_are_forgotten(clock: Clock) -> None:
    rate = Rate(1, clock)
    for number in range(30_000):
        rate.take(f"client {number}")
    assert allowed(rate, "client 29999", 1) == 0
    assert allowed(rate, "client 0", 1) == 1


def test_nobody_is_counted_without_a_limit(clock: Clock) -> None:
    assert allowed(Rate(0, clock), "1.1.1.1", 1000) == 1000
