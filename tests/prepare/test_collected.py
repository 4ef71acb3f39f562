"""Folders as `collect` leaves them: a photo at several sizes, a portrait, and people not meant."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from starlike.draws import order_key
from starlike.files import manifest
from tests.prepare.conftest import Prepared, Row, Run

NAME = "Andrew Garfield"
PEOPLE, RIGHT, WRONG = 4, 10, 5
"""Classes of the reported half of `benchmarks/planted.py`, and the images that each is given."""


@pytest.fixture(scope="module")
def sizes(data_folder: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> Prepared:
    """One photo as it came, and as other addresses give it."""
    folder = tmp_path_factory.mktemp("sizes")
    place = folder / NAME
    place.mkdir()
    photo, *others = sorted((data_folder / "celebrities" / NAME).glob("vggface_*.jpg"))[::-1]
    for number, file in enumerate(others):
        shutil.copy(file, place / f"other {number}.jpg")
    shutil.copy(photo, place / "same.jpg")
    shutil.copy(photo, place / "same again.jpg")
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    for name, share, quality in (("half", 0.5, 85), ("larger", 1.3, 85), ("poor", 1.0, 30)):
        size = (round(image.width * share), round(image.height * share))
        image.resize(size).save(place / f"same {name}.jpg", quality=quality)
    image.resize((image.width * 3 // 4, image.height * 3 // 4)).save(place / "same.png")
    return run(folder, workers=2)


def of(prepared: Prepared, start: str) -> list[Row]:
    """The rows of the images whose name begins so."""
    return [row for image, row in prepared.rows.items() if f"/{start}" in image]


def test_one_photo_at_several_sizes_and_qualities_is_kept_once(sizes: Prepared) -> None:
    statuses = Counter(row["status"] for row in of(sizes, "same"))
    assert statuses == {"kept": 1, "duplicate": 1, "near_duplicate": 4}


def test_the_best_of_them_is_kept(sizes: Prepared) -> None:
    (kept,) = (row for row in of(sizes, "same") if row["status"] == "kept")
    copies = [row for row in of(sizes, "same") if row["status"] == "near_duplicate"]
    for row in copies:
        assert row["reason"] == f"nearly the same as {kept['image']}"
        assert min(row["face_px"], 150) <= min(kept["face_px"], 150)


def test_other_photos_of_the_person_are_no_duplicates(sizes: Prepared) -> None:
    assert [row["status"] for row in of(sizes, "other")] == ["kept"] * 3


@pytest.fixture(scope="module")
def collected(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People with right images, and with wrong ones of a different person each."""
    photos = data_folder / "celebrities"
    folder = tmp_path_factory.mktemp("collected")
    reported = [d for d in sorted(photos.iterdir()) if order_key(0, "half", d.name)[0] % 2]
    people = [d for d in reported if len(list(d.iterdir())) >= RIGHT][:PEOPLE]
    others = iter(d for d in reported if d not in people and (d / "vggface_001.jpg").exists())
    for person in people:
        place = folder / person.name
        place.mkdir()
        for file in sorted(person.iterdir())[:RIGHT]:
            shutil.copy(file, place / f"right {file.name}")
        for number in range(WRONG):
            shutil.copy(next(others) / "vggface_001.jpg", place / f"wrong {number}.jpg")
    return folder


def test_of_planted_wrong_people_95_percent_are_caught_and_3_percent_of_right_images_lost(
    collected: Path, run: Run
) -> None:
    prepared = run(collected, workers=2)
    wrong, right = of(prepared, "wrong"), of(prepared, "right")
    caught = sum(row["status"] == "wrong_person" for row in wrong)
    lost = sum(row["status"] == "wrong_person" for row in right)
    assert (len(wrong), len(right)) == (PEOPLE * WRONG, PEOPLE * RIGHT)
    assert caught >= 0.95 * len(wrong)
    assert lost <= 0.03 * len(right)


def test_a_portrait_in_the_manifest_says_who_a_class_is(
    collected: Path, tmp_path: Path, run: Run
) -> None:
    first, second = sorted(collected.iterdir())[:2]
    place = tmp_path / "Somebody"
    place.mkdir()
    for number, file in enumerate(sorted(first.glob("right *"))[:6]):
        shutil.copy(file, place / f"most {number}.jpg")
    for number, file in enumerate(sorted(second.glob("right *"))[:3]):
        shutil.copy(file, place / f"few {number}.jpg")
    assert _kept(run(tmp_path)) == {"most"}
    row = {"class": "Somebody", "image": "Somebody/few 0.jpg", "source": "commons"}
    manifest.write(tmp_path, [row | {"status": manifest.KEPT, "portrait": True}])
    told = run(tmp_path)
    assert _kept(told) == {"few"}
    assert told.rows["Somebody/few 0.jpg"]["source"] == "commons"


def _kept(prepared: Prepared) -> set[str]:
    rows = prepared.rows.values()
    return {row["image"].split("/")[1].split()[0] for row in rows if row["status"] == "kept"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_no_file_to_wait_for(collected: Path, tmp_path: Path, run: Run) -> None:
    place = tmp_path / "Ada"
    place.mkdir()
    shutil.copy(next(collected.glob("*/wrong 0.jpg")), place / "1.jpg")
    os.mkfifo(place / "pipe.jpg")
    rows = run(tmp_path).rows
    assert {image: row["status"] for image, row in rows.items()} == {
        "Ada/1.jpg": "kept",
        "Ada/pipe.jpg": "unreadable",
    }
