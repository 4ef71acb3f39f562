"""The space of LDA: whatever its covariances were estimated from."""

from __future__ import annotations

import numpy as np
import pytest

from starlike.classifiers.lda_space import LdaSpace, direction, shrunk

RNG = np.random.default_rng(0)
WITHIN = np.cov(RNG.normal(size=(6, 60)))
BETWEEN = np.cov(RNG.normal(size=(6, 4)))


def test_people_spread_alike_along_every_axis_and_differ_most_along_the_first() -> None:
    space = LdaSpace.of(np.zeros(6), WITHIN, BETWEEN)
    np.testing.assert_allclose(space.axes.T @ WITHIN @ space.axes, np.eye(6), atol=1e-10)
    np.testing.assert_allclose(
        space.axes.T @ BETWEEN @ space.axes, np.diag(space.between), atol=1e-10
    )
    assert (np.diff(space.between) <= 0).all()


def test_the_first_axes_are_those_of_the_whole_space() -> None:
    whole = LdaSpace.of(np.ones(6), WITHIN, BETWEEN)
    seen = RNG.normal(size=(5, 6))
    np.testing.assert_array_equal(whole.first(2).project(seen), whole.project(seen)[:, :2])
    assert whole.first(100).axes.shape == (6, 6)
    np.testing.assert_allclose(whole.project(np.ones((1, 6))), 0, atol=1e-12)


@pytest.mark.parametrize("shrinkage", [0.0, 0.3, 1.0])
def test_shrinking_keeps_the_sum_of_variances(shrinkage: float) -> None:
    found = shrunk(WITHIN, shrinkage)
    assert np.trace(found) == pytest.approx(np.trace(WITHIN))
    off = ~np.eye(6, dtype=bool)
    np.testing.assert_allclose(found[off], (1 - shrinkage) * WITHIN[off])


def test_people_of_one_image_each_leave_a_space_all_the_same() -> None:
    found = shrunk(np.zeros((3, 3)), 0.1)
    assert np.isfinite(LdaSpace.of(np.zeros(3), found, np.eye(3)).axes).all()


def test_a_direction_has_length_one_or_none() -> None:
    found = direction(np.array([[3.0, 4.0], [0.0, 0.0]]))
    np.testing.assert_allclose(found, np.array([[0.6, 0.8], [0.0, 0.0]]), rtol=1e-6)
