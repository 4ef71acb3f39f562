"""What figures are computed by, from plain arrays. N images, K classes, T answers of each image."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from starlike.metrics.values import Bin, Calibration, Mean, Share, Tested
from starlike.records import Floats

Bools = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]

TOP = 5
"""How many answers are looked at."""

BINS = 15
"""Bins of the calibration error."""

IMAGES_A_CLASS = ("1–2", "3–4", "5–9", "10–49", "50 or more")
_LOWER_ENDS = (3, 5, 10, 50)

_RESAMPLES = 1000


def best(scores: Floats, count: int = TOP) -> Labels:
    """The classes with the highest scores, best first; of equal ones the first class.

    Args:
        scores: (N, K) float; minus infinity for a class that cannot be answered.
        count: T, how many; fewer where there are fewer classes.

    Returns:
        (N, T) int64.
    """
    return np.argsort(-scores, axis=1, kind="stable")[:, :count].astype(np.int64)


def hits(answers: Labels, labels: Labels, k: int) -> Bools:
    """(N,) bool: whether the true class (N,) is among the first `k` of the answers (N, T).

    Their mean is the top-k accuracy (Russakovsky et al., "ImageNet Large Scale Visual Recognition
    Challenge", IJCV 2015).
    """
    return np.asarray((answers[:, :k] == labels[:, None]).any(axis=1), dtype=bool)


def share(right: Bools) -> Share:
    """The share of true values in (N,) bool, with its interval; N at least 1."""
    count, total = int(right.sum()), len(right)
    low, high = wilson(count, total)
    return Share(value=count / total, low=low, high=high, hits=count, images=total)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of `count` out of `total`, which is at least 1.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 1927. Unlike the usual interval it holds near 0 and 1.
    """
    from scipy.stats import binomtest  # noqa: PLC0415  heavy

    interval = binomtest(count, total).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


def calibration(probabilities: Floats, right: Bools) -> Calibration:
    """Whether a first answer is right as often as its probability says.

    Images are put into 15 bins of as nearly equal size as ties allow, by probability. The error
    is the mean difference between a bin's mean probability and its accuracy, weighed by images.

    Args:
        probabilities: (N,) of the first answers.
        right: (N,) whether they were right.

    Source: Guo et al., "On calibration of modern neural networks", ICML 2017; bins of equal size
    as in Nixon et al., "Measuring calibration in deep learning", CVPR workshops 2019.
    """
    values = probabilities.astype(np.float64)
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1))
    numbers = np.searchsorted(edges[1:-1], values)
    images = np.bincount(numbers, minlength=BINS)
    filled = images > 0
    images = images[filled]
    means = np.bincount(numbers, values, minlength=BINS)[filled] / images
    accuracies = np.bincount(numbers, right, minlength=BINS)[filled] / images
    error = float((np.abs(means - accuracies) * images).sum() / images.sum())
    rows = zip(means.tolist(), accuracies.tolist(), images.tolist(), strict=True)
    return Calibration(error, tuple(Bin(*row) for row in rows))


def agreement(answers: Labels, people: Labels) -> Mean | None:
    """Whether two photos of one person get the same answers.

    Over all pairs of photos of one person: the share of the T answers that both have, averaged
    within each person, then over people, so that a person with many photos weighs no more than
    another. Counts give the same as a walk over all pairs: where a class is named in m of a
    person's photos, m (m - 1) / 2 pairs share it.

    Args:
        answers: (N, T), the best T classes of each photo.
        people: (N,) numbers of the people in the photos.

    Returns:
        None where nobody has two photos.
    """
    shares = []
    for person in np.unique(people):
        own = answers[people == person]
        if pairs := math.comb(len(own), 2):
            shares.append(_shared(own) / pairs / own.shape[1])
    return mean(shares) if shares else None


def _shared(named: Labels) -> int:
    """Pairs of equal entries."""
    counts = np.unique(named, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


def over_people(true: Bools, people: Labels) -> Mean | None:
    """The share of true values, averaged within each person, then over people.

    Args:
        true: (N,).
        people: (N,) numbers of the people.

    Returns:
        None where there is nothing.
    """
    shares = [float(true[people == person].mean()) for person in np.unique(people)]
    return mean(shares) if shares else None


def mean(values: Sequence[float]) -> Mean:
    """The mean of one value a person, with its 95 % bootstrap interval over people.

    Source: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979;
    percentiles of 1,000 resamples, the same ones every time.
    """
    array, rng = np.asarray(values, dtype=np.float64), np.random.default_rng(0)
    draws = [rng.choice(array, len(array)).mean() for _ in range(_RESAMPLES)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return Mean(value=float(array.mean()), low=float(low), high=float(high), people=len(array))


def false_agreement(first: Labels, people: Labels) -> float | None:
    """How often a photo of one and a photo of another person get the same first answer.

    Averaged over all pairs of people, each pair by all its photos, so that a person with many
    photos weighs no more than another. Where p is the share of a person's photos that get a star,
    (Σ p)² - Σ p² over people, summed over stars, is twice the sum over pairs of people.

    Args:
        first: (N,) first answers.
        people: (N,) numbers of the people in the photos.

    Returns:
        None where all photos show one person.
    """
    _, person, photos = np.unique(people, return_inverse=True, return_counts=True)
    count = len(photos)
    if count < 2:
        return None
    shares = np.zeros((count, int(first.max()) + 1))
    np.add.at(shares, (person, first), 1 / photos[person])
    same = (shares.sum(axis=0) ** 2).sum() - (shares**2).sum()
    return max(0.0, float(same)) / (count * (count - 1))


def top_star(first: Labels, people: Labels) -> tuple[int, float, float]:
    """The first answer that most people get.

    Args:
        first: (N,) first answers.
        people: (N,) numbers of the people in the photos; each person weighs the same.

    Returns:
        The class, the share of people who get it, and the share of photos that get it.
    """
    _, person, photos = np.unique(people, return_inverse=True, return_counts=True)
    of_people = np.bincount(first, 1 / photos[person]) / len(photos)
    star = int(of_people.argmax())
    return star, float(of_people[star]), float((first == star).mean())


def confusions(labels: Labels, first: Labels) -> list[tuple[int, int, int]]:
    """Wrong first answers: true class, answered class, and how many images, most images first.

    Args:
        labels: (N,) true classes.
        first: (N,) first answers.
    """
    wrong = np.stack([labels, first])[:, labels != first]
    pairs, counts = np.unique(wrong, axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(int(pairs[0, i]), int(pairs[1, i]), int(counts[i])) for i in order]


def by_class(labels: Labels, right: Bools, classes: int) -> tuple[Labels, Labels]:
    """Test images of each class, and right ones among them: (K,) int64 both.

    Args:
        labels: (N,) true classes.
        right: (N,) whether the first answer was right.
        classes: K.
    """
    images = np.bincount(labels, minlength=classes)
    return images, np.bincount(labels[right], minlength=classes)


def ranges_of_images(train_images: Labels) -> Labels:
    """(N,) which of `IMAGES_A_CLASS` each number of training images (N,) falls into."""
    return np.searchsorted(_LOWER_ENDS, train_images, side="right").astype(np.int64)


def by_images(train_images: Labels, right: Bools) -> tuple[Tested, ...]:
    """The share of right answers by how many training images a class has, few first.

    Args:
        train_images: (N,) training images of each test image's class.
        right: (N,) whether the first answer was right.
    """
    ranges = ranges_of_images(train_images)
    return tuple(
        Tested(IMAGES_A_CLASS[number], share(right[ranges == number]))
        for number in np.unique(ranges)
    )
