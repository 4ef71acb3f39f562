"""Figures of test images of known people."""

from __future__ import annotations

from starlike.metrics import measures
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import HIGHER, LOWER, InGroups, figure
from starlike.metrics.shown import percent
from starlike.metrics.values import Number, Share


@figure(
    key="top_1",
    title="right first answers",
    term="top-1",
    meaning="Test images of known people whose first answer is right.",
    better=HIGHER,
    shown_as=percent,
    headline=True,
    in_groups=InGroups(every_method=True),
)
def top_1(answered: Answered) -> Share | None:
    """Top-1 accuracy on test images.

    Source: Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015.
    """
    return measures.share(answered.right) if len(answered.right) else None


@figure(
    key="top_5",
    title="right among five",
    term="top-5",
    meaning="Test images with the right person among the first five answers.",
    better=HIGHER,
    shown_as=percent,
    headline=True,
)
def top_5(answered: Answered) -> Share | None:
    """Top-5 accuracy on test images.

    Source: see `top_1`.
    """
    hits = measures.hits(answered.answers, answered.labels, measures.TOP)
    return measures.share(hits) if len(hits) else None


@figure(
    key="calibration_error",
    title="calibration error",
    meaning="How far probabilities are from how often they are right.",
    better=LOWER,
    shown_as=percent,
    headline=True,
    in_groups=InGroups(fewest=100),
)
def calibration_error(answered: Answered) -> Number | None:
    """The expected calibration error.

    First answers in 15 bins of as nearly equal size as ties allow, by their probability; the mean
    difference between a bin's probability and its accuracy, weighed by images.

    Source: see `measures.calibration`.
    """
    if not answered.probabilities or not len(answered.labels):
        return None
    found = measures.calibration(answered.scores.max(axis=1), answered.right)
    return Number(value=found.error, images=len(answered.labels))
