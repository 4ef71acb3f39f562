"""SQLite files that several processes may use, and that outlive a process that is killed."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from starlike.errors import CollectError
from starlike.files import database

TABLES = "CREATE TABLE IF NOT EXISTS some (number INTEGER);"
RunPython = Callable[..., subprocess.CompletedProcess[str]]


def numbers(file: Path) -> list[int]:
    with closing(database.connect(file, TABLES, patience=0.1)) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM some")]


def test_file_and_folder_are_made_and_found_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "numbers.sqlite"
    with closing(database.connect(file, TABLES)) as connection, connection:
        connection.execute("INSERT INTO some VALUES (7)")
    assert numbers(file) == [7]


def test_what_was_committed_outlives_a_process_that_is_killed(
    tmp_path: Path, run_python: RunPython
) -> None:
    file = tmp_path / "numbers.sqlite"
    code = f"""
import os, signal
from pathlib import Path
from starlike.files import database
connection = database.connect(Path({str(file)!r}), {TABLES!r})
with connection:
    connection.execute("INSERT INTO some VALUES (1)")
connection.execute("INSERT INTO some VALUES (2)")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert run_python(code).returncode < 0
    assert numbers(file) == [1]


def test_who_is_alone_shuts_others_out(tmp_path: Path) -> None:
    file = tmp_path / "numbers.sqlite"
    with closing(database.connect(file, TABLES, alone=True)) as connection:
        with connection:
            connection.execute("INSERT INTO some VALUES (7)")
        with pytest.raises(sqlite3.Error) as caught:
            numbers(file)
        assert database.is_locked(caught.value)
    assert numbers(file) == [7]


def test_other_errors_are_not_taken_for_a_lock(tmp_path: Path) -> None:
    file = tmp_path / "numbers.sqlite"
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        numbers(file)
    assert not database.is_locked(caught.value)


@pytest.mark.parametrize("place", ["damaged", "file/below"])
def test_a_cache_that_cannot_be_used_is_told_in_a_line_that_says_what_to_do(
    place: str, tmp_path: Path
) -> None:
    (tmp_path / "damaged").write_bytes(b"this is not a database" * 100)
    (tmp_path / "file").touch()
    file = tmp_path / place
    with (
        pytest.raises(CollectError) as caught,
        database.telling_of_cache(CollectError, file, "numbers"),
    ):
        database.connect(file, TABLES)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{file}: the cache of numbers cannot be used (")
    assert line.endswith("remove it, or set STARLIKE_CACHE to a folder that can be written")
