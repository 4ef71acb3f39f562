"""dlib's weights file: read whole, or refused with a WeightsError."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from starlike.errors import WeightsError
from starlike.faces import dlib_files
from tools import dlib_weights


@pytest.fixture(scope="module")
def stored() -> bytes:
    return dlib_files.path(dlib_files.RESNET).read_bytes()


@pytest.fixture(scope="module")
def network(stored: bytes) -> dlib_weights.Network:
    return dlib_weights.read(stored)


def test_the_layers_are_those_of_a_resnet_of_29_convolutions(network: dlib_weights.Network) -> None:
    assert Counter(type(layer).__name__ for layer in network.layers) == {
        "Convolution": 29,
        "Affine": 29,
        "Relu": 29,
        "AddShortcut": 14,
        "Pool": 6,
        "Dense": 1,
    }


def test_the_means_are_those_of_imagenet_colours(network: dlib_weights.Network) -> None:
    assert network.means == pytest.approx((122.782, 117.001, 104.298), abs=1e-4)


def test_the_layers_come_from_the_photo_to_the_embedding(network: dlib_weights.Network) -> None:
    first, last = network.layers[0], network.layers[-1]
    assert isinstance(first, dlib_weights.Convolution)
    assert first.filters.shape == (32, 3, 7, 7)
    assert (first.stride, first.padding) == (2, 0)
    assert isinstance(last, dlib_weights.Dense)
    assert last.weights.shape == (256, 128)


def test_every_number_is_finite(network: dlib_weights.Network) -> None:
    for layer in network.layers:
        match layer:
            case dlib_weights.Convolution():
                assert np.isfinite(layer.filters).all()
                assert np.isfinite(layer.biases).all()
                assert layer.biases.shape == layer.filters.shape[:1]
            case dlib_weights.Affine():
                assert np.isfinite([layer.gamma, layer.beta]).all()
            case dlib_weights.Dense():
                assert np.isfinite(layer.weights).all()


@pytest.mark.parametrize("share", [0.0, 1e-7, 1e-6, 1e-5, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(share: float, stored: bytes) -> None:
    with pytest.raises(WeightsError):
        dlib_weights.read(stored[: int(len(stored) * share)])


def test_a_file_that_is_cut_off_anywhere_in_its_structure_is_refused(stored: bytes) -> None:
    for length in range(600):
        with pytest.raises(WeightsError):
            dlib_weights.read(stored[:length])


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_refused(seed: int) -> None:
    dice = random.Random(seed)
    for length in range(0, 400, 7):
        with pytest.raises(WeightsError):
            dlib_weights.read(dice.randbytes(length))


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_after_a_good_beginning_are_refused(seed: int, stored: bytes) -> None:
    dice = random.Random(seed)
    for length in range(0, 600, 3):
        with pytest.raises(WeightsError):
            dlib_weights.read(stored[:length] + dice.randbytes(200))


def test_the_message_is_one_line(stored: bytes) -> None:
    with pytest.raises(WeightsError) as raised:
        dlib_weights.read(stored[:1000])
    assert len(str(raised.value).splitlines()) == 1
