"""What a first answer costs: nothing is imported or opened that it does not need."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from starlike.model import store

NEEDED = {"numpy", "PIL", "cv2", "onnxruntime", "dlib", "_dlib_pybind11", "click", "starlike"}
FOR_PEOPLE = {"rich"}

OBSERVED = """
import json, sys
from pathlib import Path
told, words = sys.argv[1], sys.argv[2:]
opened, before = [], set(sys.modules)
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(str(arguments[0]))
sys.addaudithook(hook)
from starlike.cli import main
sys.argv = ["starlike", *words]
status = None
try:
    main()
except SystemExit as leaving:
    status = leaving.code
loaded = [(name, module) for name, module in sys.modules.items() if name not in before]
files = {name: getattr(module, "__file__", None) for name, module in loaded}
Path(told).write_text(json.dumps({"status": status, "modules": files, "opened": opened}))
"""


@dataclass(frozen=True)
class Seen:
    """What a process had done when it ended."""

    modules: dict[str, str | None]
    opened: list[str]

    def installed(self) -> set[str]:
        """The packages that it imported and that do not come with Python, by their first names."""
        return {
            name.partition(".")[0]
            for name, file in self.modules.items()
            if file and ("site-packages" in file or name.startswith("starlike"))
        }

    def rooms(self) -> set[str]:
        """The rooms of this program of which it imported something."""
        return {name.split(".")[1] for name in self.modules if name.startswith("starlike.")}

    def data(self, folder: Path) -> list[str]:
        """The files of a folder that it opened, as often as it did."""
        return [Path(file).name for file in self.opened if Path(file).parent == folder]


Look = Callable[..., Seen]


@pytest.fixture
def look(tmp_path: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]) -> Look:
    """A function that runs the program in a process of its own and tells what that has done."""

    def run(*words: object) -> Seen:
        told = tmp_path / "told.json"
        done = run_python(OBSERVED, str(told), *map(str, words))
        assert told.exists(), done.stderr
        seen = json.loads(told.read_text())
        assert seen["status"] in {None, 0}, done.stderr
        return Seen(seen["modules"], seen["opened"])

    return run


def test_it_imports_what_it_needs_and_nothing_else(look: Look, astronaut: Path) -> None:
    seen = look("match", "--json", astronaut)
    assert seen.installed() <= NEEDED
    stages = {"collect", "prepare", "choose", "train", "evaluate", "portraits"}
    assert not seen.rooms() & {*stages, "server", "classifiers", "reports", "web", "metrics"}
    commands = {name for name in seen.modules if name.startswith("starlike.cli.")}
    assert commands == {f"starlike.cli.{name}" for name in ("app", "match", "options", "photos")}


def test_for_people_it_imports_what_lays_out_as_well(look: Look, astronaut: Path) -> None:
    seen = look("match", astronaut)
    assert seen.installed() <= NEEDED | FOR_PEOPLE
    assert "rich.table" in seen.modules
    assert not {"rich.progress", "rich._emoji_codes"} & set(seen.modules)


def test_only_the_decoder_of_the_photo_is_loaded(look: Look, astronaut: Path) -> None:
    seen = look("match", "--json", astronaut)
    assert "PIL.JpegImagePlugin" in seen.modules
    others = {"PIL.WebPImagePlugin", "PIL.AvifImagePlugin", "PIL.PdfImagePlugin", "pillow_heif"}
    assert not others & set(seen.modules)


def test_installed_packages_are_not_asked_for_what_comes_with_the_program(
    look: Look, astronaut: Path
) -> None:
    assert "importlib.metadata" not in look("match", "--json", astronaut).modules


def test_of_the_model_only_what_answers_is_opened_and_once(look: Look, astronaut: Path) -> None:
    opened = look("match", "--json", astronaut).data(store.default_folder())
    assert sorted(opened) == sorted([store.SUMS, store.CLASSES, store.CLASSIFIER])


def test_the_photo_is_opened_once(look: Look, astronaut: Path) -> None:
    assert look("match", "--json", astronaut).opened.count(str(astronaut)) == 1


def test_help_loads_nothing_that_answers(look: Look) -> None:
    seen = look("--version")
    assert seen.installed() <= {"click", "starlike", "numpy", "PIL"}
    assert not {name for name in seen.modules if name.startswith("starlike.cli.")} - {
        "starlike.cli.app"
    }
