"""People around random centres: their sample, a recipe that trains in seconds, and a model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from starlike import train
from starlike.classifiers import open_set
from starlike.classifiers.assemble import UnknownPeople
from starlike.classifiers.network import build
from starlike.classifiers.open_set import OpenSetHead, Ratio
from starlike.embeddings import class_means
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled, Labels
from starlike.records import Floats
from starlike.train import Options, Summary
from tests import samples

PEOPLE = (
    "Ada", "Ben", "Çelik", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim", "A.J. O'Neil",
)  # fmt: skip
DIMENSIONS = 128
IMAGES, TESTED, VIEWS = 6, 1, 4
TRAINED = IMAGES - TESTED

TINY = Recipe(
    embed_from="photo", width=32, dropout=0.2, learning_rate=0.01, batch=16, epochs=6, refit=False
)
CLASSES = 9
"""How many a network that is `used`, and what it is joined with, know."""

STILL = replace(TINY, augment=0.0, borrow=0.0, mix=0.0, noise=0.0, resemblance=0.0)
"""The tiny recipe, with images and labels left as they are."""


@dataclass(frozen=True)
class Trained:
    folder: Path
    summary: Summary
    told: list[tuple[int, int]]


def sample_rows(people: tuple[str, ...] = PEOPLE, images: int = IMAGES) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    rows = []
    for person in people:
        centre = rng.normal(0, 0.12, DIMENSIONS)
        for number in range(images):
            near = (centre + rng.normal(0, 0.03, (2 + VIEWS, DIMENSIONS))).astype(np.float32)
            rows.append(
                {
                    "class": person,
                    "image": f"{person}/{number}.jpg",
                    "source": "crawl",
                    "sha256": f"{person}{number}",
                    "split": "test" if number < TESTED else "train",
                    "status": "kept",
                    "embedding": near[0],
                    "crop_embedding": near[1],
                    "augmented_embeddings": near[2:].ravel(),
                }
            )
    return rows


def labelled(embeddings: npt.NDArray[np.floating], labels: Labels) -> Labelled:
    """Embeddings (N, 128) and the numbers of the people they are of, as images without views."""
    names = tuple(map(str, range(len(labels))))
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    views = np.zeros((len(labels), 0, DIMENSIONS), dtype=np.float32)
    return Labelled(
        classes=classes,
        labels=labels,
        embeddings=embeddings.astype(np.float32),
        augmented=views,
        images=names,
        sources=names,
        card=DLIB_RESNET,
    )


def crowd(images: list[int], seed: int) -> Labelled:
    """So many images of each of some people, who lie about as near each other as real ones.

    As many people of the same seed lie around the same centres.
    """
    rng = np.random.default_rng(seed)
    centres = np.zeros((len(images), DIMENSIONS))
    centres[:, :30] = rng.normal(0, 0.08, (len(images), 30))
    labels = np.repeat(np.arange(len(images)), images)
    return labelled(centres[labels] + rng.normal(0, 0.035, (len(labels), DIMENSIONS)), labels)


def used(layers: int, classes: int = CLASSES) -> Any:
    """A network whose every weight and moving figure is as if it had been trained."""
    network = build(
        Recipe(layers=layers, width=24), dimensions=DIMENSIONS, classes=classes, steps=1
    )
    rng = np.random.default_rng(layers)
    for layer in network.layers:
        figures = [value + rng.normal(0, 0.3, value.shape) for value in layer.get_weights()]
        if type(layer).__name__ == "BatchNormalization":
            figures[-1] = rng.uniform(0.01, 3, figures[-1].shape)
        layer.set_weights(figures)
    return network


@pytest.fixture(scope="session")
def unknown() -> UnknownPeople:
    """What a network of nine classes is joined with, softened so that every part is heard."""
    known = crowd([6] * CLASSES, seed=6)
    means, _ = class_means(known.embeddings, known.labels, CLASSES)
    offsets = np.random.default_rng(7).normal(0, 2, CLASSES).astype(np.float32)
    sharp = open_set.fit(known, seed=0).ratio
    figures = (0.05 * values for values in (sharp.linear, sharp.squared, sharp.constant))
    linear, squared, constant = figures
    ratio = Ratio(space=sharp.space, linear=linear, squared=squared, constant=constant)
    soft = OpenSetHead(ratio=ratio, slope=4.0, few=3.0, offset=-1.0)
    return UnknownPeople(open_set=soft, means=means, offsets=offsets, focus=30.0)


@pytest.fixture(scope="session")
def asked() -> Floats:
    """Faces on the way from someone whom `unknown` knows to someone whom it does not."""
    known, unknown = (crowd([6] * CLASSES, seed).embeddings for seed in (6, 8))
    shares = np.linspace(0, 1, 6, dtype=np.float32)[:, None, None]
    return np.asarray((shares * unknown + (1 - shares) * known).reshape(-1, DIMENSIONS))


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people with six images each, one of them to test on."""
    folder = tmp_path_factory.mktemp("sample")
    samples.write(folder, sample_rows())
    return folder


@pytest.fixture(scope="session")
def images(sample_folder: Path) -> Labelled:
    """The training images, encoded in the photo."""
    return sample.select(sample.read(sample_folder), "photo", split="train")


@pytest.fixture(scope="session")
def held_out(sample_folder: Path) -> Labelled:
    return sample.select(sample.read(sample_folder), "photo", split="test")


@pytest.fixture(scope="session")
def train_into(sample_folder: Path) -> Callable[..., Trained]:
    """A function that trains the tiny recipe, changed as it is told, into a folder."""

    def trained(folder: Path, options: Options | None = None, **figures: Any) -> Trained:
        told: list[tuple[int, int]] = []
        summary = train.train(
            sample_folder,
            folder,
            dataclasses.replace(TINY, **figures),
            options,
            progress=lambda *counts: told.append(counts),
        )
        return Trained(folder, summary, told)

    return trained


@pytest.fixture(scope="session")
def trained(
    train_into: Callable[..., Trained], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trained]:
    """A model folder of two hidden layers that no test may change."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    made = train_into(folder, layers=2)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    yield made
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
