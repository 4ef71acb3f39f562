"""The pictures that are asked about: chosen from a folder by a seed, resized, or drawn."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps
from sklearn.datasets import load_sample_images

from benchmarks.speed.contenders import ROOT
from starlike import photo
from starlike.errors import PhotoError
from starlike.records import Pixels

PUBLIC = ROOT / "tests" / "photos"
# What both sides read.
ENDINGS = (".jpg", ".jpeg", ".png")
# Smaller ones are crops of faces, in which `face_recognition` finds none.
SMALLEST = 200
QUALITY = 90

WIDTH, HEIGHT = 640, 427
DRAWN_OF_A_KIND = 6

TILE, COLUMNS, ROWS = 400, 3, 2
TILES = COLUMNS * ROWS
# Where faces are in a photo, as shares of its width and height.
_FACE_AT = (0.5, 0.35)


def chosen(folder: Path, count: int, seed: int) -> list[Path]:
    """So many photos of a folder, or all that there are if these are fewer.

    They are shuffled by the seed, and those left out that are broken or whose shorter side is
    below `SMALLEST`.

    Raises:
        SystemExit: there is none.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in ENDINGS)
    random.Random(seed).shuffle(files)
    found: list[Path] = []
    for file in files:
        if len(found) == count:
            break
        if _is_good(file):
            found.append(file.resolve())
    if not found:
        raise SystemExit(f"bench: {folder}: there is no photo of at least {SMALLEST} pixels")
    return found


def _is_good(file: Path) -> bool:
    try:
        return min(photo.open(file).size) >= SMALLEST
    except PhotoError:
        return False


def resized(files: Sequence[Path], longest: int, folder: Path) -> list[Path]:
    """The photos as JPEGs in the folder, the longer side of each so many pixels."""
    targets = []
    for number, file in enumerate(files):
        image = Image.fromarray(photo.open(file).pixels)
        scale = longest / max(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        targets.append(folder / f"{longest}-{number:04}.jpg")
        image.resize(size, Image.Resampling.LANCZOS).save(targets[-1], quality=QUALITY)
    return targets


def copied(files: Sequence[Path], count: int, folder: Path) -> Path:
    """A folder inside the one given, with so many photos: these, if need be over again."""
    inside = folder / "photos"
    inside.mkdir()
    for number in range(count):
        file = files[number % len(files)]
        shutil.copyfile(file, inside / f"{number:05}{file.suffix.lower()}")
    return inside


def groups(files: Sequence[Path], folder: Path) -> list[Path]:
    """Pictures of six people each: six photos side by side, if need be over again."""
    targets = []
    for first in range(0, len(files), TILES):
        six = [files[(first + number) % len(files)] for number in range(TILES)]
        whole = Image.new("RGB", (COLUMNS * TILE, ROWS * TILE))
        for number, file in enumerate(six):
            tile = ImageOps.fit(
                Image.fromarray(photo.open(file).pixels), (TILE, TILE), centering=_FACE_AT
            )
            whole.paste(tile, (number % COLUMNS * TILE, number // COLUMNS * TILE))
        targets.append(folder / f"group-{first:04}.jpg")
        whole.save(targets[-1], quality=QUALITY)
    return targets


def without_faces(seed: int, folder: Path) -> list[Path]:
    """Pictures in which there is no face: drawn ones, and scikit-learn's two photos of places."""
    places = [Image.fromarray(pixels) for pixels in load_sample_images().images]
    targets = []
    for number, image in enumerate([*_drawn(np.random.default_rng(seed)), *places]):
        targets.append(folder / f"no-face-{number:04}.jpg")
        image.save(targets[-1], quality=QUALITY)
    return targets


def _drawn(rng: np.random.Generator) -> Iterator[Image.Image]:
    kinds: Sequence[Callable[[np.random.Generator], Pixels]]
    kinds = (_noise, _stripes, _slope, _checks, _soft_spots)
    for kind in kinds:
        for _ in range(DRAWN_OF_A_KIND):
            yield Image.fromarray(kind(rng))


def _noise(rng: np.random.Generator) -> Pixels:
    return rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def _stripes(rng: np.random.Generator) -> Pixels:
    """Waves between two colours, at any angle."""
    angle, length = rng.uniform(0, np.pi), rng.uniform(6, 80)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    along = columns * np.cos(angle) + rows * np.sin(angle)
    return _between(rng, (1 + np.sin(2 * np.pi * along / length)) / 2)


def _slope(rng: np.random.Generator) -> Pixels:
    """One colour that goes over into another, around a point."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot(rows - rng.uniform(0, HEIGHT), columns - rng.uniform(0, WIDTH))
    return _between(rng, away / away.max())


def _checks(rng: np.random.Generator) -> Pixels:
    side = int(rng.integers(4, 70))
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] // side
    return _between(rng, ((rows + columns) % 2).astype(np.float64))


def _soft_spots(rng: np.random.Generator) -> Pixels:
    """Light and shade of several sizes, as on cloth."""
    share = np.zeros((HEIGHT, WIDTH))
    for columns in (5, 11, 31):
        spots = rng.random((round(columns * HEIGHT / WIDTH), columns))
        share += cv2.resize(spots, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) / columns
    return _between(rng, (share - share.min()) / np.ptp(share))


def _between(rng: np.random.Generator, share: npt.NDArray[np.float64]) -> Pixels:
    """(H, W) shares from 0 to 1 as (H, W, 3) pixels between two colours."""
    first, second = rng.uniform(0, 255, (2, 3))
    mixed = first + share[:, :, None] * (second - first)
    return np.asarray(mixed.round(), dtype=np.uint8)
