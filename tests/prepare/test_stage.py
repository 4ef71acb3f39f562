"""The stage on real photos: what it writes, that it repeats itself, and that a kill costs nothing.

The planted folder is prepared once by two workers, undisturbed; everything else is held up to it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from starlike import prepare
from starlike.embeddings import distances
from starlike.errors import PluginError, SampleError
from starlike.faces import DEFAULT_DETECTOR
from starlike.faces.augment import AUGMENTATIONS
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample
from starlike.prepare import Options, Policy, report
from starlike.prepare import cache as caching
from starlike.processes import Executor
from tests.faces.plugged_in import Colours, WholePhoto
from tests.prepare.conftest import PEOPLE, STATUSES, Prepared, Row, Run

OUTSIDE = "tests.faces.plugged_in"

SECONDS_TO_LEAVE = 10
"""A worker whose main process was killed must be gone by then."""

on_posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


def contents(cache: Path) -> set[str]:
    """What a cache file holds, looked up from beside the process that fills it."""
    file = cache / "analyses.sqlite"
    if not file.exists():
        return set()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        try:
            return {sha.hex() for (sha,) in connection.execute("SELECT sha256 FROM analysed")}
        except sqlite3.OperationalError:  # the table is not there yet
            return set()


def stamps(cache: Path) -> dict[tuple[int, str], int]:
    """What a cache file holds by whom, and a number that is another one when it is put anew."""
    file = cache / "analyses.sqlite"
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        rows = connection.execute("SELECT maker, sha256, rowid FROM analysed")
        return {(maker, sha.hex()): number for maker, sha, number in rows}


@contextmanager
def running(folder: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command, with two workers, in a process group of its own; all of it ends with this."""
    words = ["prepare", str(folder), "--out", str(out), "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "starlike", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(cache: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the running command has put so many analyses into its cache."""
    until = time.monotonic() + 60
    while len(contents(cache)) < count:
        assert process.poll() is None, "it ended before it could be disturbed"
        assert time.monotonic() < until
        time.sleep(0.02)


class TestPlanted:
    def test_every_file_has_one_row(self, planted: Path, prepared: Prepared) -> None:
        files = {
            file.relative_to(planted).as_posix()
            for file in planted.glob("*/*")
            if not file.name.startswith(".")
        }
        assert set(prepared.rows) == files

    def test_every_row_that_was_left_out_has_a_reason_and_no_split(
        self, prepared: Prepared
    ) -> None:
        for row in prepared.rows.values():
            kept = row["status"] == "kept"
            assert (row["reason"] is None) == kept
            assert (row["split"] is not None) == kept

    def test_no_reason_names_another_file_of_the_same_content(self, prepared: Prepared) -> None:
        blank, empty = (
            prepared.rows[f"{image}.jpg"] for image in ("Nobody/blank", "Zoe Saldana/empty")
        )
        assert blank["sha256"] == empty["sha256"]
        assert blank["reason"] == empty["reason"] == "the file is empty"

    def test_a_kept_row_has_everything_that_training_needs(self, prepared: Prepared) -> None:
        for row in prepared.rows.values():
            if row["status"] != "kept":
                continue
            assert len(row["embedding"]) == len(row["crop_embedding"]) == 128
            assert len(row["augmented_embeddings"]) == AUGMENTATIONS * 128
            assert 0 <= row["left"] < row["right"] <= row["width"]
            assert 0 <= row["top"] < row["bottom"] <= row["height"]
            assert row["face_px"] >= Policy().min_face
            assert row["detector"] == "cnn"

    def test_names_are_kept_whole_and_composed(self, prepared: Prepared) -> None:
        assert {row["class"] for row in prepared.rows.values()} == {*PEOPLE, "Nobody"}

    def test_the_summary_counts_the_rows(self, prepared: Prepared) -> None:
        rows = prepared.rows.values()
        assert prepared.summary.statuses == Counter(row["status"] for row in rows)
        assert prepared.summary.splits == Counter(row["split"] for row in rows if row["split"])
        assert prepared.summary.classes == len(PEOPLE)
        assert prepared.summary.report == prepared.out / "report.html"

    def test_one_image_of_every_class_is_tested_on_but_never_the_only_one(
        self, prepared: Prepared
    ) -> None:
        tested = Counter(row["class"] for row in prepared.rows.values() if row["split"] == "test")
        assert tested == dict.fromkeys(set(PEOPLE) - {"William Levy"}, 1)

    def test_the_report_and_the_sample_are_all_that_is_written(self, prepared: Prepared) -> None:
        assert {file.name for file in prepared.out.iterdir()} == {"report.html", "sample.parquet"}
        page = prepared.summary.report.read_text(encoding="utf-8")
        for word in ("Penélope Cruz", "Near duplicate", "words.jpg", "the file is empty"):
            assert word in page

    def test_the_sample_says_how_it_was_made(self, prepared: Prepared) -> None:
        opened = sample.read(prepared.out)
        assert (opened.card, opened.detector) == (DLIB_RESNET, DEFAULT_DETECTOR)
        assert opened.facts["seed"] == "0"
        assert Policy(**json.loads(opened.facts["policy"])) == Policy()

    def test_images_that_are_kept_can_be_selected(self, prepared: Prepared) -> None:
        labelled = sample.select(sample.read(prepared.out), "photo")
        assert set(labelled.classes) == set(PEOPLE)
        assert labelled.augmented.shape == (len(labelled), AUGMENTATIONS, 128)

    def test_progress_counts_each_file_once(self, prepared: Prepared) -> None:
        dones, totals = zip(*prepared.told, strict=True)
        assert set(totals) == {len(prepared.rows)}
        assert dones == tuple(range(len(prepared.rows) + 1))


class TestNearDuplicates:
    """No two images on both sides of the split may be nearly the same, by the policy's figures."""

    @staticmethod
    def pairs(rows: list[Row], cache: Path) -> set[frozenset[str]]:
        hashes = _hashes(rows, cache)
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        apart = distances(vectors, vectors)
        bits = (hashes[:, None] != hashes[None]).sum(axis=2)
        policy = Policy().in_space(DLIB_RESNET)
        near = (apart < policy.same_face) | (
            (apart < policy.same_photo) & (bits <= policy.same_hash)
        )
        return {
            frozenset({rows[i]["image"], rows[j]["image"]})
            for i, j in np.argwhere(np.triu(near, 1))
        }

    def test_none_is_kept_on_both_sides_or_on_one(self, prepared: Prepared, cache: Path) -> None:
        kept = [row for row in prepared.rows.values() if row["status"] == "kept"]
        assert self.pairs(kept, cache) == set()

    def test_there_were_some_before_cleaning(self, prepared: Prepared, cache: Path) -> None:
        faces = [row for row in prepared.rows.values() if row["embedding"]]
        found = self.pairs(faces, cache)
        for image, other in (
            ("Colin Firth/twin.jpg", "Colin Firth/famousfaces_001.jpg"),
            ("Emma Stone/smaller.jpg", "Emma Stone/famousfaces_003.jpg"),
            ("Helen Mirren/misnamed.jpg", "Jeremy Renner/famousfaces_003.jpg"),
        ):
            assert {image, other} in found


def _hashes(rows: list[Row], cache: Path) -> npt.NDArray[np.bool_]:
    """The hash of the face meant in each row."""
    with caching.opened(cache / "analyses.sqlite", DLIB_RESNET, DEFAULT_DETECTOR) as opened:
        known = opened.get(sorted({row["sha256"] for row in rows}))
    hashes = []
    for row in rows:
        analysis = known[row["sha256"]]
        lefts = [face.box.left for face in analysis.faces]
        hashes.append(analysis.hashes[lefts.index(row["left"])])
    return np.array(hashes)


class TestAgain:
    def test_a_second_run_analyses_nothing_and_gives_the_same_sample(
        self, planted: Path, prepared: Prepared, cache: Path, run: Run
    ) -> None:
        before = stamps(cache)
        again = run(planted, workers=2)
        assert again.told == prepared.told
        assert stamps(cache) == before
        assert again.rows == prepared.rows

    def test_images_are_known_by_content_wherever_they_lie(
        self, planted: Path, prepared: Prepared, cache: Path, tmp_path: Path, run: Run
    ) -> None:
        assert prepared.rows
        before = stamps(cache)
        folder = tmp_path / "moved"
        shutil.copytree(planted / "Will Forte", folder / "Someone Else")
        moved = run(folder)
        assert len(moved.rows) == 5
        assert stamps(cache) == before
        assert {row["class"] for row in moved.rows.values()} == {"Someone Else"}

    def test_one_seed_gives_one_split_and_another_seed_another(
        self, planted: Path, prepared: Prepared, run: Run
    ) -> None:
        one, again, other = (run(planted, seed=seed) for seed in (5, 5, 6))
        assert one.splits() == again.splits()
        assert one.splits() != other.splits()
        assert one.splits().keys() == other.splits().keys() == prepared.splits().keys()

    def test_so_many_test_images_are_taken_as_are_asked_for(
        self, planted: Path, prepared: Prepared, run: Run
    ) -> None:
        kept = prepared.summary.statuses["kept"]
        assert run(planted, test=0).summary.splits == {"train": kept}
        assert run(planted, test=2).summary.splits == {"train": kept - 15, "test": 15}

    def test_another_policy_judges_the_same_analyses_anew(
        self, planted: Path, prepared: Prepared, cache: Path, run: Run
    ) -> None:
        before = stamps(cache)
        strict = run(planted, policy=Policy(min_face=100))
        assert stamps(cache) == before
        assert strict.summary.statuses["small_face"] > prepared.summary.statuses["small_face"]
        facts = sample.read(strict.out).facts
        assert json.loads(facts["policy"])["min_face"] == 100

    def test_the_earlier_sample_is_replaced(self, planted: Path, tmp_path: Path, run: Run) -> None:
        run(planted, tmp_path, seed=1)
        again = run(planted, tmp_path, seed=2)
        assert sample.read(tmp_path).table.to_pylist() == list(again.rows.values())

    @pytest.mark.usefixtures("cache_of_its_own")
    def test_the_number_of_workers_changes_nothing(
        self, planted: Path, prepared: Prepared, tmp_path: Path, run: Run
    ) -> None:
        folder = tmp_path / "one"
        shutil.copytree(planted / "Zoe Saldana", folder / "Zoe Saldana")
        alone = run(folder, workers=1)
        for image, row in alone.rows.items():
            same = {name: row[name] for name in row if name not in {"split", "status", "reason"}}
            assert same.items() <= prepared.rows[image].items()


class InThisProcess:
    """Another engine: no processes at all, the items in their opposite order."""

    def __init__(self, killed: str = "") -> None:
        self.killed = killed
        self.items: list[Any] = []

    def map_unordered(
        self,
        task: Callable[[Any], Any],
        items: Iterable[Any],
        on_result: Callable[[Any, Any], None],
        on_killed: Callable[[Any], None],
    ) -> None:
        self.items = list(items)
        travelled = pickle.loads(pickle.dumps(task))
        for item in reversed(self.items):
            if self.killed and self.killed in item:
                on_killed(item)
            else:
                on_result(item, travelled(pickle.loads(pickle.dumps(item))))


class TestExecutors:
    def test_another_engine_gives_the_same_sample(
        self, planted: Path, prepared: Prepared, cache_of_its_own: Path, run: Run
    ) -> None:
        engine = InThisProcess()
        assert isinstance(engine, Executor)
        made = run(planted, executor=engine)
        assert made.rows == prepared.rows
        assert made.told == prepared.told
        assert len(engine.items) == len(prepared.rows)
        different = {row["sha256"] for row in made.rows.values()} - {""}
        assert contents(cache_of_its_own) == different

    def test_what_it_says_was_killed_is_left_out(self, planted: Path, run: Run) -> None:
        made = run(planted, executor=InThisProcess(killed="Zoe Saldana/words.jpg"))
        killed = [image for image, row in made.rows.items() if row["status"] == "killed"]
        assert killed == ["Zoe Saldana/words.jpg"]
        assert made.rows["Zoe Saldana/words.jpg"]["embedding"] is None

    def test_this_process_reads_no_image_to_analyse_it(
        self, planted: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        before_the_report: list[list[str]] = []
        for place in ("io.open", "builtins.open"):
            monkeypatch.setattr(place, _noting(seen))
        write = report.write

        def noted(*arguments: Any) -> Path:
            before_the_report.append([name for name in seen if str(planted) in name])
            return write(*arguments)

        monkeypatch.setattr(report, "write", noted)
        run(planted, workers=1)
        assert before_the_report == [[]]
        assert any(str(planted) in name for name in seen)


def _noting(seen: list[str]) -> Callable[..., Any]:
    def noting(file: Any, *arguments: Any, **more: Any) -> Any:
        seen.append(str(file))
        return opened(file, *arguments, **more)

    opened = open
    return noting


class TestOtherNetworks:
    """A detector and an encoder from outside: embeddings of 48 dimensions."""

    def test_they_make_the_sample_in_their_own_dimensions(
        self, planted: Path, prepared: Prepared, cache: Path, tmp_path: Path, run: Run
    ) -> None:
        before = stamps(cache)
        made = run(planted, tmp_path, workers=2, detector=WholePhoto, encoder=f"{OUTSIDE}:Colours")
        opened = sample.read(tmp_path)
        assert (opened.card, opened.detector) == (Colours.card, "whole photo")
        assert made.rows.keys() == prepared.rows.keys()
        row = made.rows["William Levy/vggface_001.jpg"]
        assert (row["top"], row["left"]) == (10, 10)
        assert len(row["embedding"]) == len(row["crop_embedding"]) == 48
        assert len(row["augmented_embeddings"]) == 2 * 48
        assert sample.select(opened, "augmented").augmented.shape[1:] == (3, 48)
        # The two share a cache file and are never mixed.
        assert stamps(cache).items() >= before.items()
        assert run(planted).rows == prepared.rows
        assert run(planted, detector=WholePhoto, encoder=Colours).rows == made.rows

    def test_the_policy_is_meant_in_the_encoders_own_distances(
        self, planted: Path, tmp_path: Path, run: Run
    ) -> None:
        run(planted, tmp_path, detector=WholePhoto, encoder=Colours, policy=Policy(far=0.5))
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert "more than 1 away from the mean" in " ".join(page.split())

    def test_the_command_line_takes_them(
        self, planted: Path, tmp_path: Path, run_python: Callable[..., Any]
    ) -> None:
        done = run_python(
            "from starlike.cli import main; main()",
            *("prepare", str(planted), "--out", str(tmp_path), "--workers", "1"),
            *("--detector", f"{OUTSIDE}:WholePhoto", "--encoder", f"{OUTSIDE}:Colours"),
            *("--rule", "tests.prepare.toy_rules:FIRST"),
            before=[Path(__file__).parents[2]],
        )
        assert done.returncode == 0, done.stderr
        opened = sample.read(tmp_path)
        assert (opened.card, opened.detector) == (Colours.card, "whole photo")
        assert ("first", "the first") in set(opened.columns("status", "reason"))

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ({"detector": "nobody"}, "there is no detector nobody"),
            ({"encoder": "nobody"}, "there is no encoder nobody"),
            ({"encoder": WholePhoto}, "encoder"),
            ({"rules": ["nobody"]}, "there is no cleaning rule nobody"),
        ],
    )
    def test_what_is_not_there_is_told_before_anything_is_analysed(
        self,
        options: dict[str, Any],
        why: str,
        planted: Path,
        cache_of_its_own: Path,
        tmp_path: Path,
    ) -> None:
        with pytest.raises(PluginError, match=why):
            prepare.prepare(planted, tmp_path / "out", Options(**options))
        assert contents(cache_of_its_own) == set()


