"""Figures in words."""

from __future__ import annotations

from typing import Any

_JSON = dict[str, Any]

GAP = 0.03
"""How far below the average a group is named."""

_KINDS = {
    "one_person": "two photos of one person",
    "known": "a photo of a known person and the first star named for it",
    "look_alike": "a photo of someone in no class and the first star named for it",
    "different": "photos of two different people",
}


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.{digits(share)}f} %"


def digits(share: float) -> int:
    """Decimals that a share is told with in per cent: one, below 1 % two."""
    return 2 if 0 < share < 0.01 else 1


def interval(value: _JSON) -> str:
    """The interval of a share or a mean."""
    return f"{100 * value['low']:.1f} to {percent(value['high'])}"


def gaps(grouping: _JSON, everyone: _JSON) -> list[str]:
    """A sentence for each figure of the network that is more than three points below the average.

    Args:
        grouping: of `metrics.json`.
        everyone: what a group holds, of all images.
    """
    return [
        _gap(group, what, found, of_all)
        for group in grouping["groups"]
        for (what, found), (_, of_all) in zip(_judged(group), _judged(everyone), strict=True)
        if found and of_all and of_all["value"] - found["value"] > GAP
    ]


def _judged(group: _JSON) -> tuple[tuple[str, _JSON | None], ...]:
    """The figures of a group of which more is better."""
    return (
        ("right first answers", group["methods"][0]["top_1"]),
        ("faces found", group["faces_found"]),
        ("same star again", group["methods"][0]["consistency"]),
    )


def _gap(group: _JSON, what: str, found: _JSON, of_all: _JSON) -> str:
    images = found.get("images")
    of = f"of {images:,} images" if images else f"for {group['people']:,} people in no class"
    points = 100 * (of_all["value"] - found["value"])
    chance = " Chance alone may explain it." if found["high"] >= of_all["value"] else ""
    return (
        f"{group['name']}: {what} {percent(found['value'])} {of} ({interval(found)}), "
        f"{points:.1f} points below the average of {percent(of_all['value'])}.{chance}"
    )


def over_models(figures: _JSON) -> str:
    """What ± means; empty for a single model.

    Args:
        figures: the content of `metrics.json`.
    """
    if not figures["spreads"]:
        return ""
    top_1 = figures["methods"][0]["top_1"]
    return (
        f"Mean ± standard deviation over {figures['about']['models']} models of the same recipe, "
        "each with other people left out of the classes. The test images are the same but "
        f"for these people: with {top_1['images']:,} of them, chance alone moves right first "
        f"answers by another {50 * (top_1['high'] - top_1['low']):.1f} points either way."
    )


def similarities(similarity: _JSON) -> list[tuple[str, _JSON]]:
    """The kinds of pairs that were measured, in words, with their figures.

    Args:
        similarity: of `metrics.json`.
    """
    return [
        (words, similarity[kind]) for kind, words in _KINDS.items() if similarity[kind] is not None
    ]


def explained(similarity: _JSON) -> list[str]:
    """What similarities of 50 and 90 mean, each in a sentence.

    Args:
        similarity: of `metrics.json`.
    """
    kinds = similarities(similarity)
    return [
        f"A similarity of {height} or more is reached by "
        + "; by ".join(f"{words} in {percent(found[f'reach_{height}'])}" for words, found in kinds)
        + "."
        for height in (50, 90)
    ]


def recognised(recognition: _JSON) -> list[str]:
    """How often users are told that it is the star in person, and that nobody resembles much.

    Args:
        recognition: of `metrics.json`.
    """
    known, nobody = recognition["in_person_known"], recognition["nobody_known"]
    far = recognition["wrong_and_far"]
    return [
        f"Of test photos of people it knows, {_told(known)} are said to be the right star in "
        f"person{_of_strangers('are, wrongly', recognition['in_person_left_out'])}",
        f"Of test photos of people it knows, {_told(nobody)} are said to resemble nobody much"
        f"{_of_strangers('are', recognition['nobody_left_out'])}",
        *([_wrong(far)] if far and far["hits"] else []),
    ]


def _wrong(far: _JSON) -> str:
    return (
        f"Of the {far['images']:,} test photos with a wrong first answer, {far['hits']:,} are less "
        "similar to their own class than any photo that is answered rightly. Most likely they "
        "stand under a wrong name, so no model could be right about them."
    )


def _of_strangers(what: str, left_out: _JSON | None) -> str:
    return f"; of photos of people in no class {_told(left_out)} {what}." if left_out else "."


def _told(value: _JSON) -> str:
    return f"{percent(value['value'])} ({interval(value)})"
