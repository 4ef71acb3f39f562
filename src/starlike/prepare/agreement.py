"""Who a class is, by agreement among its own embeddings, and which of them are of other people.

The images that agree are found first: from the portrait where there is one, else from the image
that the most others are like. They grow to all that lie near their mean. If they then fall into
two groups whose means are as far apart as only two people's are, the group of the portrait, else
one that is clearly larger, is the class, and the other a rival. Whoever is far from the mean of
the class, or nearer to a rival's, is another person. So neither many wrong people nor many images
of one wrong person draw the mean to them, as they would where all images of a class have a say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from starlike.embeddings import distances
from starlike.prepare.policy import PolicyInSpace
from starlike.records import Floats

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]

_ROUNDS = 20
_TINY = 1e-30

_GROUP = 2
"""Images that make a group: one alone may be anybody."""

_MAJORITY = 1.2
"""How many times larger a group must be to be the class, where no portrait tells."""


@dataclass(frozen=True, slots=True)
class Core:
    """The images that agree on who a class is, and the means of groups that agree on another.

    Attributes:
        inside: (N,) bool.
        rivals: (R, 128) float32.
    """

    inside: Mask
    rivals: Floats

    def nearest_rival(self, embeddings: Floats) -> Floats:
        """Distance (N,) of each embedding to the nearest rival; infinite where there is none."""
        far = np.full((len(embeddings), 1), np.inf, dtype=np.float32)
        apart = np.hstack([distances(embeddings, self.rivals), far])
        return np.asarray(apart.min(axis=1))


def off(figure: float, others: Labels, policy: PolicyInSpace) -> Floats:
    """A distance to the mean of many images, as it is to the mean of so many `others` (N,).

    A mean of few lies off the person's own by itself, so that one figure holds for a portrait
    alone and for a hundred images.
    """
    return np.sqrt(figure**2 + policy.few**2 / np.maximum(others, 1)).astype(np.float32)


def core(embeddings: Floats, sure: Mask, sources: Labels, policy: PolicyInSpace) -> Core:
    """The images that agree on who the class is.

    All of them where no two agree and none is sure.

    Args:
        embeddings: (N, 128) of one class.
        sure: (N,) which images surely show the person.
        sources: (N,) a number for where each came from.
        policy: how near is near.
    """
    found = Core(sure.copy() if sure.any() else _densest(embeddings, policy.alike), embeddings[:0])
    if not sure.any() and found.inside.sum() < _GROUP:
        return Core(np.ones(len(embeddings), dtype=np.bool_), embeddings[:0])
    while True:
        found = _grown(embeddings, sure, found, policy)
        rival = _rival(embeddings, sure, sources, found.inside, policy.two_people)
        if not rival.any():
            return found
        mean = embeddings[rival].mean(axis=0, keepdims=True)
        found = Core(found.inside & ~rival, np.vstack([found.rivals, mean]))


def _grown(embeddings: Floats, sure: Mask, found: Core, policy: PolicyInSpace) -> Core:
    """The core with all who are near its mean, and nearer than to a rival's."""
    inside, rival = found.inside, found.nearest_rival(embeddings)
    for _ in range(_ROUNDS):
        apart, others = to_mean(embeddings, inside)
        nearer = sure | ((apart <= off(policy.far, others, policy)) & (apart <= rival))
        if (nearer == inside).all() or not nearer.any():
            break
        inside = nearer
    return Core(inside, found.rivals)


def _rival(
    embeddings: Floats, sure: Mask, sources: Labels, inside: Mask, two_people: float
) -> Mask:
    """Those inside who are of a second person.

    None where they are all of one person, and where nothing says which of two is the class: no
    portrait is clearly of one, and the groups are nearly of one size, or more sources show the
    smaller one.
    """
    nobody = np.zeros_like(inside)
    rows = np.flatnonzero(inside)
    if len(rows) < 2 * _GROUP:
        return nobody
    second = _two_groups(embeddings[rows])
    groups = rows[~second], rows[second]
    if min(len(group) for group in groups) < _GROUP:
        return nobody
    if _gap(*(embeddings[group] for group in groups)) < two_people:
        return nobody
    smaller, larger = sorted(groups, key=len)
    told = _told(embeddings, sure, smaller, larger)
    shown = [len(np.unique(sources[group])) for group in (smaller, larger)]
    clear = len(larger) >= _MAJORITY * len(smaller) and shown[0] <= shown[1]
    if told is not None or clear:
        nobody[larger if told is smaller else smaller] = True
    return nobody & ~sure


