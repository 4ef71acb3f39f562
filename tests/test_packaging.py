"""The project as it is built and installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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
    networks = {"dlib_face_recognition_resnet_model_v1.onnx", "mmod_human_face_detector.onnx"}
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


PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
DECLARED = {
    "answer.txt": PROJECT["project"]["dependencies"],
    "serve.txt": PROJECT["project"]["dependencies"] + EXTRAS["serve"],
    "stages.txt": PROJECT["project"]["dependencies"]
    + [one for all_ in EXTRAS.values() for one in all_],
    "build.txt": GROUPS["build"],
    "develop.txt": GROUPS["dev"],
    "reference.txt": GROUPS["reference"],
}


def names(requirements: Iterable[str]) -> set[str]:
    """The packages in requirements, as pins name them."""
    return {re.split(r"[><=\[ ]", item)[0].lower() for item in requirements}


def pinned(file: str) -> set[str]:
    """The pins in a file of requirements: name, version, and where it holds."""
    text = (ROOT / "requirements" / file).read_text()
    return {pin.rstrip("\\ ") for pin in re.findall(r"^\w.*$", text, re.M)}


def test_every_file_of_pins_is_declared_and_pins_what_it_declares() -> None:
    assert {file.name for file in (ROOT / "requirements").iterdir()} == set(DECLARED)
    for file, declared in DECLARED.items():
        assert names(declared) <= names(pinned(file)), file


def test_what_is_installed_over_each_other_is_the_same() -> None:
    versions: dict[str, set[frozenset[str]]] = {}
    for file in DECLARED:
        for name in names(pins := pinned(file)):
            versions.setdefault(name, set()).add(
                frozenset(pin for pin in pins if names([pin]) == {name})
            )
    assert not {name: found for name, found in versions.items() if len(found) > 1}


def test_to_answer_nothing_is_installed_that_only_others_need() -> None:
    others = names(EXTRAS["collect"] + EXTRAS["serve"] + EXTRAS["train"] + GROUPS["reference"])
    assert not names(pinned("answer.txt")) & (others | {"setuptools", "wheel", "typer"})


def test_make_installs_by_checksum_and_builds_nothing_but_what_comes_as_source_alone() -> None:
    lines = subprocess.run(
        ["make", "--dry-run", "--always-make", "develop"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    installs = [line for line in lines if "pip install" in line]
    assert all("--no-deps" in line for line in installs)
    of_files = {tuple(re.findall(r"-r requirements/(\w+).txt", line)): line for line in installs}
    assert set(of_files) == {("build", "answer"), (), ("stages",), ("develop",), ("reference",)}
    assert "--editable ." in of_files.pop(())
    assert all("--require-hashes" in line for line in of_files.values())
    from_source = [files for files, line in of_files.items() if "--only-binary :all:" not in line]
    assert from_source == [("reference",)]


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
