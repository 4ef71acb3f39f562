"""How many views of a face are enough: `python benchmarks/views.py FOLDER`.

The first view is the face as it is, the second the one that it is averaged with where one answers,
and the others are augmentations at random; the embedding is the mean over as many as are counted.
The nearest class mean answers, so that nothing but their number differs. A photo's own class mean
leaves the photo out. Of the people a part is left out in turn: whether two photos of one of
them get the same first star is the agreement. Likeness asks about one of a pair of look-alikes,
without its own class: at which place does the other come.
"""

from __future__ import annotations

import argparse
import csv
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from starlike import photo
from starlike.draws import order_key
from starlike.embeddings import class_means, distances
from starlike.errors import PhotoError
from starlike.faces import Detector, align, augment, make_detector
from starlike.faces.onnx_encoder import OnnxEncoder
from starlike.image_kind import EXTENSIONS
from starlike.records import Floats

VIEWS = (1, 2, 3, 4, 5, 7, 9)
EACH, FEWEST = 6, 3
BLOCKS = 4
# Farther from the middle of its class than this, an image is taken to show somebody else.
FAR = 0.6

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """N photos of K people: (N, 9, 128) float32 views, and whose they are."""

    names: list[str]
    labels: Labels
    views: Floats


def look(folder: Path, people: int, pairs: Sequence[tuple[str, str]]) -> Seen:
    """Embed some photos of those in pairs and of others drawn at random."""
    paired = {name for pair in pairs for name in pair}
    folders = sorted(
        folder.iterdir(), key=lambda one: (one.name not in paired, order_key(0, one.name))
    )
    detector, encoder = make_detector(), OnnxEncoder()
    names, labels, views = list[str](), list[int](), list[Floats]()
    for person in folders:
        if len(names) == people:
            break
        found = [
            seen for file in _some(person) if (seen := _views(file, detector, encoder)) is not None
        ]
        if len(kept := _near(found)) >= FEWEST:
            labels += [len(names)] * len(kept)
            views += kept
            names.append(person.name)
    return Seen(names, np.array(labels), np.stack(views))


def _some(person: Path) -> list[Path]:
    files = sorted(file for file in person.iterdir() if file.suffix.lower() in EXTENSIONS)
    return sorted(files, key=lambda file: order_key(0, file.name))[:EACH]


def _views(file: Path, detector: Detector, encoder: OnnxEncoder) -> Floats | None:
    try:
        opened = photo.open(file)
    except PhotoError:
        return None
    faces = detector.detect(opened)[:1]
    if not faces:
        return None
    changed = augment.chips(opened, faces, [len(file.name)], max(VIEWS) - 1)[0]
    return encoder.embed_chips(np.concatenate([align.cut(opened, faces, "photo"), changed]))


def _near(views: list[Floats]) -> list[Floats]:
    """Those that lie near the middle of them all."""
    if not views:
        return []
    averaged = np.stack([one.mean(axis=0) for one in views])
    apart = np.linalg.norm(averaged - np.median(averaged, axis=0), axis=1)
    return [one for one, far in zip(views, apart, strict=True) if far < FAR]


def top_1(embeddings: Floats, labels: Labels) -> float:
    """Share of photos whose own class, without them, is the nearest."""
    count = np.bincount(labels)[labels][:, None]
    means, _ = class_means(embeddings, labels, int(labels.max()) + 1)
    apart = distances(embeddings, means)
    own = (means[labels] * count - embeddings) / (count - 1)
    apart[np.arange(len(labels)), labels] = np.linalg.norm(own - embeddings, axis=1)
    return float((apart.argmin(axis=1) == labels).mean())


def agreement(embeddings: Floats, labels: Labels) -> float:
    """Share of pairs of photos of people left out that get the same first star."""
    same = list[bool]()
    for block in range(BLOCKS):
        out = labels % BLOCKS == block
        known, renumbered = np.unique(labels[~out], return_inverse=True)
        means, _ = class_means(embeddings[~out], renumbered, len(known))
        first = distances(embeddings[out], means).argmin(axis=1)
        for label in np.unique(labels[out]):
            stars = first[labels[out] == label]
            same += [a == b for at, a in enumerate(stars) for b in stars[at + 1 :]]
    return float(np.mean(same))


def places(embeddings: Floats, seen: Seen, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """At which place the other of each pair comes, asked about each photo of the one, medians."""
    means, _ = class_means(embeddings, seen.labels, len(seen.names))
    number = {name: label for label, name in enumerate(seen.names)}
    found = list[float]()
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            if one in number and other in number:
                apart = distances(embeddings[seen.labels == number[one]], means)
                apart[:, number[one]] = np.inf
                nearer = (apart < apart[:, [number[other]]]).sum(axis=1)
                found.append(float(np.median(nearer)) + 1)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of photos for each person")
    parser.add_argument("--pairs", type=Path, help="a table of look-alikes with columns a and b")
    parser.add_argument("--people", type=int, default=400)
    given = parser.parse_args()
    pairs = list[tuple[str, str]]()
    if given.pairs:
        with given.pairs.open(encoding="utf-8", newline="") as stream:
            pairs = [(row["a"], row["b"]) for row in csv.DictReader(stream)]
    seen = look(given.folder, given.people, pairs)
    print(f"{len(seen.labels)} photos of {len(seen.names)} people\n")
    print("| views | top-1 | agreement | place of a look-alike, median |")
    print("|---:|---:|---:|---:|")
    for count in VIEWS:
        embeddings = np.asarray(seen.views[:, :count].mean(axis=1), dtype=np.float32)
        found = places(embeddings, seen, pairs)
        place = f"{statistics.median(found):.1f} of {len(seen.names) - 1}" if found else "–"
        print(
            f"| {count} | {top_1(embeddings, seen.labels):.2%} "
            f"| {agreement(embeddings, seen.labels):.1%} | {place} |"
        )


if __name__ == "__main__":
    main()
