"""The ONNX face network: built once, kept under seal, and the same for one chip as for many."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from starlike.errors import WeightsError
from starlike.faces import dlib_files, graph, weights
from starlike.faces.onnx_encoder import graph_file
from starlike.files import digest
from starlike.records import Pixels

Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def network() -> weights.ResNet:
    return weights.read(dlib_files.path(dlib_files.RESNET).read_bytes())


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The network's file in a cache of this test's own."""
    monkeypatch.setenv("STARLIKE_CACHE", str(tmp_path / "cache"))
    return graph_file()


# The graph.


@pytest.fixture(scope="module")
def run() -> Callable[[Pixels], Floats]:
    session = onnxruntime.InferenceSession(str(graph_file()), providers=["CPUExecutionProvider"])

    def encode(chips: Pixels) -> Floats:
        return np.asarray(session.run([graph.OUTPUT], {graph.INPUT: chips})[0])

    return encode


@pytest.fixture(scope="module")
def chips(astronaut_pixels: Pixels) -> Pixels:
    """Chips that differ: bits of the portrait, noise, black and white."""
    corners = [(20, 150), (200, 100), (300, 300)]
    cut = [astronaut_pixels[top : top + 150, left : left + 150] for top, left in corners]
    noise = np.random.default_rng(1).integers(0, 256, (150, 150, 3), dtype=np.uint8)
    flat = [np.full((150, 150, 3), grey, dtype=np.uint8) for grey in (0, 255)]
    return np.stack([*cut, noise, *flat])


def test_a_batch_gives_what_each_chip_gives(run: Callable[[Pixels], Floats], chips: Pixels) -> None:
    one_by_one = np.concatenate([run(chip[None]) for chip in chips])
    assert one_by_one.shape == (len(chips), 128)
    assert np.abs(run(chips) - one_by_one).max() < 1e-5


def test_different_chips_have_different_embeddings(
    run: Callable[[Pixels], Floats], chips: Pixels
) -> None:
    assert len(np.unique(run(chips).round(3), axis=0)) == len(chips)


def test_no_chips_have_no_embeddings(run: Callable[[Pixels], Floats], chips: Pixels) -> None:
    assert run(chips[:0]).shape == (0, 128)


def test_the_model_is_valid_and_needs_one_opset(built: Path) -> None:
    model = onnx.load(built)
    onnx.checker.check_model(model, full_check=True)
    assert [item.domain for item in model.opset_import] == [""]
    assert not any(item.external_data for item in model.graph.initializer)


def test_the_same_weights_give_the_same_bytes(network: weights.ResNet, built: Path) -> None:
    assert graph.build(network) == built.read_bytes()


@pytest.mark.parametrize(
    "keep",
    [
        pytest.param(slice(0, 0), id="nothing"),
        pytest.param(slice(1, None), id="no first layer"),
        pytest.param(slice(None, -1), id="no last layer"),
        pytest.param(slice(None, None, 2), id="every other layer"),
        pytest.param(slice(None, None, -1), id="backwards"),
    ],
)
def test_layers_in_another_order_are_refused(keep: slice, network: weights.ResNet) -> None:
    with pytest.raises(WeightsError):
        graph.build(replace(network, layers=network.layers[keep]))


# The file.


def seal_of(file: Path) -> Path:
    return file.with_suffix(".sha256")


def stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_ino


def test_the_file_is_built_into_the_cache_under_a_seal(built: Path, tmp_path: Path) -> None:
    assert built.parent == tmp_path / "cache"
    assert {file.name for file in built.parent.iterdir()} == {built.name, seal_of(built).name}
    assert seal_of(built).read_text().strip() == digest.sha256(built.read_bytes())


def test_a_file_that_is_there_is_used_again(built: Path) -> None:
    before = stamp(built)
    assert graph_file() == built
    assert stamp(built) == before


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
    "seal removed": lambda file: seal_of(file).unlink(),
    "seal empty": lambda file: seal_of(file).write_text(""),
    "seal of something else": lambda file: seal_of(file).write_text("0" * 64),
    "seal not text": lambda file: seal_of(file).write_bytes(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_damaged_is_built_again(damage: str, built: Path) -> None:
    whole, before = built.read_bytes(), stamp(built)
    DAMAGES[damage](built)
    assert graph_file() == built
    assert built.read_bytes() == whole
    assert stamp(built) != before
    assert seal_of(built).read_text().strip() == digest.sha256(whole)


@pytest.mark.parametrize("below", [".", "cache", "deep/cache"])
def test_a_cache_that_cannot_be_written_names_the_setting(
    below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    monkeypatch.setenv("STARLIKE_CACHE", str(file / below))
    with pytest.raises(WeightsError, match="STARLIKE_CACHE") as raised:
        graph_file()
    assert str(file) in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


# The weights it is built from.


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The weights in a package of this test's own, which stands before the installed one."""
    data = dlib_files.path(dlib_files.RESNET).read_bytes()
    package = tmp_path / "packages" / "face_recognition_models"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    monkeypatch.setenv("STARLIKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delitem(sys.modules, "face_recognition_models", raising=False)
    monkeypatch.syspath_prepend(package.parent)
    file = package / "models" / dlib_files.RESNET
    file.write_bytes(data)
    return file


def test_weights_are_taken_from_the_package_that_stands_first(installed: Path) -> None:
    assert dlib_files.path(dlib_files.RESNET) == installed
    assert graph_file().is_file()


@pytest.mark.parametrize("damage", ["cut in half", "one byte changed", "empty"])
def test_weights_with_another_checksum_are_refused(damage: str, installed: Path) -> None:
    DAMAGES[damage](installed)
    with pytest.raises(WeightsError, match="pip install") as raised:
        graph_file()
    assert dlib_files.RESNET in str(raised.value)
    assert not digest.cache_folder().exists()


def test_weights_that_are_missing_are_named(installed: Path) -> None:
    installed.unlink()
    with pytest.raises(WeightsError, match="pip install") as raised:
        graph_file()
    assert installed.name in str(raised.value)
