"""The stage from end to end: select images, fit, export, write the model folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from starlike.classifiers import assemble, export, likeness
from starlike.classifiers.fit import Fitted, OnEpoch, fit, go_on
from starlike.classifiers.network import load_keras
from starlike.draws import order_key
from starlike.errors import SampleError, TrainError
from starlike.files import sample, storage
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled, Sample, Split
from starlike.model import among, store
from starlike.model.classes import Classes
from starlike.names import listed, split_names
from starlike.progress import Progress, silent
from starlike.train import curves

CURVES = "training.png"

# What a network keeps from its first recipe when its training goes on.
_BUILT_IN = ("layers", "width", "dropout", "learning_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to train on, and from where.

    Attributes:
        classes: only these; by default all that have an image.
        leave_out: so many people, chosen by the recipe's seed, are kept out of the classes, to
            measure agreement on.
        all_images: train on the test images too.
        resume: a model folder whose training goes on.
        groups: a folder of groups to which answers can be restricted; see `model.among.read`.
    """

    classes: tuple[str, ...] | None = None
    leave_out: int = 0
    all_images: bool = False
    resume: Path | None = None
    groups: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came out: images and classes trained on, and the epochs.

    `not_classes` holds, by group, the names in it that are no class.
    """

    images: int
    classes: int
    epochs: int
    best_epoch: int
    validation_accuracy: float | None
    export_difference: float
    not_classes: dict[str, Sequence[str]]


def train(
    sample_folder: Path,
    out: Path,
    recipe: Recipe | None = None,
    options: Options | None = None,
    *,
    progress: Progress = silent,
    on_epoch: OnEpoch = silent,
) -> Summary:
    """Train a network on a sample and write its model folder.

    Args:
        sample_folder: what `prepare` wrote.
        out: the model folder; replaced as a whole once training is done.
        recipe: how to train.
        options: what to train on.
        progress: told of every epoch.
        on_epoch: told the figures of all epochs so far, after each: `loss`, `accuracy`, and where
            there are validation images `val_loss` and `val_accuracy`. It hears nothing of the
            refit.

    Raises:
        SampleError: the sample cannot be used for what was asked.
        TrainError: a class that was asked for has no image, the network cannot be resumed, or
            the model folder cannot be written.
        NamesError: the groups cannot be read.
        MissingPartError: Keras is not installed.
    """
    recipe, options = recipe or Recipe(), options or Options()
    _check_out(out)
    opened = sample.read(sample_folder)
    names = _names(opened, recipe, options)
    split: Split | None = None if options.all_images else "train"
    images = sample.select(opened, recipe.embed_from, split=split, classes=names)
    not_classes: dict[str, Sequence[str]] = {}
    members = among.read(options.groups, names, not_classes.__setitem__) if options.groups else {}
    if options.resume is None:
        fitted = fit(images, recipe, progress, on_epoch=on_epoch)
    else:
        network, recipe, temperature = _resumed(options.resume, images, recipe)
        fitted = go_on(
            network, images, recipe, progress, temperature=temperature, on_epoch=on_epoch
        )
    trained_on = "all" if options.all_images else "train"
    classes = Classes(
        names=images.classes,
        images=tuple(np.bincount(images.labels, minlength=len(images.classes)).tolist()),
        card=images.card,
        embed_from=recipe.embed_from,
        trained_on=trained_on,
        sample=sample.identity(opened),
        nobody_below=likeness.nobody_below(
            images, fitted.unknown.offsets, recipe.focus_in(images.card), images.card
        ),
        groups=members,
    )
    difference = _write(out, fitted, images, classes, recipe)
    accuracies = fitted.history.get("val_accuracy")
    return Summary(
        images=len(images),
        classes=len(images.classes),
        epochs=len(fitted.history["loss"]),
        best_epoch=fitted.best_epoch,
        validation_accuracy=accuracies[fitted.best_epoch - 1] if accuracies else None,
        export_difference=difference,
        not_classes=not_classes,
    )


def _check_out(out: Path) -> None:
    """Refuse, before anything is trained, what cannot or must not be replaced."""
    with storage.telling(TrainError, out):
        if out.exists() and not (out / store.SUMS).is_file() and _holds_something(out):
            raise TrainError(
                f"{out}: this is no model folder, so it is not replaced; choose another"
            )
        storage.check_folder(out.absolute().parent)


def _holds_something(out: Path) -> bool:
    return not out.is_dir() or any(out.iterdir())


def _names(opened: Sample, recipe: Recipe, options: Options) -> tuple[str, ...]:
    """The classes to train on, by name."""
    everyone = sample.select(opened, recipe.embed_from)
    names: Sequence[str] = everyone.classes
    if options.classes is not None:
        names, missing = split_names(options.classes, everyone.classes)
        if missing:
            raise TrainError(
                f"the sample has no usable image of {len(missing)} of the people asked for: "
                f"{listed(sorted(missing))}"
            )
    if options.leave_out:
        counts = dict(zip(everyone.classes, np.bincount(everyone.labels), strict=True))
        several = sorted(
            (name for name in names if counts[name] > 1),
            key=lambda n: order_key(recipe.seed, "left out", n),
        )
        if len(several) < options.leave_out:
            raise SampleError(
                f"{options.leave_out} people cannot be left out: the sample has {len(several)} "
                "with two images or more"
            )
        names = sorted(set(names) - set(several[: options.leave_out]))
    if len(names) < 2:
        raise SampleError("training needs images of at least two people")
    return tuple(names)


def _resumed(folder: Path, images: Labelled, recipe: Recipe) -> tuple[Any, Recipe, float]:
    """A model folder's network with its optimizer, the recipe it goes on by, its temperature."""
    store.verify(folder)
    classes = store.read_classes(folder)
    if not classes.card.fits(images.card):
        raise TrainError(
            f"{folder}: it takes embeddings of {classes.card}, and the sample holds those of "
            f"{images.card}; prepare the images with the model's encoder, or train anew"
        )
    if classes.names != images.classes or classes.embed_from != recipe.embed_from:
        raise TrainError(
            f"{folder}: it knows {len(classes.names)} classes, by the {classes.embed_from}, "
            f"and the sample gives {len(images.classes)}, by the {recipe.embed_from}; "
            "resume with the same classes, or train anew"
        )
    try:
        network = assemble.network_of(load_keras().saving.load_model(folder / store.KERAS))
        facts = json.loads((folder / store.TRAINING).read_text(encoding="utf-8"))
        built_in = {name: facts["recipe"][name] for name in _BUILT_IN}
        return network, replace(recipe, **built_in), float(facts["temperature"])
    except (OSError, ValueError, LookupError) as error:
        raise TrainError(f"{folder}: its network cannot be loaded to go on with") from error


def _write(out: Path, fitted: Fitted, images: Labelled, classes: Classes, recipe: Recipe) -> float:
    """Write the model folder whole; returns how far ONNX is from Keras."""
    exported = export.to_onnx(fitted.network, fitted.unknown)
    assembled = assemble.assemble(fitted.network, fitted.unknown)
    difference = export.check(assembled, exported, images.embeddings)
    facts = {
        "recipe": recipe.to_dict(),
        "images": len(images),
        "best_epoch": fitted.best_epoch,
        "temperature": fitted.temperature,
        "history": fitted.history,
    }
    with storage.telling(TrainError, out), storage.writing_folder(out) as folder:
        assembled.save(folder / store.KERAS)
        storage.write_bytes(folder / store.CLASSIFIER, exported)
        storage.write_text(folder / store.CLASSES, classes.to_json())
        storage.write_text(folder / store.TRAINING, json.dumps(facts, indent=1) + "\n")
        storage.write_bytes(folder / CURVES, curves.plot(fitted.history, fitted.best_epoch))
        store.seal(folder)
    return difference
