"""Settings by the environment."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from starlike.errors import SettingsError
from starlike.files import portrait_folder
from starlike.model import store
from starlike.server import settings
from tests.server.conftest import run_serve


def test_there_are_defaults_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(settings.PREFIX):
            monkeypatch.delenv(name)
    read = settings.read()
    assert (read.host, read.port) == ("127.0.0.1", 8000)
    assert read.model == store.default_folder()
    assert read.portraits_folder == store.default_folder() / "portraits"
    assert read.worker_count >= 1
    assert read.queue_length == 4 * read.worker_count
    assert read.limits.max_bytes == 16 * 2**20


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARLIKE_WORKERS", "3")
    monkeypatch.setenv("STARLIKE_QUEUE", "0")
    monkeypatch.setenv("STARLIKE_MAX_BYTES", "1MiB")
    monkeypatch.setenv("STARLIKE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    monkeypatch.setenv("STARLIKE_CORS_ORIGINS", "")
    read = settings.read()
    assert (read.worker_count, read.queue_length) == (3, 0)
    assert read.limits.max_bytes == 2**20
    assert read.trusted_proxies == ("10.0.0.0/8", "::1")
    assert read.cors_origins == ()


def test_portraits_lie_in_the_model_unless_a_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STARLIKE_MODEL", str(tmp_path / "model"))
    assert settings.read().portraits_folder == tmp_path / "model" / "portraits"
    monkeypatch.setenv("STARLIKE_PORTRAITS", str(tmp_path / "stars"))
    assert settings.read().portraits_folder == tmp_path / "stars"


def test_the_folder_of_portraits_is_an_option_too(tmp_path: Path) -> None:
    (tmp_path / portrait_folder.INDEX).write_text("{")
    run = run_serve("--portraits", str(tmp_path), port=0)
    assert run.returncode == 2
    assert f"{tmp_path}" in run.stderr
    assert "starlike portraits" in run.stderr


def test_options_count_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARLIKE_PORT", "9000")
    assert settings.read(port=9001).port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("WORKERS", "-1"),
        ("WORKERS", "two"),
        ("MAX_BYTES", "much"),
        ("TIMEOUT", "0"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,somewhere"),
        ("CORS_ORIGINS", "example.org"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"STARLIKE_{name}", value)
    with pytest.raises(SettingsError, match=f"^STARLIKE_{name}=.*{value[-4:]}.*: ") as told:
        settings.read()
    assert "\n" not in str(told.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"STARLIKE_PORT=.*; STARLIKE_QUEUE="):
        settings.read(port=-1, queue=-1)


def test_the_program_ends_with_two_at_a_wrong_setting() -> None:
    run = run_serve(workers="many")
    assert run.returncode == 2
    assert "STARLIKE_WORKERS=many" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_port_that_is_taken_is_told_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = run_serve(port=taken.getsockname()[1])
    assert run.returncode == 2
    assert "cannot listen on 127.0.0.1:" in run.stderr
    assert "Traceback" not in run.stderr
