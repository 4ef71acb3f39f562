"""Rules for faces that are too poor to learn from."""

from __future__ import annotations

import numpy as np

from starlike.prepare.images import ClassImages
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules.base import ClassRule, LeftOut


def _small(images: ClassImages, policy: PolicyInSpace) -> dict[int, LeftOut]:
    return {
        int(n): LeftOut(f"the face is {images.sides[n]} pixels wide, fewer than {policy.min_face}")
        for n in np.flatnonzero(images.sides < policy.min_face)
    }


def _blurred(images: ClassImages, policy: PolicyInSpace) -> dict[int, LeftOut]:
    return {
        int(n): LeftOut(f"sharpness {images.sharpness[n]:.0f}, below {policy.min_sharpness:.0f}")
        for n in np.flatnonzero(images.sharpness < policy.min_sharpness)
    }


SMALL_FACE = ClassRule(
    code="small_face", meaning="The face is less than {min_face} pixels wide.", apply=_small
)
BLURRED = ClassRule(
    code="blurred",
    meaning="The face is blurred: its sharpness is below {min_sharpness:g}.",
    apply=_blurred,
)