@on_posix
class TestDisturbed:
    def test_a_killed_run_leaves_no_worker_and_loses_nothing(
        self,
        planted: Path,
        prepared: Prepared,
        cache_of_its_own: Path,
        tmp_path: Path,
        run: Run,
    ) -> None:
        out = tmp_path / "out"
        with running(planted, out) as process:
            wait_for(cache_of_its_own, 8, process)
            process.kill()
            # The workers hold the other end of this pipe: it ends with the last of them.
            process.communicate(timeout=SECONDS_TO_LEAVE)
        assert process.returncode == -signal.SIGKILL
        assert not (out / "sample.parquet").exists()
        kept = stamps(cache_of_its_own)
        different = len({row["sha256"] for row in prepared.rows.values()} - {""})
        assert 8 <= len(kept) < different

        resumed = run(planted, out, workers=1)
        assert resumed.told[-1] == prepared.told[-1]
        assert len(stamps(cache_of_its_own)) == different
        assert stamps(cache_of_its_own).items() >= kept.items()
        assert resumed.rows == prepared.rows
        assert resumed.summary.statuses == prepared.summary.statuses

    def test_an_interrupted_run_ends_soon_and_quietly(
        self, planted: Path, cache_of_its_own: Path, tmp_path: Path
    ) -> None:
        with running(planted, tmp_path / "out") as process:
            wait_for(cache_of_its_own, 2, process)
            os.killpg(process.pid, signal.SIGINT)
            said, _ = process.communicate(timeout=SECONDS_TO_LEAVE)
        assert process.returncode == 130
        assert b"Traceback" not in said
        assert not list((tmp_path / "out").glob("*"))

    @pytest.mark.usefixtures("cache_of_its_own")
    def test_when_a_worker_is_killed_others_do_its_work(
        self, planted: Path, prepared: Prepared, tmp_path: Path
    ) -> None:
        killed: list[int | None] = []

        def kill_workers(done: int, _total: int) -> None:
            if done >= 2 and not killed:
                killed.extend(worker.pid for worker in multiprocessing.active_children())
                for worker in multiprocessing.active_children():
                    worker.kill()

        options = Options(workers=2)
        prepare.prepare(planted, tmp_path, options, progress=kill_workers)
        assert killed
        assert {
            row["image"]: row for row in sample.read(tmp_path).table.to_pylist()
        } == prepared.rows
        assert not multiprocessing.active_children()

    def test_an_image_over_which_workers_die_is_left_out_and_tried_again_later(
        self, deadly: Callable[[int], Path], cache_of_its_own: Path, tmp_path: Path, run: Run
    ) -> None:
        folder = deadly(1)
        first = run(folder, tmp_path / "out", workers=2)
        row = first.rows["Zoe Saldana/deadly 0.jpg"]
        assert (row["status"], row["reason"]) == (
            "killed",
            "the process that looked at it was killed, possibly for lack of memory",
        )
        assert first.summary.statuses["kept"] == len(first.rows) - 1
        assert first.told[-1] == (len(first.rows), len(first.rows))
        assert len(contents(cache_of_its_own)) == len(first.rows) - 1

        (folder / "Zoe Saldana/deadly 0.jpg").rename(folder / "Zoe Saldana/harmless.jpg")
        second = run(folder, tmp_path / "out", workers=2)
        assert len(contents(cache_of_its_own)) == len(first.rows)
        assert second.rows["Zoe Saldana/harmless.jpg"]["status"] != "killed"

    @pytest.mark.usefixtures("cache_of_its_own")
    def test_workers_that_die_again_and_again_are_told_in_a_line(
        self, deadly: Callable[[int], Path], tmp_path: Path
    ) -> None:
        why = r"killed over 6 images, .*deadly \d+\.jpg.*goes on where it was"
        with pytest.raises(SampleError, match=why):
            prepare.prepare(deadly(7), tmp_path / "out", Options(workers=1))
        assert not list((tmp_path / "out").glob("*"))
        assert not multiprocessing.active_children()


