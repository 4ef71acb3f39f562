"""Portraits from a folder that `starlike collect` wrote, by what its manifest tells."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from starlike import portraits
from starlike.errors import PortraitsError
from starlike.files import manifest, portrait_folder
from starlike.portraits import Options, stage
from tests.portraits.conftest import BY_SA, NOT_OPEN, SIZE


@pytest.fixture
def collected(images: Mapping[str, Path], tmp_path: Path) -> Path:
    """A folder as `starlike collect` writes it: an image of each of three people."""
    folder = tmp_path / "collected"
    rows = []
    for rank, (name, licence) in enumerate([("Ada", BY_SA), ("Bea", NOT_OPEN), ("Çelik", BY_SA)]):
        image = f"{name}/{rank}.png"
        (folder / name).mkdir(parents=True)
        shutil.copy(images[name], folder / image)
        rows.append(
            {
                "class": name,
                "image": image,
                "source": "commons",
                "image_url": f"https://upload.example.org/{rank}.png",
                "page_url": f"https://commons.example.org/{rank}",
                "title": name,
                "author": f"Photographer {rank}",
                "licence": licence.code,
                "licence_label": licence.label,
                "licence_url": licence.url,
                "status": manifest.KEPT,
                "portrait": False,
                "rank": rank,
            }
        )
    rows[2] |= {"status": "broken", "image": None}
    manifest.write(folder, rows)
    return folder


def test_its_openly_licensed_images_are_taken(model_folder: Path, collected: Path) -> None:
    options = Options(size=SIZE)
    summary = portraits.portraits(model_folder, portraits.in_folder(collected), options=options)
    assert summary.portraits == 1
    portrait = portrait_folder.opened(summary.folder).portrait("Ada")
    assert portrait is not None
    assert portrait.author == "Photographer 0"
    assert portrait.page_url == "https://commons.example.org/0"
    assert portrait.licence == BY_SA.label
    assert summary.none == {stage.NO_LICENCE: 1, stage.NO_IMAGE: 4}


def test_a_folder_without_a_manifest_tells_nothing_of_licences(
    model_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(PortraitsError, match="starlike collect"):
        portraits.portraits(model_folder, portraits.in_folder(tmp_path))
