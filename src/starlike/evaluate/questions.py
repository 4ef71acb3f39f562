"""What is asked of every method: test images, unknown people, two photos at once, and pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from starlike.errors import SampleError
from starlike.files import sample
from starlike.files.pairs import Half
from starlike.files.sample import KEPT, Labelled, Labels, Sample
from starlike.metrics.places import Kind, Sought
from starlike.metrics.values import PairsAsked
from starlike.pipeline import combine
from starlike.records import EmbedFrom, Floats

# Photos asked about at once, and how often four are drawn of a person.
_AT_ONCE, _DRAWS = 2, 20
_SEED = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of people who are said to look alike.

    Attributes:
        photos: A kept photos of the people in them, of both splits, labelled by person.
        sought: who is asked with, and which class is to come for them.
        asked: how many pairs there are.
    """

    photos: Labelled
    sought: Mapping[Kind, Sought]
    asked: PairsAsked


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, in one kind of embedding; the same images whatever the embedding.

    Attributes:
        embed_from: which embeddings these are.
        train: training images of K classes, which the class mean is made of.
        known: N test images of these classes.
        unknown: M photos of people in no class, labelled by person; None where the sample shows no
            such people.
        fours: (F, 4) int64, rows of `unknown`: four photos of one person each.
        alike: pairs of people who are said to look alike; None where no file of them was given.
    """

    embed_from: EmbedFrom
    train: Labelled
    known: Labelled
    unknown: Labelled | None
    fours: Labels
    alike: Alike | None = None

    @property
    def unknown_embeddings(self) -> Floats:
        """(M, D) float32, of the photos of unknown people."""
        if self.unknown is None:
            return np.zeros((0, self.known.card.dimensions), dtype=np.float32)
        return self.unknown.embeddings

    @property
    def unknown_people(self) -> Labels:
        """(M,) int64: numbers of the people in these photos."""
        return np.zeros(0, dtype=np.int64) if self.unknown is None else self.unknown.labels

    @property
    def alike_embeddings(self) -> Floats:
        """(A, D) float32, of the photos of people in pairs."""
        if self.alike is None:
            return np.zeros((0, self.known.card.dimensions), dtype=np.float32)
        return self.alike.photos.embeddings

    def of_two(self) -> tuple[Floats, Labels]:
        """Two photos as one: of all fours the first two, then the last two.

        Returns:
            (2F, D) float32, and (2F,) int64 of how many photos each is made, as an answer to
            several photos would have it.
        """
        pairs = self.fours.reshape(-1, 2, _AT_ONCE).swapaxes(0, 1).reshape(-1, _AT_ONCE)
        combined = [
            combine(self.unknown_embeddings[pair], self.known.card.same_person) for pair in pairs
        ]
        vectors = np.array([vector for vector, _ in combined], dtype=np.float32)
        photos = np.array([count for _, count in combined], dtype=np.int64)
        return vectors.reshape(-1, self.known.card.dimensions), photos


def of_sample(
    opened: Sample,
    embed_from: EmbedFrom,
    names: tuple[str, ...],
    known_to_model: Sequence[str],
    half: Half | None = None,
) -> Questions:
    """What a sample lets one ask.

    Args:
        opened: what `sample.read` gave.
        embed_from: which embeddings to take.
        names: the K classes that may be answered.
        known_to_model: everyone whom the model knows; nobody else is known to it.
        half: pairs of people to ask about; by default none.

    Raises:
        SampleError: there is no test image, or no training image, of the classes.
        NamesError: no pair can be asked about.
    """
    try:
        known = sample.select(opened, embed_from, split="test", classes=names)
    except SampleError:
        raise SampleError(
            "the sample holds no test image of the model's classes; prepare it with --test 1"
        ) from None
    train = sample.select(opened, embed_from, split="train", classes=names)
    unknown = _unknown(opened, embed_from, known_to_model)
    alike = _alike(opened, embed_from, names, half) if half else None
    return Questions(embed_from, train, known, unknown, fours(unknown), alike)


def _alike(opened: Sample, embed_from: EmbedFrom, names: tuple[str, ...], half: Half) -> Alike:
    """Whether these are people of the model does not matter: their own class cannot be answered."""
    people = half.people(_people(opened))
    asked = half.asked(people, names)
    photos = sample.select(opened, embed_from, classes=people)
    return Alike(photos, half.sought(people, names), asked)


def _people(opened: Sample) -> list[str]:
    """Everyone with a kept image, by name."""
    rows = opened.columns("class", "status")
    return sorted({person for person, status in rows if status == KEPT})


def _unknown(opened: Sample, embed_from: EmbedFrom, known: Sequence[str]) -> Labelled | None:
    """All kept images of people whom the model does not know, whatever their split."""
    names = sorted(set(_people(opened)) - set(known))
    return sample.select(opened, embed_from, classes=names) if names else None


def fours(unknown: Labelled | None) -> Labels:
    """(F, 4) rows of four different photos, 20 draws of each person with as many; always the same.

    Args:
        unknown: photos labelled by person.
    """
    drawn = []
    if unknown is not None:
        rng = np.random.default_rng(_SEED)
        for person in np.unique(unknown.labels):
            own = np.flatnonzero(unknown.labels == person)
            if len(own) >= 2 * _AT_ONCE:
                drawn += [rng.choice(own, 2 * _AT_ONCE, replace=False) for _ in range(_DRAWS)]
    return np.array(drawn, dtype=np.int64).reshape(-1, 2 * _AT_ONCE)
