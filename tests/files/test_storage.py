"""Files and folders appear whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from starlike.errors import SampleError, TrainError
from starlike.files import storage

Names = Callable[[], list[str]]


@pytest.fixture
def names(tmp_path: Path) -> Names:
    """A function that gives the names of all that lies in the test's folder."""
    return lambda: sorted(entry.name for entry in tmp_path.iterdir())


def fail_writing(file: Path, error: type[BaseException]) -> None:
    with storage.writing(file) as temporary:
        temporary.write_text("half")
        raise error("midway")


def fail_writing_folder(folder: Path, error: type[BaseException]) -> None:
    with storage.writing_folder(folder) as made:
        (made / "new.txt").write_text("half")
        raise error("midway")


class TestWriting:
    def test_the_file_takes_its_name_only_at_the_end(self, tmp_path: Path, names: Names) -> None:
        with storage.writing(tmp_path / "a.txt") as temporary:
            temporary.write_text("new")
            assert "a.txt" not in names()
        assert (tmp_path / "a.txt").read_text() == "new"
        assert names() == ["a.txt"]

    def test_the_earlier_file_is_there_until_the_end(self, tmp_path: Path) -> None:
        file = tmp_path / "a.txt"
        file.write_text("old")
        with storage.writing(file) as temporary:
            temporary.write_text("new")
            assert file.read_text() == "old"
        assert file.read_text() == "new"

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_an_error_leaves_the_earlier_file_and_nothing_else(
        self, error: type[BaseException], tmp_path: Path, names: Names
    ) -> None:
        file = tmp_path / "a.txt"
        file.write_text("old")
        with pytest.raises(error):
            fail_writing(file, error)
        assert file.read_text() == "old"
        assert names() == ["a.txt"]

    def test_an_error_leaves_nothing_where_there_was_nothing(
        self, tmp_path: Path, names: Names
    ) -> None:
        with pytest.raises(ValueError, match="midway"):
            fail_writing(tmp_path / "a.txt", ValueError)
        assert names() == []

    def test_the_temporary_file_is_hidden_beside_it_and_ends_alike(self, tmp_path: Path) -> None:
        with storage.writing(tmp_path / "a.parquet") as temporary:
            assert temporary.parent == tmp_path
            assert temporary.suffix == ".parquet"
            assert temporary.name.startswith(".")

    def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        storage.write_text(tmp_path / "a" / "b" / "c.txt", "deep")
        assert (tmp_path / "a/b/c.txt").read_text() == "deep"

    def test_the_file_may_be_read_by_those_whom_the_umask_allows(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            storage.write_text(tmp_path / "a.txt", "text")
            assert os.umask(0o027) == 0o027
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640

    def test_text_is_written_in_utf_8(self, tmp_path: Path) -> None:
        storage.write_text(tmp_path / "a.txt", "Penélope\n")
        assert (tmp_path / "a.txt").read_bytes() == "Penélope\n".encode()


class TestWritingFolder:
    def test_the_folder_takes_its_name_only_at_the_end(self, tmp_path: Path, names: Names) -> None:
        with storage.writing_folder(tmp_path / "model") as made:
            (made / "a.txt").write_text("new")
            assert "model" not in names()
        assert names() == ["model"]
        assert (tmp_path / "model/a.txt").read_text() == "new"

    def test_the_earlier_folder_is_replaced_as_a_whole(self, tmp_path: Path, names: Names) -> None:
        folder = tmp_path / "model"
        (folder / "below").mkdir(parents=True)
        (folder / "old.txt").write_text("old")
        with storage.writing_folder(folder) as made:
            (made / "new.txt").write_text("new")
            assert (folder / "old.txt").read_text() == "old"
        assert [entry.name for entry in folder.iterdir()] == ["new.txt"]
        assert names() == ["model"]

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_an_error_leaves_the_earlier_folder_and_nothing_else(
        self, error: type[BaseException], tmp_path: Path, names: Names
    ) -> None:
        folder = tmp_path / "model"
        folder.mkdir()
        (folder / "old.txt").write_text("old")
        with pytest.raises(error):
            fail_writing_folder(folder, error)
        assert [entry.name for entry in folder.iterdir()] == ["old.txt"]
        assert names() == ["model"]

    def test_an_error_leaves_nothing_where_there_was_nothing(
        self, tmp_path: Path, names: Names
    ) -> None:
        with pytest.raises(ValueError, match="midway"):
            fail_writing_folder(tmp_path / "model", ValueError)
        assert names() == []

    def test_it_may_be_named_from_the_working_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with storage.writing_folder(Path("model")) as made:
            (made / "a.txt").touch()
        assert (tmp_path / "model/a.txt").is_file()

    def test_others_may_look_into_it(self, tmp_path: Path) -> None:
        before = os.umask(0o022)
        try:
            with storage.writing_folder(tmp_path / "model"):
                pass
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o755


class TestCheckFolder:
    def test_a_missing_folder_is_made_and_left_empty(self, tmp_path: Path) -> None:
        storage.check_folder(tmp_path / "a" / "b")
        assert list((tmp_path / "a" / "b").iterdir()) == []

    def test_a_place_below_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place in ("file", "file/below"):
            with pytest.raises(OSError, match=r"exists|Not a directory"):
                storage.check_folder(tmp_path / place)


class TestTelling:
    @pytest.mark.parametrize("kind", [SampleError, TrainError])
    def test_an_error_of_writing_is_told_in_a_line_with_the_place(
        self, kind: type[SampleError | TrainError], tmp_path: Path
    ) -> None:
        with (
            pytest.raises(kind, match=r"out: it cannot be written \(Is a directory\)$"),
            storage.telling(kind, Path("out")),
        ):
            tmp_path.write_text("a folder cannot be written")

    def test_an_error_without_a_number_is_told_by_its_words(self) -> None:
        with (
            pytest.raises(SampleError, match=r"out: it cannot be written \(disk on fire\)$"),
            storage.telling(SampleError, Path("out")),
        ):
            raise OSError("disk\non fire")

    def test_other_errors_pass(self) -> None:
        with pytest.raises(ValueError, match="mine"), storage.telling(SampleError, Path("out")):
            raise ValueError("mine")
