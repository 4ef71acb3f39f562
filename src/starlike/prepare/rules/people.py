"""Rules for who is shown: several faces none of which is meant, and other people."""

from __future__ import annotations

import numpy as np

from starlike.embeddings import class_means, distances
from starlike.prepare.agreement import Core, core, wrong_people
from starlike.prepare.analysis import Analysis
from starlike.prepare.images import ClassImages, Images, Mask, Rows
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules.base import ClassRule, LeftOut, Means, SampleRule
from starlike.records import Floats

_DISTANCES = 1 << 22
"""Distances that are computed at a time, 2048 images at most: 16 MiB."""


def _several_faces(images: ClassImages, policy: PolicyInSpace) -> dict[int, LeftOut | Means]:
    """Among several faces, the one that is like the class's other images, or much larger.

    A portrait is of the person whose face is much larger, and tells the faces of the others.
    """
    told = np.array(
        [
            len(analysis.faces) == 1 or bool(sure and _has_main_face(analysis, policy))
            for analysis, sure in zip(images.analyses, images.portraits, strict=True)
        ]
    )
    mean = _agreed_mean(images, np.flatnonzero(told), policy)
    found: dict[int, LeftOut | Means] = {}
    for n in np.flatnonzero(~told).tolist():
        analysis = images.analyses[n]
        chosen = None if mean is None else _own_face(analysis, mean, policy)
        if chosen is None and _has_main_face(analysis, policy):
            chosen = 0
        found[n] = (
            LeftOut(f"{analysis.found} faces, none of them clearly the person")
            if chosen is None
            else Means(chosen)
        )
    return found


def _has_main_face(analysis: Analysis, policy: PolicyInSpace) -> bool:
    """Whether the largest face is much larger than the next."""
    areas = [face.box.area for face in analysis.faces]
    return areas[0] >= policy.main_face * areas[1]


def _own_face(analysis: Analysis, mean: Floats, policy: PolicyInSpace) -> int | None:
    apart = np.linalg.norm(analysis.averaged() - mean, axis=1)
    nearest = int(apart.argmin())
    return nearest if apart[nearest] < policy.own_face else None


def _agreed_mean(images: Images, rows: Rows, policy: PolicyInSpace) -> Floats | None:
    """The mean of those of the rows, all of one class, that agree on who it is."""
    if not len(rows):
        return None
    return _mean(images, rows[_core(images, rows, policy).inside])


def _core(images: Images, rows: Rows, policy: PolicyInSpace) -> Core:
    sources = np.unique(images.sources[rows].astype(str), return_inverse=True)[1]
    return core(images.averaged[rows], images.portraits[rows], sources, policy)


def _mean(images: Images, rows: Rows) -> Floats:
    (mean,), _ = class_means(images.averaged[rows], np.zeros(len(rows), dtype=np.int64), 1)
    return np.asarray(mean)


def _wrong_people(images: Images, policy: PolicyInSpace) -> dict[int, LeftOut]:
    """Whoever is far from the images of a class that agree is another person."""
    classes = list(images.by_class())
    cores = [_core(images, rows, policy) for rows in classes]
    means = np.zeros((len(images.classes), images.averaged.shape[1]), dtype=np.float32)
    empty = np.ones(len(images.classes), dtype=np.bool_)
    for rows, agreed in zip(classes, cores, strict=True):
        if agreed.inside.any():
            label = images.labels[rows[0]]
            means[label], empty[label] = _mean(images, rows[agreed.inside]), False
    nearest, away = _other_class(images, means, empty)
    found = {}
    for rows, agreed in zip(classes, cores, strict=True):
        own, to_others = images.averaged[rows], away[rows]
        rival = agreed.nearest_rival(own)
        gone = wrong_people(own, images.portraits[rows], agreed, to_others, policy)
        for position, apart in gone.items():
            reason = f"distance {apart:.2f} to the class's other images"
            if rival[position] < min(apart, to_others[position]):
                reason += f", {rival[position]:.2f} to those of somebody else among them"
            elif to_others[position] < apart:
                other = images.classes[nearest[rows[position]]]
                reason += f", {to_others[position]:.2f} to {other}"
            found[int(rows[position])] = LeftOut(reason)
    return found


def _other_class(images: Images, means: Floats, empty: Mask) -> tuple[Rows, Floats]:
    """The nearest other class of each image, and the distance to its mean."""
    nearest = np.empty(len(images), dtype=np.int64)
    away = np.empty(len(images), dtype=np.float32)
    block = max(1, min(2048, _DISTANCES // len(means)))
    for start in range(0, len(images), block):
        rows = slice(start, start + block)
        to_means = distances(images.averaged[rows], means)
        to_means[:, empty] = np.inf
        to_means[np.arange(len(to_means)), images.labels[rows]] = np.inf
        nearest[rows], away[rows] = to_means.argmin(axis=1), to_means.min(axis=1)
    return nearest, away


SEVERAL_FACES = ClassRule(
    code="several_faces",
    meaning="Several faces, and none is clearly the person: none lies within {own_face:g} of the "
    "class's mean face, and the largest is not {main_face:g} times as large as the next.",
    whole=True,
    apply=_several_faces,
)
WRONG_PERSON = SampleRule(
    code="wrong_person",
    meaning="Another person, it seems: the face lies more than {far:g} away from the mean of the "
    "images that agree on who the class is (its portrait among them, where it has one), or more "
    "than {doubtful:g} and nearer to another class, or nearer to a group of images that agree on "
    "somebody else. The first two figures are larger where few images agree, and smaller where "
    "those of the class lie close together.",
    apply=_wrong_people,
)
