"""`make bench` measures starlike beside `face_recognition`, and tells what it measured."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

import starlike
from benchmarks.speed import pictures, report, tables
from benchmarks.speed.contenders import LIBRARY, SINGLE, STARLIKE
from benchmarks.speed.memory import peaks
from benchmarks.speed.report import Report
from benchmarks.speed.turns import interval
from starlike import photo
from starlike.faces import make_detector

ROOT = Path(__file__).parents[2]
SRC = Path(starlike.__file__).parents[1]


def bench(
    *words: str | Path, before: Sequence[Path] = (), fails: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the program as `make bench` does; packages in folders given as `before` come first."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [*before, SRC]))},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stderr
    return done


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory, astronaut: Path) -> Path:
    """Two portraits, a crop of a face that is too small, and a file that is no photo."""
    folder = tmp_path_factory.mktemp("photos")
    with Image.open(astronaut) as image:
        portrait = image.crop((100, 0, 420, 300))
    portrait.save(folder / "portrait.jpg")
    ImageOps.mirror(portrait).save(folder / "mirrored.png")
    portrait.resize((64, 60)).save(folder / "small.jpg")
    (folder / "broken.jpg").write_bytes((folder / "portrait.jpg").read_bytes()[:2000])
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def printed(photos: Path, out: Path) -> str:
    """What a run over two photos prints; beside it lie its figures and its plot."""
    words = ["--sizes", "400", "--folder", "3", "--runs", "1"]
    words += ["--only", "photos", "starts", "commands", "folder"]
    kept = ("--json", out / "figures.json", "--plot", out / "plot.png")
    return bench("--photos", photos, *words, *kept).stdout


@pytest.fixture(scope="module")
def found(printed: str, out: Path) -> Report:
    assert printed
    return report.read(out / "figures.json")


def test_every_contender_finds_the_face_of_every_photo(found: Report) -> None:
    assert [task.name for task in found.photos] == ["as given", "at 400 pixels"]
    for task in found.photos:
        assert task.pictures == 2
        assert [(row.contender, row.faces) for row in task.rows] == [
            (LIBRARY, 2),
            (STARLIKE, 2),
            (SINGLE, 2),
        ]
    assert (found.photos[1].width, found.photos[1].height) == (400, 375)


def test_ratios_are_those_of_the_times(found: Report) -> None:
    for task in found.photos:
        for row in task.rows:
            ratio = task.rows[0].milliseconds / row.milliseconds
            assert row.times == pytest.approx(ratio)
            assert row.low <= row.times <= row.high
    assert found.commands[1].share == pytest.approx(
        found.commands[1].milliseconds / found.commands[0].milliseconds
    )
    assert found.folder[1].times == pytest.approx(found.folder[0].seconds / found.folder[1].seconds)


def test_single_photos_are_answered_on_one_thread(found: Report) -> None:
    for task in found.photos:
        for row in task.rows:
            assert row.processor_milliseconds < 1.1 * row.milliseconds


def test_whole_commands_take_longer_than_an_answer_that_is_warm(found: Report) -> None:
    warm = {start.contender: start.warm_milliseconds for start in found.starts}
    assert set(warm) == {LIBRARY, STARLIKE, SINGLE}
    assert all(start.cold_milliseconds > start.warm_milliseconds for start in found.starts)
    assert [command.contender for command in found.commands] == [LIBRARY, STARLIKE]
    assert all(command.milliseconds > warm[command.contender] for command in found.commands)


def test_memory_is_that_of_programs_with_their_weights(found: Report) -> None:
    taken = [row.mebibytes for task in found.photos for row in task.rows]
    taken += [start.mebibytes for start in found.starts]
    taken += [command.mebibytes for command in found.commands]
    taken += [run.mebibytes for run in found.folder]
    assert len(taken) == 13
    assert all(60 < mebibytes < 2000 for mebibytes in taken)


def test_what_is_printed_holds_the_ratios_that_are_kept(printed: str, found: Report) -> None:
    cells = [line.split(" | ") for line in printed.splitlines()]
    shown = [row[4] for row in cells if len(row) == 7 and "(" in row[4]][1:]
    rows = [row for task in found.photos for row in task.rows[1:]]
    assert shown == [
        f"{tables.times(row.times)} ({tables.times(row.low)}–{tables.times(row.high)})"
        for row in rows
    ]
    assert tables.whole(found) + "\n" == printed


def test_the_machine_and_the_versions_are_told(printed: str, found: Report) -> None:
    assert found.machine["cores"] == str(os.cpu_count())
    assert found.versions[LIBRARY]["face_recognition"] == "1.3.0"
    assert re.match(r"[\d.]+, with(out)? BLAS", found.versions[LIBRARY]["dlib"])
    assert found.versions[STARLIKE]["starlike"] == starlike.__version__
    for name in ("numpy", "onnxruntime", "opencv"):
        assert f"{name} {found.versions[STARLIKE][name]}" in printed


@pytest.mark.usefixtures("printed")
def test_the_plot_is_a_picture(out: Path) -> None:
    with Image.open(out / "plot.png") as image:
        image.load()
        assert image.width > 600


def test_the_same_photos_are_chosen_again(photos: Path) -> None:
    first = pictures.chosen(photos, 2, seed=1)
    assert pictures.chosen(photos, 2, seed=1) == first
    assert {file.name for file in first} == {"portrait.jpg", "mirrored.png"}
    orders = {tuple(pictures.chosen(photos, 2, seed)) for seed in range(8)}
    assert len(orders) == 2


def test_a_folder_without_photos_is_told_in_a_line(tmp_path: Path) -> None:
    done = bench("--photos", tmp_path, fails=True)
    assert done.stderr == f"bench: {tmp_path}: there is no photo of at least 200 pixels\n"


def test_a_missing_face_recognition_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "face_recognition.py").write_text("raise ImportError('not here')\n")
    done = bench("--only", "folder", "--folder", "1", before=[tmp_path], fails=True)
    assert re.fullmatch(
        r"bench: face_recognition: \S+ cannot import face_recognition \(not here\); .*: pip .*\n",
        done.stderr,
    )


def test_another_python_is_asked_for_face_recognition_too(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / "bin" / "python"
    done = bench("--only", "folder", "--folder", "1", "--with-dlib", python, fails=True)
    assert done.stderr.count("\n") == 1
    assert f"dlib with BLAS: {python} cannot import face_recognition" in done.stderr


def test_groups_show_the_faces_of_six_photos(photos: Path, tmp_path: Path) -> None:
    (group,) = pictures.groups(pictures.chosen(photos, 2, seed=0), tmp_path)
    assert len(make_detector().detect(photo.open(group))) == 6


def test_pictures_without_faces_are_drawn_alike_each_time(tmp_path: Path) -> None:
    drawn = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        files = pictures.without_faces(3, tmp_path / name)
        drawn.append([file.read_bytes() for file in files])
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == len(drawn[0]) == 5 * pictures.DRAWN_OF_A_KIND + 2


def test_the_interval_is_narrow_where_all_photos_agree() -> None:
    seconds = np.linspace(1, 2, 50)
    assert interval(2 * seconds, seconds) == pytest.approx((2, 2))
    low, high = interval(seconds * np.linspace(1, 3, 50), seconds)
    assert low < 2.1 < high
    assert 0.1 < high - low < 1


def test_memory_of_processes_counts_their_children() -> None:
    child = "block = bytearray(120 * 2**20); block[::4096] = b'x' * (120 * 256); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE)
    with peaks({"it": process.pid}) as seen:
        while seen.mebibytes("it") < 120:
            assert process.poll() is None
            seen.look()
        process.communicate(b"\n")
    assert process.returncode == 0
    assert 120 < seen.mebibytes("it") < 240
