"""Distances as a number for people."""

from __future__ import annotations

import numpy as np

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model.similarity import similarity


def test_it_reads_90_and_50_at_the_documented_distances() -> None:
    at = similarity(np.array([0.35, 0.6], dtype=np.float32), DLIB_RESNET)
    np.testing.assert_allclose(at, [90, 50], atol=1e-3)


def test_it_falls_throughout_and_stays_from_0_to_100() -> None:
    at = similarity(np.linspace(0, 2, 201, dtype=np.float32), DLIB_RESNET)
    assert (np.diff(at) < 0).all()
    assert at[0] > 99
    assert at[-1] < 0.1
    assert ((at >= 0) & (at <= 100)).all()


def test_it_keeps_the_shape() -> None:
    assert similarity(np.zeros((3, 5), dtype=np.float32), DLIB_RESNET).shape == (3, 5)
