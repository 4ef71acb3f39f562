"""Figures in words."""

from __future__ import annotations

from collections.abc import Sequence

from starlike.metrics.declaration import HIGHER, Declaration
from starlike.metrics.figures import Figures, Group, Grouping, Recognition, Similarity
from starlike.metrics.shown import percent
from starlike.metrics.values import Mean, OfPairs, Share, Similarities, Value, ends

GAP = 0.03
"""How far below the average a group is named, as a share."""

_SAME_PAIRS = (
    " The pairs of people are the same, too: what others would change is told by the 95 % "
    "interval, that of the first model."
)


def gaps(grouping: Grouping, everyone: Group, declared: Sequence[Declaration]) -> list[str]:
    """A sentence for each figure of the network that is more than three points below the average.

    Args:
        grouping: the groups.
        everyone: all images as a group.
        declared: what is to be said of each figure; those count of which more is better.
    """
    judged = [one for one in declared if one.in_groups and one.better == HIGHER]
    return [
        sentence
        for group in grouping.groups
        for sentence in (
            *(_gap(group, one.title, _of(group, one), _of(everyone, one)) for one in judged),
            _gap(group, "faces found", group.faces_found, everyone.faces_found),
        )
        if sentence
    ]


def _of(group: Group, declared: Declaration) -> Value | None:
    return group.methods[0].get(declared.key)


def _gap(group: Group, what: str, found: Value | None, of_all: Value | None) -> str:
    """Empty where there is no gap."""
    if found is None or of_all is None or of_all.value - found.value <= GAP:
        return ""
    points = 100 * (of_all.value - found.value)
    interval = ends(found)
    chance = " Chance alone may explain it." if interval and interval[1] >= of_all.value else ""
    return (
        f"{group.name}: {what} {percent.text(found.value)} {_resting_on(found)}, {points:.1f} "
        f"points below the average of {percent.text(of_all.value)}.{chance}"
    )


def _resting_on(value: Value) -> str:
    """What a value comes from, and its interval."""
    if isinstance(value, Share):
        return f"of {value.images:,} images ({percent.interval(value.low, value.high)})"
    if isinstance(value, Mean):
        people = f"for {value.people:,} unknown people"
        return f"{people} ({percent.interval(value.low, value.high)})"
    if isinstance(value, OfPairs):
        return f"of {value.pairs:,} pairs ({percent.interval(value.low, value.high)})"
    return "" if value.images is None else f"of {value.images:,} images"


def fewest(declared: Sequence[Declaration]) -> str:
    """From how many images or people on a group's figures are measured."""
    bounds = [
        f"{one.title} is shown from {one.in_groups.fewest:,} {one.in_groups.of} on"
        for one in declared
        if one.in_groups and one.in_groups.fewest > 1
    ]
    return f"Of few, chance alone decides: {', '.join(bounds)}." if bounds else ""


def over_models(figures: Figures) -> str:
    """What ± means; empty for a single model."""
    if figures.about.models < 2:
        return ""
    interval = ends(figures.network.figures["top_1"]) or (0.0, 0.0)
    return (
        f"Mean ± standard deviation over {figures.about.models} models of the same recipe, "
        "each with other people left out of the classes. The test images are the same but "
        f"for these people: with {figures.about.test_images:,} of them, chance alone moves right "
        f"first answers by another {50 * (interval[1] - interval[0]):.1f} points either way."
        + (_SAME_PAIRS if figures.about.pairs else "")
    )


def similarities(similarity: Similarity) -> list[tuple[str, Similarities]]:
    """The kinds of pairs that were measured, in words, with their figures."""
    kinds = (
        ("two photos of one person", similarity.one_person),
        ("a photo of a known person and the first star named for it", similarity.known),
        ("a photo of an unknown person and the first star named for it", similarity.unknown),
        ("photos of two different people", similarity.different),
    )
    return [(words, found) for words, found in kinds if found is not None]


def explained(similarity: Similarity) -> list[str]:
    """What similarities of 50 and 90 mean, each in a sentence."""
    kinds = similarities(similarity)
    reached = (
        (50, [(words, found.reach_50) for words, found in kinds]),
        (90, [(words, found.reach_90) for words, found in kinds]),
    )
    return [
        f"A similarity of {height} or more is reached by "
        + "; by ".join(f"{words} in {percent.text(share)}" for words, share in shares)
        + "."
        for height, shares in reached
    ]


def recognised(recognition: Recognition) -> list[str]:
    """How often users read that it is the star in person, and that nobody resembles much."""
    far = recognition.wrong_and_far
    return [
        f"Of test photos of known people, {_with_interval(recognition.in_person_known)} are said "
        "to show the right star in person"
        f"{_of_unknown('are, wrongly', recognition.in_person_unknown)}",
        f"Of test photos of known people, {_with_interval(recognition.nobody_known)} are said to "
        f"resemble nobody much{_of_unknown('are', recognition.nobody_unknown)}",
        *([_wrong(far)] if far and far.hits else []),
    ]


def _wrong(far: Share) -> str:
    return (
        f"Of the {far.images:,} test photos with a wrong first answer, {far.hits:,} are less "
        "similar to their own class than any photo that is answered rightly. Most likely they "
        "stand under a wrong name, so no model could be right about them."
    )


def _of_unknown(what: str, mean: Mean | None) -> str:
    return f"; of photos of unknown people {_with_interval(mean)} {what}." if mean else "."


def _with_interval(value: Share | Mean) -> str:
    return f"{percent.text(value.value)} ({percent.interval(value.low, value.high)})"
