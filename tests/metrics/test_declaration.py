from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from starlike.errors import PluginError
from starlike.metrics import (
    HIGHER,
    LOWER,
    Answered,
    Costs,
    Figure,
    InGroups,
    Number,
    catalogue,
    figure,
    number,
    percent,
)

SURE, WRONG, SPLIT = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.4, 0.3, 0.3]


@pytest.fixture
def answered() -> Answered:
    """Three images of class 0, one taken for class 1; and two photos each of two people."""
    return Answered(
        scores=np.array([SURE, SURE, WRONG], dtype=np.float32),
        labels=np.zeros(3, dtype=np.int64),
        probabilities=True,
        unknown_scores=np.array([SURE, SURE, SPLIT, WRONG], dtype=np.float32),
        unknown_people=np.array([5, 5, 8, 8]),
        of_two_scores=np.array([SURE, WRONG, SURE, SPLIT], dtype=np.float32),
        of_two_people=np.array([5, 8]),
    )


def _margin(key: str = "margin") -> Figure:
    @figure(key=key, title="margin", meaning="How far.", better=HIGHER, shown_as=number)
    def margin(answered: Answered) -> float:
        """How far the first answer lies before the second."""
        ranked = np.sort(answered.scores, axis=1)
        return float((ranked[:, -1] - ranked[:, -2]).mean())

    return margin


def test_every_figure_of_a_small_example(answered: Answered) -> None:
    values = catalogue.measure(answered, catalogue.built_in())
    assert {key: round(value.value, 3) for key, value in values.items()} == {
        "top_1": 0.667,
        "top_5": 1.0,
        # All are answered with 0.8, and two of three are right.
        "calibration_error": 0.133,
        "top_1_agreement": 0.5,
        "top_5_agreement": 1.0,
        "top_1_agreement_of_two": 0.5,
        # Person 8 gets person 5's star with one of two photos.
        "false_agreement": 0.5,
        "top_star_share": 0.75,
    }


def test_what_cannot_be_measured_is_not_there(answered: Answered) -> None:
    none, nobody = np.zeros(3, dtype=bool), np.zeros(4, dtype=bool)
    known = answered.some(~none, nobody)
    assert set(catalogue.measure(known, catalogue.built_in())) == {
        "top_1",
        "top_5",
        "calibration_error",
    }
    unknown = answered.some(none, ~nobody)
    assert not {"top_1", "top_5", "calibration_error"} & set(
        catalogue.measure(unknown, catalogue.built_in())
    )


def test_costs_are_figures_as_well(answered: Answered) -> None:
    costly = replace(answered, costs=Costs(1.5, 4000, 0.2))
    values = catalogue.measure(costly, catalogue.built_in())
    assert [values[key].value for key in ("train_seconds", "size_bytes", "answer_ms")] == [
        1.5,
        4000,
        0.2,
    ]


def test_each_figure_has_a_key_of_its_own_and_says_how_it_is_computed() -> None:
    figures = catalogue.built_in()
    assert len({one.key for one in figures}) == len(figures)
    for one in figures:
        assert one.computed.endswith(".")
        assert one.declaration.meaning.endswith(".")
    assert [one.key for one in figures[:3]] == ["top_1", "top_5", "calibration_error"]


def test_a_label_has_the_plain_name_and_the_term() -> None:
    declared = {one.key: one.declaration for one in catalogue.built_in()}
    assert declared["top_1_agreement"].label == "Same star again (top-1 agreement)"
    assert declared["calibration_error"].label == "Calibration error"
    assert declared["calibration_error"].explained.endswith("Lower is better.")


def test_a_plain_number_is_a_value(answered: Answered) -> None:
    value = _margin()(answered)
    assert isinstance(value, Number)
    assert value.value == pytest.approx(0.7)


@pytest.mark.parametrize("key", ["", "Top", "top-1", "1st", "a b"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        _margin(key)


def test_further_figures_come_last() -> None:
    assert [one.key for one in catalogue.declared([_margin()])][-1] == "margin"


def test_two_figures_of_one_key_are_refused() -> None:
    with pytest.raises(PluginError, match="has the key top_1, which another has"):
        catalogue.declared([_margin("top_1")])


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(PluginError, match=r"declare it with @starlike\.metrics\.figure"):
        catalogue.declared([lambda _: 0.5])  # type: ignore[list-item]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that declares a figure by an entry point, as pip would install it."""
    (tmp_path / "further_figures.py").write_text(
        "from starlike.metrics import LOWER, InGroups, figure, percent\n"
        "@figure(key='doubt', title='doubt', meaning='Doubt.', better=LOWER, shown_as=percent,\n"
        "        in_groups=InGroups())\n"
        "def doubt(answered):\n"
        "    return 1 - float(answered.scores.max(axis=1).mean())\n"
    )
    facts = tmp_path / "further_figures-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: further-figures\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[starlike.figures]\ndoubt = further_figures:doubt\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "further_figures", raising=False)
    return facts / "entry_points.txt"


@pytest.mark.usefixtures("installed")
def test_a_package_s_figure_is_measured_with_the_others(answered: Answered) -> None:
    doubt = catalogue.declared()[-1]
    assert doubt.declaration.shown_as == percent
    assert doubt.declaration.better == LOWER
    assert doubt.declaration.in_groups == InGroups()
    values = catalogue.measure(answered, catalogue.declared())
    assert values["doubt"].value == pytest.approx(0.2)


def test_a_package_s_figure_that_cannot_be_imported_is_named_in_a_line(installed: Path) -> None:
    installed.write_text("[starlike.figures]\ndoubt = further_figures:nothing\n")
    with pytest.raises(PluginError, match="the figure doubt cannot be imported") as caught:
        catalogue.declared()
    assert not re.search(r"\n", str(caught.value))
