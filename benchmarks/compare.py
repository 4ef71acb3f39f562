"""How far comparing photos can be trusted: `python benchmarks/compare.py work/sample`.

People with three kept photos or more fall into two halves, by their names. What `compare` goes by
is chosen on the one half and reported on the other. In each draw two photos of everybody are asked
with, and the mean embedding of the others tells who looks like whom.

Pairs: two photos of one person; of two people at random; and of two look-alikes, of whom one is
among the five nearest to the other. Beyond the line that is chosen two people are said not to look
much alike: one pair in twenty of two people at random is nearer than that.

The family's question: somebody is asked about with two others, who are drawn at random, or from
the third of the people who are nearest, as relatives would be. How much nearer is the one, and do
other photos of all three give the same order? Clear is a difference at which four orders in five
are the same among the nearest third.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from starlike.draws import order_key
from starlike.embeddings import class_means, distances
from starlike.files import sample
from starlike.files.sample import Labelled, Labels
from starlike.model.similarity import similarity
from starlike.records import EncoderCard, Floats

FEWEST = 3
LOOK_ALIKES = 5
NEAREST_SHARE = 1 / 3
NEARER_AT_RANDOM = 0.05
SAME_ORDER = 0.8
AROUND = 1000
BANDS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, float("inf"))

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draw:
    """Photos of P people.

    Attributes:
        asked: (P, 2, D), of each person.
        apart: (P, P), distances between the means of their other photos; infinite to oneself.
    """

    asked: Floats
    apart: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What draws gave, in multiples of the distance between one person and two.

    Attributes:
        pairs: the distances of pairs, by what they show.
        orders: by who the two others are: by how much the one is nearer, (N,), and whether other
            photos give the same order, (N,).
    """

    pairs: dict[str, Floats]
    orders: dict[str, tuple[Floats, Bools]]


def halves(images: Labelled) -> tuple[Labels, Labels]:
    """The labels of the people of both halves."""
    enough = np.flatnonzero(np.bincount(images.labels) >= FEWEST)
    named = sorted(enough, key=lambda label: order_key(0, "compare", images.classes[label]))
    return np.array(named[::2]), np.array(named[1::2])


def draws(images: Labelled, people: Labels, count: int) -> Iterator[Draw]:
    """So many draws of two photos of each of these people."""
    rng = np.random.default_rng(0)
    own = [np.flatnonzero(images.labels == label) for label in people]
    for _ in range(count):
        mixed = [rng.permutation(rows) for rows in own]
        others = np.concatenate([rows[2:] for rows in mixed])
        numbers = np.repeat(np.arange(len(people)), [len(rows) - 2 for rows in mixed])
        means, _ = class_means(images.embeddings[others], numbers, len(people))
        apart = distances(means, means)
        np.fill_diagonal(apart, np.inf)
        yield Draw(images.embeddings[np.stack([rows[:2] for rows in mixed])], apart)


def look(images: Labelled, people: Labels, count: int) -> Found:
    """Ask about these people."""
    rng = np.random.default_rng(1)
    pairs: dict[str, list[Floats]] = {}
    orders: dict[str, list[tuple[Floats, Bools]]] = {}
    for draw in draws(images, people, count):
        first, second = draw.asked[:, 0], draw.asked[:, 1]
        at_random = _two_others(draw, len(people) - 1, rng)
        alike = _two_others(draw, LOOK_ALIKES, rng)
        near = _two_others(draw, round(NEAREST_SHARE * len(people)), rng)
        for name, other in (
            ("one person", second),
            ("two people at random", first[at_random[:, 0]]),
            ("look-alikes", first[alike[:, 0]]),
        ):
            pairs.setdefault(name, []).append(_apart(first, other) / images.card.same_person)
        for name, others in (("at random", at_random), ("of the nearest third", near)):
            gaps = [_gap(photos, others) for photos in (first, second)]
            same = np.sign(gaps[0]) == np.sign(gaps[1])
            orders.setdefault(name, []).append((abs(gaps[0]) / images.card.same_person, same))
    return Found(
        {name: np.concatenate(found) for name, found in pairs.items()},
        {
            name: (np.concatenate([one for one, _ in found]), np.concatenate([s for _, s in found]))
            for name, found in orders.items()
        },
    )


def _two_others(draw: Draw, nearest: int, rng: np.random.Generator) -> Labels:
    """(P, 2) two different others for each person, of so many nearest ones."""
    order = draw.apart.argsort(axis=1)[:, :nearest]
    places = np.stack([rng.choice(nearest, 2, replace=False) for _ in order])
    return np.take_along_axis(order, places, axis=1)


def _apart(some: Floats, others: Floats) -> Floats:
    return np.asarray(np.linalg.norm(some - others, axis=1))


def _gap(photos: Floats, others: Labels) -> Floats:
    """(P,) how much nearer the first other is than the second."""
    one, two = (_apart(photos, photos[others[:, place]]) for place in (0, 1))
    return two - one


def resembling(found: Found) -> float:
    """The distance below which pairs of two people are said to resemble each other."""
    return float(np.quantile(found.pairs["two people at random"], NEARER_AT_RANDOM))


def clear(found: Found) -> float:
    """The least difference at which enough orders are the same, of as many cases as `AROUND`."""
    gaps, same = found.orders["of the nearest third"]
    order = np.argsort(gaps)
    around = np.convolve(same[order], np.full(AROUND, 1 / AROUND), "valid")
    middle = np.convolve(gaps[order], np.full(AROUND, 1 / AROUND), "valid")
    return float(middle[np.flatnonzero(around >= SAME_ORDER)[0]])


def show_pairs(found: Found, limit: float, card: EncoderCard) -> None:
    """The table of what is said of pairs."""
    print(
        "| two photos of | said to be one person | to resemble | not to look much alike |", end=""
    )
    print(" similarity, median |\n|---|---:|---:|---:|---:|")
    for name, apart in found.pairs.items():
        one, both = (apart <= 1).mean(), (apart <= limit).mean()
        middle = float(similarity(np.median(apart * card.same_person), card))
        print(f"| {name} | {one:.1%} | {both - one:.1%} | {1 - both:.1%} | {middle:.0f} |")


def show_orders(found: Found, limit: float) -> None:
    """The table of how often other photos give the same order."""
    heads = [f"two others {name} | cases" for name in found.orders]
    print(f"\n| one is nearer by | {' | '.join(heads)} |\n|---|{'---:|' * 2 * len(heads)}")
    bands = [(f"{low:g} to {high:g}", low, high) for low, high in pairwise(BANDS)]
    whole = [("anything", 0.0, np.inf), (f"less than {limit:.2f}", 0.0, limit)]
    for name, low, high in [*bands, *whole, (f"{limit:.2f} and more: clear", limit, np.inf)]:
        cells = []
        for gaps, same in found.orders.values():
            within = (gaps >= low) & (gaps < high)
            cells += [f"{same[within].mean():.0%}", f"{within.mean():.0%}"]
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    """Choose on one half, and print the tables of the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sample", type=Path, help="the folder that prepare wrote")
    parser.add_argument("--draws", type=int, default=20, help="of photos of each person")
    given = parser.parse_args()
    images = sample.select(sample.read(given.sample), "augmented")
    some, others = halves(images)
    choosing, reporting = (look(images, people, given.draws) for people in (some, others))
    limit, least = resembling(choosing), clear(choosing)
    print(f"chosen on {len(some)} people: resemble up to {limit:.3f}, clear from {least:.3f}")
    print(f"reported on {len(others)} people\n")
    show_pairs(reporting, limit, images.card)
    show_orders(reporting, least)


if __name__ == "__main__":
    main()
