"""The whole model: the network, whom unknown people resemble, and which of the two a face needs.

A face that is recognised gets the network's answer, corrected by how few images a class rests on;
an unknown person's face gets that of likeness; and what lies between gets a mixture of both,
weighed by the chance of being recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax

from starlike.classifiers import likeness, open_set
from starlike.classifiers.lda_space import Wide
from starlike.classifiers.nearest_mean import nearness
from starlike.classifiers.network import LAYERS, LOSS, METRICS, load_keras
from starlike.classifiers.open_set import OpenSetHead, Ratio
from starlike.embeddings import class_means
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.model.classifier import INPUT, KNOWN, PHOTOS, PROBABILITIES
from starlike.records import Floats

RATIO_SHARE = 0.25
"""How much of the log-likelihood ratios is added to the network's logits.

On folds the network is right for 98.4 % of people of a single training image, with this for 99.2 %.
"""

NEVER = 1e-30
"""The least of the network's probabilities, below which their logarithm is not told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPeople:
    """What the network is joined with: who is unknown, and whom unknown people resemble.

    Attributes:
        open_set: the chance that a face is one of the classes.
        means: (K, D) float32, of the classes.
        offsets: (K,) float32, added to the nearness of each class; None where the network answers
            unknown people, too.
        focus: an inverse squared distance; see `Recipe.focus_in`.
    """

    open_set: OpenSetHead
    means: Floats
    offsets: Floats | None
    focus: float

    def join(self, probabilities: Floats, embeddings: Floats) -> Floats:
        """What is answered to single photos.

        Args:
            probabilities: (N, K) float32, the network's.
            embeddings: (N, D) float32, which it was asked about.

        Returns:
            (N, K) float32, joined with the probabilities of likeness.
        """
        if self.offsets is None:
            return probabilities
        logits = np.log(np.maximum(probabilities, NEVER))
        logits = logits + RATIO_SHARE * self.open_set.ratio.of(embeddings)
        near = nearness(embeddings, self.means, self.focus) + self.offsets
        known = self.open_set.of(embeddings)[:, None]
        joined = known * softmax(logits, axis=1) + (1 - known) * softmax(near, axis=1)
        return np.asarray(joined, dtype=np.float32)


def learn(images: Labelled, recipe: Recipe) -> UnknownPeople:
    """Learn who is unknown, and whom unknown people resemble, from training images."""
    means, _ = class_means(images.embeddings, images.labels, len(images.classes))
    found = likeness.offsets(images, recipe) if recipe.max_false_agreement else None
    return UnknownPeople(
        open_set=open_set.fit(images, recipe.seed),
        means=means,
        offsets=found,
        focus=recipe.focus_in(images.card),
    )


def assemble(network: Any, unknown: UnknownPeople) -> Any:
    """The whole model in Keras, with the network's optimizer and its state.

    Args:
        network: trained, from embeddings (N, D) to probabilities (N, K).
        unknown: what it is joined with.

    Returns:
        A `keras.Model` from `embeddings` (N, D) and `photos` (N, 1), of how many photos each
        embedding is the mean, to `probabilities` (N, K) and `known` (N, 1). All its layers are
        Keras's own.
    """
    keras = load_keras()
    embeddings = keras.Input((unknown.means.shape[1],), name=INPUT)
    photos = keras.Input((1,), name=PHOTOS)
    ratios = _ratios(embeddings, unknown.open_set.ratio)
    known = _known(ratios, photos, unknown.open_set)
    probabilities = embeddings
    for layer in network.layers:
        probabilities = layer(probabilities)
    if unknown.offsets is not None:
        near = _set(
            keras.layers.Dense(len(unknown.means), activation="softmax", name="likeness"),
            embeddings,
            *_nearness(unknown),
        )
        logits = keras.ops.log(keras.ops.maximum(probabilities, NEVER)) + RATIO_SHARE * ratios
        probabilities = known * keras.ops.softmax(logits) + (1.0 - known) * near
    whole = keras.Model([embeddings, photos], {PROBABILITIES: probabilities, KNOWN: known})
    for layer in whole.layers:
        layer.trainable = layer in network.layers
    whole.compile(optimizer=network.optimizer)
    return whole


def network_of(whole: Any) -> Any:
    """The network of a whole model, with its optimizer, to go on training."""
    keras = load_keras()
    own = [layer for layer in whole.layers if layer.name.startswith(LAYERS)]
    dimensions = whole.inputs[0].shape[1]
    network = keras.Sequential([keras.Input((dimensions,)), *own], name="starlike")
    network.compile(optimizer=whole.optimizer, loss=LOSS, metrics=METRICS)
    return network


def _ratios(embeddings: Any, ratio: Ratio) -> Any:
    keras, space = load_keras(), ratio.space
    axes = keras.layers.Dense(len(space.between), name="space")
    seen = _set(axes, embeddings, space.axes, -space.centre @ space.axes)
    both = keras.layers.Concatenate(name="with_squares")([seen, seen * seen])
    weights = np.concatenate([ratio.linear, ratio.squared])
    layer = keras.layers.Dense(len(ratio.constant), name="ratios")
    return _set(layer, both, weights, ratio.constant)


def _known(ratios: Any, photos: Any, found: OpenSetHead) -> Any:
    keras = load_keras()
    best = keras.ops.max(ratios, axis=1, keepdims=True)
    rows = keras.layers.Concatenate(name="evidence")([best, 1.0 / photos])
    chance = keras.layers.Dense(1, activation="sigmoid", name="recognition")
    return _set(chance, rows, np.array([[found.slope], [found.few]]), np.array([found.offset]))


def _nearness(unknown: UnknownPeople) -> tuple[Wide, Wide]:
    """`-focus * distance²` plus offsets as one linear layer, but for what all classes share."""
    means = unknown.means.astype(np.float64)
    constant = unknown.offsets - unknown.focus * (means**2).sum(axis=1)
    return 2 * unknown.focus * means.T, constant


def _set(layer: Any, asked: Any, weights: Wide, biases: Wide) -> Any:
    answered = layer(asked)
    layer.set_weights([weights, biases])
    return answered