@pytest.fixture
def deadly(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """A function that makes a folder with so many images that kill every worker that opens them."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "def hook(event, args):\n"
        "    if event == 'open' and 'deadly ' in str(args[0]):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.addaudithook(hook)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(hook), prepend=os.pathsep)

    def made(count: int) -> Path:
        folder = tmp_path / "people"
        place = folder / "Zoe Saldana"
        place.mkdir(parents=True)
        for file in sorted((planted / "Zoe Saldana").glob("vggface_*.jpg")):
            shutil.copy(file, place)
        whole = (place / "vggface_001.jpg").read_bytes()
        for number in range(count):
            # What follows the end of a JPEG makes other bytes, but no other picture.
            (place / f"deadly {number}.jpg").write_bytes(whole + bytes([number]))
        return folder

    return made


class TestRefused:
    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SampleError, match="there is no such folder"):
            prepare.prepare(tmp_path / "nowhere", tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(SampleError, match="expected folders named for people"):
            prepare.prepare(tmp_path / "empty", tmp_path / "out")

    @pytest.mark.parametrize("out", ["file", "file/below", "x" * 300])
    def test_a_place_that_cannot_be_written_before_anything_is_analysed(
        self, out: str, planted: Path, cache_of_its_own: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("mine")
        with pytest.raises(SampleError, match="it cannot be written"):
            prepare.prepare(planted, tmp_path / out)
        assert (tmp_path / "file").read_text() == "mine"
        assert contents(cache_of_its_own) == set()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
    def test_a_folder_that_is_read_only(self, planted: Path, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(SampleError, match="it cannot be written"):
                prepare.prepare(planted, tmp_path / "out")
        finally:
            tmp_path.chmod(0o700)

    def test_a_cache_that_is_damaged(
        self, planted: Path, cache_of_its_own: Path, tmp_path: Path
    ) -> None:
        (cache_of_its_own / "analyses.sqlite").write_bytes(b"damaged " * 1000)
        with pytest.raises(SampleError, match="remove it"):
            prepare.prepare(planted, tmp_path / "out")


def test_a_folder_of_nothing_usable_still_has_its_rows_and_its_report(
    planted: Path, tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "useless"
    shutil.copytree(planted / "Nobody", folder / "Nobody", symlinks=True)
    useless = run(folder)
    expected = {image: status for image, status in STATUSES.items() if "Nobody" in image}
    assert {image: row["status"] for image, row in useless.rows.items()} == expected
    assert useless.summary.classes == 0
    assert useless.summary.report.is_file()


def test_names_that_are_no_text_are_prepared_like_others(
    planted: Path, tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(planted / "Will Forte", folder / "Will Forte")
    try:
        (folder / "Will Forte/vggface_001.jpg").rename(
            os.fsdecode(os.fsencode(folder) + b"/Will Forte/\xff.jpg")
        )
    except OSError:
        pytest.skip("this file system takes names of text only")
    assert run(folder).rows["Will Forte/\\xff.jpg"]["status"] == "kept"
