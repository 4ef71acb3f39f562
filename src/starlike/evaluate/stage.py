"""The stage from end to end: ask the model, measure, draw, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from starlike.errors import ModelError
from starlike.evaluate import (
    answers,
    groups,
    methods,
    plots,
    questions,
    report,
    unknown,
)
from starlike.evaluate.pairs import similarity
from starlike.evaluate.questions import Questions
from starlike.evaluate.replicates import check_replicates, with_spreads
from starlike.files import pairs as pair_files
from starlike.files import sample, storage
from starlike.files.pairs import REPORT, Half
from starlike.files.sample import KEPT, Sample
from starlike.metrics import catalogue
from starlike.metrics.declaration import Figure
from starlike.metrics.figures import About, Figures
from starlike.model import store
from starlike.model.classifier import Classifier
from starlike.names import listed, split_names
from starlike.progress import Progress, silent


def evaluate(  # noqa: PLR0913  one argument an option
    model_folder: Path,
    sample_folder: Path,
    out: Path,
    *,
    replicates: Sequence[Path] = (),
    classes: Sequence[str] | None = None,
    pairs: Path | None = None,
    figures: Sequence[Figure] = (),
    progress: Progress = silent,
) -> Figures:
    """Measure a model on the test images of a sample, and on the people it does not know.

    Writes `metrics.json` (see `figures`), the plots as PNG, and `report.html` into `out`.

    Args:
        model_folder: what `train` wrote.
        sample_folder: what `prepare` wrote.
        out: where to write; made where it is missing.
        replicates: more models of the same recipe, trained with another seed and so with other
            people left out, to see how far the figures depend on that.
        classes: only these may be answered, and only their test images are asked about; by
            default all that the model knows.
        pairs: a file of people who are said to look alike (see `starlike.files.pairs`); those of
            the half to report on are asked about. By default likeness is not measured.
        figures: what to measure beside the figures that `starlike.metrics` and installed packages
            declare.
        progress: called after every model, and when all is drawn and written.

    Raises:
        ModelError: a folder is no sound model, takes embeddings of another encoder, does not know a
            class that was asked for, or was trained on the sample's test images; or the models
            are not of one recipe.
        SampleError: there is no sample, or it holds no test image of the classes.
        NamesError: the pairs cannot be read, or none of them can be asked about.
        PluginError: a figure from outside cannot be used.
        MissingPartError: Jinja or matplotlib is not installed.
    """
    declared = catalogue.declared(figures)
    half = pair_files.read(pairs, REPORT) if pairs else None
    models = [_open(folder) for folder in (model_folder, *replicates)]
    check_replicates(models)
    opened = sample.read(sample_folder)
    identity = sample.identity(opened)
    for classifier in models:
        _check_card(classifier, opened)
        _check_held_out(classifier, identity)
    names = [_names(classifier, classes) for classifier in models]
    measured = []
    for classifier, answered in zip(models, names, strict=True):
        measured.append(_measure(classifier, opened, answered, identity, declared, half))
        progress(len(measured), len(models) + 1)
    whole = replace(
        measured[0],
        about=replace(measured[0].about, models=len(models)),
        methods=with_spreads([one.methods for one in measured]),
    )
    _write(out, whole)
    progress(len(models) + 1, len(models) + 1)
    return whole


def _open(folder: Path) -> Classifier:
    """A model folder that is whole: what is measured goes with all that lies in it."""
    store.verify(folder)
    return store.open_folder(folder)


def _check_card(classifier: Classifier, opened: Sample) -> None:
    known = classifier.classes.card
    if not known.fits(opened.card):
        raise ModelError(
            f"{classifier.folder}: the model takes embeddings of {known}, and the sample holds "
            f"those of {opened.card}; prepare the images with the model's encoder"
        )


def _check_held_out(classifier: Classifier, identity: str) -> None:
    known = classifier.classes
    if known.trained_on == "all" and known.sample == identity:
        raise ModelError(
            f"{classifier.folder}: it was trained on this sample's test images too, so nothing "
            "is held out; evaluate a model that was trained without --all"
        )


def _names(classifier: Classifier, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The classes that may be answered, in the model's order."""
    names = classifier.classes.names
    if asked is None:
        return names
    wanted, missing = split_names(asked, names)
    if missing:
        raise ModelError(
            f"{classifier.folder}: the model does not know {len(missing)} of the classes asked "
            f"for: {listed(sorted(missing))}"
        )
    return wanted


def _measure(
    classifier: Classifier,
    opened: Sample,
    names: tuple[str, ...],
    identity: str,
    declared: tuple[Figure, ...],
    half: Half | None,
) -> Figures:
    known = classifier.classes
    asked = questions.of_sample(opened, known.embed_from, names, known.names, half)
    columns = [known.names.index(name) for name in names]
    network, verdicts = methods.network(classifier, asked, columns)
    scored = [network, methods.class_mean(asked)]
    if known.embed_from != "photo":
        plain = questions.of_sample(opened, "photo", names, known.names, half)
        scored.append(methods.class_mean(plain))
    said = [answers.answered(method, asked) for method in scored]
    images = np.asarray(known.images, dtype=np.int64)[columns]
    parts = groups.parts(opened, asked, images, known.groups)
    return Figures(
        about=_about(classifier, opened, identity, asked, int(images.sum())),
        declared=tuple(one.declaration for one in declared),
        methods=tuple(
            answers.method(method.name, one, declared, names)
            for method, one in zip(scored, said, strict=True)
        ),
        groupings=groups.measured(parts, said, declared),
        similarity=similarity(network, verdicts, opened, known),
        recognition=unknown.recognition(network, verdicts, asked),
        confusions=answers.confusions(said[0], names),
        by_class=answers.by_class(said[0], asked.known, images),
    )


def _about(
    classifier: Classifier, opened: Sample, identity: str, asked: Questions, train_images: int
) -> About:
    known = classifier.classes
    usable = [
        (source, person)
        for source, person, status in opened.columns("source", "class", "status")
        if status == KEPT
    ]
    return About(
        models=1,
        classes=len(asked.known.classes),
        model_classes=len(known.names),
        train_images=train_images,
        test_images=len(asked.known),
        unknown=answers.unknown_people(asked),
        embed_from=known.embed_from,
        sample=identity,
        same_sample=known.sample == identity,
        sample_images=len(usable),
        sample_people=len({person for _, person in usable}),
        faces_found=groups.faces_found(opened),
        sources=dict(sorted(Counter(source for source, _ in usable).items())),
        pairs=asked.alike.asked if asked.alike else None,
    )


def _write(out: Path, figures: Figures) -> None:
    pictures = plots.draw(figures)
    for name, data in pictures.items():
        storage.write_bytes(out / name, data)
    report.write(out, figures, pictures)
    storage.write_text(out / store.METRICS, figures.to_json())
