"""Whether a model tells people it knows from strangers, and says so when nobody resembles."""

from __future__ import annotations

import numpy as np

from starlike.evaluate.methods import Scored, Told
from starlike.evaluate.questions import Questions
from starlike.files.sample import Labelled, Labels
from starlike.metrics import measures
from starlike.metrics.figures import Recognition
from starlike.metrics.measures import Bools
from starlike.metrics.values import Mean, Share
from starlike.records import Floats


def recognition(network: Scored, told: Told, questions: Questions) -> Recognition:
    """How often users are told that it is the star in person, and that nobody resembles much.

    Args:
        network: what the network answered.
        told: its verdicts.
        questions: what it was asked.
    """
    right = measures.hits(measures.best(network.known, 1), questions.known.labels, 1)
    return Recognition(
        measures.share(right & (told.known == "in_person")),
        _over_people(told.left_out == "in_person", questions.left_out),
        measures.share(told.known == "nobody"),
        _over_people(told.left_out == "nobody", questions.left_out),
        _wrong_and_far(told.known_similar, questions.known.labels, right),
    )


def _wrong_and_far(similar: Floats, labels: Labels, right: Bools) -> Share | None:
    """The share of wrong ones that are less similar to their class than any right one."""
    if right.all() or not right.any():
        return None
    own = similar[np.arange(len(labels)), labels]
    return measures.share(own[~right] < own[right].min())


def _over_people(true: Bools, left_out: Labelled | None) -> Mean | None:
    """The share of true values (M,), every person weighing the same."""
    if left_out is None:
        return None
    people = np.unique(left_out.labels)
    return measures.mean([float(true[left_out.labels == person].mean()) for person in people])
