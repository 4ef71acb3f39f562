from __future__ import annotations

from collections.abc import Callable

import pytest

from starlike.choose.choice import simplest_of_the_best, standard_error
from starlike.files.leaderboard import Row

MakeRow = Callable[..., Row]


def test_the_simplest_network_within_one_standard_error_is_chosen(network_row: MakeRow) -> None:
    best = network_row(3, 64, 0.90, 0.90)
    assert standard_error(best) == pytest.approx(0.0212, abs=1e-4)
    near_wide, near_narrow = network_row(1, 64, 0.89, 0.89), network_row(1, 32, 0.87, 0.89)
    too_bad = network_row(0, 16, 0.87, 0.87)
    assert simplest_of_the_best([best, near_wide, near_narrow, too_bad]) == near_narrow


def test_width_says_nothing_of_a_network_without_hidden_layers(network_row: MakeRow) -> None:
    bare, narrow = network_row(0, 512, 0.9), network_row(1, 16, 0.9)
    assert simplest_of_the_best([narrow, bare]) == bare


def test_only_a_network_becomes_the_recipe(network_row: MakeRow) -> None:
    classic = Row("class mean", "class mean", "", {}, network_row(0, 1, 0.99).results)
    network = network_row(2, 16, 0.5)
    assert simplest_of_the_best([classic, network]) == network
