from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.choose import Leaderboard, Options, choose
from starlike.choose.candidates import CLASS_MEAN
from starlike.cli import tables
from starlike.errors import NamesError, PluginError, SampleError, TrainError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import leaderboard, recipe
from starlike.files.pairs import CHOOSE, REPORT
from starlike.metrics import HIGHER, Answered, Figure, catalogue, figure, number
from tests import pairs
from tests.choose.conftest import QUICK

RESULTS, POINTS = 12, 4
TIMES = [one.key for one in catalogue.built_in() if not one.declaration.repeatable]
MEASURED = RESULTS + POINTS


@dataclass(frozen=True)
class Chosen:
    folder: Path
    board: Leaderboard
    steps: list[tuple[int, int]]


def run(sample_folder: Path, folder: Path, options: Options = QUICK) -> Chosen:
    steps: list[tuple[int, int]] = []
    out = folder / "recipe.json"
    board = choose(sample_folder, out, options, progress=lambda *counts: steps.append(counts))
    return Chosen(folder, board, steps)


@pytest.fixture(scope="module")
def chosen(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Chosen:
    return run(sample_folder, tmp_path_factory.mktemp("chosen"))


def untimed(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((folder / "leaderboard.json").read_text())
    for row in facts["rows"]:
        for figures in (*(one["figures"] for one in row["results"]), row["mean"], row["spread"]):
            for name in TIMES:
                del figures[name]
    for point in facts["curve"]:
        for name in TIMES:
            del point["figures"][name]
    return facts


def test_every_candidate_is_measured_on_every_fold(chosen: Chosen) -> None:
    assert chosen.steps == [(done, MEASURED) for done in range(MEASURED + 1)]
    assert all([result.fold for result in row.results] == [0, 1] for row in chosen.board.rows)
    assert all((row.mean("top_1") or 0) > 0.8 for row in chosen.board.rows)
    assert leaderboard.read(chosen.folder) == chosen.board


def test_the_recipe_is_the_chosen_network_s(chosen: Chosen) -> None:
    written = recipe.read(chosen.folder / "recipe.json")
    assert chosen.board.chosen
    assert written.to_dict() == chosen.board.row(chosen.board.chosen).settings


def test_learning_curves_are_the_chosen_network_s_and_the_class_mean_s(chosen: Chosen) -> None:
    points = chosen.board.curve
    assert chosen.board.chosen
    for name in (chosen.board.chosen, CLASS_MEAN):
        few, whole = (point for point in points if point.name == name)
        assert (few.at_most, whole.at_most) == (1, None)
        assert few.learned < whole.learned
        first = chosen.board.row(name).results[0]
        assert whole.figures == first.figures
    assert len(points) == POINTS


def test_plots_lie_beside_the_recipe(chosen: Chosen) -> None:
    pictures = {file.name for file in chosen.folder.glob("*.png")}
    assert pictures == {"depth.png", "images.png", "learning.png"}
    assert all((chosen.folder / name).read_bytes()[:4] == b"\x89PNG" for name in pictures)


def test_two_runs_with_one_seed_agree(chosen: Chosen, sample_folder: Path, tmp_path: Path) -> None:
    run(sample_folder, tmp_path)
    assert untimed(tmp_path) == untimed(chosen.folder)
    for name in ("recipe.json", "depth.png", "images.png", "learning.png"):
        assert (tmp_path / name).read_bytes() == (chosen.folder / name).read_bytes()


def test_a_finished_run_measures_nothing_again(chosen: Chosen, sample_folder: Path) -> None:
    before = (chosen.folder / "leaderboard.json").read_bytes()
    again = run(sample_folder, chosen.folder)
    assert again.steps == [(MEASURED, MEASURED)]
    assert (chosen.folder / "leaderboard.json").read_bytes() == before


@pytest.mark.parametrize("killed_after", [5, RESULTS + 1], ids=["in the grid", "in the curve"])
def test_a_killed_run_goes_on(
    killed_after: int,
    chosen: Chosen,
    sample_folder: Path,
    tmp_path: Path,
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    code = f"""
import os, signal, sys
from pathlib import Path
from starlike.choose import Options, choose
from starlike.files.recipe import Recipe

def steps(done, total):
    if done == {killed_after}:
        os.kill(os.getpid(), signal.SIGKILL)

options = Options(folds=2, quick=True, recipe=Recipe(**{QUICK.recipe.to_dict()}))
choose(Path(sys.argv[1]), Path(sys.argv[2]), options, progress=steps)
"""
    killed = run_python(code, str(sample_folder), str(tmp_path / "recipe.json"))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = leaderboard.read(tmp_path)
    assert left is not None
    assert not (tmp_path / "recipe.json").exists()
    resumed = run(sample_folder, tmp_path)
    assert resumed.steps[0] == (killed_after, MEASURED)
    assert resumed.steps[-1] == (MEASURED, MEASURED)
    for row in left.rows:
        kept = resumed.board.row(row.name).results[: len(row.results)]
        assert kept == row.results
    assert all(point in resumed.board.curve for point in left.curve)
    assert untimed(tmp_path) == untimed(chosen.folder)


def test_only_what_was_changed_is_measured_anew(
    chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    chosen.board.write(tmp_path)
    other = replace(QUICK, recipe=replace(QUICK.recipe, learning_rate=0.02))
    classic = [row for row in chosen.board.rows if row.kind != "network"]
    assert known_at_start(sample_folder, tmp_path, other) == 2 * len(classic) + POINTS // 2


def test_points_of_other_networks_and_sizes_are_left_out(
    chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    point = chosen.board.curve[0]
    other = next(
        row.name
        for row in chosen.board.rows
        if row.kind == "network" and row.name != chosen.board.chosen
    )
    board = chosen.board.with_point(replace(point, at_most=3))
    board.with_point(replace(point, name=other)).write(tmp_path)
    assert run(sample_folder, tmp_path).board == chosen.board


@pytest.mark.parametrize("changed", [{"seed": 1}, {"embed_from": "crop"}])
def test_another_seed_or_embedding_measures_everything_anew(
    chosen: Chosen, sample_folder: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    chosen.board.write(tmp_path)
    assert known_at_start(sample_folder, tmp_path, replace(QUICK, **changed)) == 0


@pytest.mark.parametrize("other", [{"name": "other"}, {"sha256": "f" * 64}])
def test_what_was_measured_of_another_encoder_is_refused_in_a_line(
    other: dict[str, Any], chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    basis = replace(chosen.board.basis, encoder=replace(DLIB_RESNET, **other))
    replace(chosen.board, basis=basis).write(tmp_path)
    before = (tmp_path / "leaderboard.json").read_bytes()
    with pytest.raises(TrainError, match="write the recipe into another folder") as raised:
        choose(sample_folder, tmp_path / "recipe.json", QUICK)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "leaderboard.json").read_bytes() == before


@figure(
    key="margin", title="margin", meaning="Between the first two.", better=HIGHER, shown_as=number
)
def margin(answered: Answered) -> float:
    """How far the best score lies above the second."""
    best = np.sort(answered.scores, axis=1)
    return float((best[:, -1] - best[:, -2]).mean())


def test_a_figure_from_outside_is_a_column_and_measures_everything_anew(
    chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    chosen.board.write(tmp_path)
    assert known_at_start(sample_folder, tmp_path, QUICK, figures=[margin]) == 0
    board = choose(sample_folder, tmp_path / "recipe.json", QUICK, figures=[margin])
    assert board.columns()[-1].key == "margin"
    assert all(row.mean("margin") is not None for row in board.rows)
    written = json.loads((tmp_path / "leaderboard.json").read_text())
    assert written["rows"][0]["mean"]["margin"] == board.rows[0].mean("margin")
    assert leaderboard.read(tmp_path) == board


PAIRS = "Person 00,Person 01,lookalike\nPerson 02,Person 03,lookalike\nSingle,Pair,kin\n"


def test_pairs_are_a_column_that_is_measured_anew_and_chooses_nothing(
    chosen: Chosen, sample_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = pairs.write(tmp_path / "pairs.csv", PAIRS, CHOOSE)
    options = replace(QUICK, pairs=file)
    chosen.board.write(tmp_path)
    assert known_at_start(sample_folder, tmp_path, options) == 0
    board = run(sample_folder, tmp_path, options).board
    assert board.chosen == chosen.board.chosen
    assert [row.name for row in board.rows] == [row.name for row in chosen.board.rows]
    assert all((row.mean("lookalike_place") or 0) >= 1 for row in board.rows)
    assert not any(row.mean("lookalike_place") for row in chosen.board.rows)
    assert leaderboard.read(tmp_path) == board
    assert board.pairs is not None
    assert (board.pairs.lookalikes, board.pairs.kin, board.pairs.put_aside) == (2, 1, 8)
    tables.leaderboard(board)
    printed = capsys.readouterr().out
    declared = {one.key: one for one in board.declared}
    assert all(row.text(declared["lookalike_place"]) in printed for row in board.rows)
    assert "2 pairs of look-alikes and 1 pair of kin; 8 pairs, of other people" in printed
    # The same pairs are not asked about again, in whichever order they stand; others are.
    rows = "".join(reversed(PAIRS.splitlines(keepends=True)))
    pairs.write(file, rows, CHOOSE)
    assert run(sample_folder, tmp_path, options).steps == [(MEASURED, MEASURED)]
    pairs.write(file, PAIRS.replace("03", "04"), CHOOSE)
    assert known_at_start(sample_folder, tmp_path, options) == 0


def test_pairs_to_report_on_are_not_chosen_by(sample_folder: Path, tmp_path: Path) -> None:
    file = pairs.write(tmp_path / "pairs.csv", PAIRS, REPORT)
    with pytest.raises(NamesError, match="none is of people who are classes: R") as refused:
        run(sample_folder, tmp_path / "out", replace(QUICK, pairs=file))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def known_at_start(
    sample_folder: Path, folder: Path, options: Options, figures: Sequence[Figure] = ()
) -> int:
    """How many results a run takes over, seen in one that is stopped at once."""
    steps: list[int] = []

    def stop(done: int, _total: int) -> None:
        steps.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        choose(sample_folder, folder / "recipe.json", options, figures=figures, progress=stop)
    return steps[0]


def test_options_hold_for_every_network() -> None:
    options = Options(seed=7, embed_from="crop", epochs=4)
    recipes = [c.recipe for c in options.candidates() if c.recipe]
    assert {(r.seed, r.embed_from, r.epochs) for r in recipes} == {(7, "crop", 4)}


@pytest.mark.parametrize("count", [-1, 0, 1, 11])
def test_folds_that_cannot_be_compared_are_refused(count: int) -> None:
    with pytest.raises(TrainError, match="folds must be from 2 to 10"):
        Options(folds=count)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_seeds_that_no_network_takes_are_refused(
    sample_folder: Path, tmp_path: Path, seed: int
) -> None:
    with pytest.raises(TrainError, match="seed"):
        run(sample_folder, tmp_path / "out", replace(QUICK, seed=seed))
    assert not (tmp_path / "out").exists()


def test_a_sample_that_is_too_small_writes_nothing(sample_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="larger sample"):
        run(sample_folder, tmp_path / "out", replace(QUICK, folds=10))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["leaderboard.json", "folder"])
def test_a_recipe_that_cannot_be_a_file_is_refused(
    sample_folder: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(TrainError, match=r"recipe\.json"):
        choose(sample_folder, tmp_path / name, QUICK)


def test_a_folder_that_cannot_be_written_is_told(sample_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainError, match="cannot be written"):
        choose(sample_folder, tmp_path / "file" / "recipe.json", QUICK)


def test_a_method_from_outside_is_compared_with_the_others(
    chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    place = "tests.choose.outside:medoids"
    shutil.copytree(chosen.folder, tmp_path, dirs_exist_ok=True)
    more = run(sample_folder, tmp_path, replace(QUICK, methods=(place,)))
    assert more.steps == [(done, MEASURED + 2) for done in range(MEASURED, MEASURED + 3)]
    row = more.board.row(place)
    assert row.about == "The class whose most typical image is nearest."
    assert (row.mean("top_1") or 0) > 0.8
    assert row.mean("calibration_error") is None
    others = [other for other in more.board.rows if other.name != place]
    assert sorted(others, key=str) == sorted(chosen.board.rows, key=str)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("medoids", "there is no scorer medoids; known are network, class mean"),
        ("tests.choose.outside:nowhere", "cannot be imported"),
        ("tests.choose.outside:NO_FUNCTION", "is no function of images, settings and a seed"),
        ("tests.choose.outside:nothing", "fits is a str, which does not score"),
    ],
)
def test_what_is_no_method_is_refused_in_one_line(
    name: str, message: str, chosen: Chosen, sample_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(chosen.folder, tmp_path, dirs_exist_ok=True)
    with pytest.raises(PluginError, match=message) as refused:
        run(sample_folder, tmp_path, replace(QUICK, methods=(name,)))
    assert "\n" not in str(refused.value)


def test_a_method_that_is_compared_anyway_is_not_named_again() -> None:
    with pytest.raises(TrainError, match="LDA: this comes with starlike"):
        replace(QUICK, methods=("LDA",)).candidates()
