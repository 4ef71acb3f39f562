"""Which images of a class are good to learn from: the written policy.

In this order, and the first that applies decides: the image could not be opened or holds no face;
the same file again; several faces none of which is clearly the person; a face that is tiny or
blurred; a near duplicate within the class, then across classes; a wrong person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from starlike.embeddings import class_means, distances
from starlike.files.sample import KEPT
from starlike.prepare.agreement import Core, core, wrong_people
from starlike.prepare.analysis import Analysis
from starlike.prepare.duplicates import Rows, groups, near
from starlike.prepare.policy import Candidate, Policy, Verdict
from starlike.records import DIMENSIONS, Floats

_BLOCK = 2048


def clean(candidates: Sequence[Candidate], policy: Policy) -> list[Verdict]:
    """Judge every image of a sample: a verdict an image, in the same order."""
    cleaning = _Cleaning(candidates, policy)
    cleaning.same_files()
    cleaning.choose_faces()
    cleaning.poor_faces()
    cleaning.near_duplicates_in_classes()
    cleaning.near_duplicates_across_classes()
    cleaning.wrong_people()
    return cleaning.verdicts


class _Cleaning:
    """The verdicts so far, and the embedding and hash of the face meant in each image."""

    def __init__(self, candidates: Sequence[Candidate], policy: Policy) -> None:
        self.policy = policy
        self.images = [candidate.image for candidate in candidates]
        self.contents = [candidate.content for candidate in candidates]
        self.analyses = [candidate.analysis for candidate in candidates]
        self.sure = np.array([candidate.portrait for candidate in candidates], dtype=np.bool_)
        sources = [candidate.source for candidate in candidates]
        self.sources = np.unique(np.asarray(sources, dtype=str), return_inverse=True)[1]
        names = [candidate.name for candidate in candidates]
        self.classes, self.labels = np.unique(np.asarray(names, dtype=str), return_inverse=True)
        self.verdicts = [_first_verdict(analysis) for analysis in self.analyses]
        self.embeddings = np.zeros((len(candidates), DIMENSIONS), dtype=np.float32)
        self.steady = np.zeros_like(self.embeddings)
        self.hashes = np.zeros((len(candidates), 64), dtype=bool)
        for row, verdict in enumerate(self.verdicts):
            if verdict.status == KEPT:
                self.point_at(row, 0)

    def point_at(self, row: int, face: int) -> None:
        self.verdicts[row].face = face
        self.embeddings[row] = self.analyses[row].photo[face, 0]
        self.steady[row] = _steady(self.analyses[row])[face]
        self.hashes[row] = self.analyses[row].hashes[face]

    def kept(self) -> Rows:
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
                self.sure[earlier] |= self.sure[row]
                self.leave_out(row, "duplicate", f"the same file as {self.images[earlier]}")

    def choose_faces(self) -> None:
        """Among several faces, the one that is like the class's other images, or much larger.

        A portrait is of the person whose face is much larger, and tells the faces of the others.
        """
        rows = self.kept()
        told = np.array(
            [len(self.analyses[r].faces) == 1 or (self.sure[r] and self._main(r)) for r in rows],
            dtype=np.bool_,
        )
        means, counts = self._means(self._agreeing(rows[told]))
        for row in rows[~told]:
            analysis, label = self.analyses[row], self.labels[row]
            chosen = self._own_face(analysis, means[label]) if counts[label] else None
            if chosen is None and self._main(row):
                chosen = 0
            if chosen is None:
                faces = f"{analysis.found} faces, none of them clearly the person"
                self.leave_out(row, "several_faces", faces)
            else:
                self.point_at(row, chosen)

    def _main(self, row: int) -> bool:
        """Whether the largest face is much larger than the next."""
        areas = [face.box.area for face in self.analyses[row].faces]
        return areas[0] >= self.policy.main_face * areas[1]

    def _own_face(self, analysis: Analysis, mean: Floats) -> int | None:
        distances = np.linalg.norm(_steady(analysis) - mean, axis=1)
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
            for together in groups(len(own), first, second):
                best = max(own[together], key=self._quality)
                self.sure[best] = self.sure[own[together]].any()
                for row in own[together]:
                    if row != best:
                        reason = f"nearly the same as {self.images[best]}"
                        self.leave_out(row, "near_duplicate", reason)

    def _quality(self, row: int) -> tuple[float, float]:
        analysis, face = self.analyses[row], self.verdicts[row].face or 0
        side = analysis.faces[face].box.side
        return float(min(side, 150)), analysis.sharpness[face]

    def _near(self, some: Rows, others: Rows) -> tuple[Rows, Rows]:
        first, second = ((self.embeddings[r], self.hashes[r]) for r in (some, others))
        return near(first, second, self.policy)

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

    def _distance_to_own(self, rows: Rows) -> Floats:
        """Distance of each image to the mean of its class's others; infinite where it is alone.

        None for what surely shows the person.
        """
        embeddings, labels = self.steady[rows], self.labels[rows]
        means, counts = class_means(embeddings, labels, len(self.classes))
        n = counts[labels][:, None].astype(np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            others = (means[labels] * n - embeddings) / (n - 1)
        own = np.linalg.norm(embeddings - others, axis=1)
        own = np.where(n[:, 0] > 1, own, np.inf)
        return np.where(self.sure[rows], 0, own).astype(np.float32)

    def wrong_people(self) -> None:
        """Whoever is far from the images of a class that agree is another person."""
        rows = self.kept()
        classes = self._by_class(rows)
        cores = [self._core(rows[members]) for members in classes]
        agreeing = [rows[m][found.inside] for m, found in zip(classes, cores, strict=True)]
        means, counts = self._means(np.concatenate([rows[:0], *agreeing]))
        nearest, away = self._other_class(rows, means, counts)
        for members, found in zip(classes, cores, strict=True):
            own, others = rows[members], nearest[members]
            to_others, rival = away[members], found.nearest_rival(self.steady[own])
            gone = wrong_people(self.steady[own], self.sure[own], found, to_others, self.policy)
            for position, apart in gone.items():
                reason = f"distance {apart:.2f} to the class's other images"
                if rival[position] < min(apart, to_others[position]):
                    reason += f", {rival[position]:.2f} to those of somebody else among them"
                elif to_others[position] < apart:
                    other = self.classes[others[position]]
                    reason += f", {to_others[position]:.2f} to {other}"
                self.leave_out(int(own[position]), "wrong_person", reason)

    def _by_class(self, rows: Rows) -> list[Rows]:
        """Positions in `rows` of each class's images, where it has any."""
        order = np.argsort(self.labels[rows], kind="stable")
        starts = np.flatnonzero(np.diff(self.labels[rows][order], prepend=-1))
        return np.split(order, starts[1:]) if len(rows) else []

    def _core(self, own: Rows) -> Core:
        return core(self.steady[own], self.sure[own], self.sources[own], self.policy)

    def _means(self, rows: Rows) -> tuple[Floats, Rows]:
        return class_means(self.steady[rows], self.labels[rows], len(self.classes))

    def _agreeing(self, rows: Rows) -> Rows:
        """Those of the rows that agree on who their class is."""
        classes = [rows[members] for members in self._by_class(rows)]
        return np.concatenate([rows[:0], *(own[self._core(own).inside] for own in classes)])

    def _other_class(self, rows: Rows, means: Floats, counts: Rows) -> tuple[Rows, Floats]:
        """The nearest other class of each image, and the distance to its mean."""
        nearest = np.empty(len(rows), dtype=np.int64)
        away = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            to_means = distances(self.steady[block], means)
            to_means[:, counts == 0] = np.inf
            to_means[np.arange(len(block)), self.labels[block]] = np.inf
            nearest[start : start + _BLOCK] = to_means.argmin(axis=1)
            away[start : start + _BLOCK] = to_means.min(axis=1)
        return nearest, away


def _steady(analysis: Analysis) -> Floats:
    """Each face's embedding averaged with those of its views (F, 128), which tells people best."""
    return np.asarray(analysis.photo.mean(axis=1), dtype=np.float32)


def _first_verdict(analysis: Analysis) -> Verdict:
    return Verdict(*analysis.error) if analysis.error else Verdict(KEPT)
