"""How alike the people in photos are, by distances that are known."""

from __future__ import annotations

import numpy as np
import pytest

from starlike.errors import NoFaceError, TooFewPhotosError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model import comparing
from starlike.model.similarity import similarity
from starlike.records import Box, Embedding, EncoderCard, Face

LINE = DLIB_RESNET.same_person
FAILED = NoFaceError("no face")


def photo(place: float, name: str = "", *, others: int = 0) -> comparing.Photo:
    """A photo whose largest face lies so far along a line, beside smaller ones far away."""
    faces = []
    for number in range(1 + others):
        vector = np.zeros(DLIB_RESNET.dimensions, dtype=np.float32)
        vector[0] = place + 9 * number
        faces.append(Embedding(Face(box=Box(0, 9, 9 - number, 0), detector="made"), vector))
    return name or f"{place}.jpg", faces


def test_every_two_photos_are_compared_on_the_scale_of_answers() -> None:
    compared = comparing.compare([photo(0), photo(0.4), photo(0.7)], DLIB_RESNET)
    assert [(pair.first, pair.second) for pair in compared.pairs] == [(0, 1), (0, 2), (1, 2)]
    expected = similarity(np.array([0.4, 0.7, 0.3], dtype=np.float32), DLIB_RESNET)
    np.testing.assert_allclose([pair.similarity for pair in compared.pairs], expected, rtol=1e-4)
    np.testing.assert_allclose(compared.similarities, compared.similarities.T, rtol=1e-4)
    assert compared.similarities[0, 2] == compared.pairs[1].similarity
    assert compared.child is None


@pytest.mark.parametrize(
    ("multiple", "verdict"),
    [
        (0.0, "one_person"),
        (0.99, "one_person"),
        (1.01, "resemble"),
        (comparing.RESEMBLING - 0.01, "resemble"),
        (comparing.RESEMBLING + 0.01, "unlike"),
        (3.0, "unlike"),
    ],
)
def test_what_a_distance_comes_to_follows_from_the_card(multiple: float, verdict: str) -> None:
    wide = EncoderCard.from_dict(DLIB_RESNET.to_dict() | {"same_person": 1.2, "usual_same": 0.7})
    for card in (DLIB_RESNET, wide):
        photos = [photo(0), photo(multiple * card.same_person)]
        (pair,) = comparing.compare(photos, card).pairs
        assert pair.verdict == verdict


def test_of_several_faces_the_largest_counts() -> None:
    compared = comparing.compare([photo(0), photo(0.3, "group.jpg", others=2)], DLIB_RESNET)
    group = compared.photos[1]
    assert (group.name, group.faces, group.box) == ("group.jpg", 3, Box(0, 9, 9, 0))
    assert compared.pairs[0].verdict == "one_person"


def test_a_child_looks_most_like_the_nearest() -> None:
    others = [photo(0.9 * LINE), photo(-0.5 * LINE), photo(2 * LINE)]
    child = comparing.compare([photo(0), *others], DLIB_RESNET, child=True).child
    assert child is not None
    assert child.nearest == (2, 1, 3)
    assert child.level == 1


def test_those_who_are_nearly_as_near_are_too_close_to_call() -> None:
    step = comparing.CLEAR * LINE
    others = [photo(0.5 + 1.1 * step), photo(0.5), photo(-0.5 - 0.9 * step)]
    child = comparing.compare([photo(0), *others], DLIB_RESNET, child=True).child
    assert child is not None
    assert child.nearest == (2, 3, 1)
    assert child.level == 2


@pytest.mark.parametrize(("count", "child"), [(0, False), (1, False), (1, True), (2, True)])
def test_too_few_photos_are_refused(count: int, child: bool) -> None:
    photos = [photo(place) for place in range(count)]
    with pytest.raises(TooFewPhotosError, match="takes"):
        comparing.compare(photos, DLIB_RESNET, child=child)
    with pytest.raises(TooFewPhotosError):
        comparing.usable(photos, child=child)


def test_photos_that_cannot_be_used_are_left_out() -> None:
    tried: list[comparing.Tried] = [photo(0), ("bad.jpg", FAILED), photo(1)]
    assert [name for name, _ in comparing.usable(tried, child=False)] == ["0.jpg", "1.jpg"]


@pytest.mark.parametrize(
    ("tried", "child"),
    [
        ([photo(0), ("bad", FAILED)], False),
        ([photo(0), ("bad", FAILED), photo(1)], True),
        ([("bad", FAILED), photo(0), photo(1), photo(2)], True),
    ],
)
def test_what_leaves_the_question_without_an_answer_is_told(
    tried: list[comparing.Tried], child: bool
) -> None:
    with pytest.raises(NoFaceError):
        comparing.usable(tried, child=child)
