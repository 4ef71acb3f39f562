"""What passes from stage to stage. Shapes: N images or faces, K classes, D dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

EmbedFrom = Literal["photo", "crop", "augmented"]
"""What a face is embedded from: the whole photo; its 170×170 crop, as in the seed recipe; or the
whole photo and a mirrored view of the face there, averaged."""

AVERAGED = 2
"""Of the embeddings that `Encoder.embed_augmented` gives of a face, as many, from the first on, are
averaged for `augmented`; the others are there to learn from."""


class Box(NamedTuple):
    """A face box in pixels of the upright image; `right` and `bottom` lie just outside."""

    top: int
    right: int
    bottom: int
    left: int

    @property
    def side(self) -> int:
        """The shorter side in pixels."""
        return min(self.bottom - self.top, self.right - self.left)

    @property
    def area(self) -> int:
        """Pixels inside."""
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)

    def within(self, width: int, height: int) -> Box:
        """The part of it that lies in an image of this size."""
        return Box(
            max(self.top, 0), min(self.right, width), min(self.bottom, height), max(self.left, 0)
        )

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        shared = Box(
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
        )
        if shared.bottom <= shared.top or shared.right <= shared.left:
            return 0.0
        return shared.area / (self.area + other.area - shared.area)


class Photo:
    """An upright image, and the name it was given under.

    Attributes:
        name: what it is called in answers and errors.
        size: width and height in pixels.
    """

    def __init__(self, pixels: Pixels, name: str) -> None:
        """Of pixels (H, W, 3) uint8 RGB."""
        height, width, _ = pixels.shape
        self.name = name
        self.size: tuple[int, int] = (width, height)
        self._pixels = pixels

    @property
    def pixels(self) -> Pixels:
        """(H, W, 3) uint8 RGB."""
        return self._pixels

    def at_least(self, side: float) -> Pixels:
        """The photo in the smallest size at hand whose longer side has so many pixels, or all."""
        del side  # of this one there is no other size
        return self.pixels


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Five points of a face.

    Attributes:
        points: five pairs (x, y) in pixels of the upright image.
        scheme: which points these are, and in what order. Points of two schemes are not alike:
            `eye-corners-nose` are dlib's, `eyes-nose-mouth` those of most other detectors; see
            `starlike.faces.landmarks`.
    """

    points: tuple[tuple[float, float], ...]
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A face found in a photo.

    Attributes:
        box: where it is.
        detector: what found it, as `cnn`. One that has several ways of looking may say which.
        score: how sure that is, in numbers of the detector's own; None where it does not say.
        landmarks: five points of it; None where the detector finds none.
    """

    box: Box
    detector: str
    score: float | None = None
    landmarks: Landmarks | None = None


@dataclass(frozen=True, slots=True)
class Embedding:
    """A face and its embedding: `vector` (D,) float32, not normalised."""

    face: Face
    vector: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderCard:
    """Which network made some embeddings, and what distances mean among them.

    It goes with every embedding on disk. Embeddings of two networks are never mixed, even of the
    same number of dimensions: their distances mean nothing to each other.

    Attributes:
        name: of the network.
        sha256: of its weights, in hexadecimal, as whoever trained it published them.
        dimensions: D, numbers in an embedding.
        same_person: the Euclidean distance where the line is drawn between photos of one person
            and of two.
        usual_same: the distance that is usual between two photos of one person.
    """

    name: str
    sha256: str
    dimensions: int
    same_person: float
    usual_same: float

    def fits(self, other: EncoderCard) -> bool:
        """Whether embeddings of both may be compared."""
        return (self.name, self.sha256, self.dimensions) == (
            other.name,
            other.sha256,
            other.dimensions,
        )

    def __str__(self) -> str:
        """Name, checksum and dimensions, as messages show them."""
        return f"{self.name} ({self.dimensions} dimensions, SHA-256 {self.sha256[:8]}…)"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Any) -> EncoderCard:
        """What `to_dict` gave.

        Raises:
            ValueError: it is something else.
        """
        kinds = {"name": str, "sha256": str, "dimensions": int}
        names = [item.name for item in fields(cls)]
        if not isinstance(facts, dict) or sorted(facts) != sorted(names):
            raise ValueError(f"a card has {', '.join(names)}")
        card = cls(**{name: kinds.get(name, float)(facts[name]) for name in names})
        if not (0 < card.usual_same < card.same_person and card.dimensions > 0):
            raise ValueError("a card's figures must be above 0, and usual_same below same_person")
        return card


@dataclass(frozen=True, slots=True)
class Match:
    """A class that a face resembles.

    `probability` goes from 0 to 1: how much of the answer is the class's, shared out anew where
    only some classes were asked about. `similarity` goes from 0 to 100 and depends only on the
    distance between the face's embedding and the mean embedding of the class.
    """

    name: str
    probability: float
    similarity: float


Verdict = Literal["in_person", "resembles", "nobody"]
"""The face seems to be the first match in person; or resembles it; or nobody much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """The classes that a face resembles.

    Attributes:
        matches: best first.
        known_probability: the chance that the face is that of somebody the model knows, 0 to 1;
            None where whoever answers cannot tell.
        verdict: what the numbers come to.
        photos: how many photos it rests on: 1, or of several together those that agree.
    """

    matches: Sequence[Match]
    known_probability: float | None
    verdict: Verdict
    photos: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FaceMatches(Ranking):
    """A face found in a photo, with its ranking."""

    box: Box


PairVerdict = Literal["one_person", "resemble", "unlike"]
"""Two photos seem to show one person; or two who resemble each other; or two not much alike."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A photo that is compared with others by its largest face.

    Attributes:
        name: of the photo.
        box: where that face is.
        faces: how many faces the photo shows.
    """

    name: str
    box: Box
    faces: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two photos.

    Attributes:
        first, second: their places among the photos compared, from 0; `first` is the smaller one.
        similarity: of their faces, 0 to 100.
        verdict: what that comes to.
    """

    first: int
    second: int
    similarity: float
    verdict: PairVerdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildLikeness:
    """Whom of the others the face in the first photo resembles.

    Attributes:
        nearest: the places of the other photos, most similar first.
        level: how many of these, from the first on, may as well be the nearest: the difference to
            the first is one that other photos of the same people may turn round. 1 where the first
            is the nearest clearly.
    """

    nearest: tuple[int, ...]
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How alike the people in N photos are.

    Attributes:
        photos: N photos, in the order given.
        similarities: (N, N) float32, 0 to 100.
        pairs: each two photos once: the first with all others, then the second, and so on.
        child: whom the first resembles; None where that was not asked.
    """

    photos: tuple[Compared, ...]
    similarities: Floats
    pairs: tuple[Pair, ...]
    child: ChildLikeness | None
