from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest

from starlike.errors import ModelError
from starlike.evaluate import evaluate, write_card
from starlike.files import sample, storage
from starlike.model import store
from starlike.model.store import TRAINING
from starlike.records import Floats
from tests.evaluate.conftest import KNOWN, UNKNOWN

RECIPE: dict[str, Any] = {"layers": 1, "width": 64, "embed_from": "photo", "seed": 0}


@pytest.fixture
def first(make_model: Callable[..., Path], sample_folder: Path) -> Path:
    """A model that knows all but Eve and Fay."""
    same = sample.identity(sample.read(sample_folder))
    return make_model(recipe=RECIPE, sample=same)


@pytest.fixture
def replicate(
    make_model: Callable[..., Path], sample_folder: Path, centres: dict[str, Floats]
) -> Callable[..., Path]:
    """A function that makes a model that knows all but Ada and Ben, and takes Dan for Eve."""

    def make(recipe: dict[str, Any] | None, **facts: Any) -> Path:
        swapped = centres | {"Dan": centres["Eve"], "Eve": centres["Dan"]}
        given = {"sample": sample.identity(sample.read(sample_folder))} | facts
        knows = (*KNOWN[2:], *UNKNOWN)
        return make_model(swapped, called="replicate", knows=knows, recipe=recipe, **given)

    return make


def test_figures_over_replicates_are_their_mean_and_standard_deviation(
    first: Path, replicate: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    other = replicate(RECIPE | {"seed": 1})
    alone = [evaluate(one, sample_folder, tmp_path / one.name) for one in (first, other)]
    both = evaluate(first, sample_folder, tmp_path / "both", replicates=[other])
    assert both.about.models == 2
    assert tuple(replace(one, spreads={}) for one in both.methods) == alone[0].methods
    for number, method in enumerate(both.methods):
        values = [figures.methods[number].figures["top_1"].value for figures in alone]
        top_1 = method.spreads["top_1"]
        assert top_1.values == tuple(values)
        assert top_1.mean == pytest.approx(fmean(values))
        assert top_1.deviation == pytest.approx(stdev(values))
        assert {"top_1_agreement", "top_star_share"} <= set(method.spreads)
        # No unknown person has four photos, so there is nothing to spread.
        assert "top_1_agreement_of_two" not in method.spreads
    assert both.network.spreads["top_1"].values == (1.0, 0.5)
    assert "calibration_error" in both.network.spreads
    assert "calibration_error" not in both.methods[1].spreads


def test_a_single_model_has_no_spread(first: Path, sample_folder: Path, tmp_path: Path) -> None:
    figures = evaluate(first, sample_folder, tmp_path / "out")
    assert all(not method.spreads for method in figures.methods)
    assert "±" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_report_and_card_show_mean_and_deviation(
    first: Path, replicate: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    figures = evaluate(first, sample_folder, out, replicates=[replicate(RECIPE | {"seed": 1})])
    written = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert written["methods"][0]["spreads"]["top_1"]["values"] == [1.0, 0.5]
    write_card(first, figures, "made")
    for text in (out / "report.html", first / store.CARD):
        shown = text.read_text(encoding="utf-8")
        assert "75.0 ± 35.4 %" in shown
        assert "over 2 models of the same recipe" in shown


def _refused(first: Path, other: Path, sample_folder: Path, out: Path) -> str:
    with pytest.raises(ModelError) as caught:
        evaluate(first, sample_folder, out, replicates=[other])
    assert not out.exists()
    said = str(caught.value)
    assert "\n" not in said
    assert str(other) in said
    return said


def test_a_model_of_another_recipe_is_refused_by_what_differs(
    first: Path, replicate: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    other = replicate(RECIPE | {"seed": 1, "width": 32, "layers": 2})
    said = _refused(first, other, sample_folder, tmp_path / "out")
    assert "another layers, width" in said


def test_a_recipe_that_lacks_a_figure_is_another_recipe(
    first: Path, replicate: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    other = replicate({name: value for name, value in RECIPE.items() if name != "width"})
    assert "another width" in _refused(first, other, sample_folder, tmp_path / "out")


def test_a_model_of_another_sample_is_refused(
    first: Path, replicate: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    other = replicate(RECIPE | {"seed": 1}, sample="another")
    assert "other images" in _refused(first, other, sample_folder, tmp_path / "out")


def test_a_model_does_not_count_twice(first: Path, sample_folder: Path, tmp_path: Path) -> None:
    assert "the same model" in _refused(first, first, sample_folder, tmp_path / "out")


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"recipe": 3}'])
def test_a_model_that_does_not_tell_its_recipe_is_refused(
    first: Path,
    replicate: Callable[..., Path],
    sample_folder: Path,
    tmp_path: Path,
    content: str | None,
) -> None:
    other = replicate(None)
    if content is not None:
        storage.write_text(other / TRAINING, content)
        store.seal(other)
    said = _refused(first, other, sample_folder, tmp_path / "out")
    assert "does not say its recipe" in said


def test_a_model_that_saw_the_test_images_is_refused_among_replicates_too(
    make_model: Callable[..., Path], sample_folder: Path, tmp_path: Path
) -> None:
    same = sample.identity(sample.read(sample_folder))
    models = [
        make_model(recipe=RECIPE | {"seed": i}, called=f"m{i}", sample=same, trained_on="all")
        for i in range(2)
    ]
    with pytest.raises(ModelError, match="nothing is held out"):
        evaluate(models[0], sample_folder, tmp_path / "out", replicates=models[1:])
