"""The project as it is built and installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_model_and_the_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    model = "starlike/default_model"
    assert {f"{model}/classifier.onnx", f"{model}/classes.json", f"{model}/SHA256SUMS"} <= names
    weights = "starlike/faces/weights"
    networks = {"dlib_face_recognition_resnet_model_v1.onnx", "mmod_human_face_detector.dat"}
    networks |= {"shape_predictor_5_face_landmarks.dat", "SHA256SUMS", "ORIGIN.md"}
    assert {f"{weights}/{name}" for name in networks} <= names
    assert {"starlike/py.typed", "starlike/prepare/report.html.j2"} <= names
    assert not [name for name in names if name.endswith((".pkl", ".jpg", ".pyc"))]


def test_the_wheel_asks_for_nothing_that_compiles(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        required = re.findall(r"^Requires-Dist: ([\w-]+)", archive.read(metadata).decode(), re.M)
    assert "dlib-bin" in required
    assert not {"dlib", "face-recognition", "face_recognition"} & set(required)


def test_answering_asks_for_no_package_that_only_tools_and_training_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[><=\[]", item)[0] for item in project["dependencies"]}
    assert not {"face-recognition-models", "onnx"} & needed
    assert any(item.startswith("onnx>=") for item in project["optional-dependencies"]["train"])


def test_pins_have_checksums_and_name_no_host() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text()
        pins = re.findall(r"^[\w-]+(?:\[.*\])?==", text, re.M)
        hashed = re.findall(r"==[^\n]* \\\n    --hash=sha256:", text)
        assert len(pins) == len(hashed) > 0
        assert "://" not in text


def test_what_is_declared_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = set(
        re.findall(
            r"^([\w-]+)(?:\[.*\])?==", (ROOT / "requirements/starlike.txt").read_text(), re.M
        )
    )
    declared = [*project["dependencies"], *project["optional-dependencies"]["train"]]
    names = {re.split(r"[><=\[]", item)[0] for item in declared}
    assert names <= pinned


@pytest.mark.slow
@pytest.mark.skipif("CI" not in os.environ, reason="downloads every dependency: set CI to run it")
def test_the_wheel_installs_with_plain_pip_without_a_compiler_and_answers(
    wheel: Path, tmp_path: Path, astronaut: Path
) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv" / "bin"
    without_compiler = {**os.environ, "CC": "false", "CXX": "false", "CMAKE_MAKE_PROGRAM": "false"}
    subprocess.run(
        [programs / "pip", "install", "--quiet", wheel], env=without_compiler, check=True
    )
    answered = subprocess.run(
        [programs / "starlike", "match", "--json", astronaut],
        env={**os.environ, "STARLIKE_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        check=True,
    )
    assert json.loads(answered.stdout)["faces"][0]["matches"]
    assert not (tmp_path / "cache").exists()
