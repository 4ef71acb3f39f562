"""A face as other photos might show it: moved, turned, mirrored, darker, blurred, compressed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from starlike.faces import align
from starlike.faces.align import CHIP_SIDE
from starlike.records import Face, Photo, Pixels

WIDE_SIDE, WIDE_PADDING = 200, 0.5
"""A wide chip: at the scale of a chip of 150 pixels and padding 0.25, with more around it."""

AUGMENTATIONS = 3
"""Augmentations made of every face; every other one is mirrored, beginning with the first.

With the face as it is they make four views, half of them mirrored. `benchmarks/views.py` shows what
more of them would give.
"""

_TURN_DEGREES = 6.0
_ZOOM = 0.06
_SHIFT_PIXELS = 5.0
_GAMMA = 0.35
_CONTRAST = 0.2
_SMALLEST = 48
_JPEG_QUALITY = (40, 95)


def chips(photo: Photo, faces: Sequence[Face], seeds: Sequence[int]) -> Pixels:
    """Augmentations of F faces of a photo, each chosen by a seed of its own.

    Returns:
        (F, A, 150, 150, 3) uint8 RGB.

    Raises:
        WeightsError: the landmark predictor is missing.
    """
    wide = align.cut(photo, faces, "photo", side=WIDE_SIDE, padding=WIDE_PADDING)
    made = np.empty((len(faces), AUGMENTATIONS, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
    for index, seed in enumerate(seeds):
        made[index] = augmentations(wide[index], seed)
    return made


def augmentations(wide: Pixels, seed: int, count: int = AUGMENTATIONS) -> Pixels:
    """Augmentations of a face, the same ones for the same seed.

    Args:
        wide: a wide chip, (200, 200, 3) uint8 RGB.
        seed: chooses them.
        count: A, how many; the first ones are those of a smaller count.

    Returns:
        (A, 150, 150, 3) uint8 RGB.
    """
    rng = np.random.default_rng(seed)
    return np.stack([_one(wide, rng, mirrored=i % 2 == 0) for i in range(count)])


def _one(wide: Pixels, rng: np.random.Generator, *, mirrored: bool) -> Pixels:
    chip = _degraded(_toned(_moved(wide, rng), rng), rng)
    return np.ascontiguousarray(chip[:, ::-1]) if mirrored else chip


def _moved(wide: Pixels, rng: np.random.Generator) -> Pixels:
    """As a landmark detector that errs a little would have cut it."""
    turn, zoom = rng.normal(0, _TURN_DEGREES / 2), 1 + rng.normal(0, _ZOOM / 2)
    middle = WIDE_SIDE / 2
    matrix = np.asarray(cv2.getRotationMatrix2D((middle, middle), turn, zoom), dtype=np.float64)
    matrix[:, 2] += (CHIP_SIDE - WIDE_SIDE) / 2 + rng.normal(0, _SHIFT_PIXELS / 2, size=2)
    moved = cv2.warpAffine(
        wide,
        matrix,
        (CHIP_SIDE, CHIP_SIDE),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, dtype=np.uint8)


def _toned(chip: Pixels, rng: np.random.Generator) -> Pixels:
    """Another exposure: gamma, contrast, and a cast of light."""
    gamma = np.exp(rng.normal(0, _GAMMA / 2))
    contrast = 1 + rng.normal(0, _CONTRAST / 2)
    cast = 1 + rng.normal(0, 0.04, size=3)
    values = (np.arange(256)[:, None] / np.float32(255.0)) ** gamma
    values = ((values - 0.5) * contrast + 0.5) * cast
    table = np.asarray(np.clip(values * 255.0 + 0.5, 0, 255), dtype=np.uint8)
    return np.asarray(cv2.LUT(chip, table[:, None, :]), dtype=np.uint8)


def _degraded(chip: Pixels, rng: np.random.Generator) -> Pixels:
    """Half of the time from a smaller picture, and half of the time compressed."""
    if rng.random() < 0.5:
        side = int(rng.integers(_SMALLEST, CHIP_SIDE))
        small = cv2.resize(chip, (side, side), interpolation=cv2.INTER_AREA)
        chip = np.asarray(cv2.resize(small, (CHIP_SIDE, CHIP_SIDE)), dtype=np.uint8)
    if rng.random() < 0.5:
        quality = int(rng.integers(*_JPEG_QUALITY))
        _, data = cv2.imencode(".jpg", chip, [cv2.IMWRITE_JPEG_QUALITY, quality])
        chip = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
    return chip
