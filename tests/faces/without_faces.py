"""Pictures without a face, drawn by a seed: textures, cloth, fur, shapes, writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from starlike.records import Pixels

Draw = Callable[[np.random.Generator, int, int], npt.NDArray[np.float32]]


def _smooth(
    rng: np.random.Generator, height: int, width: int, cells: int
) -> npt.NDArray[np.float32]:
    """A hilly field around 0."""
    few = rng.normal(size=(cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC))


def _coloured(rng: np.random.Generator, grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(grey[..., None] * rng.uniform(0.6, 1.0, 3), dtype=np.float32)


def noise(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    return rng.integers(0, 256, (height, width, 3)).astype(np.float32)


def folds(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    return _coloured(rng, _smooth(rng, height, width, int(rng.integers(6, 24))) * 60 + 150)


def fur(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    hair = sum(_smooth(rng, height, width, 2**octave) / octave for octave in range(2, 8))
    return _coloured(rng, np.asarray(hair, dtype=np.float32) * 50 + 140)


def weave(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    down, across = np.mgrid[:height, :width].astype(np.float32)
    bent = _smooth(rng, height, width, 6) * 40
    waves = np.sin((across + bent) * rng.uniform(0.03, 0.3)) * np.sin(down * rng.uniform(0.02, 0.2))
    return _coloured(rng, waves.astype(np.float32) * 90 + 150)


def shapes(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    image = np.full((height, width, 3), float(rng.integers(100, 240)), dtype=np.float32)
    for _ in range(40):
        middle = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = (int(rng.integers(4, 60)), int(rng.integers(4, 60)))
        colour = tuple(float(part) for part in rng.integers(0, 256, 3))
        thickness = int(rng.choice([-1, 2, 5]))
        cv2.ellipse(image, middle, axes, int(rng.integers(0, 180)), 0, 360, colour, thickness)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2), dtype=np.float32)


def writing(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    image = np.full((height, width, 3), 245, dtype=np.uint8)
    for line in range(20, height, 24):
        words = "".join(rng.choice(list("abcdegops O08")) for _ in range(80))
        cv2.putText(image, words, (5, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 1)
    return image.astype(np.float32)


KINDS: tuple[Draw, ...] = (noise, folds, fur, weave, shapes, writing)


def pictures(count: int) -> Iterator[Pixels]:
    """So many pictures, of every kind in turn, of 200 to 400 pixels a side."""
    for number in range(count):
        rng = np.random.default_rng(number)
        height, width = (int(side) for side in rng.integers(200, 400, 2))
        drawn = KINDS[number % len(KINDS)](rng, height, width)
        yield np.clip(drawn, 0, 255).astype(np.uint8)
