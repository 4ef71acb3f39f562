"""`starlike portraits`, as its users run it, on real photos of people that the shipped model knows.

A server plays Wikimedia Commons and serves the photos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from starlike.files import portrait_folder
from starlike.model import store
from tests.cli.conftest import Run, Starlike
from tests.web.stand_in.commons import Commons
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.images import Images
from tests.web.stand_in.server import StandIn

BROLIN, BENTLEY, GREEN = "Josh Brolin", "Wes Bentley", "Eva Green"
PHOTOS = {
    "Josh 2009.jpg": f"{BROLIN}/vggface_001.jpg",
    "Wes at the premiere.jpg": f"{BENTLEY}/vggface_001.jpg",
    "Eva from the side.jpg": f"{GREEN}/vggface_002.jpg",
}
Portraits = Callable[..., Run]


@pytest.fixture(scope="module")
def server(data_folder: Path) -> Iterator[StandIn]:
    files, served = [], {}
    for title, place in PHOTOS.items():
        file = data_folder / "celebrities" / place
        with Image.open(file) as image:
            files.append(File(title, *image.size))
        served[title.replace(" ", "_")] = file.read_bytes()
    commons = Commons(
        files=files,
        categories={BENTLEY: ["Josh 2009.jpg", "Wes at the premiere.jpg"], GREEN: []},
        depicts={"Q3": ["Eva from the side.jpg"]},
        items={"Q1": {"P18": "Josh 2009.jpg"}, "Q3": {}},
    )
    with StandIn([*commons.routes(), *Images(served).routes()]) as server:
        yield server


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "names.csv"
    file.write_text(f"name,wikidata,category\n{BROLIN},Q1,\n{BENTLEY},,{BENTLEY}\n{GREEN},Q3,\n")
    return file


@pytest.fixture
def portraits(starlike: Starlike, server: StandIn, names: Path) -> Portraits:
    def run(*words: object) -> Run:
        usual = ("--names", names, "--allow-private", "127.0.0.1", "--size", 128)
        env = {
            "STARLIKE_CONTACT": "tests@example.org",
            "STARLIKE_URL_COMMONS": f"{server.url}/w/api.php",
            "STARLIKE_URL_WIKIDATA": f"{server.url}/wikidata/w/api.php",
        }
        return starlike("portraits", *words, *usual, env=env)

    return run


def test_portraits_of_the_shipped_models_people(
    portraits: Portraits, server: StandIn, tmp_path: Path
) -> None:
    before = sorted(store.default_folder().iterdir())
    out = tmp_path / "portraits"
    run = portraits("--out", out)
    assert run.status == 0, run.err
    opened = portrait_folder.opened(out)
    assert len(opened) == 2, run.out
    josh, wes = opened.portrait(BROLIN), opened.portrait(BENTLEY)
    assert josh is not None
    assert wes is not None
    assert str(josh.page_url).endswith("Josh_2009.jpg")
    assert str(wes.page_url).endswith("Wes_at_the_premiere.jpg")
    for said in ("Ann", "CC BY-SA 4.0", "cropped"):
        assert said in wes.attribution
    with Image.open(opened.file(wes)) as image:
        assert image.size == (128, 128)
    assert "2 portraits found; 2 of 1,326 people have one" in run.out
    for reason in ("the face is turned away", "not in the table of names"):
        assert reason in run.out
    assert str(out) in run.out
    assert sorted(store.default_folder().iterdir()) == before

    asked = server.counts["/images/Josh_2009.jpg"]
    run = portraits("--out", out)
    assert "0 portraits found; 2 of 1,326" in run.out
    assert server.counts["/images/Josh_2009.jpg"] == asked


def test_a_folder_that_cannot_be_written_is_one_line(portraits: Portraits, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = portraits("--out", tmp_path / "file" / "portraits")
    assert (run.status, run.out) == (2, "")
    (line,) = run.err.splitlines()
    assert "STARLIKE_PORTRAITS" in line


def test_without_a_contact_nobody_is_asked(starlike: Starlike, tmp_path: Path) -> None:
    run = starlike("portraits", "--out", tmp_path / "portraits", env={"STARLIKE_CONTACT": ""})
    assert run.status == 2
    assert "--contact" in run.err
    assert not (tmp_path / "portraits").exists()


def test_a_collected_folder_needs_no_contact(starlike: Starlike, tmp_path: Path) -> None:
    words = ("--collected", tmp_path, "--out", tmp_path / "portraits")
    run = starlike("portraits", *words, env={"STARLIKE_CONTACT": ""})
    assert run.status == 2
    (line,) = run.err.splitlines()
    assert "starlike collect" in line
