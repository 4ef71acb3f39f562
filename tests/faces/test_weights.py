"""The networks come with the program, are checked when they are opened, and need nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import starlike
from starlike.errors import WeightsError
from starlike.faces import landmarks, make_detector, make_encoder, weights
from starlike.records import Box, Pixels
from starlike.threads import PerThread

NAMES = (weights.RESNET, weights.LANDMARKS, weights.CNN_DETECTOR)
BOX = Box(76, 265, 166, 175)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the networks, which stands for the installed ones."""
    copy = tmp_path / "weights"
    shutil.copytree(weights.FOLDER, copy)
    monkeypatch.setattr(weights, "FOLDER", copy)
    return copy


def _cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _change_a_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut in half": _cut_in_half,
    "one byte changed": _change_a_byte,
    "empty": lambda file: file.write_bytes(b""),
    "removed": Path.unlink,
}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_there(name: str) -> None:
    assert weights.path(name) == Path(starlike.__file__).parent / "faces" / "weights" / name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_one_that_is_damaged_is_told_with_what_to_do(damage: str, name: str, folder: Path) -> None:
    DAMAGES[damage](folder / name)
    with pytest.raises(WeightsError, match="pip install") as raised:
        weights.path(name)
    assert str(folder / name) in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize(
    "sums", [None, b"", b"\xff\xfe", f"{'0' * 64}  {weights.RESNET}\n".encode()]
)
def test_none_is_opened_without_the_checksums(sums: bytes | None, folder: Path) -> None:
    (folder / weights.SUMS).unlink()
    if sums is not None:
        (folder / weights.SUMS).write_bytes(sums)
    for name in NAMES:
        with pytest.raises(WeightsError):
            weights.path(name)


def test_whatever_opens_a_damaged_one_says_so(
    folder: Path, astronaut_pixels: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        _change_a_byte(folder / name)
    monkeypatch.setattr(landmarks, "_predictor", PerThread(landmarks._make))
    with pytest.raises(WeightsError, match=weights.RESNET):
        make_encoder("fast")
    with pytest.raises(WeightsError, match=weights.LANDMARKS):
        landmarks.find(astronaut_pixels, BOX)
    with pytest.raises(WeightsError, match=weights.CNN_DETECTOR):
        make_detector("cnn")


ANSWER = """
import sys
sys.modules.update(dict.fromkeys(("onnx", "face_recognition", "face_recognition_models")))
import numpy as np
import starlike
model = starlike.load_model()
(face,) = model.match(sys.argv[1])
try:
    model.match(np.full((90, 90, 3), 200, np.uint8))  # looked at in every turn
except starlike.NoFaceError:
    print(face.matches[0].name)
"""


def test_answering_needs_no_other_package_and_writes_nothing(
    astronaut: Path, tmp_path: Path
) -> None:
    """Where there is no home and the cache is a file, nothing could be written either."""
    (tmp_path / "cache").touch()
    unwanted = ("HOME", "XDG_CACHE_HOME", "PYTHONPYCACHEPREFIX")
    here = {name: value for name, value in os.environ.items() if name not in unwanted}
    here |= {
        "STARLIKE_CACHE": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(Path(starlike.__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, str(astronaut)],
        env=here,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert [file.name for file in tmp_path.iterdir()] == ["cache"]
