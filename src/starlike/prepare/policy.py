"""The figures that images are judged by, what is judged, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from starlike.prepare.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures of the policy.

    Distances are Euclidean, between embeddings in the whole photo: plain ones where copies of a
    photo are told, and those averaged with their views where people are.

    Attributes:
        min_face: shorter side of a face box in pixels, below which a face is tiny.
        min_sharpness: variance of the Laplacian, below which a face is blurred.
        main_face: how many times larger than the next a face must be to be the one meant, where
            the class's other images do not tell.
        own_face: distance to the class mean below which a face among several is the person.
        same_face: distance between embeddings below which two images are near duplicates ...
        same_photo: ... or below this one, where their perceptual hashes differ ...
        same_hash: ... in at most so many of 64 bits.
        alike: distance between two images of a class below which they vouch for each other.
        far: distance to the mean of its class's other images, from which an image is of a wrong
            person ...
        doubtful: ... or from this one on where another class's mean is nearer; both where the
            others are many.
        few: how much a mean of one image is off the person's own: its square over the number of
            the others is added to the squares of `far` and `doubtful`.
        usual: the median distance of a person's images to their mean. Where that of the class is
            smaller, `far` and `doubtful` shrink with it ...
        usual_images: ... in which the usual one counts like so many images.
        two_people: distance between the means of two groups of a class's images, the chance of
            few images taken off, from which the groups are two people.
    """

    min_face: int = 20
    min_sharpness: float = 15.0
    main_face: float = 3.0
    own_face: float = 0.5
    same_face: float = 0.2
    same_photo: float = 0.3
    same_hash: int = 12
    alike: float = 0.6
    far: float = 0.48
    doubtful: float = 0.43
    few: float = 0.3
    usual: float = 0.32
    usual_images: int = 5
    two_people: float = 0.28


@dataclass(slots=True)
class Verdict:
    """What became of an image: a status, a reason where it was left out, and the face meant."""

    status: str
    reason: str | None = None
    face: int | None = None


@dataclass(frozen=True, slots=True)
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
