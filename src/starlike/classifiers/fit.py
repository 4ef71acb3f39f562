"""Fitting a network: early stopping on a validation part, then all images for as long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from starlike.classifiers import assemble, batches, calibrate, initialise
from starlike.classifiers.assemble import UnknownPeople
from starlike.classifiers.network import build, load_keras
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.progress import Progress, silent
from starlike.records import Floats

# How often the images are changed anew to read embeddings back from at the start.
_START_DRAWS = 3

History = dict[str, list[float]]

OnEpoch = Callable[[History], None]
"""Told, after every epoch of the training whose history is kept, the figures of all so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained network and how it came about.

    Attributes:
        network: its logits are divided by the temperature.
        unknown: what the network is joined with.
        history: the figures of every epoch.
        best_epoch: from 1.
        temperature: fitted to the validation images; 1 where there are none.
    """

    network: Any
    unknown: UnknownPeople
    history: History
    best_epoch: int
    temperature: float


def fit(
    images: Labelled, recipe: Recipe, progress: Progress, *, on_epoch: OnEpoch = silent
) -> Fitted:
    """Train the recipe's network on images; `on_epoch` hears nothing of the refit."""
    learning, checking = validation_split(images, recipe)
    told = _reporting(recipe.epochs, progress, on_epoch)
    fitted = _with_early_stopping(learning, checking, recipe, told)
    if not len(checking):
        return fitted
    unknown = assemble.learn(images, recipe)
    if not recipe.refit:
        calibrate.divide(fitted.network, fitted.temperature)
        return replace(fitted, unknown=unknown)
    # The learning rate falls as it did before, so the last epochs still are like the best one's.
    network = _started(images, recipe)
    network.fit(
        batches.epochs(images, recipe),
        epochs=fitted.best_epoch,
        verbose=0,
        callbacks=[_reporting(fitted.best_epoch, progress)],
    )
    calibrate.divide(network, fitted.temperature)
    return replace(fitted, network=network, unknown=unknown)


def go_on(
    network: Any,
    images: Labelled,
    recipe: Recipe,
    progress: Progress,
    *,
    temperature: float = 1.0,
    on_epoch: OnEpoch = silent,
) -> Fitted:
    """Train a network further from where its optimizer stands, at the rate it ended with.

    `temperature` is what its logits were divided by; it is kept, for there is no validation part.
    """
    calibrate.divide(network, 1 / temperature)
    past = network.fit(
        batches.epochs(images, recipe),
        epochs=recipe.epochs,
        verbose=0,
        callbacks=[_reporting(recipe.epochs, progress, on_epoch)],
    )
    calibrate.divide(network, temperature)
    return Fitted(
        network=network,
        unknown=assemble.learn(images, recipe),
        history=past.history,
        best_epoch=recipe.epochs,
        temperature=temperature,
    )


def validation_split(images: Labelled, recipe: Recipe) -> tuple[Labelled, Labelled]:
    """Images to learn from and to check on: at most one of a class, and never its last two."""
    rng = np.random.default_rng(recipe.seed)
    counts = np.bincount(images.labels, minlength=len(images.classes))
    shuffled = rng.permutation(len(images))
    _, first = np.unique(images.labels[shuffled], return_index=True)
    candidates = rng.permutation(shuffled[first])
    candidates = candidates[counts[images.labels[candidates]] > 2]
    wanted = round(len(images) * recipe.validation)
    checking = np.zeros(len(images), dtype=bool)
    checking[candidates[:wanted]] = True
    return images.take(~checking), images.take(checking)


def _started(images: Labelled, recipe: Recipe) -> Any:
    """The recipe's network before its first step."""
    steps = batches.steps(len(images), recipe) * recipe.epochs
    network = build(
        recipe,
        dimensions=images.embeddings.shape[1],
        classes=len(images.classes),
        steps=steps,
    )
    if recipe.start == "class means":
        rng = np.random.default_rng(recipe.seed)
        vectors = [batches.changed(images, recipe, rng)[0] for _ in range(_START_DRAWS)]
        means = batches.anchors(images, recipe)
        focus = recipe.focus_in(images.card)
        initialise.at_class_means(network, np.concatenate(vectors), means, recipe, focus)
    return network


def _with_early_stopping(
    learning: Labelled, checking: Labelled, recipe: Recipe, told: Any
) -> Fitted:
    keras = load_keras()
    network = _started(learning, recipe)
    callbacks = [told]
    validation = None
    if len(checking):
        validation = (checking.embeddings, _answers(learning, checking, recipe))
        callbacks.append(
            keras.callbacks.EarlyStopping(
                "val_loss", patience=recipe.patience, restore_best_weights=True
            )
        )
    past = network.fit(
        batches.epochs(learning, recipe),
        validation_data=validation,
        epochs=recipe.epochs,
        verbose=0,
        callbacks=callbacks,
    )
    history: History = {name: [float(v) for v in row] for name, row in past.history.items()}
    losses = history.get("val_loss")
    best = int(np.argmin(losses)) + 1 if losses else len(history["loss"])
    unknown = assemble.learn(learning, recipe)
    temperature = 1.0
    if len(checking):
        answered = np.asarray(network.predict(checking.embeddings, verbose=0))
        temperature = calibrate.temperature(
            answered, checking.labels, lambda said: unknown.join(said, checking.embeddings)
        )
    return Fitted(
        network=network,
        unknown=unknown,
        history=history,
        best_epoch=best,
        temperature=temperature,
    )


def _answers(learning: Labelled, checking: Labelled, recipe: Recipe) -> Floats:
    """What the network should say of the validation images: of the kind that it is trained on."""
    means = batches.anchors(learning, recipe)
    sure = np.full(len(checking), 1 - recipe.resemblance, dtype=np.float32)
    return batches.labels(
        checking.embeddings, checking.labels, sure, means, recipe.focus_in(learning.card)
    )


def _reporting(epochs: int, progress: Progress, on_epoch: OnEpoch = silent) -> Any:
    keras = load_keras()
    history: defaultdict[str, list[float]] = defaultdict(list)

    def told(epoch: int, logs: Mapping[str, float]) -> None:
        for name, value in logs.items():
            history[name].append(float(value))
        progress(epoch + 1, epochs)
        on_epoch({name: list(values) for name, values in history.items()})

    return keras.callbacks.LambdaCallback(on_epoch_end=told)
