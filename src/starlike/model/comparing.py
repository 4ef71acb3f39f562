"""How alike the people in several photos are, and whom of the others the first resembles.

What is measured of it, and how the figures here were chosen, is in `docs/experiments.md`; they are
multiples of the distance where the encoder's card draws the line between one person and two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from starlike.embeddings import distances
from starlike.errors import PhotoError, TooFewPhotosError
from starlike.model.similarity import similarity
from starlike.records import (
    ChildLikeness,
    Compared,
    Comparison,
    Embedding,
    EncoderCard,
    Floats,
    Pair,
    PairVerdict,
)

RESEMBLING = 1.18
"""Up to this distance two people resemble each other: of two at random, one pair in twenty does."""

CLEAR = 0.21
"""Who is nearer by less may be farther in another photo, in more than one case of five."""

Photo = tuple[str, Sequence[Embedding]]
"""The name of a photo and the embeddings of its faces, largest first, one or more."""

Tried = tuple[str, Sequence[Embedding] | PhotoError]
"""The same, or why the photo cannot be used."""


def check(count: int, *, child: bool) -> None:
    """See that there are enough photos to compare: two, or with a child three.

    Raises:
        TooFewPhotosError: there are not.
    """
    if child and count < 3:
        raise TooFewPhotosError(
            "to tell whom a child looks like takes three photos or more: first the child, then "
            "those to choose from"
        )
    if count < 2:
        raise TooFewPhotosError("comparing takes two photos or more; give another one")


def usable(tried: Sequence[Tried], *, child: bool) -> list[Photo]:
    """The photos that can be compared.

    Raises:
        TooFewPhotosError: there were too few from the start; see `check`.
        PhotoError: of the first photo that cannot be used, where without it the question has no
            answer: too few are left, or the child is not among them.
    """
    check(len(tried), child=child)
    left = [(name, found) for name, found in tried if not isinstance(found, PhotoError)]
    failed = [found for _, found in tried if isinstance(found, PhotoError)]
    without_child = child and isinstance(tried[0][1], PhotoError)
    if failed and (len(left) < (3 if child else 2) or without_child):
        raise failed[0]
    return left


def compare(photos: Sequence[Photo], card: EncoderCard, *, child: bool = False) -> Comparison:
    """Compare the largest face of each photo with that of each other.

    Args:
        photos: two or more.
        card: of the encoder whose embeddings these are.
        child: whether to tell whom of the others the first resembles; then three or more.

    Raises:
        TooFewPhotosError: there are too few; see `check`.
    """
    check(len(photos), child=child)
    vectors = np.stack([faces[0].vector for _, faces in photos])
    apart = distances(vectors, vectors)
    alike = similarity(apart, card)
    return Comparison(
        photos=tuple(
            Compared(name=name, box=faces[0].face.box, faces=len(faces)) for name, faces in photos
        ),
        similarities=alike,
        pairs=tuple(
            Pair(
                first=first,
                second=second,
                similarity=float(alike[first, second]),
                verdict=_verdict(float(apart[first, second]), card),
            )
            for first, second in combinations(range(len(photos)), 2)
        ),
        child=_likeness(apart[0, 1:], card) if child else None,
    )


def _verdict(distance: float, card: EncoderCard) -> PairVerdict:
    if distance <= card.same_person:
        return "one_person"
    return "resemble" if distance <= RESEMBLING * card.same_person else "unlike"


def _likeness(apart: Floats, card: EncoderCard) -> ChildLikeness:
    """Whom the first resembles, by its distances (N - 1,) to the others."""
    order = np.argsort(apart, kind="stable")
    behind = apart[order] - apart[order[0]]
    return ChildLikeness(
        nearest=tuple(int(place) + 1 for place in order),
        level=int((behind < CLEAR * card.same_person).sum()),
    )
