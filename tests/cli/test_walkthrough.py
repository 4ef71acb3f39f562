"""The walk-through in the docs, command by command, over stand-ins for the servers it asks.

They serve real photos, as files of Wikimedia Commons; one photo of a person is kept aside, and
asked about in the end.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from starlike.files import manifest, people, portrait_folder, sample
from tests.cli.conftest import Run, Starlike
from tests.web.stand_in.commons import Commons
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.images import Images
from tests.web.stand_in.server import StandIn
from tests.web.stand_in.wikidata import Wikidata
from tests.web.stand_in.wikidata_items import CAST

DOCUMENT = Path(__file__).parents[2] / "docs" / "walkthrough.md"
ASKED_ABOUT = "Hilary Swank"
MOST = 7


def commands() -> list[list[str]]:
    """The commands of the document, in their order."""
    blocks = re.findall(r"^```\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("starlike ")]


@pytest.fixture(scope="module")
def photos(data_folder: Path) -> dict[str, list[Path]]:
    """Whole photos of the cast, by person."""
    folder = data_folder / "celebrities"
    return {
        name: sorted([*(folder / name).glob("famousfaces_*"), *(folder / name).glob("vggface_*")])[
            : MOST + 1
        ]
        for name in CAST
    }


def at_least(side: int, photo: Path) -> tuple[bytes, tuple[int, int]]:
    """A photo with no side shorter than so many pixels, for small ones are left out; its size."""
    with Image.open(photo) as image:
        larger = max(1.0, side / min(image.size))
        size = round(image.width * larger), round(image.height * larger)
        stream = io.BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(stream, "JPEG", quality=95)
    return stream.getvalue(), size


@pytest.fixture(scope="module")
def server(photos: dict[str, list[Path]]) -> Iterator[StandIn]:
    images, files, categories = Images(), [], {}
    for name, of_person in photos.items():
        titles = []
        for number, photo in enumerate(of_person[1:], start=1):
            content, size = at_least(400, photo)
            titles.append(title := f"{name} {number}.jpg")
            files.append(File(title, *size))
            shown = title.replace(" ", "_")
            for path in (shown, f"thumb/{shown}/1280px-{shown}"):
                images.files[path] = content
        categories[name] = titles
    commons = Commons(files=files, categories=categories)
    with StandIn([*Wikidata().routes(), *commons.routes(), *images.routes()]) as server:
        yield server


@pytest.fixture(scope="module")
def place(
    photos: dict[str, list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The folder in which the commands are run, with a photo to ask about."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "me.jpg").write_bytes(photos[ASKED_ABOUT][0].read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


@pytest.fixture(scope="module")
def runs(starlike: Starlike, server: StandIn, place: Path) -> dict[str, Run]:
    """Every command of the document, run in its order; what each came to, by its name."""
    environment = {
        "STARLIKE_CONTACT": "you@example.org",
        "STARLIKE_ALLOW_PRIVATE": "127.0.0.1",
        "STARLIKE_URL_SPARQL": f"{server.url}/sparql",
        "STARLIKE_URL_WIKIDATA": f"{server.url}/api",
        "STARLIKE_URL_COMMONS": f"{server.url}/w/api.php",
    }
    done = {}
    for words in commands():
        run = starlike(*words, env=environment)
        assert run.status in (0, 1), run.err
        done[words[0]] = run
    assert place.exists()
    return done


def test_the_document_walks_through_every_stage() -> None:
    stages = ["names", "collect", "prepare", "choose", "train", "evaluate", "portraits", "match"]
    assert [words[0] for words in commands()] == stages


def test_every_command_does_its_work(runs: dict[str, Run]) -> None:
    for name, run in runs.items():
        # Two of the twelve have no image here, which collecting tells with 1.
        assert run.status == (1 if name == "collect" else 0), f"{name}: {run.out}\n{run.err}"


def test_the_table_names_the_cast(runs: dict[str, Run], place: Path) -> None:
    assert runs["names"].status == 0
    assert {person.name for person in people.read(place / "names.csv")} >= set(CAST)


def test_images_come_with_their_licences(runs: dict[str, Run], place: Path) -> None:
    kept = [row for row in manifest.read(place / "images") if row["image"]]
    assert "12 people" in runs["collect"].out
    assert len(kept) >= 6 * len(CAST)
    assert {row["licence"] for row in kept} == {"cc-by-sa"}
    assert sum(row["portrait"] for row in kept) == len(CAST)
    assert "CC BY-SA 4.0" in (place / "images" / "ATTRIBUTION.md").read_text()


def test_the_sample_knows_where_its_images_are_from(runs: dict[str, Run], place: Path) -> None:
    rows = sample.read(place / "sample").columns("source")
    assert runs["prepare"].status == 0
    assert set(rows) == {("commons",)}


def test_portraits_have_their_attribution(runs: dict[str, Run], place: Path) -> None:
    shown = portrait_folder.opened(place / "model" / portrait_folder.FOLDER)
    assert runs["portraits"].status == 0
    assert len(shown) >= len(CAST) - 2
    portrait = shown.portrait(ASKED_ABOUT)
    assert portrait is not None
    assert "CC BY-SA 4.0" in portrait.attribution


def test_the_answer_is_right(runs: dict[str, Run]) -> None:
    assert re.search(rf"^\s+1\s+{ASKED_ABOUT}\b", runs["match"].out, re.M), runs["match"].out
