"""The source that the documents write is written, installed and used, against a museum here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import starlike
from starlike.files import manifest
from tests.docs import documents
from tests.docs.documents import DOCS, ROOT
from tests.web.stand_in.images import jpeg
from tests.web.stand_in.server import StandIn

PAGE = DOCS / "howto" / "add-an-image-source.md"
PAGES, EACH = 2, 3
ADA = "Ada Lovelace"


class Searched:
    """A museum: so many pages of results, of which one mentions somebody else."""

    def __init__(self) -> None:
        self.server = StandIn(
            [web.get("/search", self.search), web.get("/{number}.jpg", self.image)]
        )

    async def search(self, request: web.Request) -> web.Response:
        page = int(request.query["page"])
        numbers = range(page * EACH, page * EACH + EACH)
        return web.json_response(
            {"results": [self.result(number) for number in numbers], "pages": PAGES}
        )

    def result(self, number: int) -> dict[str, Any]:
        return {
            "image": f"{self.server.url}/{number}.jpg",
            "page": f"{self.server.url}/{number}",
            "rights": "CC BY 4.0",
            "photographer": "A. Chalon",
            "title": f"Portrait {number} of {'Mary Somerville' if number == EACH else ADA}",
        }

    async def image(self, request: web.Request) -> web.Response:
        data = jpeg(int(request.match_info["number"]))
        return web.Response(body=data, content_type="image/jpeg")


@pytest.fixture
def museum() -> Iterator[Searched]:
    searched = Searched()
    with searched.server:
        yield searched


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the source of the document lies."""
    (tmp_path / "museum_photos.py").write_text(documents.blocks(PAGE, "python")[0].text)
    (tmp_path / "names.csv").write_text(f"name\n{ADA}\n")
    return tmp_path


def run(folder: Path, museum: Searched, *words: str) -> subprocess.CompletedProcess[str]:
    places = [folder, Path(starlike.__file__).parents[1]]
    return subprocess.run(
        [sys.executable, "-m", "starlike", "collect", *words],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            "MUSEUM_URL": f"{museum.server.url}/search",
            "STARLIKE_CONTACT": "tests@example.org",
            "STARLIKE_ALLOW_PRIVATE": "127.0.0.1",
            "COLUMNS": "200",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def declare(folder: Path) -> None:
    """Install the package as its pyproject.toml declares it."""
    (declared,) = documents.blocks(PAGE, "toml")
    text = declared.text.replace('[project.entry-points."starlike.sources"]', "[starlike.sources]")
    about = folder / "museum_photos-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: museum-photos\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(text.replace('"', ""))


@pytest.mark.parametrize("name", ["museum_photos:Museum", "museum"])
def test_it_brings_images_with_their_licence(folder: Path, museum: Searched, name: str) -> None:
    if name == "museum":
        declare(folder)
    done = run(folder, museum, "names.csv", "--out", "images", "--source", name, "--rate", "0")
    assert done.returncode == 0, done.stderr
    rows = manifest.read(folder / "images")
    assert [row["status"] for row in rows] == ["kept"] * (PAGES * EACH - 1)
    assert {(row["class"], row["source"], row["licence"]) for row in rows} == {
        (ADA, "museum", "cc-by")
    }
    assert all("A. Chalon" in row["attribution"] for row in rows)
    asked = [one for one in museum.server.asked if one.path == "/search"]
    assert [one.query["page"] for one in asked] == ["1", "2"]
    assert all("tests@example.org" in one.headers["User-Agent"] for one in asked)


def test_the_help_lists_it(folder: Path, museum: Searched) -> None:
    declare(folder)
    shown = " ".join(run(folder, museum, "--help").stdout.replace("│", " ").split())
    assert "museum: photos of the museum, most of them in the public domain" in shown


def test_what_it_shows_of_the_library_fits_it(folder: Path) -> None:
    (folder / "used.py").write_text(documents.blocks(PAGE, "python")[1].text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", folder / "museum_photos.py", folder / "used.py"],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": os.pathsep.join([str(folder), str(ROOT / "src")])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
