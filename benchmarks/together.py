"""Compare ways to combine several photos of one person into one answer.

Stars are ranked by the nearest class mean, so that what is compared is the combining alone. Asked
about are people whose photos had no part in the class means: unknown people, who are left out of
the classes as a whole (do two sets of photos get the same star?), and known people (is it the right
star?). In the hard rounds one photo of each set shows somebody else. Only training images are used,
and none of the people that `starlike train --leave-out 240` puts aside.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import softmax

from starlike import pipeline
from starlike.classifiers.nearest_mean import nearness
from starlike.draws import order_key
from starlike.embeddings import class_means
from starlike.files import sample
from starlike.files.sample import Labelled, Labels
from starlike.records import Floats

PUT_ASIDE = 240
BLOCK, BLOCKS = 100, 6
TABLES = (
    "unknown people: two sets get the same star",
    "known people: the first star is right",
    "two unknown people get the same star",
)
FOCUS = 30.0  # of the softmax over squared distances, where probabilities are asked for


@dataclass(frozen=True)
class Asked:
    """Sets of photos: Q sets of P photos, by K classes.

    Attributes:
        embeddings: (Q, P, 128).
        face_px, sharpness: (Q, P), of the faces.
        means: (K, 128), of the classes.
        own: (Q, 128) and (Q,), the mean of the person's class without the photos asked about, and
            the class's number; None for unknown people.
    """

    embeddings: Floats
    face_px: Floats
    sharpness: Floats
    means: Floats
    own: tuple[Floats, Labels] | None = None

    def nearness(self, embeddings: Floats) -> Floats:
        """Minus the squared distances (Q, K) of one embedding a set (Q, 128)."""
        scores = nearness(embeddings, self.means, focus=1.0)
        if self.own is not None:
            mean, label = self.own
            scores[np.arange(len(label)), label] = -((embeddings - mean) ** 2).sum(1)
        return scores

    def of_each_photo(self) -> list[Floats]:
        """P times the nearness (Q, K)."""
        return [self.nearness(self.embeddings[:, p]) for p in range(self.embeddings.shape[1])]


Way = Callable[[Asked], Floats]


def _one_photo(asked: Asked) -> Floats:
    return asked.nearness(asked.embeddings[:, 0])


def _mean(asked: Asked) -> Floats:
    return asked.nearness(asked.embeddings.mean(1))


def _mean_of_normalised(asked: Asked) -> Floats:
    lengths = np.linalg.norm(asked.embeddings, axis=2, keepdims=True)
    direction = (asked.embeddings / lengths).mean(1)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return asked.nearness(direction * lengths.mean(1))


def _median(asked: Asked) -> Floats:
    return asked.nearness(np.median(asked.embeddings, axis=1))


def _geometric_median(asked: Asked) -> Floats:
    middle = asked.embeddings.mean(1)
    for _ in range(20):
        apart = np.linalg.norm(asked.embeddings - middle[:, None], axis=2)
        middle = _weighted(asked.embeddings, 1 / np.maximum(apart, 1e-3))
    return asked.nearness(middle)


def _without_the_farthest(asked: Asked) -> Floats:
    """Always one photo fewer, where there are three or more."""
    count = asked.embeddings.shape[1]
    if count < 3:
        return _mean(asked)
    others = (asked.embeddings.sum(1, keepdims=True) - asked.embeddings) / (count - 1)
    apart = np.linalg.norm(asked.embeddings - others, axis=2)
    return asked.nearness(_weighted(asked.embeddings, (apart < apart.max(1, keepdims=True)) * 1.0))


def _agreeing(limit: float) -> Way:
    """What is built in, with a limit of its own."""

    def way(asked: Asked) -> Floats:
        combined = [pipeline.combine(item, limit=limit)[0] for item in asked.embeddings]
        return asked.nearness(np.stack(combined))

    return way


def _by_face_size(asked: Asked) -> Floats:
    return asked.nearness(_weighted(asked.embeddings, asked.face_px))


def _by_sharpness(asked: Asked) -> Floats:
    return asked.nearness(_weighted(asked.embeddings, np.sqrt(asked.sharpness)))


def _mean_of_probabilities(asked: Asked) -> Floats:
    return np.asarray(np.mean([_softmax(near) for near in asked.of_each_photo()], axis=0))


def _mean_of_log_probabilities(asked: Asked) -> Floats:
    logs = [np.log(_softmax(near) + 1e-30) for near in asked.of_each_photo()]
    return np.asarray(np.mean(logs, axis=0))


def _ranks(asked: Asked) -> Floats:
    """Borda's count: the sum of ranks."""
    ranks = [(-near).argsort(1).argsort(1) for near in asked.of_each_photo()]
    return np.asarray(-np.mean(ranks, axis=0))


