"""A model whose people are one public photo, changed a little for each, and places to look in."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from starlike import photo, portraits
from starlike.errors import SourceError
from starlike.faces import make_detector, make_encoder
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.people import Person
from starlike.model import store
from starlike.model.classes import Classes
from starlike.portraits import Options, Summary
from starlike.portraits.collected import copy
from starlike.portraits.provider import Provider
from starlike.records import Floats
from starlike.web.image_source import ImageCandidate, ImagePage
from starlike.web.licences import Licence
from tests.small_classifier import nearest_mean

NAMES = ("Ada", "Bea", "Çelik", "Dot", "Eve", "Fay")
SIZE = 96
_HEAD = (80, 0, 370, 290)
BY_SA = Licence("cc-by-sa", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/")
NOT_OPEN = Licence("cc-by-nc", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/")


def encoded(file: Path) -> Floats:
    """The embedding of the largest face in a file, in the photo."""
    opened = photo.open(file)
    faces = make_detector().detect(opened)[:1]
    return make_encoder().embed(opened, faces, "photo")[0].vector


@pytest.fixture(scope="session")
def images(astronaut: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An image of each person: the photo mirrored, turned and darkened, each in another way."""
    folder = tmp_path_factory.mktemp("images")
    files = {}
    with Image.open(astronaut) as original:
        for number, name in enumerate(NAMES):
            head = original.convert("RGB").crop(_HEAD)
            turned = head.rotate(5 * (number // 2), Image.Resampling.BICUBIC)
            mirrored = turned.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 2 else turned
            files[name] = folder / f"{number}.png"
            mirrored.point([value * (10 - number) // 10 for value in range(256)] * 3).save(
                files[name]
            )
    return files


@pytest.fixture(scope="session")
def means(images: Mapping[str, Path]) -> Floats:
    return np.stack([encoded(images[name]) for name in NAMES])


def make_model(folder: Path, names: Sequence[str], means: Floats) -> Path:
    """Make and seal a model folder that knows people by their mean embeddings (K, 128)."""
    folder.mkdir()
    (folder / store.CLASSIFIER).write_bytes(nearest_mean(means))
    classes = Classes(
        names=tuple(names),
        images=(1,) * len(names),
        card=DLIB_RESNET,
        embed_from="photo",
        trained_on="train",
        sample="f" * 64,
    )
    (folder / store.CLASSES).write_text(classes.to_json(), encoding="utf-8")
    store.seal(folder)
    return folder


@pytest.fixture
def model_folder(means: Floats, tmp_path: Path) -> Path:
    """A model folder that knows all of these people, who resemble each other much."""
    return make_model(tmp_path / "model", NAMES, means)


def candidate(file: Path, licence: Licence = BY_SA, **facts: Any) -> ImageCandidate:
    """An image on this machine, as a source names it."""
    page = f"https://commons.wikimedia.org/wiki/File:{file.name}"
    usual = {"page_url": page, "author": "Ann Lee", "title": file.stem}
    return ImageCandidate(file.absolute().as_uri(), licence=licence, **{**usual, **facts})


@dataclass
class Local:
    """A place with images on this machine: name → candidates; it notes identify it was asked for.

    Questions about the people `fails_for` are not answered; when it is asked for one person more
    than `lives_for`, the process gets `signal`.
    """

    images: Mapping[str, Sequence[ImageCandidate]]
    fails_for: Sequence[str] = ()
    lives_for: int = 1000
    signal: int = signal.SIGKILL
    asked: list[str] = field(default_factory=list)
    name: str = "local"

    async def page(self, person: Person, cursor: str | None) -> ImagePage:
        """One candidate a page."""
        if cursor is None:
            self.asked.append(person.name)
        if len(self.asked) > self.lives_for:
            os.kill(os.getpid(), self.signal)
        if person.name in self.fails_for:
            raise SourceError("local: it is a bad day")
        place = int(cursor or 0)
        found = self.images.get(person.name, ())
        return ImagePage(
            tuple(found[place : place + 1]), str(place + 1) if place < len(found) else None
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Provider]:
        async def identify(name: str) -> Person:
            return Person(name)

        yield Provider(identify, self, copy)


@pytest.fixture
def local(images: Mapping[str, Path]) -> Local:
    """A place that has one open image of each person."""
    return Local({name: [candidate(file)] for name, file in images.items()})


def run(folder: Path, place: Local, **options: Any) -> Summary:
    """Look for the portraits of a model in a place."""
    return portraits.portraits(folder, place.opened(), options=Options(size=SIZE, **options))


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder: name → content."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}
