"""A face as other photos might show it: mirrored, moved, turned, darker, blurred, compressed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from starlike.faces import align
from starlike.faces.align import CHIP_SIDE
from starlike.records import Face, Photo, Pixels

WIDE_SIDE, WIDE_PADDING = 200, 0.5
"""A wide chip: at the scale of a chip of 150 pixels and padding 0.25, with more around it."""

AUGMENTATIONS = 3
"""Augmentations made of every face to learn from; every other one is mirrored, from the first on.

The first one, which is the same for every seed, is averaged with the face as it is wherever one
answers. `benchmarks/views.py` shows what more of them would give.
"""

# A mirrored view that is turned a little errs in other ways than the face as it is: averaged, the
# two tell people apart as well as four views at random, or nine, of which some are degraded.
_MIRROR_TURN_DEGREES = 4.0

_TURN_DEGREES = 6.0
_ZOOM = 0.06
_SHIFT_PIXELS = 5.0
_GAMMA = 0.35
_CONTRAST = 0.2
_SMALLEST = 48
_JPEG_QUALITY = (40, 95)


def chips(
    photo: Photo, faces: Sequence[Face], seeds: Sequence[int], count: int = AUGMENTATIONS
) -> Pixels:
    """Augmentations of F faces of a photo, each chosen by a seed of its own.

    Returns:
        (F, count, 150, 150, 3) uint8 RGB.

    Raises:
        WeightsError: the landmark predictor is missing.
    """
    wide = align.cut(photo, faces, "photo", side=WIDE_SIDE, padding=WIDE_PADDING)
    made = np.empty((len(faces), count, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
    for index, seed in enumerate(seeds):
        made[index] = augmentations(wide[index], seed, count)
    return made


def augmentations(wide: Pixels, seed: int, count: int = AUGMENTATIONS) -> Pixels:
    """Augmentations of a face, the same ones for the same seed.

    Args:
        wide: a wide chip, (200, 200, 3) uint8 RGB.
        seed: chooses all but the first.
        count: A, how many; the first ones are those of a smaller count.

    Returns:
        (A, 150, 150, 3) uint8 RGB.
    """
    rng = np.random.default_rng(seed)
    drawn = [_drawn(wide, rng, mirrored=number % 2 == 0) for number in range(1, count)]
    return np.stack([_mirrored(_cut(wide, turn=_MIRROR_TURN_DEGREES)), *drawn])


def _mirrored(chip: Pixels) -> Pixels:
    return np.ascontiguousarray(chip[:, ::-1])


def _drawn(wide: Pixels, rng: np.random.Generator, *, mirrored: bool) -> Pixels:
    """At random: as a landmark detector that errs a little would cut it out of another photo."""
    turn, zoom = rng.normal(0, _TURN_DEGREES / 2), 1 + rng.normal(0, _ZOOM / 2)
    shift = rng.normal(0, _SHIFT_PIXELS / 2, size=2)
    chip = _degraded(_toned(_cut(wide, turn=turn, zoom=zoom, shift=shift), rng), rng)
    return _mirrored(chip) if mirrored else chip


def _cut(
    wide: Pixels, *, turn: float, zoom: float = 1.0, shift: npt.ArrayLike = (0.0, 0.0)
) -> Pixels:
    """A chip from a wide one, turned by degrees, zoomed and moved by pixels."""
    middle = (WIDE_SIDE - 1) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D((middle, middle), turn, zoom), dtype=np.float64)
    matrix[:, 2] += (CHIP_SIDE - WIDE_SIDE) / 2 + np.asarray(shift)
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
