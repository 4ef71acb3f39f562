"""Who is one of the classes and who is not, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from starlike.classifiers import open_set
from starlike.classifiers.open_set import OpenSetHead
from starlike.files.sample import Labelled
from starlike.records import Floats
from tests.classifiers.conftest import DIMENSIONS, crowd, labelled

PEOPLE, IMAGES, ASKED = 60, 5, 6


def split(images: Labelled, asked: int) -> tuple[Labelled, Floats]:
    """All but so many images of each person, and those: (people, asked, 128)."""
    places = np.arange(len(images)) - np.searchsorted(images.labels, images.labels)
    kept = images.take(places < asked)
    return images.take(places >= asked), kept.embeddings.reshape(-1, asked, DIMENSIONS)


@pytest.fixture(scope="module")
def known() -> Labelled:
    return split(crowd([IMAGES + ASKED] * PEOPLE, seed=1), ASKED)[0]


@pytest.fixture(scope="module")
def known_asked() -> Floats:
    """Other photos of the same people: (60, 6, 128)."""
    return split(crowd([IMAGES + ASKED] * PEOPLE, seed=1), ASKED)[1]


@pytest.fixture(scope="module")
def unknown_asked() -> Floats:
    """Photos of people around other centres, drawn alike: (60, 6, 128)."""
    return split(crowd([IMAGES + ASKED] * PEOPLE, seed=2), ASKED)[1]


@pytest.fixture(scope="module")
def fitted(known: Labelled) -> OpenSetHead:
    return open_set.fit(known, seed=0)


class TestChance:
    def test_it_is_high_for_people_in_the_classes_and_low_for_others(
        self, fitted: OpenSetHead, known_asked: Floats, unknown_asked: Floats
    ) -> None:
        of_known = fitted.of(known_asked.reshape(-1, DIMENSIONS))
        of_unknown = fitted.of(unknown_asked.reshape(-1, DIMENSIONS))
        assert of_known.dtype == np.float32
        assert (of_known > 0.9).mean() > 0.97
        assert (of_unknown < 0.1).mean() > 0.97

    def test_it_is_high_for_the_mean_of_several_photos_and_low_for_that_of_others(
        self, fitted: OpenSetHead, known_asked: Floats, unknown_asked: Floats
    ) -> None:
        for photos in (2, 3, ASKED):
            of_known, of_unknown = (
                fitted.of(asked[:, :photos].mean(axis=1), photos)
                for asked in (known_asked, unknown_asked)
            )
            assert (of_known > 0.9).mean() > 0.97
            assert (of_unknown < 0.1).mean() > 0.97

    def test_the_same_seed_gives_the_same(self, known: Labelled, fitted: OpenSetHead) -> None:
        again, other = (open_set.fit(known, seed) for seed in (0, 1))
        assert facts(again) == facts(fitted)
        assert facts(other) != facts(fitted)


def facts(found: OpenSetHead) -> tuple[float, float, float]:
    return found.slope, found.few, found.offset


class TestRatio:
    def test_it_is_that_of_normal_distributions(self) -> None:
        """Of the embedding and the class's mean as one person's, and as two people's."""
        counts = [1, 2, 3, 5, 9]
        images = crowd(counts, seed=3)
        asked = crowd([2] * len(counts), seed=4).embeddings
        ratio = open_set.fit(images, seed=0).ratio
        between = ratio.space.between
        assert len(between) > 1
        seen = ratio.space.project(asked)
        for label, count in enumerate(counts):
            mean = ratio.space.project(images.embeddings[images.labels == label].mean(axis=0))
            expected = np.zeros(len(asked))
            for z, m, b in zip(seen.T, mean, between, strict=True):
                pairs = np.stack([z, np.full_like(z, m)], axis=1)
                one = [[b + 1, b], [b, b + 1 / count]]
                two = [[b + 1, 0], [0, b + 1 / count]]
                expected += multivariate_normal.logpdf(pairs, cov=one)
                expected -= multivariate_normal.logpdf(pairs, cov=two)
            np.testing.assert_allclose(ratio.of(asked)[:, label], expected, rtol=1e-6, atol=1e-4)

    def test_a_class_of_one_image_asks_for_more(self) -> None:
        """Nearby it speaks less for a class that rests on one image; far off, less against it."""
        images = crowd([1] + [8] * 29, seed=5)
        images.embeddings[0] = images.embeddings[images.labels == 1].mean(axis=0)
        ratio = open_set.fit(images, seed=0).ratio
        there = images.embeddings[:1]
        single, several = ratio.of(there)[0, :2]
        assert 0 < single < several
        far = there + 0.5 * (images.embeddings[images.labels == 2].mean(axis=0) - there)
        single, several = ratio.of(far)[0, :2]
        assert several < single

    def test_a_face_amid_all_classes_is_rather_nobody(self, fitted: OpenSetHead) -> None:
        assert fitted.ratio.of(fitted.ratio.space.centre[None].astype(np.float32)).max() < 0


