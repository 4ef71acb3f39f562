"""dlib's CNN face detector in ONNX: an image → where windows of 80 pixels hold a face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from starlike import onnx_model
from starlike.faces import weights
from starlike.records import Floats, Pixels

INPUT, OUTPUT = "images", "scores"
"""Names of what the network is asked and answers."""

WINDOW = 80
"""Side in pixels of the faces that it sees; it is trained for this one size."""

_STRIDE, _FIRST = 8, 14
"""Score (r, c) is that of the window around pixel (8 r + 14, 8 c + 14)."""

_SMALLEST = 29
"""Pixels that the three layers without padding need to leave one score."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a face seems to be: its middle and its side in pixels, and its score."""

    x: float
    y: float
    side: float
    score: float

    def is_same(self, other: Spot) -> bool:
        """Whether both are of one face: the middle of the smaller lies inside the larger."""
        apart = max(abs(self.x - other.x), abs(self.y - other.y))
        return 2 * apart < max(self.side, other.side)

    def scaled(self, scale: float, *, border: int = 0) -> Spot:
        """The spot in an image that was made `scale` times larger, then lost a border."""
        x, y = self.x * scale - border, self.y * scale - border
        return Spot(x, y, self.side * scale, self.score)


class ScoreMaps:
    """The network. One object may serve several threads."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load it.

        Args:
            threads: that one look may use.

        Raises:
            WeightsError: the network is missing or damaged.
        """
        self._session = onnx_model.open_session(weights.path(weights.CNN_DETECTOR), threads=threads)

    def scores(self, image: Pixels) -> Floats:
        """Scores (h, w) float32 of an image (H, W, 3): about 1 for faces, -1 elsewhere."""
        if min(image.shape[:2]) < _SMALLEST:
            return np.empty((0, 0), dtype=np.float32)
        (maps,) = self._session.run([OUTPUT], {INPUT: np.ascontiguousarray(image)[None]})
        scores: Floats = maps[0]
        return scores

    def spots(self, image: Pixels, threshold: float) -> list[Spot]:
        """Where faces of about 80 pixels seem to be in an image (H, W, 3), the surest first.

        Of windows that show the same face, the one with the highest score is given, moved to
        where the parabola through its neighbours' scores has its top.
        """
        scores = self.scores(image)
        rows, columns = np.nonzero(scores > threshold)
        found: list[Spot] = []
        for at in np.argsort(-scores[rows, columns], kind="stable"):
            row, column = int(rows[at]), int(columns[at])
            x = column + _top(scores[row, max(column - 1, 0) : column + 2])
            y = row + _top(scores[max(row - 1, 0) : row + 2, column])
            spot = Spot(
                _STRIDE * x + _FIRST, _STRIDE * y + _FIRST, WINDOW, float(scores[row, column])
            )
            if not any(spot.is_same(other) for other in found):
                found.append(spot)
        return found


def _top(three: Floats) -> float:
    """How far from the middle one of three values their parabola is highest; 0 at an end."""
    if len(three) < 3:
        return 0.0
    before, here, after = map(float, three)
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else min(0.5, max(-0.5, 0.5 * (before - after) / bend))
