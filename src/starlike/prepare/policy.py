"""The figures that images are judged by."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from starlike.records import EncoderCard

_DISTANCES = (
    "own_face",
    "same_face",
    "same_photo",
    "alike",
    "far",
    "doubtful",
    "few",
    "usual",
    "two_people",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The figures of the policy, for any encoder.

    Distances are Euclidean, between embeddings in the whole photo: plain ones where copies of a
    photo are told, and those averaged with their augmentations where people are. They are given
    as multiples of the encoder's `same_person`, which is 0.6 for dlib's: its distances are the
    numerators of the defaults, in hundredths.

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
        few: how much a mean of one image is off the person's own. An image is judged by
            `sqrt(far² + few²/n)`, and likewise for `doubtful`, where n others make the mean.
        usual: the median distance of a person's images to their mean. Where that of the class is
            smaller, `far` and `doubtful` shrink with it ...
        usual_images: ... in which the usual one counts like so many images.
        two_people: distance between the means of two groups of a class's images, the chance of
            few images taken off, from which the groups are two people.
    """

    min_face: int = 20
    min_sharpness: float = 15.0
    main_face: float = 3.0
    own_face: float = 50 / 60
    same_face: float = 20 / 60
    same_photo: float = 30 / 60
    same_hash: int = 12
    alike: float = 60 / 60
    far: float = 48 / 60
    doubtful: float = 43 / 60
    few: float = 30 / 60
    usual: float = 32 / 60
    usual_images: int = 5
    two_people: float = 28 / 60

    def in_space(self, card: EncoderCard) -> PolicyInSpace:
        """The policy with its distances as they are among the embeddings of one encoder."""
        facts = asdict(self)
        for name in _DISTANCES:
            # Rounded, so that sixty hundredths of dlib's 0.6 are no hair off what they should be.
            facts[name] = round(facts[name] * card.same_person, 9)
        return PolicyInSpace(**facts, same_person=card.same_person)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInSpace(Policy):
    """A policy whose distances are those among the embeddings of one encoder.

    Attributes:
        same_person: where that encoder draws the line between one person and two.
    """

    same_person: float
