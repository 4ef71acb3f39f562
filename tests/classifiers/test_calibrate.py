"""Probabilities that are right as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from starlike.classifiers import calibrate
from starlike.classifiers.network import build
from starlike.files.recipe import Recipe
from starlike.records import Floats
from tests.classifiers.conftest import DIMENSIONS


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("true", [0.4, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found(true: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 10)).astype(np.float32)
    odds = _softmax(logits)
    labels = (odds.cumsum(axis=1) > rng.random((len(odds), 1))).argmax(axis=1)
    assert calibrate.temperature(_softmax(logits * true), labels) == pytest.approx(true, rel=0.05)


def test_a_class_that_was_never_thought_of_does_not_break_it() -> None:
    probabilities = np.array([[1.0, 0.0], [1.0, 0.0]], dtype=np.float32)
    assert calibrate.temperature(probabilities, np.array([0, 1])) > 1


def test_it_fits_what_is_answered_after_joining() -> None:
    """Where others' answers are mixed in, the part that is divided must be the surer."""
    rng = np.random.default_rng(0)
    odds = _softmax(rng.normal(0, 2, (20_000, 10)).astype(np.float32))
    labels = (odds.cumsum(axis=1) > rng.random((len(odds), 1))).argmax(axis=1)

    def join(said: Floats) -> Floats:
        return np.asarray(0.8 * said + 0.2 / 10)

    alone, joined = (calibrate.temperature(odds, labels, *how) for how in ((), (join,)))
    assert alone == pytest.approx(1, rel=0.05)
    assert joined < 0.9 * alone


def test_dividing_the_logits_softens_and_can_be_undone() -> None:
    network = build(Recipe(width=16), dimensions=DIMENSIONS, classes=5, steps=1)
    vectors = np.random.default_rng(0).normal(0, 1, (8, 128)).astype(np.float32)
    before = network.predict(vectors, verbose=0)
    calibrate.divide(network, 4.0)
    softer = network.predict(vectors, verbose=0)
    expected = _softmax(np.log(before) / 4)
    np.testing.assert_allclose(softer, expected, atol=1e-5)
    calibrate.divide(network, 1 / 4)
    np.testing.assert_allclose(network.predict(vectors, verbose=0), before, atol=1e-5)
