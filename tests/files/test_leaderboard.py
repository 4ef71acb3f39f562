from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from starlike.errors import TrainError
from starlike.files import leaderboard
from starlike.files.leaderboard import Leaderboard, OfGroup, Point, Result, Row

MakeRow = Callable[..., Row]
MakeBoard = Callable[..., Leaderboard]

FEW = Point(name="1 × 16", at_most=1, learned=16, images=100, figures={"top_1": 0.7})
ALL = replace(FEW, at_most=None, learned=64)


def test_it_comes_back_from_disk_as_it_was(
    tmp_path: Path, network_row: MakeRow, make_board: MakeBoard, make_result: Callable[..., Result]
) -> None:
    result = make_result(1, 0.8, calibration_error=0.1, by_images=(OfGroup("1–2", 3, 4),))
    board = make_board(network_row(1, 16, 0.9).with_result(result)).with_point(FEW).with_point(ALL)
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


@pytest.mark.parametrize(
    "wrong", [{"name": "1 × 16"}, {**asdict(FEW), "figures": {"top_1": "0.7"}}, 3, None]
)
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
    assert "calibration_error" not in row["mean"]


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert leaderboard.read(tmp_path) is None


def test_one_of_an_earlier_format_is_none(tmp_path: Path) -> None:
    (tmp_path / "leaderboard.json").write_text('{"format": 1, "basis": {}}')
    assert leaderboard.read(tmp_path) is None


def test_only_what_was_measured_is_a_column(network_row: MakeRow, make_board: MakeBoard) -> None:
    board = make_board(network_row(1, 16, 0.9), network_row(2, 16))
    keys = [figure.key for figure in board.columns()]
    assert keys == ["top_1", "top_5", "top_1_agreement", "train_seconds", "size_bytes"]


def test_a_cell_has_mean_and_spread_and_a_dash_where_nothing_was_measured(
    network_row: MakeRow, make_board: MakeBoard
) -> None:
    row = network_row(1, 16, 0.8, 0.9)
    declared = {figure.key: figure for figure in make_board().declared}
    assert row.text(declared["top_1"]) == "85.0 ± 7.1 %"
    assert row.text(declared["train_seconds"]) == "1.5 ± 0.0 s"
    assert row.text(declared["calibration_error"]) == "–"


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2}', '{"format": 2, "basis": {}}', "3"])
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


def test_results_that_lack_a_figure_are_measured_anew(
    network_row: MakeRow, make_board: MakeBoard
) -> None:
    before = make_board(network_row(1, 16, 0.9))
    fewer = replace(before, declared=before.declared[1:])
    assert make_board(network_row(1, 16)).resumed(before).measured == 1
    assert make_board(network_row(1, 16)).resumed(fewer).measured == 0