def _told(embeddings: Floats, sure: Mask, *groups: Labels) -> Labels | None:
    """The group that the portraits are clearly nearer to, half of the way from one to the other."""
    if not sure.any():
        return None
    means = np.stack([embeddings[group].mean(axis=0) for group in groups])
    first, second = (distances(embeddings[sure], means) ** 2).mean(axis=0)
    gap = float(((means[0] - means[1]) ** 2).sum())
    if abs(first - second) < gap / 2:
        return None
    return groups[int(second < first)]


def _two_groups(embeddings: Floats) -> Mask:
    """Two-means from the halves along the direction in which the embeddings differ most."""
    centred = embeddings - embeddings.mean(axis=0)
    axis = centred[(centred**2).sum(axis=1).argmax()]
    for _ in range(_ROUNDS):  # by powers: a full decomposition of every class takes minutes
        axis = centred.T @ (centred @ axis)
        axis = axis / max(float(np.linalg.norm(axis)), _TINY)
    second = centred @ axis > 0
    for _ in range(_ROUNDS):
        if second.all() or not second.any():
            break
        means = np.stack([embeddings[~second].mean(axis=0), embeddings[second].mean(axis=0)])
        apart = distances(embeddings, means)
        nearer = apart[:, 1] < apart[:, 0]
        if (nearer == second).all():
            break
        second = nearer
    return np.asarray(second)


def _gap(some: Floats, others: Floats) -> float:
    """Distance between two groups' means, less what their images' spread gives by chance."""
    means = some.mean(axis=0), others.mean(axis=0)
    squares = sum(
        float(((group - mean) ** 2).sum())
        for group, mean in zip((some, others), means, strict=True)
    )
    spread = squares / max(len(some) + len(others) - 2, 1)
    gap = float(((means[0] - means[1]) ** 2).sum())
    return float(np.sqrt(max(gap - spread / len(some) - spread / len(others), 0)))


def _densest(embeddings: Floats, alike: float) -> Mask:
    """The images that are like one image: that one which the most are like, and the likest."""
    apart = distances(embeddings, embeddings)
    near = apart < alike
    np.fill_diagonal(near, val=True)
    counts = near.sum(axis=1)
    spread = np.where(near, apart, 0).sum(axis=1) / counts
    return np.asarray(near[np.lexsort((spread, -counts))[0]])


def to_mean(embeddings: Floats, inside: Mask) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Distance of each image to the mean of those `inside`, itself aside, and their number.

    Infinite where there is no other one inside.
    """
    others = inside.sum() - inside.astype(np.int64)
    total = embeddings[inside].sum(axis=0, dtype=np.float64)
    sums = total - np.where(inside[:, None], embeddings, 0)
    means = (sums / np.maximum(others, 1)[:, None]).astype(np.float32)
    apart = np.linalg.norm(embeddings - means, axis=1)
    return np.where(others > 0, apart, np.inf).astype(np.float32), others


def _spread(apart: Floats, policy: PolicyInSpace) -> float:
    """How far the images of a class lie from its mean, as a share of what is usual; 1 at most.

    Those of other people are what makes a class wide, so that a wide one excuses nothing.

    Args:
        apart: the distance of each image that agrees to the mean of the others.
        policy: what is usual.
    """
    if not np.isfinite(apart).all():
        return 1.0
    own, usual = len(apart), policy.usual_images
    return min(1.0, float((own * np.median(apart) / policy.usual + usual) / (own + usual)))


def wrong_people(
    embeddings: Floats, sure: Mask, found: Core, away: Floats, policy: PolicyInSpace
) -> dict[int, float]:
    """Which images of a class are of other people, and how far each lies from the class.

    The farthest of the core goes first, and the rest are judged without it; then the others are
    judged by who is left. Two images of which none is sure say nothing of each other.

    Args:
        embeddings: (N, 128) of one class.
        sure: (N,) which images surely show the person, and stay.
        found: its core.
        away: (N,) distance of each image to the nearest mean of another class.
        policy: how far is far.
    """
    fewest = 1 if sure.any() else 2
    if len(embeddings) <= fewest:
        return {}
    rival, inside = found.nearest_rival(embeddings), found.inside.copy()
    apart, others = to_mean(embeddings, inside)
    spread = _spread(apart[inside], policy)
    while True:
        far = apart > off(policy.far * spread, others, policy)
        doubtful = (apart > off(policy.doubtful * spread, others, policy)) & (away < apart)
        wrong = (far | doubtful | (rival < apart)) & ~sure
        if inside.sum() <= fewest or not (wrong & inside).any():
            return {int(row): float(apart[row]) for row in np.flatnonzero(wrong & ~inside)}
        inside[np.where(wrong & inside, apart, -1).argmax()] = False
        apart, others = to_mean(embeddings, inside)
