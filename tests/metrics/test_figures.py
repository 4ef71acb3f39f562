"""What is written comes back with its types, and what is something else is refused in a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from starlike.errors import ModelError
from starlike.metrics import figures
from starlike.metrics.figures import Figures
from starlike.metrics.values import Mean, Number, Share
from starlike.model import store

SHIPPED = store.default_folder() / store.METRICS


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], object]], Path]:
    """A function that writes the shipped model's figures after something was done to them."""

    def make(change: Callable[[Any], object]) -> Path:
        facts = json.loads(SHIPPED.read_text(encoding="utf-8"))
        change(facts)
        file = tmp_path / "metrics.json"
        file.write_text(json.dumps(facts), encoding="utf-8")
        return file

    return make


def test_the_shipped_model_s_figures_are_read_with_their_types() -> None:
    found = figures.read(SHIPPED)
    assert isinstance(found, Figures)
    top_1, agreement = (found.network.figures[key] for key in ("top_1", "top_1_agreement"))
    assert isinstance(top_1, Share)
    assert top_1.hits / top_1.images == top_1.value
    assert isinstance(agreement, Mean)
    assert found.about.unknown is not None
    assert agreement.people <= found.about.unknown.people
    assert isinstance(found.network.figures["calibration_error"], Number)
    assert len(found.network.spreads["top_1"].values) == found.about.models
    assert found.similarity.one_person is not None
    assert found.similarity.one_person.low < found.similarity.one_person.median


def test_what_was_read_is_written_as_it_was() -> None:
    assert figures.read(SHIPPED).to_json() == SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize("version", [2, 99, None, "3"])
def test_another_format_is_refused_in_a_line(
    changed: Callable[[Callable[[Any], object]], Path], version: object
) -> None:
    file = changed(lambda facts: facts.update(format=version))
    with pytest.raises(ModelError, match=f"figures of format {version}, but format 3") as caught:
        figures.read(file)
    assert "evaluate the model again" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda facts: facts.pop("about"), "about"),
        (lambda facts: facts["about"].update(classes="many"), "about.classes"),
        (lambda facts: facts["methods"][0]["figures"]["top_1"].pop("low"), "methods"),
        (lambda facts: facts["methods"][0]["figures"]["top_1"].update(kind="guess"), "methods"),
        (lambda facts: facts["by_class"].append(3), "by_class"),
    ],
)
def test_what_is_no_record_of_figures_says_where(
    changed: Callable[[Callable[[Any], object]], Path],
    change: Callable[[Any], object],
    where: str,
) -> None:
    with pytest.raises(ModelError, match="these are no figures") as caught:
        figures.read(changed(change))
    assert where in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"a": '])
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "metrics.json"
    file.write_text(text)
    with pytest.raises(ModelError, match="these are no figures"):
        figures.read(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        figures.read(tmp_path / "metrics.json")
