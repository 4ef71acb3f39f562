"""What is said of a face, from the numbers that the classifier gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from starlike.records import Floats, Match, Ranking, Verdict

_LIKELY = 0.5


def of_face(
    names: Sequence[str],
    probabilities: Floats,
    similarities: Floats,
    known: float,
    photos: int,
    top: int,
    nobody_below: float,
) -> Ranking:
    """Rank M classes by one face.

    Args:
        names: of the classes that may be named.
        probabilities: (M,), which add up to 1 over all classes of the model, not over these.
        similarities: (M,), 0 to 100.
        known: the chance that the face is that of some class of the model.
        photos: of how many photos the face's embedding is the mean.
        top: how many classes are named.
        nobody_below: see `starlike.model.store.Classes`.

    Returns:
        Most probable first, of equally probable classes the most similar. That it is the star in
        person is said where it is more likely than not, all people of the model considered.
    """
    order = np.lexsort((-similarities, -probabilities))[:top]
    shares = _shares(probabilities)
    matches = tuple(Match(names[k], float(shares[k]), float(similarities[k])) for k in order)
    in_person = known * float(probabilities[order[0]])
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


def _shares(probabilities: Floats) -> npt.NDArray[np.float64]:
    """Probabilities (M,) so that they add up to 1 among these classes."""
    whole = probabilities.sum(dtype=np.float64)
    # Among a few people whom a face is nothing like, all of them can be too small for a float32.
    return probabilities / whole if whole else np.full(len(probabilities), 1 / len(probabilities))