WAYS: tuple[tuple[str, Way], ...] = (
    ("one photo", _one_photo),
    ("mean", _mean),
    ("mean of normalised", _mean_of_normalised),
    ("median", _median),
    ("geometric median", _geometric_median),
    ("mean without the farthest", _without_the_farthest),
    ("mean of those that agree, within 0.5", _agreeing(0.5)),
    ("mean of those that agree, within 0.55", _agreeing(0.55)),
    ("mean of those that agree, within 0.6", _agreeing(0.6)),
    ("mean of those that agree, within 0.65", _agreeing(0.65)),
    ("mean, weighed by face size", _by_face_size),
    ("mean, weighed by sharpness", _by_sharpness),
    ("mean of probabilities", _mean_of_probabilities),
    ("mean of log-probabilities", _mean_of_log_probabilities),
    ("sum of ranks", _ranks),
)


def _weighted(embeddings: Floats, weights: Floats) -> Floats:
    shares = weights / weights.sum(1, keepdims=True)
    return np.asarray((embeddings * shares[:, :, None]).sum(1), dtype=np.float32)


def _softmax(near: Floats) -> Floats:
    return np.asarray(softmax(FOCUS * near, axis=1))


@dataclass(frozen=True)
class Round:
    """What is asked: so many photos a set, and of these so many of somebody else."""

    photos: int
    others: int

    @property
    def title(self) -> str:
        """The heading of its column."""
        return f"{self.photos}" + (f", {self.others} wrong" if self.others else "")


ROUNDS = (Round(2, 0), Round(3, 0), Round(5, 0), Round(3, 1), Round(4, 1), Round(5, 1))


@dataclass(frozen=True)
class Data:
    """Training images with the size and the sharpness of their faces, and who may be left out."""

    images: Labelled
    face_px: Floats
    sharpness: Floats
    people: Labels

    def asked(self, rows: Labels, means: Floats, own: tuple[Floats, Labels] | None) -> Asked:
        """Sets of the images at some rows (Q, P)."""
        return Asked(
            self.images.embeddings[rows], self.face_px[rows], self.sharpness[rows], means, own
        )


def read(folder: Path) -> Data:
    """The training images of a sample, as they are encoded for the model that ships."""
    opened = sample.read(folder)
    images = sample.select(opened, "augmented", split="train")
    rows = opened.columns("image", "face_px", "sharpness")
    quality = {image: rest for image, *rest in rows}
    face_px, sharpness = np.array([quality[i] for i in images.images], dtype=np.float32).T
    aside = set(sorted(_several(sample.select(opened, "augmented")), key=_order(0))[:PUT_ASIDE])
    people = [label for label, name in enumerate(images.classes) if name not in aside]
    return Data(images, face_px, sharpness, np.array(people))


def _several(images: Labelled) -> list[str]:
    counts = np.bincount(images.labels)
    return [name for name, count in zip(images.classes, counts, strict=True) if count > 1]


def _order(seed: int) -> Callable[[str], bytes]:
    return lambda name: order_key(seed, "left out", name)


@dataclass(frozen=True)
class Classes:
    """People in the classes: their labels (K,), means (K, 128) and counts of images (K,)."""

    labels: Labels
    means: Floats
    counts: Labels


def classes(data: Data, outside: Labels) -> Classes:
    """All people but those put aside and those outside."""
    kept = np.setdiff1d(data.people, outside)
    inside = np.isin(data.images.labels, kept)
    numbers = np.searchsorted(kept, data.images.labels[inside])
    return Classes(kept, *class_means(data.images.embeddings[inside], numbers, len(kept)))


