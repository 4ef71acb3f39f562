"""Time the fast encoder and `face_recognition` side by side, on one thread.

Each round times every contender once, in turn, so that whatever else the machine does meets all of
them alike; the table shows the medians over the rounds.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Before any library that would start threads of its own is imported.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import cv2
import numpy as np
from PIL import Image

from starlike import photo
from starlike.faces import Encoder, align, make_detector, make_encoder
from starlike.faces.onnx_encoder import OnnxEncoder
from starlike.records import EmbedFrom, Face, Photo

ASTRONAUT = Path(__file__).parents[1] / "tests" / "photos" / "astronaut.jpg"
SMALL, LARGE = 512, 1280
BATCH = 32
DETECTOR = make_detector()


@dataclass(frozen=True)
class Contender:
    """A piece of work: `run` does it, and it holds so many `units` (faces or photos)."""

    task: str
    name: str
    run: Callable[[], object]
    units: int


@dataclass(frozen=True)
class Timing:
    """A contender and its median milliseconds a unit."""

    contender: Contender
    milliseconds: float


def scaled(file: Path, longest: int, folder: Path) -> Path:
    """The photo as a JPEG in the folder, its longer side so many pixels."""
    with Image.open(file) as image:
        scale = longest / max(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        target = folder / f"{file.stem}-{longest}.jpg"
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(target, quality=92)
    return target


def largest_faces(files: Sequence[Path]) -> list[tuple[Photo, Face]]:
    """The largest face of every photo that has one."""
    opened = [photo.open(file) for file in files]
    found = [(item, faces[0]) for item in opened if (faces := DETECTOR.detect(item))]
    if not found:
        raise SystemExit("no face was found in any of the photos")
    return found


def encoder_contenders(
    faces: Sequence[tuple[Photo, Face]], fast: OnnxEncoder, reference: Encoder
) -> list[Contender]:
    """The encoders alone: faces were found before."""
    batch = [faces[index % len(faces)] for index in range(BATCH)]

    def one_by_one(encoder: Encoder, embed_from: EmbedFrom = "photo") -> None:
        for opened, found in faces:
            encoder.embed(opened, [found], embed_from)

    def in_batches() -> None:
        chips = [align.cut(opened, [found], "photo") for opened, found in batch]
        fast.embed_chips(np.concatenate(chips))

    task = "encode a face"
    return [
        Contender(task, "reference", lambda: one_by_one(reference), len(faces)),
        Contender(task, "fast, one by one", lambda: one_by_one(fast), len(faces)),
        Contender(task, "fast, augmented", lambda: one_by_one(fast, "augmented"), len(faces)),
        Contender(task, f"fast, batches of {BATCH}", in_batches, BATCH),
    ]


def photo_contenders(
    files: Sequence[Path], side: int, fast: Encoder, library: Any
) -> list[Contender]:
    """The whole way from a file to the embeddings of all its faces."""

    def starlike_way(embed_from: EmbedFrom = "photo") -> None:
        for file in files:
            opened = photo.open(file)
            fast.embed(opened, DETECTOR.detect(opened), embed_from)

    def library_way() -> None:
        for file in files:
            pixels = library.load_image_file(file)
            library.face_encodings(pixels, library.face_locations(pixels))

    task = f"open, find, encode at {side} px"
    return [
        Contender(task, "face_recognition", library_way, len(files)),
        Contender(task, "starlike", starlike_way, len(files)),
        Contender(task, "starlike, over views", lambda: starlike_way("augmented"), len(files)),
    ]


def measure(contenders: Sequence[Contender], rounds: int) -> list[Timing]:
    """Run every contender once unmeasured, then once in each round."""
    for contender in contenders:
        contender.run()
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(rounds):
        for contender, taken in zip(contenders, times, strict=True):
            started = time.perf_counter()
            contender.run()
            taken.append((time.perf_counter() - started) / contender.units)
    return [
        Timing(contender, 1000 * statistics.median(taken))
        for contender, taken in zip(contenders, times, strict=True)
    ]


def table(timings: Sequence[Timing]) -> str:
    """Milliseconds of each, and how many times faster it is than the first of its task."""
    lines = [f"{'task':<32} {'by':<26} {'ms':>9} {'times faster':>13}"]
    first: dict[str, float] = {}
    for timing in timings:
        contender, milliseconds = timing.contender, timing.milliseconds
        ratio = first.setdefault(contender.task, milliseconds) / milliseconds
        lines.append(f"{contender.task:<32} {contender.name:<26} {milliseconds:9.2f} {ratio:13.1f}")
    return "\n".join(lines)


def contenders_for(files: Sequence[Path], folder: Path) -> list[Contender]:
    """Everything that is timed on these photos."""
    fast, reference = OnnxEncoder(threads=1), make_encoder("reference")
    library = importlib.import_module("face_recognition")
    small = [scaled(file, SMALL, folder) for file in files]
    large = [scaled(file, LARGE, folder) for file in files]
    return [
        *encoder_contenders(largest_faces(small), fast, reference),
        *photo_contenders(small, SMALL, fast, library),
        *photo_contenders(large, LARGE, fast, library),
    ]


def main() -> None:
    """Time the photos that are named, or the astronaut."""
    parser = argparse.ArgumentParser(description="Time the encoders and the way to them.")
    parser.add_argument("photos", metavar="PHOTO", nargs="*", type=Path, default=[ASTRONAUT])
    parser.add_argument("--rounds", type=int, default=11, help="rounds to take the median of")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        contenders = contenders_for(arguments.photos, Path(folder))
        print(table(measure(contenders, arguments.rounds)))


if __name__ == "__main__":
    main()
