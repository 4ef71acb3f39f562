"""Whom an unknown person resembles, so that another photo of that person is told the same.

Nearness alone is a poor judge there: the ten nearest stars are about equally near, and a
change of light decides. So each class gets an offset to its nearness, learned from what is wanted:
two photos of one person, whose own class is left out, should get the same first answer, and photos
of different people should not. Classes whose means are a matter of chance lose by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from starlike.classifiers.nearest_mean import nearness
from starlike.classifiers.network import load_keras
from starlike.embeddings import class_means, distances
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled, Labels
from starlike.metrics.measures import false_agreement
from starlike.model.similarity import similarity
from starlike.records import EncoderCard, Floats

# Rounds of steps of pairs; between rounds false agreement is weighed anew. Chosen on folds.
_ROUNDS, _STEPS, _PAIRS = 20, 20, 512
_RATE = 0.03
# Added to embeddings, in units of the card's `same_person`: it stands for photos not seen.
_NOISE = 0.05
_LIGHTEST, _FIRST, _HEAVIEST = 0.05, 0.5, 2.0
# Keeps a pair that can hardly be brought to agree from deciding everything.
_HOPELESS = 1e-3
_HIDDEN = 1e9
# The share of unknown people who hear that nobody resembles them much.
_POOREST = 0.1


def offsets(images: Labelled, recipe: Recipe) -> Floats:
    """(K,) float32: what is added to `-focus * distance²` to each class's mean.

    Args:
        images: training images; people with two or more are learned from.
        recipe: its `focus`, `max_false_agreement` and `seed`.

    Returns:
        Offsets under which photos of different people get the same star in about a share
        `max_false_agreement` of training pairs; zeros where nearness alone gives more.
    """
    means, counts = class_means(images.embeddings, images.labels, len(images.classes))
    near = _to_others(images.embeddings, images.labels, means, recipe.focus_in(images.card))
    found = np.zeros(len(means), dtype=np.float32)
    if (counts > 1).sum() < 2 or _false_agreement(
        near, images.labels
    ) >= recipe.max_false_agreement:
        return found
    rng = np.random.default_rng(recipe.seed)
    model, layer = _learner(len(means), recipe)
    weight = _FIRST
    for _ in range(_ROUNDS):
        layer.restraint.assign(weight)
        pairs = _pairs(images, means, recipe, rng)
        model.fit(pairs, batch_size=_PAIRS, shuffle=False, verbose=0)
        found = np.asarray(layer.offsets, dtype=np.float32)
        now = _false_agreement(near + found, images.labels)
        weight = float(
            np.clip(weight * (now / recipe.max_false_agreement) ** 0.5, _LIGHTEST, _HEAVIEST)
        )
    return np.asarray(found - found.mean(), dtype=np.float32)


def nobody_below(images: Labelled, added: Floats | None, focus: float, card: EncoderCard) -> float:
    """The similarity that the first star of a tenth of unknown people does not reach.

    Args:
        images: training images, each as of an unknown person: its own class is left out.
        added: (K,) offsets; None for none.
        focus: an inverse squared distance; see `Recipe.focus_in`.
        card: of the network whose embeddings these are.
    """
    means, counts = class_means(images.embeddings, images.labels, len(images.classes))
    near = _to_others(images.embeddings, images.labels, means, focus)
    first = (near if added is None else near + added).argmax(axis=1)
    apart = distances(images.embeddings, means)[np.arange(len(near)), first]
    shown = similarity(apart, card)
    # Everybody weighs the same, however many photos there are of them.
    order = np.argsort(shown)
    people = np.cumsum(1 / counts[images.labels[order]])
    return float(shown[order[np.searchsorted(people, _POOREST * people[-1])]])


def _to_others(embeddings: Floats, labels: Labels, means: Floats, focus: float) -> Floats:
    """(N, K), with each face's own class out of reach, as if nobody knew the person."""
    near = nearness(embeddings, means, focus)
    near[np.arange(len(labels)), labels] = -_HIDDEN
    return near


def _false_agreement(scores: Floats, people: Labels) -> float:
    return false_agreement(scores.argmax(axis=1), people) or 0.0


def _pairs(
    images: Labelled, means: Floats, recipe: Recipe, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Nearness (M, K) of two different photos of people drawn at random, for one round."""
    order = np.argsort(images.labels, kind="stable")
    _, starts, counts = np.unique(images.labels[order], return_index=True, return_counts=True)
    several = np.flatnonzero(counts > 1)
    person = rng.choice(several, size=_STEPS * _PAIRS)
    one = rng.integers(counts[person])
    other = (one + rng.integers(1, counts[person])) % counts[person]
    near = []
    spread = _NOISE * images.card.same_person
    for chosen in (one, other):
        rows = order[starts[person] + chosen]
        noise = rng.normal(0, spread, (len(rows), means.shape[1])).astype(np.float32)
        labels = images.labels[rows]
        near.append(
            _to_others(images.embeddings[rows] + noise, labels, means, recipe.focus_in(images.card))
        )
    return near[0], near[1]


def _learner(classes: int, recipe: Recipe) -> tuple[Any, Any]:
    """A Keras model that takes pairs, and its layer, which holds the offsets."""
    keras = load_keras()
    keras.utils.set_random_seed(recipe.seed)
    ops = keras.ops

    class Agreement(keras.layers.Layer):  # type: ignore[misc, name-defined]
        """Its loss: minus the log of how often pairs agree, plus that of how often others do.

        Both are taken over the softmax of nearness and offsets, which has a slope where the first
        answer itself jumps.
        """

        def build(self, *_: Any) -> None:
            self.offsets = self.add_weight(shape=(classes,), initializer="zeros")
            self.restraint = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, first: Any, second: Any) -> Any:
            one, other = (ops.softmax(near + self.offsets) for near in (first, second))
            agree = ops.sum(one * other, axis=1)
            used = ops.mean(one + other, axis=0) / 2
            others = ops.log(ops.sum(used**2))
            self.add_loss(self.restraint * others - ops.mean(ops.log(agree + _HOPELESS)))
            return agree

    layer = Agreement()
    inputs = [keras.Input((classes,)), keras.Input((classes,))]
    model = keras.Model(inputs, layer(*inputs))
    rate = keras.optimizers.schedules.CosineDecay(_RATE, _ROUNDS * _STEPS)
    model.compile(optimizer=keras.optimizers.Adam(rate))
    return model, layer
