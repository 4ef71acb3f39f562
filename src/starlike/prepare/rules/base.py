"""What can become of an image: each status with its code and what it means, written once.

Those of the cleaning rules stand with the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlike.errors import (
    NoFaceError,
    NotAPhotoError,
    PhotoBrokenError,
    PhotoEmptyError,
    PhotoTooLargeError,
    PhotoUnreadableError,
)
from starlike.files.sample import KEPT
from starlike.prepare.analysis import Failure
from starlike.prepare.images import ClassImages, Images
from starlike.prepare.policy import PolicyInSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What can become of an image.

    Attributes:
        code: as it stands in the sample.
        meaning: a sentence or more for whoever reads the report. May name figures of the policy in
            braces, as `{min_face}`.
        whole: whether the report shows the whole image, which here says more than the face that
            happens to be the largest.
    """

    code: str
    meaning: str
    whole: bool = False


KEPT_STATUS = Status(code=KEPT, meaning="Good to learn from: one clear face that fits its class.")
KILLED = Status(
    code="killed",
    meaning="The process that looked at it was killed, possibly for lack of memory. The next run "
    "tries again.",
)
UNREADABLE = Status(
    code=PhotoUnreadableError.code,
    meaning="The file could not be read from the disk, or is not a regular file.",
)
UNUSABLE = (
    Status(code=NoFaceError.code, meaning="No face was found."),
    Status(code=NotAPhotoError.code, meaning="Not an image of a format that is known here."),
    Status(code=PhotoBrokenError.code, meaning="It begins as an image but is damaged or cut off."),
    Status(code=PhotoEmptyError.code, meaning="There is nothing in it: no bytes, or no pixels."),
    Status(
        code=PhotoTooLargeError.code, meaning="More bytes or more pixels than the limits allow."
    ),
    KILLED,
    UNREADABLE,
)
"""What no rule can judge."""

WAS_KILLED = Failure(
    KILLED.code, "the process that looked at it was killed, possibly for lack of memory"
)
CANNOT_BE_READ = Failure(UNREADABLE.code, "the file cannot be read")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule leaves an image out.

    Attributes:
        reason: why, in words, for whoever asks about this image.
        instead: the position of the image that stays in its place. Where the one that goes is a
            portrait, that one counts as the portrait.
    """

    reason: str
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """A rule says which of an image's several faces is meant: its number in the analysis."""

    face: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule(Status):
    """A rule that judges the images of a class without looking at other classes.

    Attributes:
        apply: images that are still in, and the policy → what becomes of some of them, by position.
        before: the code of the rule that comes after this one, where it is added from outside.
    """

    apply: Callable[[ClassImages, PolicyInSpace], Mapping[int, LeftOut | Means]]
    before: str = "near_duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRule(Status):
    """A rule that compares classes. It comes after all that judge one class.

    Attributes:
        apply: images that are still in, and the policy → what is left out, by position.
        before: the code of the rule that comes after this one, where it is added from outside;
            by default it comes last.
    """

    apply: Callable[[Images, PolicyInSpace], Mapping[int, LeftOut]]
    before: str | None = None


Rule = ClassRule | SampleRule
