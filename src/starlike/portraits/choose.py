"""Which of several images of a person makes the best portrait."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from starlike import photo
from starlike.errors import PhotoError
from starlike.faces import Detector, Encoder, make_detector, make_encoder, pose, quality
from starlike.faces.pose import Pose
from starlike.model.classifier import Classifier
from starlike.portraits import picture
from starlike.records import Box, Photo, Pixels

SMALLEST_FACE = 64
"""Narrower faces, in pixels, are nothing to show."""

MOST_TURNED = 28.0
"""Degrees of yaw, pitch or roll beyond which nobody is seen from the front."""

ENOUGH = 0.8
"""A score that hardly any other image would better: seen from the front, sharp and large."""

# About the median of `quality.sharpness` over photos of people in public; more than that may as
# well be the noise of the picture.
_SHARP = 200.0
# What a face beside it must measure of the largest one to be company rather than background.
_COMPANY = 0.5
_IN_COMPANY = 0.6


class Unfit(StrEnum):
    """Why an image is not a portrait of a person."""

    UNREADABLE = "no image that can be read"
    NO_FACE = "no face found"
    SMALL = "the face is too small"
    TURNED = "the face is turned away"
    OTHER = "seems to show somebody else"


class UnfitError(Exception):
    """An image that is not a portrait: inside this stage only."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Judged:
    """An image that may be shown: how good a portrait it is, 0 to 1, and the picture."""

    score: float
    picture: Pixels


class Judge:
    """Judges images of the people that a model knows."""

    def __init__(self, classifier: Classifier, *, size: int) -> None:
        """Make one.

        Args:
            classifier: an opened model, whose class means say who is who.
            size: side of the pictures in pixels.

        Raises:
            WeightsError: the encoder's weights are missing or damaged.
        """
        self._classifier, self._size = classifier, size
        self._detector: Detector = make_detector()
        self._encoder: Encoder = make_encoder()
        self.names = classifier.classes.names
        self._labels = {name: label for label, name in enumerate(self.names)}

    def judge(self, file: Path, name: str) -> Judged:
        """Judge an image by its largest face.

        Args:
            file: the image.
            name: the class that it should show.

        Raises:
            UnfitError: it is not one that could be shown.
        """
        try:
            opened = photo.open(file)
        except PhotoError:
            raise UnfitError(Unfit.UNREADABLE) from None
        faces = self._detector.detect(opened)
        if not faces:
            raise UnfitError(Unfit.NO_FACE)
        largest = faces[0]
        if largest.box.side < SMALLEST_FACE:
            raise UnfitError(Unfit.SMALL)
        turned = pose.pose(opened, largest)
        if max(map(abs, (turned.yaw, turned.pitch, turned.roll))) > MOST_TURNED:
            raise UnfitError(Unfit.TURNED)
        classes = self._classifier.classes
        (found,) = self._encoder.embed(opened, [largest], classes.embed_from)
        distances = self._classifier.answer(found.vector[None]).distances[0]
        label = self._labels[name]
        # The nearest class too: many people lie within that line of somebody they resemble.
        if distances[label] >= classes.card.same_person or int(np.argmin(distances)) != label:
            raise UnfitError(Unfit.OTHER)
        company = any(other.box.side >= _COMPANY * largest.box.side for other in faces[1:])
        return self._judged(opened, largest.box, turned, alone=not company)

    def _judged(self, opened: Photo, box: Box, pose: Pose, *, alone: bool) -> Judged:
        square = picture.FRAME.around(box, opened.size)
        score = (
            pose.frontal
            * _sharp(quality.sharpness(opened, box))
            * min(1.0, square.side / self._size)
            * min(1.0, square.side / picture.FRAME.height(box))
            * (1.0 if alone else _IN_COMPANY)
        )
        return Judged(score, picture.cut(opened, square, self._size))


def _sharp(variance: float) -> float:
    """Sharpness as a factor from 0 to 1, which a face of middling sharpness has."""
    return min(1.0, variance / _SHARP)
