"""The notebook is kept clean, explains itself, and trains a model from first to last cell.

It is run on real photos, given as a zip file; one photo of each person is kept aside, and asked
about in the end.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from PIL import Image

import starlike
from starlike.model import store
from starlike.train import curves
from tests.notebooks.conftest import NOTEBOOK, OUT, ROOT, Ran, Run, opened, written
from tests.web.stand_in.commons import Commons
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.images import Images
from tests.web.stand_in.server import StandIn
from tests.web.stand_in.wikidata import Wikidata

CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]

PEOPLE, IMAGES = 10, 8
LOOKED_FOR = ("Emma Stone", "Harrison Ford", "Hilary Swank")


def source(name: str) -> str:
    return next("".join(cell["source"]) for cell in CELLS if cell["id"] == name)


class TestFile:
    def test_it_is_a_sound_notebook(self) -> None:
        nbformat.validate(opened())

    def test_nothing_of_a_run_is_kept(self) -> None:
        assert [cell["id"] for cell in CODE if cell["outputs"] or cell["execution_count"]] == []

    def test_text_before_each_cell_explains_it(self) -> None:
        kinds = [cell["cell_type"] for cell in CELLS]
        before = [cell for cell, next_ in zip(CELLS, kinds[1:], strict=False) if next_ == "code"]
        assert len(before) == len(CODE)
        for cell in before:
            assert cell["cell_type"] == "markdown"
            assert len(re.sub(r"^#.*$", "", "".join(cell["source"]), flags=re.M).split()) > 20

    def test_the_badge_opens_this_very_file(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        links = project["urls"].values()
        repository = re.search(r"https://github\.com/([\w-]+/[\w-]+)", " ".join(links))
        assert repository
        path = NOTEBOOK.relative_to(ROOT).as_posix()
        badge = f"https://colab.research.google.com/github/{repository[1]}/blob/main/{path}"
        assert f"]({badge})" in source("start")

    def test_no_path_of_a_machine_is_in_it(self) -> None:
        text = NOTEBOOK.read_text(encoding="utf-8")
        assert re.findall(r"(?<!\w)/(?:home|root|Users|tmp|work|mnt|opt)/|[A-Z]:\\\\", text) == []

    def test_every_parameter_is_explained(self) -> None:
        cell = next(cell for cell in CODE if "parameters" in cell["metadata"].get("tags", ()))
        assert cell is CODE[0]
        names = re.findall(r"^([A-Z_]+) = ", "".join(cell["source"]), re.M)
        assert "DATA" in names
        assert [name for name in names if f"`{name}`" not in source("about-parameters")] == []


@pytest.fixture(scope="module")
def collected(run: Run, astronaut: Path) -> Ran:
    """The notebook, run until it has images, which stand-ins for Wikidata and Commons serve.

    They are one portrait in many sizes.
    """
    images, files, categories = Images(), [], {}
    for number, name in enumerate(LOOKED_FOR):
        categories[name] = [f"{name} {shot}.jpg" for shot in (1, 2)]
        for shot, title in enumerate(categories[name]):
            with Image.open(astronaut) as portrait:
                side = 300 + 10 * (2 * number + shot)
                stream = io.BytesIO()
                portrait.convert("RGB").resize((side, side)).save(stream, "JPEG")
            files.append(File(title, side, side))
            images.files[title.replace(" ", "_")] = stream.getvalue()
    commons = Commons(files=files, categories=categories)
    with StandIn([*Wikidata().routes(), *commons.routes(), *images.routes()]) as server:
        env = {
            "STARLIKE_ALLOW_PRIVATE": "127.0.0.1",
            "STARLIKE_URL_SPARQL": f"{server.url}/sparql",
            "STARLIKE_URL_WIKIDATA": f"{server.url}/api",
            "STARLIKE_URL_COMMONS": f"{server.url}/w/api.php",
        }
        asked = ", ".join((*LOOKED_FOR, "Nobody Atall"))
        return run("data", env, PEOPLE=asked, CONTACT="you@example.org", PER_CLASS=2)


class TestCollecting:
    def test_without_data_images_of_the_people_named_are_found(self, collected: Ran) -> None:
        images = collected.place / OUT / "images"
        counts = {
            folder.name: len([*folder.iterdir()]) for folder in images.iterdir() if folder.is_dir()
        }
        assert counts == dict.fromkeys(LOOKED_FOR, 2)
        assert "CC BY-SA" in (images / "ATTRIBUTION.md").read_text(encoding="utf-8")

    def test_whom_it_does_not_find_is_told(self, collected: Ran) -> None:
        assert "these names: Nobody Atall" in written(collected.cells["collect"])

    def test_they_are_what_is_learned_from(self, collected: Ran) -> None:
        assert f"3 people in {OUT}/images" in written(collected.cells["data"])


@dataclass(frozen=True)
class Photos:
    """A zip file to learn from, and a photo of each person that is not in it."""

    archive: Path
    aside: dict[str, Path]


@pytest.fixture(scope="module")
def photos(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Photos:
    """Whole photos of ten people, with a copy and a text among them."""
    place = tmp_path_factory.mktemp("photos")
    aside: dict[str, Path] = {}
    for folder in sorted((data_folder / "celebrities").iterdir()):
        whole = sorted([*folder.glob("famousfaces_*"), *folder.glob("vggface_*")])
        if len(whole) > IMAGES and len(aside) < PEOPLE:
            aside[folder.name] = whole[IMAGES]
            shutil.copytree(
                folder,
                place / "people" / folder.name,
                ignore=lambda _, names, kept=whole[:IMAGES]: {*names} - {one.name for one in kept},
            )
    first = place / "people" / next(iter(aside))
    shutil.copy(next(first.iterdir()), first / "again.jpg")
    (first / "notes.txt").write_text("whom I like", encoding="utf-8")
    return Photos(Path(shutil.make_archive(str(place / "stars"), "zip", place, "people")), aside)


@pytest.fixture(scope="module")
def ran(run: Run, photos: Photos) -> Ran:
    """The notebook, run to its end."""
    asked = photos.aside[next(iter(photos.aside))]
    return run(DATA=photos.archive, LAYERS=1, EPOCHS=8, PHOTO=asked)


@pytest.mark.slow
class TestTraining:
    def test_every_cell_runs(self, ran: Ran) -> None:
        assert list(ran.cells) == [cell["id"] for cell in CODE]
        assert all(cell.execution_count for cell in ran.cells.values())
        assert all("Traceback" not in written(cell) for cell in ran.cells.values())

    def test_it_tells_what_was_left_out_and_why(self, ran: Ran) -> None:
        told = written(ran.cells["left-out"])
        assert re.search(r"duplicate\s+the same file as", told)
        assert re.search(r"notes\.txt\s+not a photo", told)

    def test_the_live_curves_end_as_what_was_written_down(self, ran: Ran) -> None:
        history = json.loads((ran.model / "training.json").read_text("utf-8"))["history"]
        shown = [
            output.data["image/png"]
            for output in ran.cells["train"].outputs
            if "image/png" in output.get("data", {})
        ]
        assert [base64.b64decode(picture) for picture in shown] == [curves.plot(history)]

    def test_all_plots_are_shown(self, ran: Ran) -> None:
        for name, folder in (("choose", "choice"), ("evaluate", "figures")):
            shown = [one for one in ran.cells[name].outputs if "image/png" in one.get("data", {})]
            assert len(shown) == len([*(ran.place / OUT / folder).glob("*.png")]) > 1

    def test_the_network_is_shown_layer_by_layer(self, ran: Ran) -> None:
        shown = written(ran.cells["architecture"])
        for layer in ("Dense", "BatchNormalization", "ELU", "Dropout", "probabilities"):
            assert layer in shown

    def test_the_saved_model_has_its_optimizer(self, ran: Ran) -> None:
        steps = re.search(r"Adam has made (\d+) steps", written(ran.cells["whole"]))
        assert steps
        assert int(steps[1]) > 0

    def test_no_face_is_shown_unless_asked_for(self, ran: Ran) -> None:
        assert "data:image" not in json.dumps([cell.outputs for cell in ran.cells.values()])
        assert "✓" in json.dumps(ran.cells["answers"].outputs, ensure_ascii=False)

    def test_the_zip_file_holds_the_whole_model(
        self, ran: Ran, photos: Photos, tmp_path: Path
    ) -> None:
        with zipfile.ZipFile(ran.model.with_suffix(".zip")) as archive:
            archive.extractall(tmp_path)
        store.verify(tmp_path)
        assert {"model.keras", "classifier.onnx", "README.md"} <= {
            file.name for file in tmp_path.iterdir()
        }
        assert starlike.load_model(tmp_path).classes.names == tuple(sorted(photos.aside))

    def test_the_model_is_right_about_photos_that_it_never_saw(
        self, ran: Ran, photos: Photos
    ) -> None:
        answering = starlike.load_model(ran.model)
        right = [
            name
            for name, photo in photos.aside.items()
            if answering.match(photo)[0].matches[0].name == name
        ]
        assert len(right) >= 0.8 * len(photos.aside)

    def test_the_last_cell_answers_a_photo(self, ran: Ran, photos: Photos) -> None:
        name = next(iter(photos.aside))
        assert re.search(rf"^\s+1\s+{re.escape(name)}", written(ran.cells["ask"]), re.M)
