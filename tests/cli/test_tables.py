"""Tables fit the terminal, and what there is no room for is named."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from starlike.cli import show, tables
from starlike.files.leaderboard import Leaderboard, Result, Row
from tests.leaderboards import make_board, make_result, network_row

__all__ = ["make_board", "make_result", "network_row"]


@pytest.fixture
def shown(
    make_board: Callable[..., Leaderboard],
    network_row: Callable[..., Row],
    make_result: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[int], list[str]]:
    """A function that gives the lines of a leaderboard in a terminal of some width."""

    def lines(width: int) -> list[str]:
        text = io.StringIO()
        console = Console(file=text, width=width, force_terminal=True, color_system=None)
        monkeypatch.setattr(show, "out", console)
        pairs = make_result(2, 0.8, false_agreement=0.01, lookalike_place=30.5)
        row = network_row(1, 16, 0.9, 0.8).with_result(pairs)
        tables.leaderboard(make_board(row, network_row(2, 128, 0.7, 0.6)))
        return text.getvalue().splitlines()

    return lines


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_leaderboard_fits_the_terminal_and_parts_no_number_from_its_unit(
    shown: Callable[[int], list[str]], width: int
) -> None:
    lines = shown(width)
    assert max(map(len, lines)) <= width
    (row,) = (line for line in lines if "2 × 128" in line)
    assert "65.0 ± 7.1 %" in row


def test_what_there_is_no_room_for_is_named_and_headline_figures_stand_first(
    shown: Callable[[int], list[str]],
) -> None:
    lacking = "median place of look-alikes, false agreement, training time, size"
    assert f"not shown, for want of width: {lacking}" in " ".join(" ".join(shown(60)).split())
    assert "not shown" not in " ".join(shown(200))
