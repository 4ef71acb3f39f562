"""At which place one person comes in the answer to photos of another, and figures of such places.

Place 1 is the first. Of classes with the same score each has the middle of their places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from starlike.metrics.values import Number, OfPairs
from starlike.records import Floats

Kind = Literal["lookalike", "kin"]
"""What people say of a pair."""

LOOKALIKE: Kind = "lookalike"
KIN: Kind = "kin"

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What pairs of people ask, Q times: with photos of the one, where does the other come?

    Most pairs ask twice, once with each of the two.

    Attributes:
        asked: (Q,) int64, the numbers of those who are asked with.
        own: (Q,) int64, their own classes, which may not be answered; -1 for somebody in none.
        wanted: (Q,) int64, the classes of the others.
        pairs: (Q,) int64, which pair asks.
        groups: (Q,) int64, which group of people it is in; those of different groups are linked by
            no pair.
    """

    asked: Numbers
    own: Numbers
    wanted: Numbers
    pairs: Numbers
    groups: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What pairs of people asked, Q times, and at which place the other of the two came.

    Attributes:
        places: (Q,) float64, from 1 on: the median over the photos that were asked with.
        pairs, groups: (Q,) int64, as in `Sought`.
    """

    places: Reals
    pairs: Numbers
    groups: Numbers


Statistic = Callable[[Reals, Numbers], Reals]
"""Of values (Q,) and how often each counts (R, Q), a figure for each of R."""


def found(scores: Floats, people: Numbers, sought: Mapping[Kind, Sought]) -> dict[Kind, Places]:
    """The places of what was sought; a question without a photo to ask with is left out.

    Args:
        scores: (A, K) of photos, higher is better.
        people: (A,) numbers of the people in them.
        sought: what pairs ask, by their kind.

    Returns:
        By kind; one that nothing was asked of is not there.
    """
    places = {kind: _of_kind(scores, people, one) for kind, one in sought.items()}
    return {kind: one for kind, one in places.items() if len(one.places)}


def _of_kind(scores: Floats, people: Numbers, sought: Sought) -> Places:
    asked = np.flatnonzero(np.isin(sought.asked, people))
    medians = [
        np.median(place(scores[people == sought.asked[i]], sought.wanted[i], sought.own[i]))
        for i in asked
    ]
    return Places(
        places=np.array(medians, dtype=np.float64),
        pairs=sought.pairs[asked],
        groups=sought.groups[asked],
    )


def place(scores: Floats, wanted: int, own: int = -1) -> Reals:
    """At which place a class comes in each of N answers.

    Args:
        scores: (N, K), higher is better.
        wanted: the class.
        own: one that may not be answered; -1 for none.

    Returns:
        (N,) float64, from 1 on; halves where an even number of classes share a score.
    """
    allowed = np.arange(scores.shape[1]) != own
    height = scores[:, [wanted]]
    better = (scores[:, allowed] > height).sum(axis=1)
    same = (scores[:, allowed] == height).sum(axis=1)
    return np.asarray(better + (same + 1) / 2, dtype=np.float64)


def median(places: Places) -> OfPairs | Number:
    """The median place."""
    return _over_pairs(places, places.places, _median)


def within(places: Places, first: int) -> OfPairs | Number:
    """How often a place is among the first so many, as a share."""
    return _over_pairs(places, (places.places <= first).astype(np.float64), _mean)


def mean_reciprocal(places: Places) -> OfPairs | Number:
    """The mean of one divided by the place.

    Source: Voorhees, "The TREC-8 question answering track report", TREC 1999.
    """
    return _over_pairs(places, 1 / places.places, _mean)


def _over_pairs(places: Places, values: Reals, statistic: Statistic) -> OfPairs | Number:
    """A figure of values (Q,) with its 95 % bootstrap interval, over groups of people.

    Pairs that share a person tell less than as many of other people, so groups are drawn as a
    whole. Of a single one there is no interval. Source: as `measures.mean`; clusters as in Davison
    and Hinkley, "Bootstrap methods and their application", 1997, section 3.8.
    """
    value = float(statistic(values, np.ones((1, len(values)), dtype=np.int64))[0])
    _, group = np.unique(places.groups, return_inverse=True)
    count = int(group.max()) + 1
    if count == 1:
        return Number(value=value)
    times = np.random.default_rng(0).multinomial(count, [1 / count] * count, size=_RESAMPLES)
    low, high = np.quantile(statistic(values, times[:, group]), (0.025, 0.975))
    pairs = len(np.unique(places.pairs))
    return OfPairs(value=value, low=float(low), high=float(high), pairs=pairs)


def _mean(values: Reals, times: Numbers) -> Reals:
    return np.asarray(times @ values / times.sum(axis=1))


def _median(values: Reals, times: Numbers) -> Reals:
    order = np.argsort(values)
    counted = times[:, order].cumsum(axis=1)
    middle = counted[:, -1:] // 2, (counted[:, -1:] - 1) // 2
    upper, lower = (values[order][(counted > half).argmax(axis=1)] for half in middle)
    return np.asarray((lower + upper) / 2)
