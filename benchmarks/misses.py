"""How far test images that are answered wrongly lie from their own class.

    python benchmarks/misses.py work/sample

Answered with the nearest class mean of embeddings in views. An image that lies farther from its own
class than any image that is answered rightly shows, most likely, somebody else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from starlike.classifiers.nearest_mean import NearestMean
from starlike.files import sample

RANGES = ((1, 1), (2, 2), (3, 9), (10, 1000))


def main() -> None:
    """Print a row for each range of training images."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sample", type=Path)
    opened = sample.read(parser.parse_args().sample)
    train = sample.select(opened, "augmented", split="train")
    test = sample.select(opened, "augmented", split="test", classes=train.classes)
    nearest = NearestMean.of(train)
    apart = -nearest.scores(test.embeddings)
    own = apart[np.arange(len(test)), test.labels]
    wrong = apart.argmin(axis=1) != test.labels
    farthest, images = own[~wrong].max(), nearest.images[test.labels]
    print(f"right answers: {(~wrong).sum():,}, at most {farthest:.3f} from their class")
    print("| training images | tested | wrong | of these farther than any right answer |")
    print("|---|---:|---:|---:|")
    for low, high in RANGES:
        within = (images >= low) & (images <= high)
        far = (wrong & within & (own > farthest)).sum()
        print(f"| {low}–{high} | {within.sum():,} | {(wrong & within).sum()} | {far} |")


if __name__ == "__main__":
    main()
