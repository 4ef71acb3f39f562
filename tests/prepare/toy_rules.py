"""Cleaning rules as somebody else would write them, outside the package."""

from __future__ import annotations

import numpy as np

from starlike.prepare import ClassRule, LeftOut, SampleRule
from starlike.prepare.images import ClassImages, Images
from starlike.prepare.policy import PolicyInSpace


def crowded(images: ClassImages, _policy: PolicyInSpace) -> dict[int, LeftOut]:
    return {
        position: LeftOut(f"{analysis.found} people stand about")
        for position, analysis in enumerate(images.analyses)
        if analysis.found > 1
    }


def of_large_classes(images: Images, _policy: PolicyInSpace) -> dict[int, LeftOut]:
    sizes = np.bincount(images.labels)
    return {
        int(position): LeftOut(f"{images.classes[images.labels[position]]} has enough")
        for position in np.flatnonzero(sizes[images.labels] > 4)
    }


CROWDED = ClassRule(
    code="crowded",
    meaning="Others are in the picture, too, and faces of {min_face} pixels count.",
    apply=crowded,
)
ENOUGH = SampleRule(code="enough", meaning="Its class has enough.", apply=of_large_classes)
FIRST = ClassRule(
    code="first", meaning="It comes first.", apply=lambda *_: {0: LeftOut("the first")}
)
NO_RULE = "a string"
