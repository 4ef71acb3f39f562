"""Rules for the same photo over again: the same file, or one that differs a little.

Near duplicates are photos that differ in their size, their quality or by a moment.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from starlike.embeddings import class_means, distances
from starlike.prepare.images import ClassImages, Images, Rows
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules.base import ClassRule, LeftOut, SampleRule
from starlike.records import Floats

_BLOCK = 2048
"""Images that are compared with as many others at a time: 16 MiB of distances."""

_SLACK = 1e-4
"""What squared distances may be off that are computed all at once in float32."""

_LARGE_FACE = 150
"""Pixels from which on a face is as good as a larger one."""


def _same_files(images: ClassImages, _policy: PolicyInSpace) -> dict[int, LeftOut]:
    first: dict[str, int] = {}
    found = {}
    for n, content in enumerate(images.contents):
        earlier = first.setdefault(content, n)
        if earlier != n:
            found[n] = LeftOut(f"the same file as {images.images[earlier]}", instead=earlier)
    return found


def _near_duplicates(images: ClassImages, policy: PolicyInSpace) -> dict[int, LeftOut]:
    """Of each set of near duplicates the largest and sharpest face stays."""
    apart = distances(images.embeddings, images.embeddings)
    first, second = np.nonzero(apart < policy.same_photo)
    alike = _alike(images, first, second, apart[first, second], policy)
    quality = list(zip(np.minimum(images.sides, _LARGE_FACE), images.sharpness, strict=True))
    found = {}
    for together in _joined(len(images), first[alike], second[alike]):
        best = max(together, key=quality.__getitem__)
        reason = f"nearly the same as {images.images[best]}"
        found.update({n: LeftOut(reason, instead=best) for n in together if n != best})
    return found


def _other_names(images: Images, policy: PolicyInSpace) -> dict[int, LeftOut]:
    """One photo under several names stays with the class whose other images it is like."""
    own = _distance_to_own(images)
    found = {}
    for a, b in _pairs_across(images, policy):
        loser, winner = sorted((a, b), key=lambda n: -own[n])
        for n, other in ((loser, winner), (winner, loser)):
            if n == loser or own[n] > policy.doubtful:
                name = images.images[other]
                found[n] = LeftOut(f"nearly the same as {name}, which has another name")
    return found


def _alike(images: Images, first: Rows, second: Rows, apart: Floats, policy: PolicyInSpace) -> Rows:
    """Of pairs within `same_photo`, those that are near duplicates by distance or by hash."""
    bits = (images.hashes[first] != images.hashes[second]).sum(axis=1)
    return np.flatnonzero((bits <= policy.same_hash) | (apart < policy.same_face))


def _joined(count: int, first: Rows, second: Rows) -> Iterator[list[int]]:
    """Sets of two or more of so many positions that are joined by pairs."""
    links = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(count, count))
    parts, part = connected_components(links, directed=False)
    for number in range(parts):
        members = np.flatnonzero(part == number).tolist()
        if len(members) > 1:
            yield members


def _pairs_across(images: Images, policy: PolicyInSpace) -> list[tuple[int, int]]:
    """Near duplicates of two classes, in order.

    Every image is compared with every other one: N²/2 products of D numbers. They go through in
    blocks, so that memory does not grow; `docs/benchmarks.md` says how long it takes.
    """
    pairs: list[tuple[int, int]] = []
    vectors, squares = images.embeddings, (images.embeddings**2).sum(axis=1)
    for start in range(0, len(images), _BLOCK):
        a = slice(start, start + _BLOCK)
        for behind in range(start, len(images), _BLOCK):
            b = slice(behind, behind + _BLOCK)
            nearness = vectors[a] @ vectors[b].T
            nearness -= squares[b] / 2
            least = (squares[a, None] - policy.same_photo**2 - _SLACK) / 2
            first, second = np.nonzero(nearness > least)
            pairs += _checked(images, first + start, second + behind, policy)
    return sorted(pairs)


def _checked(
    images: Images, first: Rows, second: Rows, policy: PolicyInSpace
) -> Iterator[tuple[int, int]]:
    """Of pairs that may be near enough, those of two classes that are."""
    two = (first < second) & (images.labels[first] != images.labels[second])
    first, second = first[two], second[two]
    apart = np.linalg.norm(images.embeddings[first] - images.embeddings[second], axis=1)
    near = apart < policy.same_photo
    first, second, apart = first[near], second[near], apart[near]
    alike = _alike(images, first, second, apart, policy)
    return zip(first[alike].tolist(), second[alike].tolist(), strict=True)


def _distance_to_own(images: Images) -> Floats:
    """Distance of each image to the mean of its class's others; infinite where it is alone.

    None for what surely shows the person.
    """
    own = np.full(len(images), np.inf, dtype=np.float32)
    for rows in images.by_class():
        if len(rows) > 1:
            embeddings, n = images.averaged[rows], np.float32(len(rows))
            (mean,), _ = class_means(embeddings, np.zeros(len(rows), dtype=np.int64), 1)
            others = (mean * n - embeddings) / (n - 1)
            own[rows] = np.linalg.norm(embeddings - others, axis=1)
    own[images.portraits] = 0
    return own


DUPLICATE = ClassRule(
    code="duplicate",
    meaning="The very same file as another of its class.",
    apply=_same_files,
)
NEAR_DUPLICATE = ClassRule(
    code="near_duplicate",
    meaning="Nearly the same photo as another of its class: the embeddings are closer than "
    "{same_face:g}, or closer than {same_photo:g} while at most {same_hash} of 64 bits of the "
    "perceptual hashes differ. The best one is kept.",
    apply=_near_duplicates,
)
OTHER_NAME = SampleRule(
    code="other_name",
    meaning="Nearly the same photo stands under another name. It is kept only where it clearly "
    "belongs.",
    apply=_other_names,
)