class TestSpace:
    def test_people_spread_alike_in_every_direction(self) -> None:
        space = open_set.fit(crowd([20] * 200, seed=7), seed=0).ratio.space
        photos = crowd([20] * 200, seed=8)
        seen = space.project(photos.embeddings).reshape(200, 20, -1)
        within = seen.var(axis=1, ddof=1).mean(axis=0)
        np.testing.assert_allclose(within, 1, rtol=0.15)

    def test_between_is_how_far_people_lie_apart_there(self) -> None:
        images = crowd([20] * 200, seed=7)
        space = open_set.fit(images, seed=0).ratio.space
        seen = space.project(images.embeddings).reshape(200, 20, -1).mean(axis=1)
        np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-3)
        np.testing.assert_allclose(seen.var(axis=0, ddof=1) - 1 / 20, space.between, atol=0.05)
        assert (np.diff(space.between) <= 0).all()


class TestLittleToLearnFrom:
    @pytest.mark.parametrize("people", [2, 12])
    def test_where_nobody_has_two_images_everybody_counts_as_known(self, people: int) -> None:
        found = open_set.fit(crowd([1] * people, seed=1), seed=0)
        chances = found.of(crowd([2] * people, seed=2).embeddings)
        assert (chances > 0.999).all()

    @pytest.mark.parametrize("counts", [[1, 2], [2, 2], [2, 1, 1], [1, 3], [2] * 12])
    def test_few_images_give_a_chance_that_is_a_number(self, counts: list[int]) -> None:
        found = open_set.fit(crowd(counts, seed=1), seed=0)
        assert len(found.ratio.space.between) >= 1
        for photos in (1, 3):
            assert np.isfinite(found.of(crowd(counts, seed=2).embeddings, photos)).all()

    def test_where_nobody_has_three_images_several_photos_are_as_good_as_one(self) -> None:
        """Of several photos there are examples of unknown there, and none of known people."""
        found = open_set.fit(crowd([2] * 150, seed=1), seed=0)
        assert found.few == 0
        assert found.slope > 0

    @pytest.mark.parametrize("counts", [[2, 2, 2], [1, 1]])
    def test_one_face_under_several_names_breaks_nothing(self, counts: list[int]) -> None:
        labels = np.repeat(np.arange(len(counts)), counts)
        same = np.tile(crowd([1], seed=1).embeddings, (len(labels), 1))
        found = open_set.fit(labelled(same, labels), seed=0)
        assert np.isfinite(found.of(same)).all()

    def test_the_same_image_twice_says_nothing_of_how_people_spread(self) -> None:
        once = crowd([1] * 12, seed=1)
        twice = labelled(np.repeat(once.embeddings, 2, axis=0), np.repeat(once.labels, 2))
        found = open_set.fit(twice, seed=0)
        assert np.isfinite(found.of(once.embeddings)).all()
        assert found.of(once.embeddings).min() > found.of(crowd([1] * 12, seed=2).embeddings).max()
