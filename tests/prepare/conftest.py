"""A small folder of real people with everything in it that goes wrong, and what came of it."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from starlike import prepare
from starlike.faces import Encoder, make_encoder
from starlike.files import sample
from starlike.prepare import Options, Summary

Row = dict[str, Any]

# Classes, the people whose photos they hold, and how many: the first ones by name.
PEOPLE = {
    "Colin Firth": ("Colin Firth", 5),
    "Emma Stone": ("Emma Stone", 5),
    "Helen Mirren": ("Helen Mirren", 5),
    "Jeremy Renner": ("Jeremy Renner", 5),
    "Penélope Cruz": ("Penélope Cruz", 5),
    "A.J. O'Buckley": ("A.J. Buckley", 3),
    "Will Forte": ("Will Forte", 4),
    "Zoe Saldana": ("Zoe Saldana", 4),
    "William Levy": ("William Levy", 1),
}
DECOMPOSED = unicodedata.normalize("NFD", "Penélope Cruz")
"""The name of the class's folder, as some file systems write it."""

STATUSES = {
    "A.J. O'Buckley/vggface_003.jpg": "blurred",
    "Colin Firth/twin.jpg": "duplicate",
    "Emma Stone/smaller.jpg": "near_duplicate",
    "Emma Stone/with_colin.jpg": "kept",
    "Helen Mirren/blurred.jpg": "blurred",
    "Helen Mirren/misnamed.jpg": "other_name",
    "Jeremy Renner/tiny.png": "small_face",
    "Nobody/blank.jpg": "empty",
    "Nobody/gone.jpg": "unreadable",
    "Nobody/wall.png": "no_face",
    "Will Forte/stranger.jpg": "wrong_person",
    "Zoe Saldana/cut_off.jpg": "broken",
    "Zoe Saldana/empty.jpg": "empty",
    "Zoe Saldana/two_strangers.jpg": "several_faces",
    "Zoe Saldana/words.jpg": "not_a_photo",
}
"""What the policy says of each planted image and of a blurred photo; all others are kept."""


@dataclass(frozen=True)
class Prepared:
    """A run of the stage: its summary, its rows by image, and what its progress told."""

    out: Path
    summary: Summary
    rows: dict[str, Row]
    told: list[tuple[int, int]]

    def splits(self) -> dict[str, str]:
        return {image: row["split"] for image, row in self.rows.items() if row["split"]}


Run = Callable[..., Prepared]


@pytest.fixture(scope="session")
def planted(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People with a few photos each, and an image of every kind that the policy knows."""
    photos = data_folder / "celebrities"
    folder = tmp_path_factory.mktemp("planted")
    for name, (person, count) in PEOPLE.items():
        place = folder / (DECOMPOSED if name == "Penélope Cruz" else name)
        place.mkdir()
        for file in sorted((photos / person).iterdir())[:count]:
            shutil.copy(file, place)
    _plant_photos(folder, photos)
    _plant_files(folder)
    return folder


def _plant_photos(folder: Path, photos: Path) -> None:
    """Faces that are known already, poor, or of other people."""
    colin, emma, helen = (folder / name for name in ("Colin Firth", "Emma Stone", "Helen Mirren"))
    shutil.copy(colin / "famousfaces_001.jpg", colin / "twin.jpg")
    shutil.copy(folder / "Jeremy Renner" / "famousfaces_003.jpg", helen / "misnamed.jpg")
    shutil.copy(photos / "Helen Mirren/vggface_001.jpg", folder / "Will Forte" / "stranger.jpg")
    with Image.open(emma / "famousfaces_003.jpg") as image:
        image.resize((image.width * 2 // 3, image.height * 2 // 3)).save(
            emma / "smaller.jpg", quality=75
        )
    with Image.open(photos / "Helen Mirren/vggface_003.jpg") as image:
        image.filter(ImageFilter.GaussianBlur(6)).save(helen / "blurred.jpg")
    with Image.open(photos / "Jeremy Renner/vggface_003.jpg") as image:
        image.resize((28, 33)).save(folder / "Jeremy Renner" / "tiny.png")
    _beside(photos / "Colin Firth/vggface_004.jpg", photos / "Emma Stone/vggface_004.jpg").save(
        emma / "with_colin.jpg"
    )
    _beside(
        photos / "Natalie Portman/vggface_003.jpg", photos / "Tilda Swinton/vggface_004.jpg"
    ).save(folder / "Zoe Saldana" / "two_strangers.jpg")


def _beside(left: Path, right: Path) -> Image.Image:
    """Two photos as one of 512x310."""
    both = Image.new("RGB", (512, 310))
    for number, file in enumerate((left, right)):
        with Image.open(file) as image:
            both.paste(image.convert("RGB").resize((256, 310)), (256 * number, 0))
    return both


def _plant_files(folder: Path) -> None:
    """Files that are no photos, or show nobody."""
    zoe, nobody = folder / "Zoe Saldana", folder / "Nobody"
    nobody.mkdir()
    whole = (zoe / "vggface_001.jpg").read_bytes()
    (zoe / "cut_off.jpg").write_bytes(whole[: len(whole) // 2])
    (zoe / "words.jpg").write_text("not a photo", encoding="utf-8")
    (zoe / "empty.jpg").touch()
    (nobody / "blank.jpg").touch()
    (nobody / "gone.jpg").symlink_to("nowhere.jpg")
    Image.new("RGB", (200, 200), "beige").save(nobody / "wall.png")


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that prepares a folder, into a new one unless told where."""

    def prepared(folder: Path, out: Path | None = None, **options: Any) -> Prepared:
        out = out or tmp_path_factory.mktemp("sample")
        told: list[tuple[int, int]] = []
        summary = prepare.prepare(
            folder, out, Options(**options), progress=lambda *counts: told.append(counts)
        )
        rows = sample.read(out).table.to_pylist()
        return Prepared(out, summary, {row["image"]: row for row in rows}, told)

    return prepared


@pytest.fixture(scope="session")
def prepared(planted: Path, run: Run) -> Prepared:
    """The planted folder, prepared by two workers into the session's cache."""
    return run(planted, workers=2)


@pytest.fixture
def cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that holds no analysis yet."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("STARLIKE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return make_encoder()
