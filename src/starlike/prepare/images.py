"""Images as cleaning rules see them: of each, the face that is meant, in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from starlike.prepare.analysis import Analysis
from starlike.records import Face, Floats

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An image to judge.

    Attributes:
        name: its class.
        image: its path, named in reasons.
        content: its SHA-256.
        analysis: what it holds.
        source: where it came from.
        portrait: whether it surely shows the person.
    """

    name: str
    image: str
    content: str
    analysis: Analysis
    source: str = "folder"
    portrait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """N images that no rule has left out yet, class by class.

    Attributes:
        classes: K names; `labels` index them.
        labels: (N,) int64, ascending.
        images: (N,) str objects: their paths.
        sources: (N,) str objects: where each came from.
        portraits: (N,) bool: whether it surely shows the person.
        sides: (N,) int64: the shorter side of the face's box in pixels.
        sharpness: (N,) float64: the variance of the face's Laplacian.
        hashes: (N, 64) bool: the face's perceptual hash.
        embeddings: (N, D) float32: the face's, in the whole photo.
        averaged: (N, D) float32: the same averaged with those of its augmentations.
    """

    classes: tuple[str, ...]
    labels: Rows
    images: npt.NDArray[np.object_]
    sources: npt.NDArray[np.object_]
    portraits: Mask
    sides: Rows
    sharpness: npt.NDArray[np.float64]
    hashes: Mask
    embeddings: Floats
    averaged: Floats

    def __len__(self) -> int:
        return len(self.labels)

    def by_class(self) -> Iterator[Rows]:
        """Positions of the images of each class that has any."""
        starts = np.flatnonzero(np.diff(self.labels, prepend=-1))
        yield from np.split(np.arange(len(self)), starts[1:]) if len(self) else ()


_COLUMNS = tuple(item.name for item in fields(Images) if item.name != "classes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassImages(Images):
    """The images of one class, with all that was found in them.

    Attributes:
        contents: N SHA-256.
        analyses: N; each has a face.
        meant: N numbers of the face that is meant, among those of the analysis.
    """

    contents: tuple[str, ...]
    analyses: tuple[Analysis, ...]
    meant: tuple[int, ...]

    def face(self, position: int) -> Face:
        """The face that is meant."""
        return self.analyses[position].faces[self.meant[position]]


def of_class(candidates: Sequence[Candidate], meant: Sequence[int]) -> ClassImages:
    """The images of one class, all with a face.

    Args:
        candidates: one or more.
        meant: the number of the face that is meant in each.
    """
    analyses = tuple(candidate.analysis for candidate in candidates)
    pairs = list(zip(analyses, meant, strict=True))
    return ClassImages(
        classes=(candidates[0].name,),
        labels=np.zeros(len(candidates), dtype=np.int64),
        images=_texts([candidate.image for candidate in candidates]),
        sources=_texts([candidate.source for candidate in candidates]),
        portraits=np.array([candidate.portrait for candidate in candidates], dtype=np.bool_),
        sides=np.array([a.faces[face].box.side for a, face in pairs], dtype=np.int64),
        sharpness=np.array([a.sharpness[face] for a, face in pairs], dtype=np.float64),
        hashes=np.stack([a.hashes[face] for a, face in pairs]),
        embeddings=np.stack([a.embeddings[face, 0] for a, face in pairs]),
        averaged=np.stack([a.averaged()[face] for a, face in pairs]),
        contents=tuple(candidate.content for candidate in candidates),
        analyses=analyses,
        meant=tuple(meant),
    )


def _texts(texts: Sequence[str]) -> npt.NDArray[np.object_]:
    return np.array(texts, dtype=np.object_)


def columns(images: ClassImages, label: int) -> dict[str, Any]:
    """What stays of a class's images for rules that compare classes.

    Args:
        images: of one class.
        label: the number of that class.
    """
    return {name: getattr(images, name) for name in _COLUMNS} | {"labels": images.labels + label}


class Columns:
    """The columns of `Images`, joined and narrowed one at a time to save memory."""

    def __init__(self, classes: tuple[str, ...], parts: list[dict[str, Any]]) -> None:
        """Join the columns of some classes.

        Args:
            classes: their names; the parts' labels index them.
            parts: each class's columns, which are taken out.
        """
        self._classes = classes
        self._columns = {
            name: np.concatenate([part.pop(name) for part in parts])
            for name in (_COLUMNS if parts else ())
        }

    def images(self) -> Images:
        """As rules see them."""
        return Images(classes=self._classes, **self._columns)

    def narrow(self, stay: Mask) -> None:
        """Leave only some."""
        for name, column in self._columns.items():
            self._columns[name] = column[stay]
