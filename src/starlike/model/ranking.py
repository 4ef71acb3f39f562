"""What is said of a face, from what a scorer finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.model.scorer import Counts, Scorer, Top
from starlike.model.similarity import similarity
from starlike.records import Floats, Match, Ranking, Verdict

_LIKELY = 0.5


def rank(
    scorer: Scorer,
    embeddings: Floats,
    top: int,
    *,
    photos: Counts | None = None,
    among: Among | None = None,
) -> list[Ranking]:
    """Rank classes by each of N embeddings.

    Args:
        scorer: who answers.
        embeddings: (N, D) float32.
        top: how many classes are named, at least 1.
        photos: (N,) of how many photos of a person each is the mean; by default of one.
        among: the classes that may be named, between which probabilities are shared out; by
            default all.

    Returns:
        N rankings, best first.
    """
    counts = np.ones(len(embeddings), dtype=np.int64) if photos is None else photos
    found = scorer.top(embeddings, top, photos=counts, among=among)
    return of_top(found, scorer.classes, counts)


def of_top(found: Top, classes: Classes, photos: Counts) -> list[Ranking]:
    """What is said of N faces.

    Args:
        found: the best classes of each, one or more.
        classes: what they are called.
        photos: (N,) of how many photos each face's embedding is the mean.
    """
    return [
        of_face(
            names=[classes.names[label] for label in labels],
            similarities=similarity(found.distances[row], classes.card),
            probabilities=found.probabilities[row],
            shares=found.shares[row],
            known=None if found.known is None else float(found.known[row]),
            photos=int(photos[row]),
            nobody_below=classes.nobody_below,
        )
        for row, labels in enumerate(found.labels)
    ]


def of_face(
    *,
    names: Sequence[str],
    similarities: Floats,
    probabilities: Floats,
    shares: Floats,
    known: float | None,
    photos: int,
    nobody_below: float,
) -> Ranking:
    """What is said of a face.

    Args:
        names: of the M classes that fit it best, best first; M at least 1.
        similarities: (M,), 0 to 100.
        probabilities: (M,), which add up to 1 over all classes of the model, not over these.
        shares: (M,), which add up to 1 over the classes that might be named.
        known: the chance that the face is that of some class of the model; None where that
            cannot be told.
        photos: of how many photos the face's embedding is the mean.
        nobody_below: see `starlike.model.classes.Classes`.

    Returns:
        The classes in the same order. That it is the star in person is said where it is more
        likely than not, all people of the model considered.
    """
    matches = tuple(
        Match(name, float(share), float(shown))
        for name, share, shown in zip(names, shares, similarities, strict=True)
    )
    in_person = 0.0 if known is None else known * float(probabilities[0])
    return Ranking(
        matches=matches,
        known_probability=known,
        verdict=_verdict(in_person, matches[0], nobody_below),
        photos=photos,
    )


def _verdict(in_person: float, first: Match, nobody_below: float) -> Verdict:
    if in_person >= _LIKELY:
        return "in_person"
    return "nobody" if first.similarity < nobody_below else "resembles"
