"""The floors of the house: who may import whom. The contracts stand in pyproject.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import starlike

ROOT = Path(__file__).parents[1]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The Python files of the package, to be changed, beside the contracts."""
    source = Path(starlike.__file__).parent
    shutil.copytree(
        source,
        tmp_path / "starlike",
        ignore=lambda _, names: [
            name for name in names if "." in name and not name.endswith(".py")
        ],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_contracts_hold(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        pytest.param("evaluate/stage.py", "starlike.choose", id="a stage knows another stage"),
        pytest.param("choose/stage.py", "starlike.evaluate", id="and the other way round"),
        pytest.param("records.py", "starlike.photo", id="the ground knows what stands on it"),
        pytest.param("photo.py", "starlike.faces", id="photos know faces"),
        pytest.param("faces/base.py", "starlike.prepare", id="faces know a stage"),
        pytest.param("model/__init__.py", "starlike.train", id="the model knows a stage"),
        pytest.param("web/client.py", "starlike.collect", id="the web knows a stage"),
        pytest.param("train/stage.py", "starlike.cli", id="a stage knows the command line"),
        pytest.param("pipeline.py", "starlike.server", id="answering knows the server"),
    ],
)
def test_an_import_upwards_breaks_them(house: Path, module: str, imported: str) -> None:
    file = house / "starlike" / module
    file.write_text(f"{file.read_text('utf-8')}\nimport {imported}\n", "utf-8")
    done = lint(house)
    assert done.returncode == 1
    assert f"is not allowed to import {imported}" in done.stdout


def test_a_new_room_must_be_given_its_floor(house: Path) -> None:
    (house / "starlike" / "attic.py").write_text('"""A room."""\n', "utf-8")
    done = lint(house)
    assert done.returncode == 1
    assert "attic" in done.stdout


@pytest.mark.parametrize(
    ("one", "other"),
    [("starlike.evaluate", "starlike.choose"), ("starlike.choose", "starlike.evaluate")],
)
def test_a_stage_is_imported_alone(one: str, other: str) -> None:
    code = f"import sys, {one}; print([name for name in sys.modules if name.startswith('{other}')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
