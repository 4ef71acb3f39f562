"""Peak memory of `prepare` over samples of several sizes, and its time where all was seen before.

    python benchmarks/prepare_memory.py [--images 10000 100000] [--of-a-person 20] [--keep FOLDER]

Real: every file is written to disk as an image of its own, listed, read and hashed by the worker
processes, and looked up in the cache; every analysis is put into the cache and read back by the
code of the program; cleaning, splitting, the sample and its report are made as ever, each in a
process of its own whose peak is measured.

Made up: the images are noise of 8×8 pixels in which nobody would be found. So what `prepare` would
find in a photo with one face is drawn at random and put into the cache beforehand: people lie as
far from each other, and their images from them, as dlib's embeddings of real ones do. Nothing is
detected or embedded, and there are no near duplicates and few wrong people among them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from starlike import prepare
from starlike.faces import DEFAULT_DETECTOR
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import digest
from starlike.prepare import cache as caching
from starlike.prepare.analysis import HASH_BITS, Analysis
from starlike.records import Box, Face

AUGMENTATIONS, SIDE = 8, 8
BETWEEN_PEOPLE, OF_A_PERSON = 0.055, 0.028
"""Standard deviations of each number of an embedding: 0.88 and 0.45 between two of them."""

MIB = 2**20

Centre = npt.NDArray[np.float64]


def main() -> None:
    """Print the table, a row a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--images", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--of-a-person", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="make the images there, and leave them")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one)))
        return
    print("| images | people | kept | peak, MiB | peak of a worker, MiB | s | processor, s |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for count in asked.images:
        with tempfile.TemporaryDirectory() as place:
            folder = (asked.keep or Path(place)) / str(count)
            if not folder.exists():
                make(folder, count, asked.of_a_person)
            found = _in_a_process(folder)
        people = count // asked.of_a_person
        print(
            f"| {count:,} | {people:,} | {found['kept']:,} | {found['peak']} | {found['worker']} "
            f"| {found['seconds']} | {found['processor']} |",
            flush=True,
        )


def _in_a_process(folder: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(folder)],
        env=os.environ | {"STARLIKE_CACHE": str(folder / "cache")},
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


def measured(folder: Path) -> dict[str, int]:
    """Prepare a folder that was made; peaks are in MiB."""
    began = time.monotonic()
    summary = prepare.prepare(folder / "people", folder / "sample")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    main_process, workers = (one.ru_maxrss * 1024 // MIB for one in used)
    return {
        "kept": summary.statuses["kept"],
        "peak": main_process,
        "worker": workers,
        "seconds": round(time.monotonic() - began),
        "processor": round(sum(one.ru_utime + one.ru_stime for one in used)),
    }


def make(folder: Path, count: int, of_a_person: int) -> None:
    """Write so many images, and put into the cache what is made up of them."""
    rng = np.random.default_rng(0)
    file = folder / "cache" / "analyses.sqlite"
    with caching.opened(file, DLIB_RESNET, DEFAULT_DETECTOR) as cache:
        for image, centre in _images(folder / "people", count, of_a_person, rng):
            Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)).save(image)
            cache.put(digest.sha256(image.read_bytes()), _made_up(centre, rng))


def _images(
    folder: Path, count: int, of_a_person: int, rng: np.random.Generator
) -> Iterator[tuple[Path, Centre]]:
    """Where each image goes, and the centre of the person's embeddings."""
    for person in range(count // of_a_person):
        place = folder / f"Person {person:05}"
        place.mkdir(parents=True)
        centre = rng.normal(0, BETWEEN_PEOPLE, DLIB_RESNET.dimensions)
        for number in range(of_a_person):
            yield place / f"made_{number:03}.png", centre


def _made_up(centre: Centre, rng: np.random.Generator) -> Analysis:
    """What would be found in a photo of one person, 250 pixels wide."""
    own = rng.normal(centre, OF_A_PERSON)
    near = rng.normal(own, OF_A_PERSON / 4, (1 + AUGMENTATIONS, len(own))).astype(np.float32)
    return Analysis(
        size=(250, 250),
        found=1,
        faces=(Face(box=Box(60, 190, 190, 60), detector="cnn"),),
        sharpness=(200.0,),
        hashes=rng.random((1, HASH_BITS)) < 0.5,
        embeddings=near[None],
        crop_embeddings=near[:1],
    )


if __name__ == "__main__":
    main()
