"""Whether a model tells people it knows from others, and says so when nobody resembles."""

from __future__ import annotations

import numpy as np

from starlike.evaluate.methods import Scored, Verdicts
from starlike.evaluate.questions import Questions
from starlike.files.sample import Labels
from starlike.metrics import measures
from starlike.metrics.figures import Recognition
from starlike.metrics.measures import Bools
from starlike.metrics.values import Share
from starlike.records import Floats


def recognition(network: Scored, verdicts: Verdicts, questions: Questions) -> Recognition:
    """How often users read that it is the star in person, and that nobody resembles much.

    Args:
        network: what the network answered.
        verdicts: what it says of each photo.
        questions: what it was asked.
    """
    right = measures.hits(measures.best(network.known, 1), questions.known.labels, 1)
    people = questions.unknown_people
    return Recognition(
        in_person_known=measures.share(right & (verdicts.known == "in_person")),
        in_person_unknown=measures.over_people(verdicts.unknown == "in_person", people),
        nobody_known=measures.share(verdicts.known == "nobody"),
        nobody_unknown=measures.over_people(verdicts.unknown == "nobody", people),
        wrong_and_far=_wrong_and_far(verdicts.known_similarity, questions.known.labels, right),
    )


def _wrong_and_far(similar: Floats, labels: Labels, right: Bools) -> Share | None:
    """The share of wrong ones that are less similar to their class than any right one."""
    if right.all() or not right.any():
        return None
    own = similar[np.arange(len(labels)), labels]
    return measures.share(own[~right] < own[right].min())
