"""The stage from end to end: ask the model, measure, draw, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from starlike import model, sample, storage
from starlike.errors import ModelError, SampleError
from starlike.evaluate import baseline, plots, report
from starlike.evaluate.answers import Scored, evaluate_answers
from starlike.evaluate.figures import CLASS_MEAN, NETWORK, About, Figures, to_json
from starlike.model import Classes, Classifier
from starlike.progress import Progress, silent
from starlike.records import DIMENSIONS, Floats
from starlike.sample import KEPT, Labelled

if TYPE_CHECKING:
    import pyarrow as pa

_STEPS = 4


def evaluate(
    model_folder: Path,
    sample_folder: Path,
    out: Path,
    *,
    classes: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Figures:
    """Measure a model on the test images of a sample, and on the people it does not know.

    Writes `metrics.json` (see `figures`), the plots as PNG, and `report.html` into `out`.

    Args:
        model_folder: what `train` wrote.
        sample_folder: what `prepare` wrote.
        out: where to write; made where it is missing.
        classes: only these may be answered, and only their test images are asked about; by
            default all that the model knows.
        progress: told of every step.

    Raises:
        ModelError: the folder is no sound model, does not know a class that was asked for, or was
            trained on the sample's test images.
        SampleError: there is no sample, or it holds no test image of the classes.
        MissingPartError: Jinja or matplotlib is not installed.
    """
    classifier = model.open_folder(model_folder)
    table = sample.read(sample_folder)
    identity = sample.identity(table)
    _check_held_out(classifier, identity)
    names = _names(classifier, classes)
    progress(1, _STEPS)
    figures = _measure(classifier, table, names, identity)
    progress(2, _STEPS)
    pictures = plots.draw(figures)
    progress(3, _STEPS)
    for name, data in pictures.items():
        storage.write_bytes(out / name, data)
    report.write(out, figures, pictures)
    storage.write_text(out / model.METRICS, to_json(figures.to_dict()))
    progress(_STEPS, _STEPS)
    return figures


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
    if missing := sorted(set(asked) - set(names)):
        shown = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise ModelError(
            f"{classifier.folder}: the model does not know {len(missing)} of the classes asked "
            f"for: {shown}"
        )
    return tuple(name for name in names if name in set(asked))


def _measure(
    classifier: Classifier, table: pa.Table, names: tuple[str, ...], identity: str
) -> Figures:
    encode_in = classifier.classes.encode_in
    try:
        known = sample.select(table, encode_in, split="test", classes=names)
    except SampleError:
        raise SampleError(
            "the sample holds no test image of the model's classes; prepare it with --test 1"
        ) from None
    train = sample.select(table, encode_in, split="train", classes=names)
    left_out = _left_out(classifier.classes, table)
    others = np.zeros((0, DIMENSIONS), np.float32) if left_out is None else left_out.encodings
    columns = [classifier.classes.names.index(name) for name in names]
    on_known, on_others = (
        _ask(classifier, encodings, columns) for encodings in (known.encodings, others)
    )
    means_on_known, means_on_others = (
        baseline.scores(train, encodings) for encodings in (known.encodings, others)
    )
    images = np.asarray(classifier.classes.images, dtype=np.int64)[columns]
    return evaluate_answers(
        [
            Scored(NETWORK, on_known[0], on_others[0], probabilities=True),
            Scored(CLASS_MEAN, means_on_known, means_on_others, probabilities=False),
        ],
        (on_known[1], on_others[1]),
        known,
        left_out,
        images,
        _about(classifier.classes, table, identity, len(names), int(images.sum())),
    )


def _left_out(classes: Classes, table: pa.Table) -> Labelled | None:
    """All kept images of people whom the model does not know."""
    statuses, people = table["status"].to_pylist(), table["class"].to_pylist()
    kept = {person for person, status in zip(people, statuses, strict=True) if status == KEPT}
    names = sorted(kept - set(classes.names))
    return sample.select(table, classes.encode_in, classes=names) if names else None


def _ask(
    classifier: Classifier, encodings: Floats, columns: Sequence[int]
) -> tuple[Floats, Floats]:
    """Probabilities among the given classes, and similarities to them: (N, K) both."""
    answers = classifier.answer(encodings)
    probabilities = answers.probabilities[:, columns]
    smallest = np.finfo(np.float32).tiny
    total = np.maximum(probabilities.sum(axis=1, keepdims=True), smallest)
    return probabilities / total, model.similarity(answers.distances[:, columns])


def _about(
    known: Classes, table: pa.Table, identity: str, classes: int, train_images: int
) -> About:
    usable = [
        (source, person)
        for source, person, status in zip(
            *(table[name].to_pylist() for name in ("source", "class", "status")), strict=True
        )
        if status == KEPT
    ]
    return About(
        classes=classes,
        model_classes=len(known.names),
        train_images=train_images,
        encode_in=known.encode_in,
        sample=identity,
        same_sample=known.sample == identity,
        sample_images=len(usable),
        sample_people=len({person for _, person in usable}),
        sources=dict(sorted(Counter(source for source, _ in usable).items())),
    )
