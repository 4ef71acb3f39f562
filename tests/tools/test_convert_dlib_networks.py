"""The face network that ships is what dlib's file gives, and the same for one chip as for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from starlike.errors import WeightsError
from starlike.faces import dlib_files, weights
from starlike.faces.onnx_encoder import INPUT, OUTPUT
from starlike.files import digest
from starlike.records import Pixels
from tools import convert_dlib_networks, dlib_weights, resnet_graph

Floats = npt.NDArray[np.float32]

SHIPPED = {
    weights.RESNET: dlib_files.RESNET,
    weights.LANDMARKS: dlib_files.LANDMARKS_5,
    weights.CNN_DETECTOR: dlib_files.CNN_DETECTOR,
}


@pytest.fixture(scope="module")
def network() -> dlib_weights.Network:
    return dlib_weights.read(dlib_files.path(dlib_files.RESNET).read_bytes())


@pytest.fixture(scope="module")
def run() -> Callable[[Pixels], Floats]:
    session = onnxruntime.InferenceSession(
        weights.path(weights.RESNET), providers=["CPUExecutionProvider"]
    )

    def encode(chips: Pixels) -> Floats:
        return np.asarray(session.run([OUTPUT], {INPUT: chips})[0])

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


def test_the_model_is_valid_and_needs_one_opset() -> None:
    model = onnx.load(weights.path(weights.RESNET))
    onnx.checker.check_model(model, full_check=True)
    assert [item.domain for item in model.opset_import] == [""]
    assert not any(item.external_data for item in model.graph.initializer)


# Converting.


def test_what_ships_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    convert_dlib_networks.write(tmp_path)
    made = sorted(file.name for file in tmp_path.iterdir())
    assert made == sorted([weights.SUMS, *SHIPPED])
    for name in made:
        assert (tmp_path / name).read_bytes() == (weights.FOLDER / name).read_bytes(), name


def test_the_origin_of_each_file_is_told_with_its_checksum() -> None:
    text = (weights.FOLDER / "ORIGIN.md").read_text(encoding="utf-8")
    for name, source in SHIPPED.items():
        assert f"`{name}`" in text
        assert f"`{digest.sha256(dlib_files.path(source).read_bytes())}`" in text


@pytest.mark.parametrize("damage", [b"", b"dlib", "half"])
def test_another_file_is_not_converted(damage: bytes | str, tmp_path: Path) -> None:
    whole = dlib_files.path(dlib_files.RESNET).read_bytes()
    file = tmp_path / "network.dat"
    file.write_bytes(whole[: len(whole) // 2] if isinstance(damage, str) else damage)
    with pytest.raises(WeightsError, match=r"network\.dat: this is not the network"):
        convert_dlib_networks.convert(file)


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
def test_layers_in_another_order_are_refused(keep: slice, network: dlib_weights.Network) -> None:
    with pytest.raises(WeightsError):
        resnet_graph.build(replace(network, layers=network.layers[keep]))
