"""Which images of a class are good to learn from: the written policy.

In this order, and the first that applies decides: the image could not be opened or holds no face;
the same file again; several faces none of which is clearly the person; a face that is tiny or
blurred; a near duplicate within the class, then across classes; a wrong person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from starlike.class_means import class_means, distances
from starlike.prepare.analysis import Analysis
from starlike.records import Floats
from starlike.sample import KEPT

_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures of the policy. Distances are Euclidean, between encodings in the whole photo.

    Attributes:
        min_face: shorter side of a face box in pixels, below which a face is tiny.
        min_sharpness: variance of the Laplacian, below which a face is blurred.
        main_face: how many times larger than the next a face must be to be the one meant, where
            the class's other images do not tell.
        own_face: distance to the class mean below which a face among several is the person.
        same_face: distance between encodings below which two images are near duplicates ...
        same_photo: ... or below this one, where their perceptual hashes differ ...
        same_hash: ... in at most so many of 64 bits.
        far: distance to the mean of its class's other images, from which an image is of a wrong
            person ...
        doubtful: ... or from this one on where another class's mean is nearer.
    """

    min_face: int = 20
    min_sharpness: float = 15.0
    main_face: float = 3.0
    own_face: float = 0.6
    same_face: float = 0.2
    same_photo: float = 0.3
    same_hash: int = 12
    far: float = 0.62
    doubtful: float = 0.5


@dataclass(slots=True)
class Verdict:
    """What became of an image: a status, a reason where it was left out, and the face meant."""

    status: str
    reason: str | None = None
    face: int | None = None


def clean(
    names: Sequence[str],
    images: Sequence[str],
    contents: Sequence[str],
    analyses: Sequence[Analysis],
    policy: Policy,
) -> list[Verdict]:
    """Judge every image of a sample.

    Args:
        names: the class of each image.
        images: the path of each image, named in reasons.
        contents: the SHA-256 of each image.
        analyses: what each image holds.
        policy: the figures to judge by.

    Returns:
        A verdict an image, in the same order.
    """
    cleaning = _Cleaning(names, images, contents, analyses, policy)
    cleaning.same_files()
    cleaning.choose_faces()
    cleaning.poor_faces()
    cleaning.near_duplicates_in_classes()
    cleaning.near_duplicates_across_classes()
    cleaning.wrong_people()
    return cleaning.verdicts


