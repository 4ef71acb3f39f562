"""What the documents tell people to type: it is run where that is quick, and checked where not."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from PIL import Image, ImageOps

from starlike.cli.app import app
from starlike.metrics import OfPairs, catalogue, figures
from starlike.metrics.values import PairsAsked, Spread
from starlike.model import store
from tests.docs import documents
from tests.docs.documents import DOCS, README, ROOT, all_documents
from tests.docs.printed import differences

FIRST_ANSWER, MATCH, COMPARE = (
    DOCS / f"{page}.md" for page in ("first-answer", "match", "compare")
)
OF_OTHER_PROGRAMS = ("container.md",)
WHOLE = click.Context(app, info_name="starlike", **app.context_settings)
COMMANDS: dict[str, Any] = {name: app.get_command(WHOLE, name) for name in app.list_commands(WHOLE)}
Shell = Callable[[str], str]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, astronaut: Path) -> Shell:
    """A function that runs a line as a person would, beside photos of that person."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "tests").symlink_to(ROOT / "tests")
    (folder / "me.jpg").write_bytes(astronaut.read_bytes())
    with Image.open(astronaut) as image:
        ImageOps.mirror(image).crop((100, 0, 420, 300)).save(folder / "again.jpg")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def run(line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stdout
        return done.stdout

    return run


def sessions(document: Path) -> list[tuple[str, str]]:
    """Commands that are shown with what they print, and that."""
    shown = "".join(block.text for block in documents.blocks(document, "console"))
    return re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", shown, re.M)


def test_the_first_answers_are_as_shown(shell: Shell) -> None:
    shown = sessions(FIRST_ANSWER)
    assert {"--together", "--json", "--among"} <= {w for line, _ in shown for w in line.split()}
    for line, printed in [*shown, *sessions(COMPARE)]:
        assert not differences(printed, shell(line)), line


def test_the_answer_in_the_readme_is_as_shown(shell: Shell) -> None:
    photo = "tests/photos/astronaut.jpg"
    (shown,) = (b.text for b in documents.blocks(README, "") if b.text.startswith(photo))
    assert not differences(shown, shell(f"starlike match {photo}"))


def test_the_json_that_is_shown_has_the_keys_of_an_answer(shell: Shell) -> None:
    (shown,) = (json.loads(block.text) for block in documents.blocks(MATCH, "json"))
    real = json.loads(shell("starlike match me.jpg --json --top 1"))
    assert keys(shown) == keys(real)


def test_the_json_that_is_shown_has_the_keys_of_a_comparison(shell: Shell) -> None:
    (shown,) = (json.loads(block.text) for block in documents.blocks(COMPARE, "json"))
    real = json.loads(shell("starlike compare --child me.jpg again.jpg again.jpg --json"))
    assert keys(shown) == keys(real)


def keys(value: object) -> object:
    """The shape of JSON: the keys of objects, and what the lists hold."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else type(value)


@pytest.mark.parametrize(
    "document", [README, FIRST_ANSWER, COMPARE, DOCS / "api.md"], ids=lambda f: f.name
)
def test_python_runs_and_prints_what_is_shown(document: Path, shell: Shell) -> None:
    shown = documents.blocks(document)
    codes = [place for place, block in enumerate(shown) if block.language == "python"]
    assert codes
    for place in codes:
        printed = shell(f"{sys.executable} - <<'END'\n{shown[place].text}END\n")
        assert printed
        after = shown[place + 1 : place + 2]
        if document == FIRST_ANSWER:
            assert not differences(after[0].text, printed)


def test_python_that_takes_long_fits_the_library(tmp_path: Path) -> None:
    for number, block in enumerate(documents.blocks(DOCS / "api-stages.md", "python")):
        (tmp_path / f"shown_{number}.py").write_text(block.text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *tmp_path.glob("*.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("document", all_documents(), ids=lambda file: file.name)
def test_commands_and_their_options_exist(document: Path) -> None:
    for command in documents.all_commands(document):
        words = documents.words(command)
        if words[0].startswith("-"):
            assert set(words) <= options(app), command
            continue
        if words[0] == "COMMAND":
            continue
        asked = COMMANDS[words[0]]
        given = {word.partition("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)}
        assert given <= options(asked), command


def options_of_benchmarks() -> set[str]:
    scripts = [file.read_text("utf-8") for file in (ROOT / "benchmarks").rglob("*.py")]
    return {name for text in scripts for name in re.findall(r'"(--[a-z-]+)"', text)}


def options(command: Any) -> set[str]:
    named = {name for parameter in command.params for name in parameter.opts}
    return named | {"-h", "--help"}


@pytest.mark.parametrize("document", all_documents(), ids=lambda file: file.name)
def test_options_in_sentences_are_those_of_some_program(document: Path) -> None:
    if document.name in OF_OTHER_PROGRAMS:
        pytest.skip("it tells of options of other programs")
    known = options(app).union(*(options(command) for command in COMMANDS.values()))
    known |= options_of_benchmarks()
    named = {
        word
        for code in documents.inline(document)
        if code.startswith("--")
        for word in re.findall(r"--[a-z][a-z-]*", code)
    }
    assert named <= known


@pytest.mark.parametrize("document", all_documents(), ids=lambda file: file.name)
def test_commands_to_be_typed_are_accepted(document: Path) -> None:
    """Values fit their options, and nothing that is needed is missing."""
    for command in documents.commands_in_blocks(document):
        words = documents.words(command)
        if documents.is_pattern(command):
            continue
        COMMANDS[words[0]].make_context(words[0], words[1:], parent=WHOLE)


@pytest.mark.parametrize("document", all_documents(), ids=lambda file: file.name)
def test_what_make_is_asked_for_exists(document: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    lines = [line for block in documents.blocks(document, "") for line in block.text.splitlines()]
    asked = [*lines, *documents.inline(document)]
    targets = {found[1] for line in asked if (found := re.match(r"make ([a-z]+)\b", line))}
    assert targets <= known


def test_the_helps_are_as_shown() -> None:
    script = runpy.run_path(str(DOCS / "commands.py"))
    assert script["FILE"].read_text("utf-8") == script["text"](), "run: python docs/commands.py"


def test_tables_of_figures_are_those_that_are_declared_and_measured() -> None:
    script = runpy.run_path(str(DOCS / "tables.py"))
    documents = script["documents"]()
    assert {document.name for document in documents} == {
        "README.md",
        "benchmarks.md",
        "choice.md",
        "evaluation.md",
        "likeness.md",
    }
    for document in documents:
        text = document.read_text("utf-8")
        assert script["renewed"](text) == text, "run: python docs/tables.py"


def test_tables_of_likeness_are_there_once_the_model_that_ships_was_measured_by_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = figures.read(store.default_folder() / store.METRICS)
    found = {"lookalike_place": OfPairs(value=41.5, low=30.0, high=92.0, pairs=19)}
    spreads = {"lookalike_place": Spread(42.25, 1.5, (41.5, 43.0))}
    facts = replace(
        measured,
        about=replace(
            measured.about,
            pairs=PairsAsked(lookalikes=19, kin=6, left_out=(), put_aside=25),
        ),
        declared=tuple(one.declaration for one in catalogue.built_in()),
        methods=tuple(
            replace(one, figures={**one.figures, **found}, spreads={**one.spreads, **spreads})
            for one in measured.methods
        ),
    )
    (tmp_path / store.METRICS).write_text(facts.to_json(), encoding="utf-8")
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path)
    renewed = runpy.run_path(str(DOCS / "tables.py"))["renewed"]
    for document in (README, DOCS / "likeness.md"):
        shown = renewed(document.read_text("utf-8"))
        assert "| Median place of look-alikes | 42.2 ± 1.5 (30.0 to 92.0) |" in shown
        assert "| Right first answers (top-1) |" in shown
        assert "Asked about are 19 pairs of look-alikes and 6 pairs of kin; 25 pairs" in shown


def test_the_figure_that_is_shown_is_one() -> None:
    (shown,) = documents.blocks(DOCS / "evaluation.md", "python")
    made: dict[str, Any] = {}
    exec(shown.text, made)
    assert catalogue.declared([made["top_3"]])[-1].declaration.label == "Right among three (top-3)"


def sizes_beside_those_shown(
    made: Path, document: str, word: str, most: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Sizes in pixels of pictures just made and of those shown, once their names are the same.

    Args:
        made: the folder of new ones.
        document: where they are shown.
        word: what their links have in common.
        most: bytes that a picture may have.
    """
    shown = {Path(link).name for link in documents.links(DOCS / document) if word in link}
    assert {file.name for file in made.iterdir()} == shown
    sizes = []
    for name in shown:
        assert (DOCS / "images" / name).stat().st_size < most
        with Image.open(made / name) as new, Image.open(DOCS / "images" / name) as kept:
            sizes.append((new.size, kept.size))
    return sizes


def test_pictures_of_the_way_are_those_that_are_drawn(tmp_path: Path) -> None:
    runpy.run_path(str(DOCS / "pictures.py"))["draw"](tmp_path)
    for drawn, kept in sizes_beside_those_shown(tmp_path, "how-it-works.md", "way", 150_000):
        assert drawn == kept


@pytest.mark.skipif(not shutil.which("chromium"), reason="apt-get install chromium")
def test_pictures_of_the_page_are_those_that_are_taken(tmp_path: Path) -> None:
    script = [sys.executable, str(DOCS / "screenshots.py"), str(tmp_path)]
    subprocess.run(script, check=True, capture_output=True)
    # Heights follow from the fonts that there are.
    for (taken, _), (kept, _) in sizes_beside_those_shown(tmp_path, "page.md", "images/", 200_000):
        assert taken == kept


def test_the_people_of_the_documents_are_those_of_the_model() -> None:
    people = runpy.run_path(str(DOCS / "figures.py"))["read"]()["people"]
    assert people == f"{len(store.read_classes(store.default_folder()).names):,}"
    for page in ("index.md", "first-answer.md", "how-it-works.md"):
        assert "{{ people }} people" in (DOCS / page).read_text("utf-8")


def test_extras_that_are_to_be_installed_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = [document.read_text("utf-8") for document in all_documents()]
    named = {
        e
        for text in texts
        for found in re.findall(r"starlike\[([a-z,]+)\]", text)
        for e in found.split(",")
    }
    assert named <= set(project["optional-dependencies"])
