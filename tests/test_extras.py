"""Whoever lacks a part of the program is told how to get it, by how they got the program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from starlike import extras


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that is laid out as a clone of the repository is."""
    (tmp_path / "src" / "starlike").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def test_in_a_clone_that_make_has_set_up_it_is_make(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".venv").mkdir()
    monkeypatch.setattr(sys, "prefix", str(clone / ".venv"))
    package = clone / "src" / "starlike"
    assert extras.command("train", package=package) == f"make -C '{clone}' stages"
    monkeypatch.chdir(clone)
    assert extras.command("train", package=package) == "make stages"


def test_in_a_clone_installed_elsewhere_it_is_what_installs_from_there(clone: Path) -> None:
    (clone / ".venv").mkdir()
    told = extras.command("train", "serve", package=clone / "src" / "starlike")
    assert told == f"pip install --editable '{clone}[train,serve]'"


def test_as_a_package_it_is_its_extras(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "starlike"
    assert extras.command("collect", package=package) == "pip install 'starlike[collect]'"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("aiohttp", ["collect", "names.csv", "--out", "people"]),
        ("msgspec", ["evaluate", "model", "sample", "--out", "figures"]),
        ("pydantic", ["serve"]),
    ],
)
def test_a_command_that_lacks_something_says_so_in_a_line(
    missing: str,
    words: list[str],
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = run_python(
        f"import sys; sys.modules['{missing}'] = None\n"
        "from starlike.cli import main; sys.argv[0] = 'starlike'; main()",
        *words,
    )
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    install = extras.command("collect", "train", "serve")
    assert told == (
        f"starlike: this needs {missing}, which is not installed; install every stage with: "
        f"{install}"
    )


def test_a_help_is_shown_without_what_its_command_needs(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = run_python(
        "import sys; sys.modules['aiohttp'] = None\n"
        "from starlike.cli import main; sys.argv[0] = 'starlike'; main()",
        "collect",
        "--help",
    )
    assert done.returncode == 0, done.stderr
    assert " ".join(extras.command("collect").split()) in " ".join(done.stdout.split())