def unknown_people(data: Data, asks: Round, seed: int) -> Iterator[tuple[Asked, Asked]]:
    """Two sets of different photos of each unknown person, block after block."""
    labels, rng = data.images.labels, np.random.default_rng(seed)
    right = asks.photos - asks.others
    counts = np.bincount(labels)
    enough = [label for label in data.people if counts[label] >= 2 * right]
    enough.sort(key=lambda label: order_key(seed, data.images.classes[label]))
    for start in range(0, min(len(enough), BLOCK * BLOCKS), BLOCK):
        block = np.array(enough[start : start + BLOCK])
        means = classes(data, block).means
        drawn = [rng.permutation(np.flatnonzero(labels == label))[: 2 * right] for label in block]
        sets = [np.stack([rows[:right] for rows in drawn]), np.stack([r[right:] for r in drawn])]
        with_others = [_with_others(data, rows, asks.others, block, rng) for rows in sets]
        one, other = (data.asked(rows, means, None) for rows in with_others)
        yield one, other


def known(data: Data, asks: Round, seed: int) -> Asked:
    """A set of photos of each person, whose class mean is that of at least one other photo."""
    images, rng = data.images, np.random.default_rng(seed)
    right = asks.photos - asks.others
    nobodies = rng.choice(data.people, BLOCK, replace=False)
    known = classes(data, nobodies)
    numbers = np.flatnonzero(known.counts > right)
    means, counts = known.means[numbers], known.counts[numbers, None]
    rows = np.stack(
        [
            rng.permutation(np.flatnonzero(images.labels == label))[:right]
            for label in known.labels[numbers]
        ]
    )
    rest = (means * counts - images.embeddings[rows].sum(1)) / (counts - right)
    rows = _with_others(data, rows, asks.others, nobodies, rng)
    return data.asked(rows, known.means, (rest.astype(np.float32), numbers))


def _with_others(
    data: Data, rows: Labels, others: int, people: Labels, rng: np.random.Generator
) -> Labels:
    """Rows of photos (Q, P) and, anywhere among them, of others of these people."""
    labels = data.images.labels
    pool = np.flatnonzero(np.isin(labels, people))
    drawn = rng.choice(pool, (len(rows), others))
    while (same := labels[drawn] == labels[rows[:, :1]]).any():
        drawn[same] = rng.choice(pool, int(same.sum()))
    return rng.permuted(np.concatenate([rows, drawn], axis=1), axis=1).astype(np.int64)


class Counted:
    """How many cases there were, and by way in how many of them it came out so."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self.cases = 0
        self._so = dict.fromkeys((name for name, _ in WAYS), 0)

    def add(self, cases: int, so: dict[str, int]) -> None:
        """Count some more."""
        self.cases += cases
        for name, count in so.items():
            self._so[name] += count

    def share(self, name: str) -> float:
        """Of one way, 0 to 1."""
        return self._so[name] / self.cases


def measure(data: Data, asks: Round, seeds: int) -> tuple[Counted, Counted, Counted]:
    """What `TABLES` name, in this order."""
    agree, right, two_people = Counted(), Counted(), Counted()
    for seed in range(seeds):
        for one, other in unknown_people(data, asks, seed):
            first = {name: way(one).argmax(1) for name, way in WAYS}
            second = {name: way(other).argmax(1) for name, way in WAYS}
            people = len(one.embeddings)
            agree.add(people, {name: int((first[name] == second[name]).sum()) for name, _ in WAYS})
            two_people.add(
                people * (people - 1), {name: _equal_pairs(stars) for name, stars in first.items()}
            )
        asked = known(data, asks, seed)
        assert asked.own is not None
        label = asked.own[1]
        right.add(
            len(label), {name: int((way(asked).argmax(1) == label).sum()) for name, way in WAYS}
        )
    return agree, right, two_people


def _equal_pairs(stars: Labels) -> int:
    counts = np.unique(stars, return_counts=True)[1]
    return int((counts * (counts - 1)).sum())


def main() -> None:
    """Measure every way in every round, and print a table of each kind of figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sample", type=Path, help="the folder that prepare wrote")
    parser.add_argument("--seeds", type=int, default=10, help="draws of photos and people")
    options = parser.parse_args()
    data = read(options.sample)
    results = [measure(data, asks, options.seeds) for asks in ROUNDS]
    for title, counted in zip(TABLES, zip(*results, strict=True), strict=True):
        print(f"| {title} |" + "".join(f" {asks.title} |" for asks in ROUNDS))
        print("|---" * (len(ROUNDS) + 1) + "|")
        for name, _ in WAYS:
            print(f"| {name} |" + "".join(f" {100 * of.share(name):.1f} % |" for of in counted))
        print("| cases |" + "".join(f" {of.cases:,} |" for of in counted) + "\n")


if __name__ == "__main__":
    main()
