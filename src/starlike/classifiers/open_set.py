"""How likely a face is one of the classes, and not merely like one of them.

A class and an unknown person are both taken for normal distributions around their own mean, whose
spread within people and between them is estimated from the training images. What is compared is
how well a face fits the nearest class, and how well it fits nobody in particular. Source: Ioffe,
"Probabilistic Linear Discriminant Analysis", ECCV 2006.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from starlike.classifiers.lda_space import LdaSpace, Wide, shrunk
from starlike.embeddings import class_means
from starlike.files.sample import Labelled, Labels
from starlike.records import Floats

# The share of the spread within people that is taken for the same in every direction. Chosen on
# folds: 0.3 to 0.5 told unknown people from classes best.
_SHRINKAGE = 0.4
_LEAST_SPREAD = 1e-3
_MOST_PHOTOS = 3
_DRAWS = 3
# To take somebody in the classes for an unknown person is worse than the reverse.
_KNOWN_WEIGHS = 2.0
# The logit of the chance where there is nothing to learn it from.
_CERTAIN = 20.0
# Where no person has two different images, nothing says how far two photos of one person lie
# apart. This is how far they lay from their mean in the model that ships, in units of the card's
# `same_person`.
_USUAL_TO_MEAN = 8 / 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The log-likelihood ratio of each class against nobody: linear in z and z².

    Attributes:
        space: in which z are the coordinates.
        linear, squared: (d, K).
        constant: (K,).
    """

    space: LdaSpace
    linear: Wide
    squared: Wide
    constant: Wide

    def of(self, embeddings: Floats) -> Wide:
        """(N, K) of embeddings (N, D)."""
        z = self.space.project(embeddings)
        return np.asarray(z @ self.linear + z**2 @ self.squared + self.constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSetHead:
    """The chance that a face is one of the classes.

    It is the logistic function of `slope * r + few * (1 / photos) + offset`, where r is the
    largest ratio among the classes and `photos` are those that the embedding is the mean of.
    """

    ratio: Ratio
    slope: float
    few: float
    offset: float

    def of(self, embeddings: Floats, photos: int | Labels = 1) -> Floats:
        """The chances (N,) float32.

        Args:
            embeddings: (N, D) float32.
            photos: of how many photos each is the mean; one number for all, or (N,).
        """
        best = self.ratio.of(embeddings).max(axis=1)
        return np.asarray(expit(self.slope * best + self.few / photos + self.offset), np.float32)


def fit(images: Labelled, seed: int) -> OpenSetHead:
    """Estimate it from training images.

    Known faces are images that their own class's mean did without, unknown ones are images whose
    own class is left out; each is seen alone, and as the mean of two and of three.
    """
    means, counts = class_means(images.embeddings, images.labels, len(images.classes))
    space = _space(images, means, counts)
    ratio = _ratio(space, space.project(means), counts)
    if counts.max() < 2:
        return OpenSetHead(ratio=ratio, slope=0.0, few=0.0, offset=_CERTAIN)
    rows, known = _examples(images, means, counts, ratio, np.random.default_rng(seed))
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  heavy

    weights = np.where(known, _KNOWN_WEIGHS / known.sum(), 1 / (~known).sum()) * len(known)
    # Counted from one photo, `few` stays 0 where there are no examples of several.
    fitted = LogisticRegression(C=1e3).fit(rows - np.array([0, 1]), known, weights)
    slope, few = fitted.coef_[0].tolist()
    offset = float(fitted.intercept_[0]) - few
    return OpenSetHead(ratio=ratio, slope=slope, few=few, offset=offset)


def _space(images: Labelled, means: Floats, counts: Labels) -> LdaSpace:
    within = _within(images, means, counts)
    present = counts > 0
    centre = means[present].mean(axis=0, dtype=np.float64)
    spread = (
        np.cov(means[present].T.astype(np.float64)) if present.sum() > 1 else np.eye(len(within))
    )
    # Means of few images scatter by themselves; that is not a difference between people.
    spread = spread - within * (1 / counts[present]).mean()
    space = LdaSpace.of(centre, within, spread)
    # The widest direction is kept even where few images leave none that is more than chance.
    space = space.first(max(1, int((space.between > _LEAST_SPREAD).sum())))
    return replace(space, between=np.maximum(space.between, _LEAST_SPREAD))


def _within(images: Labelled, means: Floats, counts: Labels) -> Wide:
    """The covariance within people, every person weighing as the root of their images."""
    size = images.embeddings.shape[1]
    several = counts[images.labels] > 1
    labels = images.labels[several]
    n = counts[labels].astype(np.float64)
    apart = (images.embeddings[several] - means[labels]) * np.sqrt(n / (n - 1))[:, None]
    if not apart.any():
        usual = (_USUAL_TO_MEAN * images.card.same_person) ** 2 / size
        return np.asarray(np.eye(size) * usual)
    weights = n**-0.5
    found = (apart * weights[:, None]).T @ apart / weights.sum()
    # Of few images the spread would fit these images, and find everybody else too far.
    free = len(labels) - len(np.unique(labels))
    return shrunk(found, max(_SHRINKAGE, size / (size + free)))


def _ratio(space: LdaSpace, means: Wide, counts: npt.NDArray[np.int64]) -> Ratio:
    """The ratio for classes of projected means (K, d) that rest on so many images."""
    between, n = space.between, np.maximum(counts, 1)[:, None]
    share = n * between / (n * between + 1)
    mean, variance = share * means, 1 + between / (n * between + 1)
    nobody = 1 + between
    constant = np.log(nobody / variance) - mean**2 / variance
    return Ratio(
        space=space,
        linear=(mean / variance).T,
        squared=(0.5 / nobody - 0.5 / variance).T,
        constant=0.5 * constant.sum(axis=1),
    )


def _examples(
    images: Labelled, means: Floats, counts: Labels, ratio: Ratio, rng: np.random.Generator
) -> tuple[Wide, npt.NDArray[np.bool_]]:
    """Faces of known and unknown people: (M, 2) ratio and 1 / photos, (M,) whether known."""
    rows, known = [], []
    for photos in range(1, _MOST_PHOTOS + 1):
        for _ in range(_DRAWS):
            drawn = _drawn(images.labels, photos, rng)
            asked = images.embeddings[drawn].mean(axis=1)
            owner = images.labels[drawn[:, 0]]
            others = ratio.of(asked)
            others[np.arange(len(owner)), owner] = -np.inf
            unknown = others.max(axis=1)
            own, has_more = _without_them(images, means, counts, ratio.space, drawn, owner)
            # Unknown people alone would teach that whoever shows so many photos is one.
            if not has_more.any():
                continue
            for values, is_known in (
                (unknown, False),
                (np.maximum(own, unknown)[has_more], True),
            ):
                rows.append(np.stack([values, np.full(len(values), 1 / photos)], axis=1))
                known.append(np.full(len(values), is_known))
    return np.concatenate(rows), np.concatenate(known)


def _drawn(labels: Labels, photos: int, rng: np.random.Generator) -> Labels:
    """So many different images (M, photos) of each person who has as many."""
    shuffled = rng.permutation(len(labels))
    people = [shuffled[labels[shuffled] == label] for label in np.unique(labels)]
    drawn = [own[:photos] for own in people if len(own) >= photos]
    return np.array(drawn, dtype=np.int64).reshape(-1, photos)


def _without_them(
    images: Labelled, means: Floats, counts: Labels, space: LdaSpace, drawn: Labels, owner: Labels
) -> tuple[Wide, npt.NDArray[np.bool_]]:
    """How drawn images fit their own class without them, (M,), and whether it has others, (M,)."""
    photos = drawn.shape[1]
    asked = images.embeddings[drawn].mean(axis=1, dtype=np.float64)
    left = counts[owner] - photos
    rest = means[owner] * counts[owner, None] - asked * photos
    rest = rest / np.maximum(left, 1)[:, None]
    own = _ratio(space, space.project(rest), left)
    z = space.project(asked)
    values = (z * own.linear.T).sum(axis=1) + (z**2 * own.squared.T).sum(axis=1) + own.constant
    return np.asarray(values), left > 0
