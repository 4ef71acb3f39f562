from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from starlike.choose import Leaderboard
from starlike.choose.choice import simplest_of_the_best, standard_error
from starlike.errors import TrainError
from starlike.files import leaderboard
from starlike.files.leaderboard import OfGroup, Point, Result, Row

MakeRow = Callable[..., Row]
MakeBoard = Callable[..., Leaderboard]

FEW = Point("1 × 16", 1, 16, 100, 0.7, 0.9, 0.2)
ALL = replace(FEW, at_most=None, learned=64)


def test_it_comes_back_from_disk_as_it_was(
    tmp_path: Path, network_row: MakeRow, make_board: MakeBoard, make_result: Callable[..., Result]
) -> None:
    told = make_result(1, 0.8, calibration_error=0.1, by_images=(OfGroup("1–2", 3, 4),))
    board = make_board(network_row(1, 16, 0.9).with_result(told)).with_point(FEW).with_point(ALL)
    board.write(tmp_path)
    assert leaderboard.read(tmp_path) == board


def test_one_that_was_written_before_there_were_curves_is_read(
    tmp_path: Path, network_row: MakeRow, make_board: MakeBoard
) -> None:
    board = make_board(network_row(1, 16, 0.9))
    board.write(tmp_path)
    file = tmp_path / "leaderboard.json"
    facts = json.loads(file.read_text())
    del facts["curve"]
    file.write_text(json.dumps(facts))
    assert leaderboard.read(tmp_path) == board


@pytest.mark.parametrize("wrong", [{"name": "1 × 16"}, {**asdict(FEW), "more": 1}, 3, None])
def test_points_that_are_none_are_told(
    tmp_path: Path, network_row: MakeRow, make_board: MakeBoard, wrong: object
) -> None:
    make_board(network_row(1, 16, 0.9)).with_point(FEW).write(tmp_path)
    file = tmp_path / "leaderboard.json"
    facts = json.loads(file.read_text())
    file.write_text(json.dumps({**facts, "curve": [wrong]}))
    with pytest.raises(TrainError, match="remove it"):
        leaderboard.read(tmp_path)


def test_it_tells_means_and_spreads(
    tmp_path: Path, network_row: MakeRow, make_board: MakeBoard
) -> None:
    make_board(network_row(1, 16, 0.8, 0.9)).write(tmp_path)
    (row,) = json.loads((tmp_path / "leaderboard.json").read_text())["rows"]
    assert row["mean"]["top_1"] == pytest.approx(0.85)
    assert row["spread"]["top_1"] == pytest.approx(0.0707, abs=1e-4)
    assert row["mean"]["calibration_error"] is None


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert leaderboard.read(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1, "basis": {}}', "3"])
def test_what_is_no_leaderboard_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "leaderboard.json").write_text(text)
    with pytest.raises(TrainError, match="remove it"):
        leaderboard.read(tmp_path)


def test_rows_are_ranked_by_mean_top_1(network_row: MakeRow, make_board: MakeBoard) -> None:
    worse, better = network_row(1, 16, 0.7, 0.8), network_row(2, 16)
    board = make_board(worse, better)
    changed = board.with_row(network_row(2, 16, 0.9, 0.7))
    assert [row.name for row in changed.rows] == ["2 × 16", "1 × 16"]


def test_points_lie_by_images_at_most_and_those_of_all_come_last(make_board: MakeBoard) -> None:
    eight, other = replace(FEW, at_most=8), replace(FEW, name="0 × 16")
    board = make_board()
    for point in (ALL, eight, FEW, other):
        board = board.with_point(point)
    assert board.curve == (other, FEW, eight, ALL)
    assert board.measured == 4


def test_points_are_kept_with_the_results_of_their_method(
    network_row: MakeRow, make_board: MakeBoard
) -> None:
    row = network_row(1, 16, 0.9, 0.8)
    before = make_board(row).with_point(FEW).with_point(ALL)
    resumed = make_board(network_row(1, 16)).resumed(before)
    assert resumed.curve == (FEW, ALL)
    assert resumed.measured == 4
    assert make_board(network_row(1, 16), seed=1).resumed(before).curve == ()
    other = replace(row, settings={**row.settings, "epochs": 99})
    assert make_board(other).resumed(before).curve == ()


def test_results_of_the_same_basis_and_settings_are_kept(
    network_row: MakeRow, make_board: MakeBoard
) -> None:
    before = make_board(network_row(1, 16, 0.9, 0.8, 0.7))
    resumed = make_board(network_row(1, 16)).resumed(before)
    assert resumed.row("1 × 16").values("top_1") == [0.9, 0.8]
    assert make_board(network_row(1, 16), seed=1).resumed(before).rows[0].results == ()
    other = replace(network_row(1, 16), settings={**before.rows[0].settings, "epochs": 99})
    assert make_board(other).resumed(before).rows[0].results == ()


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
