"""Read dlib's face ResNet and its CNN face detector, layer by layer, from their `.dat` files.

The format is dlib's own serialisation (`dlib/serialize.h`, `dlib/dnn/core.h`,
`dlib/dnn/layers.h`) as it was when `dlib_face_recognition_resnet_model_v1.dat` and
`mmod_human_face_detector.dat` were written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
class Network:
    """A network as stored: what is taken off each channel first, then the layers in order."""

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
            raise WeightsError("the network's weights file ends too early; reinstall it")
        self._at += count
        return piece

    @property
    def at_end(self) -> bool:
        return self._at == len(self._data)

    def skip_to(self, name: str) -> None:
        """Go on behind a string, wherever it is; at the end where it is nowhere."""
        before, found, _ = self._data[self._at :].partition(name.encode("ascii"))
        self._at += len(before) + len(found)

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
            raise WeightsError("the network's weights file has an unknown tensor version")
        shape = self.integers(4)
        values = np.frombuffer(self.take(4 * int(np.prod(shape))), dtype="<f4")
        return values.reshape(shape)

    def alias(self) -> tuple[int, ...]:
        if self.integer() != 1:
            raise WeightsError("the network's weights file has an unknown alias version")
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


def _batch_normalisation(reader: _Reader) -> Affine:
    """One that is trained no more, so that its running means and variances are what it applies."""
    parameters = reader.tensor().ravel()
    gamma, _ = reader.alias(), reader.alias()
    _, _, means, variances = (reader.tensor().ravel() for _ in range(4))
    reader.integers(2)
    *_, epsilon = reader.reals(5)
    split = int(np.prod(gamma))
    scale: Floats = parameters[:split] / np.sqrt(variances + np.float32(epsilon))
    return Affine(scale, parameters[split:] - scale * means)


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
    "bn_con2": _batch_normalisation,
    "relu_": lambda _: Relu(),
    "max_pool_2": _pool("max"),
    "avg_pool_2": _pool("average"),
    "add_prev_": lambda _: AddShortcut(),
    "fc_2": _dense,
}


def _read_layer(reader: _Reader) -> Layer:
    name = reader.string()
    if name not in _LAYERS:
        raise WeightsError(f"the network's weights file holds an unknown layer {name!r}")
    layer = _LAYERS[name](reader)
    for _ in range(3):
        reader.boolean()
    for _ in range(3):
        reader.tensor()
    return layer


def read(data: bytes) -> Network:
    """Read the face ResNet from the bytes of its file.

    Raises:
        WeightsError: the bytes are not dlib's face ResNet, or are damaged.
    """
    with _damage_told():
        reader = _Reader(data)
        if reader.integer() != 1 or reader.string() != "loss_metric_2":
            raise WeightsError("this is not the weights file of dlib's face network")
        reader.reals(2)
        count = 1
        while (version := reader.integer()) != _INNERMOST:
            if version not in (_ADD_LAYER, _TAG_OR_SKIP):
                raise WeightsError("the network's weights file has an unknown layer version")
            count += version == _ADD_LAYER
        reader.string()
        means = _means(reader)
        reader.integers(2)
        return Network(means, tuple(_layers(reader, count)))


def read_detector(data: bytes) -> Network:
    """Read the face detector from the bytes of its file.

    What the file says before the network is how it was trained, and which windows dlib gives a
    face: one, of 80 pixels.

    Raises:
        WeightsError: the bytes are not dlib's face detector, or are damaged.
    """
    with _damage_told():
        reader = _Reader(data)
        if reader.integer() != 1 or reader.string() != "loss_mmod_":
            raise WeightsError("this is not the weights file of dlib's face detector")
        reader.skip_to("input_rgb_image_pyramid")
        return Network(_means(reader), tuple(_layers(reader, None)))


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (ArithmeticError, ValueError) as error:  # numbers and shapes that mean nothing
        raise WeightsError("the network's weights file is damaged; reinstall it") from error


def _means(reader: _Reader) -> tuple[float, float, float]:
    red, green, blue = reader.reals(3)
    return red, green, blue


def _layers(reader: _Reader, count: int | None) -> Iterator[Layer]:
    """So many layers, or all that there are."""
    yield _read_layer(reader)
    reader.integer()
    done = 1
    while not reader.at_end if count is None else done < count:
        yield _read_layer(reader)
        done += 1
