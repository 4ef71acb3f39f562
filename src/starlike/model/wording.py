"""What people are told of an answer, in the same words on the page and in the terminal."""

from __future__ import annotations

from starlike.records import Verdict

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
