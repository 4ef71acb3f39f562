"""Ways of answering unknown people side by side, on people left out of the classes.

    python benchmarks/unknown_people.py work/sample [--blocks 4] [--people 100] [--networks 3]

Only training images are used. In each block some people are left out of the classes, to measure
agreement and its price on; and of everybody else with two images or more one is held out, to see
whether known people are still known. The people whom `starlike train --leave-out 240` leaves out
are no part of it. With `--networks` trained networks are measured, too: one, and the mean of so
many that differ in their seed. The table shows the mean ± standard deviation over the blocks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from scipy.special import softmax

from starlike.classifiers import likeness, methods, open_set
from starlike.classifiers.lda import class_space
from starlike.classifiers.lda_space import direction
from starlike.classifiers.nearest_mean import NearestMean, nearness
from starlike.draws import order_key
from starlike.embeddings import class_means, distances
from starlike.files import sample
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.metrics import measures
from starlike.model.scorer import DenseScorer
from starlike.records import Floats

REPORTED = 240
COLUMNS = (
    "same star again",
    "same five again",
    "false agreement",
    "most frequent star",
    "top-1 of known",
)


@dataclass(frozen=True, slots=True)
class Block:
    """What is learned from, one image held out of each class, and photos of people left out."""

    learning: Labelled
    known: Labelled
    unknown: Labelled


def blocks(images: Labelled, count: int, people: int) -> Iterator[Block]:
    """Blocks of different people who are left out."""
    counts = dict(zip(images.classes, np.bincount(images.labels), strict=True))
    several = [name for name in images.classes if counts[name] > 1]
    reported = set(sorted(several, key=lambda name: order_key(0, "left out", name))[:REPORTED])
    drawn = sorted(set(several) - reported, key=lambda name: order_key(0, "block", name))
    owner = np.array(images.classes)[images.labels]
    usable = ~np.isin(owner, list(reported))
    for number in range(count):
        left_out = np.isin(owner, drawn[number * people : (number + 1) * people])
        inside = images.take(usable & ~left_out)
        names, labels = np.unique(inside.labels, return_inverse=True)
        inside = replace(inside, labels=labels, classes=tuple(images.classes[k] for k in names))
        order = np.random.default_rng(number).permutation(len(inside))
        _, first = np.unique(labels[order], return_index=True)
        held_out = order[first]
        held_out = held_out[np.bincount(labels)[labels[held_out]] > 1]
        rest = np.setdiff1d(np.arange(len(inside)), held_out)
        yield Block(inside.take(rest), inside.take(held_out), images.take(left_out))


def figures(block: Block, way: DenseScorer) -> tuple[float, ...]:
    """The columns of one way of answering on one block, 0 to 1."""
    answers = measures.best(way.scores(block.unknown.embeddings))
    people = block.unknown.labels
    first, five = measures.agreement(answers[:, :1], people), measures.agreement(answers, people)
    false = measures.false_agreement(answers[:, 0], people)
    if first is None or five is None or false is None:
        raise SystemExit("the sample has too few people with two images to leave out")
    right = measures.best(way.scores(block.known.embeddings), 1)[:, 0] == block.known.labels
    star = measures.top_star(answers[:, 0], people)[1]
    return (
        first.value,
        five.value,
        false,
        star,
        float(right.mean()),
    )


@dataclass(frozen=True, slots=True)
class Scores:
    """A way of answering that is tried here alone: one function of embeddings (N, D)."""

    of: Callable[[Floats], Floats]
    probabilities: bool = False
    size_bytes: int = 0

    def scores(self, embeddings: Floats) -> Floats:
        """(N, K), higher is better."""
        return self.of(embeddings)


def projected(images: Labelled, size: int, *, cosine: bool = False) -> DenseScorer:
    """Nearness along the directions in which people differ most, their own spread made even."""
    whole, own, _ = class_space(images, 0.3)
    space = whole.first(size)
    stars = (own @ space.axes).astype(np.float32)
    if cosine:
        stars = direction(stars)
        return Scores(lambda asked: direction(space.project(asked)) @ stars.T)
    return Scores(lambda asked: -distances(space.project(asked).astype(np.float32), stars))


def most_images(images: Labelled, count: int) -> DenseScorer:
    """The nearest mean, among the classes of most images alone."""
    means, counts = class_means(images.embeddings, images.labels, len(images.classes))
    out = np.argsort(-counts, kind="stable")[count:]
    counts[out] = 0
    return NearestMean(means, counts)


def with_offsets(images: Labelled, recipe: Recipe) -> DenseScorer:
    """Nearness with learned offsets."""
    means, added = NearestMean.of(images).means, likeness.offsets(images, recipe)
    focus = recipe.focus_in(images.card)
    return Scores(lambda asked: nearness(asked, means, focus) + added)


def mixed(images: Labelled, recipe: Recipe) -> DenseScorer:
    """That, weighed against nearness alone by the chance of being known."""
    means, found = NearestMean.of(images).means, open_set.fit(images, recipe.seed)
    likened = with_offsets(images, recipe)

    def scores(asked: Floats) -> Floats:
        known = found.of(asked)[:, None]
        near = nearness(asked, means, recipe.focus_in(images.card))
        sure = softmax(2 * near + 0.25 * found.ratio.of(asked), axis=1)
        return np.asarray(known * sure + (1 - known) * softmax(likened.scores(asked), axis=1))

    return Scores(scores, probabilities=True)


WAYS: dict[str, Callable[[Labelled], DenseScorer]] = {
    "nearest class mean": NearestMean.of,
    "30 dimensions": lambda images: projected(images, 30),
    "50 dimensions": lambda images: projected(images, 50),
    "50 dimensions, cosine": lambda images: projected(images, 50, cosine=True),
    "the 250 stars of most images": lambda images: most_images(images, 250),
    "the 450 stars of most images": lambda images: most_images(images, 450),
    **{
        f"offsets, same star {share:.1%}": partial(
            with_offsets, recipe=Recipe(max_false_agreement=share)
        )
        for share in (0.003, 0.005, 0.008)
    },
    "offsets 0.5%, where not known": partial(mixed, recipe=Recipe()),
}


def networks(images: Labelled, count: int) -> DenseScorer:
    """The mean probabilities of networks by themselves, of the default recipe and several seeds."""
    fitted = [
        methods.fit(methods.NETWORK, images, Recipe(seed=seed).to_dict(), 0)
        for seed in range(count)
    ]
    return Scores(
        lambda asked: np.mean([network.scores(asked) for network in fitted], axis=0),
        probabilities=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sample", type=Path)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--networks", type=int, default=0)
    asked = parser.parse_args()
    opened = sample.read(asked.sample)
    photo, views = (sample.select(opened, kind, split="train") for kind in ("photo", "augmented"))
    print(f"| way | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}")
    of_photo, of_views = (
        list(blocks(images, asked.blocks, asked.people)) for images in (photo, views)
    )
    _row("nearest class mean, photo alone", NearestMean.of, of_photo)
    for name, way in WAYS.items():
        _row(name, way, of_views)
    for count in sorted({1, asked.networks} if asked.networks else ()):
        _row(f"{count} networks, averaged", partial(networks, count=count), of_views)


def _row(name: str, way: Callable[[Labelled], DenseScorer], made: list[Block]) -> None:
    measured = zip(*(figures(block, way(block.learning)) for block in made), strict=True)
    cells = (f"{100 * fmean(row):.2f} ± {100 * stdev(row):.2f} %" for row in measured)
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
