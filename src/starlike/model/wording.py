"""What people are told of an answer, in the same words on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from starlike.records import PairVerdict, Verdict

_LEAST = 0.001


def similarity(value: float) -> str:
    """A similarity, 0 to 100, as a whole number."""
    return f"{value:.0f}"


def probability(share: float) -> str:
    """A probability, 0 to 1, in percent; a very small one is not called nothing."""
    return f"below {100 * _LEAST:g} %" if share < _LEAST else f"{100 * share:.1f} %"


def verdict(verdict: Verdict, first: str) -> str:
    """What a verdict comes to, in a sentence; a mere resemblance needs none.

    Args:
        verdict: of a ranking.
        first: the name of the first match.
    """
    if verdict == "in_person":
        return f"This seems to be {first} in person."
    if verdict == "nobody":
        return "Nobody we know resembles this face much, and that is a fine answer."
    return ""


def together(photos: int, agreeing: int) -> str:
    """On how many photos of one person an answer rests, in a sentence; none for one photo.

    Args:
        photos: how many were given.
        agreeing: how many of them count.
    """
    if photos == 1:
        return ""
    left_out = photos - agreeing
    if not left_out:
        return f"One answer from {photos} photos together."
    why = (
        "one was left out, as it could not be used or shows somebody else"
        if left_out == 1
        else f"{left_out} were left out, as they could not be used or show somebody else"
    )
    return f"One answer from {agreeing} of {photos} photos: {why}."


_OF_PAIRS: dict[PairVerdict, str] = {
    "one_person": "seem to be the same person",
    "resemble": "resemble each other",
    "unlike": "do not look much alike",
}


def pair_in_short(verdict: PairVerdict) -> str:
    """What two photos come to, in a list of pairs."""
    return _OF_PAIRS[verdict]


def pair(verdict: PairVerdict) -> str:
    """The same as a headline."""
    return f"These two {_OF_PAIRS[verdict]}"


def pair_with_number(verdict: PairVerdict, value: float) -> str:
    """The same in a sentence, with the similarity, 0 to 100."""
    return f"{pair(verdict)} ({similarity(value)} of 100)."


def child(first: str, level: Sequence[str]) -> str:
    """Whom the face in the first photo resembles most, as a headline.

    Args:
        first: what that photo is called at the beginning of a sentence.
        level: what those are called who may be the nearest; one where that is clear.
    """
    return f"{first} looks most like {level[0]}" if len(level) == 1 else "Too close to call"


def child_reason(level: Sequence[str]) -> str:
    """Why it is too close to call, in a sentence; none where it is not."""
    if len(level) == 1:
        return ""
    whom = f"{', '.join(level[:-1])} or {level[-1]}"
    return f"It may be {whom}: other photos of the same people could turn it round."


def largest_face(photo: str, faces: int) -> str:
    """Which face counts in a photo of several, in a sentence; none for one face.

    Args:
        photo: what it is called at the beginning of a sentence.
        faces: how many it shows.
    """
    return "" if faces == 1 else f"{photo} shows {faces} faces; the largest is compared."
