"""Read dlib's face ResNet, layer by layer, from its `.dat` file.

The format is dlib's own serialisation (`dlib/serialize.h`, `dlib/dnn/core.h`,
`dlib/dnn/layers.h`) as it was when `dlib_face_recognition_resnet_model_v1.dat` was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from starlike.errors import WeightsError
from starlike.records import Floats

# Versions that open a layer's record: a tag or skip has no payload, the innermost layer ends them.
_ADD_LAYER, _TAG_OR_SKIP, _INNERMOST = 2, 1, 3


@dataclass(frozen=True, slots=True)
class Convolution:
    """Filters (F, C, H, W) float32, biases (F,) float32, stride and padding in pixels."""

    filters: Floats
    biases: Floats
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class Affine:
    """A frozen batch normalisation: `gamma * x + beta`, both (C,) float32."""

    gamma: Floats
    beta: Floats


@dataclass(frozen=True, slots=True)
class Relu:
    """`max(x, 0)`."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Pooling over `size` pixels a side; `size` 0 pools over the whole plane."""

    kind: str
    size: int
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class AddShortcut:
    """Adds the output of an earlier, tagged layer."""


@dataclass(frozen=True, slots=True)
class Dense:
    """`x @ weights` with weights (inputs, outputs) float32 and no bias."""

    weights: Floats


Layer = Convolution | Affine | Relu | Pool | AddShortcut | Dense


@dataclass(frozen=True, slots=True)
class ResNet:
    """The network as stored: what is taken off each channel first, then the layers in order."""

    means: tuple[float, float, float]
    layers: tuple[Layer, ...]


class _Reader:
    """The primitive values of dlib's serialisation, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise WeightsError("the face network's weights file ends too early; reinstall it")
        self._at += count
        return piece

    def integer(self) -> int:
        control = self.take(1)[0]
        value = int.from_bytes(self.take(control & 0x0F), "little")
        return -value if control & 0x80 else value

    def real(self) -> float:
        mantissa, exponent = self.integer(), self.integer()
        return float(mantissa * 2.0**exponent)

    def boolean(self) -> bool:
        return self.take(1) == b"1"

    def string(self) -> str:
        return self.take(self.integer()).decode("ascii", "replace")

    def reals(self, count: int) -> list[float]:
        return [self.real() for _ in range(count)]

    def integers(self, count: int) -> list[int]:
        return [self.integer() for _ in range(count)]

    def tensor(self) -> Floats:
        if self.integer() != 2:
            raise WeightsError("the face network's weights file has an unknown tensor version")
        shape = self.integers(4)
        values = np.frombuffer(self.take(4 * int(np.prod(shape))), dtype="<f4")
        return values.reshape(shape)

    def alias(self) -> tuple[int, ...]:
        if self.integer() != 1:
            raise WeightsError("the face network's weights file has an unknown alias version")
        return tuple(self.integers(4))


def _convolution(reader: _Reader) -> Convolution:
    parameters = reader.tensor().ravel()
    _, _, _, stride, _, padding, _ = reader.integers(7)
    filters, biases = reader.alias(), reader.alias()
    reader.reals(4)
    split = int(np.prod(filters))
    return Convolution(
        parameters[:split].reshape(filters),
        parameters[split : split + int(np.prod(biases))],
        stride,
        padding,
    )


def _affine(reader: _Reader) -> Affine:
    parameters = reader.tensor().ravel()
    gamma, _ = reader.alias(), reader.alias()
    reader.integer()
    split = int(np.prod(gamma))
    return Affine(parameters[:split], parameters[split:])


def _pool(kind: str) -> Callable[[_Reader], Pool]:
    def read(reader: _Reader) -> Pool:
        size, _, stride, _, padding, _ = reader.integers(6)
        return Pool(kind, size, stride, padding)

    return read


def _dense(reader: _Reader) -> Dense:
    outputs, inputs = reader.integers(2)
    parameters = reader.tensor().ravel()
    reader.alias(), reader.alias()
    reader.integer()
    reader.reals(4)
    return Dense(parameters[: inputs * outputs].reshape(inputs, outputs))


_LAYERS: dict[str, Callable[[_Reader], Layer]] = {
    "con_4": _convolution,
    "affine_": _affine,
    "relu_": lambda _: Relu(),
    "max_pool_2": _pool("max"),
    "avg_pool_2": _pool("average"),
    "add_prev_": lambda _: AddShortcut(),
    "fc_2": _dense,
}


def _read_layer(reader: _Reader) -> Layer:
    name = reader.string()
    if name not in _LAYERS:
        raise WeightsError(f"the face network's weights file holds an unknown layer {name!r}")
    layer = _LAYERS[name](reader)
    for _ in range(3):
        reader.boolean()
    for _ in range(3):
        reader.tensor()
    return layer


def read(data: bytes) -> ResNet:
    """Read the network from the bytes of its file.

    Raises:
        WeightsError: the bytes are not dlib's face ResNet, or are damaged.
    """
    try:
        return _read_network(_Reader(data))
    except (ArithmeticError, ValueError) as error:  # numbers and shapes that mean nothing
        raise WeightsError("the face network's weights file is damaged; reinstall it") from error


def _read_network(reader: _Reader) -> ResNet:
    if reader.integer() != 1 or reader.string() != "loss_metric_2":
        raise WeightsError("this is not the weights file of dlib's face network")
    reader.reals(2)
    count = 1
    while (version := reader.integer()) != _INNERMOST:
        if version not in (_ADD_LAYER, _TAG_OR_SKIP):
            raise WeightsError("the face network's weights file has an unknown layer version")
        count += version == _ADD_LAYER
    reader.string()
    red, green, blue = reader.reals(3)
    reader.integers(2)
    layers = [_read_layer(reader)]
    reader.integer()
    layers += [_read_layer(reader) for _ in range(count - 1)]
    return ResNet((red, green, blue), tuple(layers))