class _Cleaning:
    """The verdicts so far, and the encoding and hash of the face meant in each image."""

    def __init__(
        self,
        names: Sequence[str],
        images: Sequence[str],
        contents: Sequence[str],
        analyses: Sequence[Analysis],
        policy: Policy,
    ) -> None:
        self.images, self.contents, self.analyses = images, contents, analyses
        self.policy = policy
        self.classes, self.labels = np.unique(np.asarray(names), return_inverse=True)
        self.verdicts = [_first_verdict(analysis) for analysis in analyses]
        self.encodings = np.zeros((len(images), 128), dtype=np.float32)
        self.hashes = np.zeros((len(images), 64), dtype=bool)
        for row, verdict in enumerate(self.verdicts):
            if verdict.status == KEPT:
                self.point_at(row, 0)

    def point_at(self, row: int, face: int) -> None:
        self.verdicts[row].face = face
        self.encodings[row] = self.analyses[row].photo[face, 0]
        self.hashes[row] = self.analyses[row].hashes[face]

    def kept(self) -> npt.NDArray[np.int64]:
        return np.array(
            [i for i, v in enumerate(self.verdicts) if v.status == KEPT], dtype=np.int64
        )

    def leave_out(self, row: int, status: str, reason: str) -> None:
        self.verdicts[row].status, self.verdicts[row].reason = status, reason

    def same_files(self) -> None:
        first: dict[tuple[int, str], int] = {}
        for row in self.kept():
            earlier = first.setdefault((int(self.labels[row]), self.contents[row]), int(row))
            if earlier != row:
                self.leave_out(row, "duplicate", f"the same file as {self.images[earlier]}")

    def choose_faces(self) -> None:
        """Among several faces, the one that is like the class's other images, or much larger."""
        single = [row for row in self.kept() if len(self.analyses[row].faces) == 1]
        means, counts = class_means(self.encodings[single], self.labels[single], len(self.classes))
        for row in self.kept():
            analysis, label = self.analyses[row], self.labels[row]
            if len(analysis.faces) == 1:
                continue
            chosen = self._own_face(analysis, means[label]) if counts[label] else None
            areas = [face.box.area for face in analysis.faces]
            if chosen is None and areas[0] >= self.policy.main_face * areas[1]:
                chosen = 0
            if chosen is None:
                faces = f"{analysis.found} faces, none of them clearly the person"
                self.leave_out(row, "several_faces", faces)
            else:
                self.point_at(row, chosen)

    def _own_face(self, analysis: Analysis, mean: Floats) -> int | None:
        distances = np.linalg.norm(analysis.photo[:, 0] - mean, axis=1)
        nearest = int(distances.argmin())
        return nearest if distances[nearest] < self.policy.own_face else None

    def poor_faces(self) -> None:
        for row in self.kept():
            analysis, face = self.analyses[row], self.verdicts[row].face or 0
            side, sharpness = analysis.faces[face].box.side, analysis.sharpness[face]
            if side < self.policy.min_face:
                reason = f"the face is {side} pixels wide, fewer than {self.policy.min_face}"
                self.leave_out(row, "small_face", reason)
            elif sharpness < self.policy.min_sharpness:
                reason = f"sharpness {sharpness:.0f}, below {self.policy.min_sharpness:.0f}"
                self.leave_out(row, "blurred", reason)

    def near_duplicates_in_classes(self) -> None:
        """Of each set of near duplicates the largest and sharpest face stays."""
        rows = self.kept()
        for label in range(len(self.classes)):
            own = rows[self.labels[rows] == label]
            first, second = self._near(own, own)
            for together in _groups(len(own), first, second):
                best = max(own[together], key=self._quality)
                for row in own[together]:
                    if row != best:
                        reason = f"nearly the same as {self.images[best]}"
                        self.leave_out(row, "near_duplicate", reason)

    def _quality(self, row: int) -> tuple[float, float]:
        analysis, face = self.analyses[row], self.verdicts[row].face or 0
        side = analysis.faces[face].box.side
        return float(min(side, 150)), analysis.sharpness[face]

    def _near(
        self, some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Positions of pairs of near duplicates, by encoding first and then by hash."""
        apart = distances(self.encodings[some], self.encodings[others])
        first, second = np.nonzero(apart < self.policy.same_photo)
        bits = (self.hashes[some[first]] != self.hashes[others[second]]).sum(axis=1)
        alike = (bits <= self.policy.same_hash) | (apart[first, second] < self.policy.same_face)
        return first[alike], second[alike]

    def near_duplicates_across_classes(self) -> None:
        """One photo under several names stays with the class whose other images it is like."""
        rows = self.kept()
        pairs = []
        for start in range(0, len(rows), _BLOCK):
            first, second = self._near(rows[start : start + _BLOCK], rows)
            pairs += [(rows[start + a], rows[b]) for a, b in zip(first, second, strict=True)]
        own = self._distance_to_own(rows)
        position = {int(row): i for i, row in enumerate(rows)}
        for a, b in pairs:
            if self.labels[a] == self.labels[b] or a > b:
                continue
            loser, winner = sorted((int(a), int(b)), key=lambda r: -own[position[r]])
            for row, other in ((loser, winner), (winner, loser)):
                if row == loser or own[position[row]] > self.policy.doubtful:
                    reason = f"nearly the same as {self.images[other]}, which has another name"
                    self.leave_out(row, "other_name", reason)

    def _distance_to_own(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Distance of each image to the mean of its class's others; infinite where it is alone."""
        encodings, labels = self.encodings[rows], self.labels[rows]
        means, counts = class_means(encodings, labels, len(self.classes))
        n = counts[labels][:, None].astype(np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            others = (means[labels] * n - encodings) / (n - 1)
        own = np.linalg.norm(encodings - others, axis=1)
        return np.where(n[:, 0] > 1, own, np.inf).astype(np.float32)

    def wrong_people(self) -> None:
        """The image farthest from its class goes first, and the rest are judged without it.

        Classes of one or two images are left as they are: nothing says which image is wrong.
        """
        rows = self.kept()
        means, counts = class_means(self.encodings[rows], self.labels[rows], len(self.classes))
        nearest = np.empty(len(rows), dtype=np.int64)
        away = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            to_means = distances(self.encodings[block], means)
            to_means[:, counts == 0] = np.inf
            to_means[np.arange(len(block)), self.labels[block]] = np.inf
            nearest[start : start + _BLOCK] = to_means.argmin(axis=1)
            away[start : start + _BLOCK] = to_means.min(axis=1)
        for label in range(len(self.classes)):
            members = np.flatnonzero(self.labels[rows] == label)
            self._outliers(rows[members], nearest[members], away[members])

    def _outliers(
        self, rows: npt.NDArray[np.int64], nearest: npt.NDArray[np.int64], away: Floats
    ) -> None:
        while len(rows) > 2:
            own = self._distance_to_own(rows)
            wrong = (own > self.policy.far) | ((own > self.policy.doubtful) & (away < own))
            if not wrong.any():
                return
            worst = int(np.where(wrong, own, 0).argmax())
            reason = f"distance {own[worst]:.2f} to the class's other images"
            if away[worst] < own[worst]:
                other = self.classes[nearest[worst]]
                reason += f", {away[worst]:.2f} to {other}"
            self.leave_out(int(rows[worst]), "wrong_person", reason)
            others = np.arange(len(rows)) != worst
            rows, nearest, away = rows[others], nearest[others], away[others]


def _first_verdict(analysis: Analysis) -> Verdict:
    return Verdict(*analysis.error) if analysis.error else Verdict(KEPT)


def _groups(
    count: int, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> list[npt.NDArray[np.int64]]:
    """Sets of two or more positions that are joined by pairs."""
    links = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(count, count))
    parts, part = connected_components(links, directed=False)
    sets = [np.flatnonzero(part == number) for number in range(parts)]
    return [members for members in sets if len(members) > 1]
