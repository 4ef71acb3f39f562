"""Similarity explained on real pairs: what 50 and 90 mean."""

from __future__ import annotations

import numpy as np

from starlike.evaluate.methods import Scored, Verdicts
from starlike.files import sample
from starlike.files.sample import Labels, Sample
from starlike.metrics import measures
from starlike.metrics.figures import Similarity
from starlike.metrics.values import Similarities
from starlike.model.classes import Classes
from starlike.model.similarity import similarity as shown
from starlike.records import EncoderCard, Floats

EVEN, HIGH = 50, 90
"""The similarities that are explained."""

_EDGES = np.arange(0, 101, 4)
_OF_A_PERSON, _AT_RANDOM = 10, 20_000
_SEED = 0


def similarity(network: Scored, verdicts: Verdicts, opened: Sample, known: Classes) -> Similarity:
    """How similar photos are to first answers, to others of the person, and to other people's.

    Args:
        network: what the network answered.
        verdicts: the similarities that it shows.
        opened: the sample, all of whose kept photos are paired.
        known: the classes of the model, which say which of its embeddings to take.
    """
    everyone = sample.select(opened, known.embed_from)
    rng = np.random.default_rng(_SEED)
    return Similarity(
        edges=tuple(map(float, _EDGES)),
        known=_summary(_of_first(network.known, verdicts.known_similarity)),
        unknown=_summary(_of_first(network.unknown, verdicts.unknown_similarity)),
        one_person=_summary(
            _between(everyone.embeddings, of_one_person(everyone.labels, rng), known.card)
        ),
        different=_summary(
            _between(everyone.embeddings, of_two_people(everyone.labels, rng), known.card)
        ),
    )


def _of_first(scores: Floats, similarities: Floats) -> Floats:
    """(N,) similarities of the first answers, of scores and similarities (N, K)."""
    first = measures.best(scores, 1)
    return np.asarray(np.take_along_axis(similarities, first, axis=1)[:, 0])


def _between(embeddings: Floats, pairs: Labels, card: EncoderCard) -> Floats:
    apart = np.linalg.norm(embeddings[pairs[:, 0]] - embeddings[pairs[:, 1]], axis=1)
    return shown(apart, card)


def of_one_person(people: Labels, rng: np.random.Generator) -> Labels:
    """(P, 2) rows of two photos of one person: ten draws of each person with two or more.

    Args:
        people: (N,) numbers of the people in the photos.
        rng: draws.
    """
    drawn = []
    for person in np.unique(people):
        own = np.flatnonzero(people == person)
        if len(own) > 1:
            drawn += [rng.choice(own, 2, replace=False) for _ in range(_OF_A_PERSON)]
    return np.array(drawn, dtype=np.int64).reshape(-1, 2)


def of_two_people(people: Labels, rng: np.random.Generator) -> Labels:
    """(P, 2) rows of photos of two different people, who all weigh the same; P = 20,000.

    Args:
        people: (N,) numbers of the people in the photos.
        rng: draws.
    """
    _, person, photos = np.unique(people, return_inverse=True, return_counts=True)
    if len(photos) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    one = rng.integers(len(photos), size=_AT_RANDOM)
    other = (one + rng.integers(1, len(photos), size=_AT_RANDOM)) % len(photos)
    rows, starts = np.argsort(person, kind="stable"), np.cumsum(photos) - photos
    pairs = np.stack([one, other], axis=1)
    return np.asarray(rows[starts[pairs] + rng.integers(photos[pairs])], dtype=np.int64)


def _summary(values: Floats) -> Similarities | None:
    if not len(values):
        return None
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return Similarities(
        pairs=len(values),
        low=low,
        median=median,
        high=high,
        reach_50=float((values >= EVEN).mean()),
        reach_90=float((values >= HIGH).mean()),
        counts=tuple(np.histogram(values, _EDGES)[0].tolist()),
    )
