"""dlib's CNN face detector, from coarse to fine, and turned where nothing is upright."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from starlike.faces import landmarks, settle
from starlike.faces.crop import resize, showing, with_border
from starlike.faces.score_maps import WINDOW, ScoreMaps, Spot
from starlike.faces.settle import CLOSE_SIDE, Settled
from starlike.records import Box, Face, Landmarks, Photo, Pixels

# The network sees faces whose side is 80 pixels, a sixth more or less. So a photo is looked at in
# sizes that differ by a third, told by its longer side; that of a long strip counts as three times
# the shorter one. The first sizes are those where the face of a portrait is usually found.
_SIZES = (166, 221, 295, 125, 94, 393, 524, 699, 932, 1243)
_TURNED_SIZES = (166, 221, 295, 125, 94, 393, 524)
_STRIP = 3

# These are looked at only where the last ones showed faces, as in a picture of a crowd.
_CROWD_SIZES = (1657, 2209, 2946, 3928)

# Smaller views are made from one of this size, not each from many megapixels.
_BASE = 524

# Photos this small are taken for bare crops of a face, and looked at in other sizes first.
_BARE, _BARE_SIZES = 140, (94, 125, 70, 166, 221, 108, 82)

# A photo that is no bare crop is enlarged no more than this, and less where it is turned, because
# that is looked at three times.
_ENLARGED, _TURNED_ENLARGED = 2.0, 1.6

# So many sizes in a row that show nothing new end the search, once there is a face; fewer where it
# is the large one of a portrait, told by its share of the photo's longer side, and none where that
# leaves no room for the others.
_QUIET, _QUIET_PORTRAIT, _PORTRAIT, _SURE = 2, 1, 0.3, 0.8

# Faces at the edge, and those that fill the photo, are seen where its edge is repeated; finer
# looks need little of it, so that they cost less.
_BORDERS = ((110, 40), (160, 24))
_BORDER = 8

_MIN_SIDE = 16

# What speaks for a face that is the right way up: a score, which is about 1 for one, and landmarks
# that settle. Weighed by logistic regression on 250 faces and the same turned; above 0 it is more
# likely than not, and other turns are not tried. Of what is far below in every turn, nothing is a
# face.
_SCORE_COUNTS, _UNREST_COUNTS, _UNREST_LEAST, _OFFSET = 4.1, -4.3, 0.001, -23.1
_ENOUGH, _LEAST = 0.0, -9.0
_HIGHEST_SCORE = 1.15
_AT_REST = 0.006
_ZOOMS = (0.85, 1.0, 1.18)
_SEEN = 0.2

_QUARTERS = (1, 3, 2)


class CnnDetector:
    """dlib's CNN detector run by ONNX Runtime, from coarse to fine.

    Its cost grows with how small the faces are that are looked for, not with the megapixels. It
    looks for faces of a sixteenth of the photo's longer side, and goes on where it finds some, as
    in a crowd. It ends two sizes below the last one that showed a face, one below the face of a
    portrait, at once where that fills the photo: much smaller faces beside it may be passed over.
    Where no face is upright, photos turned by 90, 180 and 270 degrees are looked at, too. One
    object may serve several threads.
    """

    name = "cnn"
    _wide = False

    def __init__(self, *, threads: int = 1) -> None:
        """Load the network.

        Args:
            threads: that one look may use.

        Raises:
            WeightsError: the network is missing or damaged.
        """
        self._maps = ScoreMaps(threads=threads)

    def detect(self, photo: Photo) -> list[Face]:
        """The faces in a photo of any size, largest first; empty where there is none.

        Returns:
            Faces with boxes inside the photo as it was given, dlib's five landmarks, and the score
            of the network, which is about 1.

        Raises:
            WeightsError: weights are missing or damaged.
        """
        if min(photo.size) < _MIN_SIDE:
            return []
        views = _Views(photo)
        found = self._upright(views) or self._turned(views)
        faces = [_face(photo, one, self.name) for one in found]
        return sorted(faces, key=lambda face: face.box.area, reverse=True)

    def _upright(self, views: _Views) -> list[_Found]:
        """Faces that a look at the photo as it is sees, though they may be turned themselves."""
        sizes = _BARE_SIZES if views.bare else _SIZES
        spots = self._scan(views, sizes, 0)
        return [found for spot in spots if (found := self._judge(views, spot, 0))]

    def _turned(self, views: _Views) -> list[_Found]:
        """Faces in the photo turned by one of the quarters."""
        sizes = _BARE_SIZES if views.bare else (_SIZES if self._wide else _TURNED_SIZES)
        for turns in _QUARTERS:
            spots = self._scan(views, sizes, turns)
            if found := [one for spot in spots if (one := self._judge(views, spot, turns))]:
                return found
        return []

    def _scan(self, views: _Views, sizes: Sequence[int], turns: int) -> list[Spot]:
        """Spots in the photo as it is, seen in it when it is turned by so many quarters."""
        found: list[Spot] = []
        quiet = 0
        for size in (*sizes, *_CROWD_SIZES):
            if size in _CROWD_SIZES and not found and not self._wide:
                break
            largest = max(found, key=lambda spot: spot.side, default=None)
            side = WINDOW / size * views.size
            if largest and side > largest.side:
                continue  # there are smaller faces to look for, no larger ones
            if largest and not self._wide and quiet >= views.patience(largest, side):
                break
            quiet = 0 if self._look_again(found, views, size, turns) else quiet + 1
        return found

    def _look_again(self, found: list[Spot], views: _Views, size: int, turns: int) -> bool:
        """Look in one more size: better spots take the place of the same; whether any is new."""
        fresh = False
        for spot in self._look(views, size, turns):
            same = [other for other in found if spot.is_same(other)]
            fresh = fresh or not same
            if all(spot.score > other.score for other in same):
                found[:] = [other for other in found if other not in same] + [spot]
        return fresh

    def _look(self, views: _Views, size: int, turns: int) -> Iterator[Spot]:
        view, scale = views.at(size, turns)
        if scale > 0:
            border = next((wide for below, wide in _BORDERS if size < below), _BORDER)
            for spot in self._maps.spots(with_border(view, border), _SEEN):
                yield views.upright(spot.scaled(1.0, border=border).scaled(1 / scale), turns)

    def _judge(self, views: _Views, spot: Spot, turns: int) -> _Found | None:
        """A face as it settles; where it does not, the network is asked about other turns of it.

        A face that lies on its side is often seen by an upright look, too.
        """
        settled = settle.settle(*views.around(spot), spot, turns)
        evidence, best = _evidence(spot.score, settled.unrest), (settled, spot.score, turns)
        if settled.unrest < _AT_REST or evidence > _ENOUGH:
            return best
        for other in ((turns + more) % 4 for more in _QUARTERS):
            settled = settle.settle(*views.around(spot), spot, other)
            if _evidence(_HIGHEST_SCORE, settled.unrest) > evidence:
                score = self._score(views, settled, other)
                if (speaks := _evidence(score, settled.unrest)) > evidence:
                    evidence, best = speaks, (settled, score, other)
        return best if evidence > _LEAST else None

    def _score(self, views: _Views, settled: Settled, turns: int) -> float:
        """What the network says of a face that is upright after so many turns."""
        at = Spot(settled.x, settled.y, settled.side, 0.0)
        image, scale = views.around(at)
        close, _ = settle.close_up(image, at.scaled(scale), turns)
        sides = (zoom * WINDOW / CLOSE_SIDE for zoom in _ZOOMS)
        return max(float(self._maps.scores(resize(close, side)).max()) for side in sides)


class WideCnnDetector(CnnDetector):
    """The same, which looks in every size whatever it found: small faces beside large ones."""

    name = "cnn-wide"
    _wide = True


_Found = tuple[Settled, float, int]
"""Where a face settled, its score, and the quarter turns that would put it upright."""


class _Views:
    """A photo in the sizes that are looked at.

    Attributes:
        size: its longer side, or what counts as that.
        bare: whether it is taken for a bare crop of a face.
    """

    def __init__(self, photo: Photo) -> None:
        shorter, longer = sorted(photo.size)
        self.size = min(longer, _STRIP * shorter)
        self.bare = longer <= _BARE
        self._photo, self._longer = photo, longer
        self._scale = min(1.0, _BASE / self.size)
        self._base = self._scaled(self._scale)

    def _scaled(self, scale: float) -> Pixels:
        """The photo in a size."""
        image = self._photo.at_least(self._longer * scale)
        return resize(image, scale * self._longer / max(image.shape[:2]))

    def at(self, size: int, turns: int) -> tuple[Pixels, float]:
        """The photo in a size, turned, and by how much it is larger than the photo; 0 for none."""
        scale = size / self.size
        if scale > (_TURNED_ENLARGED if turns else _ENLARGED) and not self.bare:
            return self._base, 0.0
        small = scale <= self._scale
        image = resize(self._base, scale / self._scale) if small else self._scaled(scale)
        return np.rot90(image, turns), scale

    def around(self, spot: Spot) -> tuple[Pixels, float]:
        """The smallest image that shows a spot well enough, and its size in that of the photo."""
        if spot.side * self._scale >= WINDOW:
            return self._base, self._scale
        return showing(self._photo, spot.side, CLOSE_SIDE)

    def patience(self, largest: Spot, side: float) -> int:
        """How many sizes without anything new end the search for faces with a side.

        None are needed where they would not fit beside the face of a portrait that is seen in its
        own size.
        """
        if largest.side < _PORTRAIT * self.size:
            return _QUIET
        width, height = self._photo.size
        middles = largest.x, width - largest.x, largest.y, height - largest.y
        alone = max(middles) - largest.side / 2 < side and largest.score > _SURE
        return 0 if alone else _QUIET_PORTRAIT

    def upright(self, spot: Spot, turns: int) -> Spot:
        """A spot of the turned photo in the photo."""
        width, height = self._photo.size
        x, y = {
            0: (spot.x, spot.y),
            1: (width - 1 - spot.y, spot.x),
            2: (width - 1 - spot.x, height - 1 - spot.y),
            3: (spot.y, height - 1 - spot.x),
        }[turns]
        return Spot(x, y, spot.side, spot.score)


def _evidence(score: float, unrest: float) -> float:
    """Above 0 where a face is more likely than not."""
    steady = _UNREST_COUNTS * math.log(unrest + _UNREST_LEAST)
    return _SCORE_COUNTS * score + steady + _OFFSET


def _face(photo: Photo, found: _Found, detector: str) -> Face:
    settled, score, _ = found
    half = settled.side / 2
    edges = (settled.y - half, settled.x + half, settled.y + half, settled.x - half)
    box = Box(*(round(edge) for edge in edges))
    points = tuple((float(x), float(y)) for x, y in settled.points.round())
    five = Landmarks(points, landmarks.EYE_CORNERS_NOSE)
    return Face(box=box.within(*photo.size), detector=detector, score=score, landmarks=five)
